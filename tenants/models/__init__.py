"""Organizations, people, events and the pulse of background work."""

from tenants.models.alerts import Alert, AlertCause, AlertChoice
from tenants.models.applications import ApplicationMessage, PlatformApplication
from tenants.models.branding import Branding, CustomDomain
from tenants.models.client_links import ClientLink
from tenants.models.entitlements import IdentificationPolicy, MandatePolicy
from tenants.models.events import Event
from tenants.models.files import FilePiece, FileRemoval
from tenants.models.impersonations import Impersonation
from tenants.models.list_views import ListView
from tenants.models.logos import Logo
from tenants.models.mail_routes import MailRouting, MailStop
from tenants.models.mails import Mail
from tenants.models.operations import Heartbeat, Stamp
from tenants.models.organizations import Company, Environment, Organization
from tenants.models.payers import FormerPayer
from tenants.models.people import Invitation, Membership, Role, User
from tenants.models.seals import Seal
from tenants.models.search import SearchWord
from tenants.models.suspensions import Suspension
from tenants.models.tallies import Tally
from tenants.models.troubles import Trouble

__all__ = [
    "Alert",
    "AlertCause",
    "AlertChoice",
    "ApplicationMessage",
    "Branding",
    "ClientLink",
    "Company",
    "CustomDomain",
    "Environment",
    "Event",
    "FilePiece",
    "FileRemoval",
    "FormerPayer",
    "Heartbeat",
    "IdentificationPolicy",
    "Impersonation",
    "Invitation",
    "ListView",
    "Logo",
    "Mail",
    "MailRouting",
    "MailStop",
    "MandatePolicy",
    "Membership",
    "Organization",
    "PlatformApplication",
    "Role",
    "Seal",
    "SearchWord",
    "Stamp",
    "Suspension",
    "Tally",
    "Trouble",
    "User",
]
