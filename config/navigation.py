"""What the sidebars and tabs of the two sites offer: a page a line, named as people look for it."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from config.dashboards.operator.overview import (
    applications_waiting,
    identifications_waiting,
    registrations_needing_attention,
)
from config.dashboards.parts import is_sandbox
from config.dashboards.reseller import overview as reseller
from config.sandbox.mailbox import is_kept
from tenants.access import roles
from tenants.access.roles import Area
from tenants.ui.navigation import Entry, Group

_keys = partial(roles.sees, area=Area.KEYS)
_webhooks = partial(roles.sees, area=Area.WEBHOOKS)
_registrations = partial(roles.sees, area=Area.REGISTRATIONS)
_documents = partial(roles.sees, area=Area.DOCUMENTS)
_usage = partial(roles.sees, area=Area.USAGE)
_billing = partial(roles.sees, area=Area.BILLING)
_team = partial(roles.sees, area=Area.TEAM)
_history = partial(roles.sees, area=Area.HISTORY)
_settings = partial(roles.sees, area=Area.SETTINGS)

OPERATOR = (
    Group(
        (
            Entry(_("Overview"), "space_dashboard", url="admin:index"),
            Entry(
                _("Applications"),
                "how_to_reg",
                "tenants.platformapplication",
                badge=applications_waiting,
            ),
            Entry(
                _("Organizations"),
                "domain",
                "tenants.organization",
                tabs=(Entry(_("Mandates"), model="peppol.mandate"),),
            ),
            Entry(
                _("Identification"),
                "badge",
                "peppol.identification",
                badge=identifications_waiting,
            ),
            Entry(
                _("Users"),
                "person",
                "tenants.user",
                tabs=(
                    Entry(_("Memberships"), model="tenants.membership"),
                    Entry(_("Invitations"), model="tenants.invitation"),
                ),
            ),
            Entry(_("API keys"), "key", "apikeys.apikey"),
        )
    ),
    Group(
        title=_("Network"),
        entries=(
            Entry(
                _("Registrations"),
                "hub",
                "peppol.participant",
                badge=registrations_needing_attention,
                tabs=(
                    Entry(_("Moved away"), model="peppol.loss"),
                    Entry(_("Nightly looks"), model="peppol.watchround"),
                ),
            ),
            Entry(
                _("Documents"),
                "description",
                "peppol.document",
                tabs=(
                    Entry(_("Reports to tax authorities"), model="peppol.compliancereport"),
                    Entry(_("Reports to OpenPeppol"), model="peppol.networkreport"),
                ),
            ),
            Entry(_("Transfers"), "move_down", "peppol.transfer"),
            Entry(
                _("Bulk operations"),
                "dynamic_feed",
                "peppol.bulkoperation",
                tabs=(
                    Entry(_("Differences"), model="peppol.finding"),
                    Entry(_("Results"), model="peppol.bulkresult"),
                    Entry(_("Access points"), model="peppol.accesspoint"),
                ),
            ),
            Entry(_("Circuit breakers"), "electric_bolt", "peppol.circuit"),
            Entry(
                _("Sandbox"),
                "experiment",
                "sandbox.fault",
                sees=is_sandbox,
                tabs=(
                    Entry(_("Transmissions"), model="sandbox.transmission"),
                    Entry(_("At the SMP"), model="sandbox.group"),
                    Entry(_("In the SML"), model="sandbox.smlentry"),
                ),
            ),
        ),
    ),
    Group(
        title=_("Events"),
        entries=(
            Entry(
                _("Audit trail"),
                "history",
                "tenants.event",
                tabs=(
                    Entry(_("Seals"), model="tenants.seal"),
                    Entry(_("Impersonations"), model="tenants.impersonation"),
                ),
            ),
            Entry(_("Webhooks"), "webhook", "webhooks.endpoint"),
            Entry(_("Deliveries"), "outbox", "webhooks.delivery"),
            Entry(
                _("Mails"),
                "mail",
                "tenants.mail",
                tabs=(Entry(_("Outbox"), url="admin_outbox", sees=is_kept),),
            ),
            Entry(_("System status"), "monitor_heart", url="admin_system_status"),
        ),
    ),
    Group(
        title=_("Business"),
        entries=(
            Entry(_("Plans"), "sell", "billing.plan"),
            Entry(_("Subscriptions"), "loyalty", "billing.subscription"),
            Entry(
                _("Usage"),
                "bar_chart",
                "peppol.monthlyusage",
                tabs=(Entry(_("Quota notices"), model="billing.quotanotice"),),
            ),
            Entry(
                _("Statement runs"),
                "receipt_long",
                "billing.statementrun",
                tabs=(Entry(_("Statements and credit notes"), model="billing.statement"),),
            ),
            Entry(_("Billing addresses"), "home_work", "billing.billingaddress"),
            Entry(_("Branding"), "palette", "tenants.branding"),
            Entry(_("Custom domains"), "language", "tenants.customdomain"),
        ),
    ),
)
PORTAL = (
    Group(
        (
            Entry(_("Overview"), "space_dashboard", url="portal:index"),
            Entry(
                _("Companies"),
                "domain",
                "tenants.company",
                sees=reseller.sees_companies,
                tabs=(
                    Entry(_("Imports"), model="peppol.companyimport"),
                    Entry(_("Mandates"), model="peppol.mandate"),
                    Entry(_("Client links"), model="tenants.clientlink"),
                    Entry(_("Runs"), model="peppol.companyrun"),
                    Entry(_("Identification"), model="peppol.identification"),
                ),
            ),
            Entry(
                _("Registrations"),
                "hub",
                "peppol.participant",
                sees=_registrations,
                badge=reseller.registrations_needing_attention,
                tabs=(
                    Entry(_("Moved away"), model="peppol.loss"),
                    Entry(_("Transfers"), model="peppol.transfer"),
                ),
            ),
            Entry(
                _("Documents"),
                "description",
                "peppol.document",
                sees=_documents,
                tabs=(Entry(_("Drafts"), model="peppol.documentdraft"),),
            ),
        )
    ),
    Group(
        title=_("Connect"),
        entries=(
            Entry(_("API keys"), "key", "apikeys.apikey", sees=_keys),
            Entry(_("Webhooks"), "webhook", "webhooks.endpoint", sees=_webhooks),
            Entry(_("Deliveries"), "outbox", "webhooks.delivery", sees=_webhooks),
        ),
    ),
    Group(
        title=_("Billing"),
        entries=(
            Entry(_("Usage"), "bar_chart", "peppol.monthlyusage", sees=_usage),
            Entry(_("Plan"), "sell", "billing.plan", sees=_billing),
            Entry(_("Statements"), "receipt_long", "billing.statement", sees=_billing),
            Entry(_("Billing addresses"), "home_work", "billing.billingaddress", sees=_billing),
        ),
    ),
    Group(
        title=_("Organization"),
        entries=(
            Entry(
                _("Team"),
                "group",
                "tenants.membership",
                sees=_team,
                tabs=(Entry(_("Invitations"), model="tenants.invitation"),),
            ),
            Entry(_("Alerts"), "notifications", "tenants.alert", sees=_history),
            Entry(_("Audit trail"), "history", "tenants.event", sees=_history),
            Entry(_("Settings"), "settings", "tenants.organization", sees=_settings),
        ),
    ),
)
