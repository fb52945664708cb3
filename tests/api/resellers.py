"""Two resellers with the same things are peers: whatever one of them names, it never sees the
other's."""

from typing import Any

from django.test import Client

from apikeys.models import ApiKey
from apikeys.services import keys
from billing.services import addresses
from config.api import registry
from config.api.fiskaly.ids import spell as as_version_4
from config.api.kit.people import issue_token
from peppol.invoices import shape, writing
from peppol.models import DocumentFile, Participant, PdfConversion
from peppol.services.documents import documents, intake
from tenants.ids import spell, uuid7
from tenants.models import Event, Organization, Role, User
from tenants.services import client_links, people
from tests.conftest import SYSTEM, make_company, make_platform
from tests.peppol.test_invoices import INVOICE
from webhooks.models import Delivery
from webhooks.services import endpoints

_PLACE = {"recipient": "R", "address_line1": "a", "postal_code": "z", "city": "t", "country": "DE"}


def _invoice(number: str) -> bytes:
    """An invoice with a file in it: what a person reads, and what a program downloads."""
    file = {"id": "F", "filename": "f.csv", "mimeType": "text/csv", "content": "YQ=="}
    return writing.write(shape.read({**INVOICE, "number": number, "attachments": [file]}))


def bearing(surface: Any, secret: str) -> dict[str, str]:
    """The header in which a surface reads a secret, as its OpenAPI document says."""
    if surface.security["type"] == "apiKey":
        return {surface.security["name"]: secret}
    return {"Authorization": f"Bearer {secret}"}


class Reseller:
    """A platform with one of everything, and how it signs its calls."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.platform = make_platform(name, vat_number="BE0403170701")
        Organization.objects.filter(pk=self.platform.pk).update(
            requests_per_minute=10**6, requests_per_hour=10**7, white_label=True
        )
        self.company = make_company(self.platform, f"{name} company", handle=f"{name}-company")
        self.participant = Participant.objects.create(
            organization=self.company, scheme="0208", value="0403170701", state="draft"
        )
        self.key, self.secret = self._key(self.company)
        self.platform_key, self.platform_secret = self._key(self.platform, ApiKey.Kind.PLATFORM)
        self.endpoint, _ = endpoints.create(
            self.company, url="https://hooks.example/x", event_types=["*"], by=SYSTEM
        )
        draft = intake.from_ubl(self.company, _invoice(name))
        self.document = documents.send(self.company, draft, by=SYSTEM)
        self.add_files()
        self.address = addresses.create(self.company, _PLACE, by=SYSTEM)
        event = Event.objects.filter(organization=self.company).first()
        self.delivery = Delivery.objects.create(
            organization=self.company, endpoint=self.endpoint, event=event, state="exhausted"
        )
        self.link = client_links.make(self.company, "profile", by=SYSTEM)
        self.user = User.objects.create_user(f"owner@{name}.example", "pass-word-1")
        people.join(self.platform, self.user, role=Role.OWNER, by=SYSTEM)

    def add_files(self) -> None:
        """A file beside its document, and an invoice that was read from a PDF."""
        self.file = DocumentFile.objects.create(
            organization=self.company, document=self.document.pk, name="f.csv", size=1, content=b"a"
        )
        self.conversion = PdfConversion.objects.create(
            organization=self.company, content=_invoice(self.name)
        )

    def _key(self, organization: Organization, kind: str = "company") -> tuple[ApiKey, str]:
        return keys.issue(organization, name=self.name, kind=kind, by=SYSTEM)

    def ids(self, name: str) -> list[str]:
        """What it would write for the path parameter `name`."""
        rows: dict[str, tuple[str, Any]] = {
            "tenant_id": ("tenant", self.company),
            "org_id": ("org", self.company),
            "company_id": ("comp", self.company),
            "organization_id": ("", self.company),
            "key_id": ("key", self.key),
            "webhook_id": ("wh", self.endpoint),
            "invoice_id": ("inv", self.document),
            "document_id": ("doc", self.document),
            "transaction_id": ("txn", self.document),
            "user_id": ("", self.user),
            "participant_id": ("part", self.participant),
            "address_id": ("", self.address),
            "attachment_id": ("att", self.file),
            "task_id": ("task", self.conversion),
            "delivery_id": ("del", self.delivery),
            "link_id": ("link", self.link),
        }
        if name == "place":  # of an attachment, counted from nought in each document
            return ["0"]
        if name not in rows:
            return [str(uuid7())]
        prefix, row = rows[name]
        return [spell(prefix, row.pk) if prefix else str(row.pk), str(row.pk)]

    def headers(self, surface: str) -> dict[str, str]:
        """How it signs its calls of a surface: as who may do most, for its company."""
        found = registry.of(surface).surface
        if surface in ("fiskaly", "invora"):
            return bearing(found, self._token(surface))
        return {**bearing(found, self.platform_secret), **self._acting(surface)}

    def credentials(self, surface: str) -> list[dict[str, str]]:
        """Every way in which it may sign a call of a surface."""
        found = registry.of(surface).surface
        if surface == "fiskaly":
            return [bearing(found, self._token(surface))]
        secrets = [self.platform_secret, self.secret, issue_token(self.user)]
        plain = [bearing(found, secret) for secret in secrets]
        acting = self._acting(surface)
        return [*plain, *([{**plain[0], **acting}] if acting else [])]

    def _acting(self, surface: str) -> dict[str, str]:
        header = {"goroute": "X-Organization-Id", "flowie": "X-Flowie-Company"}.get(surface)
        return {header: str(self.company.pk)} if header else {}

    def _token(self, surface: str) -> str:
        if surface == "invora":
            return issue_token(self.user)
        answer = Client().post(
            "/api/v0/auth",
            {"email": self.user.email, "password": "pass-word-1"},
            content_type="application/json",
        )
        return str(answer.json()["access_token"])

    @property
    def marks(self) -> list[str]:
        """What would give it away in somebody else's answer."""
        rows = (
            self.platform,
            self.company,
            self.key,
            self.endpoint,
            self.document,
            self.user,
            self.platform_key,
        )
        ids = [spelled for row in rows for spelled in (str(row.pk), as_version_4(row.pk))]
        return [*ids, self.user.email, f"{self.name} company"]
