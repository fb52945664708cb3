"""Documents, one or a hundred, and what one would be."""

from operator import itemgetter
from typing import Any

from config.api.flowie.responses.errors import ErrorEntry, Failure, breach, path_of
from config.api.flowie.responses.parts import CompanyId, Count, NextCursor
from config.api.kit.answers import (
    Amount,
    Answer,
    Choice,
    Day,
    Flag,
    Number,
    Text,
    TextOrNull,
    Time,
    nothing,
)
from peppol.models import Document as Row
from peppol.services.documents.prepared import PreparedDocument
from tenants.ids import spell
from tenants.models import Environment


class Warnings(Answer):
    """A rule that a document breaks without being refused."""

    rule = Text(itemgetter("rule"))
    message = Text(itemgetter("message"))
    location = Text(itemgetter("location"))
    fatal = Flag(itemgetter("fatal"))
    field = Text(lambda found: path_of(found) if "field" in found else None, required=False)
    advice = Text(lambda found: found.get("advice"), required=False)
    line = Number(lambda found: found.get("line"), required=False)
    ruleSet = Text(lambda found: found.get("ruleSet"), required=False)


def _from(row: Row) -> str:
    sent = row.direction == Row.Direction.OUTBOUND
    return spell("comp", row.organization_id) if sent else row.sender


def _told(name: str) -> Any:
    def told(found: PreparedDocument | None) -> Any:
        value = getattr(found, name, "")
        return None if value == "" else value

    return told


class Document(Answer):
    """A document without its content."""

    id = Text(lambda row: spell("doc", row.pk))
    companyId = CompanyId()
    direction = Choice(Row.Direction)
    type = Choice(Row.Kind, "kind")
    documentType = TextOrNull("document_type", help_text="As the network calls it.")
    status = Choice(Row.shown_states(), "shown_state")
    response = Choice(
        ["received", "accepted", "rejected"], lambda row: row.response or None, allow_null=True
    )
    answer = Choice(
        Row.Answer, lambda row: row.answer or None, allow_null=True, help_text="What the buyer says"
    )
    about = TextOrNull(lambda row: spell("doc", row.about_id) if row.about_id else None)
    from_ = Text(_from)
    to = Text("receiver")
    sender = Text()
    senderName = TextOrNull("sender_name")
    receiverName = TextOrNull("receiver_name")
    selfBilled = Flag("self_billed")
    number = TextOrNull()
    issueDate = Day("issued_on", allow_null=True)
    currency = TextOrNull()
    amount = Amount(allow_null=True)
    subtotal = Amount("net", allow_null=True)
    totalTax = Amount("tax", allow_null=True)
    format = Choice(Row.Format)
    environment = Choice(Environment)
    error = TextOrNull("last_error")
    errorCode = TextOrNull("error_code")
    warnings = Warnings(many=True, read=lambda row: row.transmission.get("warnings", []))
    retainUntil = Day("retain_until")
    createdAt = Time("created_at")
    finishedAt = Time("finished_at", allow_null=True)


class DocumentsPage(Answer):
    """A page of documents."""

    documents = Document(many=True, source="rows")
    nextCursor = NextCursor()


class BatchResult(Answer):
    """What became of one document: `document` or `error`."""

    index = Count()
    status = Choice(["accepted", "rejected"])
    statusCode = Number()
    document = Document(required=False, read=nothing)
    error = Failure(required=False, read=nothing)


class Batched(Answer):
    """A result for each document, in their order."""

    accepted = Count()
    rejected = Count()
    results = BatchResult(many=True)

    @classmethod
    def about(cls, results: list[dict[str, Any]]) -> dict[str, Any]:
        """The results, and how many of them are good."""
        accepted = sum(result["status"] == "accepted" for result in results)
        return cls.of(None, accepted=accepted, rejected=len(results) - accepted, results=results)


class Judged(Answer):
    """What a document would be if it were sent, and whether a real network would take it."""

    # About what was prepared, or None where nothing could be.
    valid = Flag(nothing)
    type = Choice(Row.Kind, _told("kind"), allow_null=True)
    number = TextOrNull(_told("number"))
    sender = TextOrNull(_told("sender"))
    to = TextOrNull(_told("receiver"))
    format = Choice(Row.Format, _told("format"), allow_null=True)
    currency = TextOrNull(_told("currency"))
    amount = Amount(_told("amount"), allow_null=True)
    errors_ = ErrorEntry(many=True, read=nothing)
    warnings = Warnings(many=True, read=nothing)

    @classmethod
    def about(
        cls,
        found: PreparedDocument | None,
        refused: list[dict[str, Any]],
        doubts: list[dict[str, Any]],
    ) -> dict[str, Any]:
        """Of what was prepared, and what it was refused for. What no real network would take is
        an error here, wherever it is asked (the sandbox carries it all the same)."""
        doubts = [*doubts, *(found.warnings if found else [])]
        errors = [*refused, *(breach(one) for one in doubts if one["fatal"])]
        fatal = any(one.get("fatal", True) for one in errors)
        warnings = [Warnings.of(one) for one in doubts if not one["fatal"]]
        return cls.of(found, valid=not fatal, errors=errors, warnings=warnings)


def attached(row: Row) -> dict[str, str]:
    """Headers of a payload: a file of its own, never a page of ours."""
    suffix = "json" if row.format == Row.Format.JSON else "xml"
    return {
        "Content-Disposition": f'attachment; filename="{spell("doc", row.pk)}.{suffix}"',
        "X-Content-Type-Options": "nosniff",
    }
