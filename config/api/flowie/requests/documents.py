"""Documents: what callers send of them, and what it is in our words."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.flowie.requests.fields import PeppolId, Strict
from config.api.flowie.requests.parts import Page
from config.api.kit.fields import Text
from peppol.models import Document
from peppol.readable.documents import LANGUAGES
from peppol.rules.findings import Breach
from peppol.services.documents import enclosed, intake, stand_ins
from peppol.services.documents.prepared import PreparedDocument
from peppol.services.registration import participants
from tenants.errors import Invalid
from tenants.ids import read
from tenants.models import Organization

MOST_PER_BATCH = 100


@extend_schema_field(
    {
        "oneOf": [
            {"type": "object", "additionalProperties": True},
            {"type": "string", "description": "UBL, as text or in base64."},
        ]
    }
)
class Content(serializers.Field[Any, Any, Any, Any]):
    """What a document says: an object, or UBL as text or in base64."""

    default_error_messages = {"not_a_document": "Not a JSON object, nor UBL as text or in base64."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and data and enclosed.read(data) is not None:
            return {"content": data}
        if not isinstance(data, dict) or not data:
            self.fail("not_a_document")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "string", "description": "UBL, as text or in base64."})
class File(Content):
    """The same as a file alone."""

    default_error_messages = {"not_a_document": "Not UBL, as text or in base64."}

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data if isinstance(data, str) else None)


class Outgoing(Strict):
    """A document to be sent (FLO-59). `from` may be left out: it is the acting company."""

    type = serializers.ChoiceField(["invoice", "credit_note"], required=False)
    messageStatus = serializers.BooleanField(
        default=False, help_text="Ask the receiver's side what became of it (MLS)."
    )
    fallbackEmail = serializers.EmailField(
        required=False, help_text="Where it goes by mail if the receiver is not on Peppol."
    )
    to = PeppolId(required=False)
    document = Content(required=False)
    content = File(required=False, help_text="The document as a file, instead of `document`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two says what is sent."""
        if "document" not in attrs and "content" not in attrs:
            raise serializers.ValidationError({"document": "This field is required."}, "required")
        return {"document": attrs.get("content"), **attrs}

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language and cannot be named above."""
        return {**super().get_fields(), "from": Text(max_length=140, required=False)}


class Batch(Strict):
    """Up to 100 documents (FLO-42, FLO-43)."""

    documents = serializers.ListField(
        child=serializers.JSONField(allow_null=True), min_length=1, max_length=MOST_PER_BATCH
    )


class DocumentSelection(Strict):
    """Which documents of the company are wanted."""

    direction = serializers.ChoiceField(["outbound", "inbound"], required=False)
    type = serializers.ChoiceField(Document.Kind.choices, required=False)
    status = serializers.ChoiceField(Document.shown_states(), required=False)
    number = Text(max_length=255, required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)


class DocumentListing(DocumentSelection, Page):
    """A page of those that are wanted."""


class Reading(serializers.Serializer[Any]):
    """In which language a document is read."""

    language = serializers.ChoiceField(LANGUAGES, default="en")


def called(company: Organization, content: Any) -> dict[str, Any]:
    """What a call says around the document. Raises ValidationError for its fields, and Invalid
    for a sender who is not the company."""
    reader = Outgoing(data={} if content is None else content)
    reader.is_valid(raise_exception=True)
    fields: dict[str, Any] = reader.validated_data
    _check_sender(company, fields.get("from", ""))
    return fields


def written(company: Organization, fields: dict[str, Any]) -> PreparedDocument:
    """The document that may be sent. Raises Invalid and BrokenRules for the document itself."""
    kind, receiver = fields.get("type", ""), fields.get("to", "")
    try:
        return intake.from_json(company, fields["document"], kind=kind, receiver=receiver)
    except Invalid as refusal:
        if refusal.code in ("invalid_invoice", "unknown_shape"):
            refusal.fields = {f"document.{name}": said for name, said in refusal.fields.items()}
        raise


def prepare(company: Organization, content: Any) -> PreparedDocument:
    """What a call says, as a document that may be sent. Raises what the two halves raise."""
    return written(company, called(company, content))


def standing(company: Organization) -> list[dict[str, Any]]:
    """What keeps the company itself from sending on a real network, as warnings of the sandbox."""
    if stand_ins.offered() is None or any(one.is_registered for one in company.participants.all()):
        return []
    sentence = "This company is not registered yet: no real network takes anything from it."
    return [Breach("not_registered", sentence, "", False).shown()]


def _check_sender(company: Organization, named: str) -> None:
    """`from` may be left out; it never names anybody but the acting company (C-04)."""
    own = participants.leading(list(company.participants.all()))
    if not named or read(named) == company.pk or (own and named == own.identifier):
        return
    sentence = "`from` must be the company that is acted for."
    raise Invalid(sentence, code="company_mismatch", fields={"from": [sentence]})
