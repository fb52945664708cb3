"""Links for a company's own people."""

from config.api.flowie.responses.parts import CompanyId
from config.api.kit.answers import Answer, Choice, Text, Time
from tenants.ids import spell
from tenants.models import ClientLink
from tenants.services import client_links


class Link(Answer):
    """A link with its address, which is a secret."""

    id = Text(lambda row: spell("link", row.pk))
    companyId = CompanyId()
    purpose = Choice([*client_links.PURPOSES])
    url = Text(client_links.address_of)
    returnUrl = Text("return_url")
    sentTo = Text("sent_to")
    status = Choice(ClientLink.State, "state")
    createdAt = Time("created_at")
    expiresAt = Time("expires_at")
