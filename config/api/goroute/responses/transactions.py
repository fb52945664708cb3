"""What is answered about a document's journey over the network."""

from datetime import datetime
from operator import itemgetter

from config.api.goroute.responses import delivered_at, organization_id
from config.api.kit.answers import Answer, Choice, Text, TextOrNull, Time
from peppol.models import Document
from tenants.ids import spell
from tenants.models import Environment


class Step(Answer):
    """Where a document has been, and when it came there."""

    status = Text(itemgetter(0))
    at = Time(itemgetter(1))


class TransactionShown(Answer):
    """The journey of one document over the network, in our names and in those of the vendor."""

    id = Text(lambda row: spell("txn", row.pk))
    transaction_id = Text(lambda row: spell("txn", row.pk))
    org_id = Text(organization_id)
    invoice_id = Text(lambda row: spell("inv", row.pk))
    direction = Choice(Document.Direction)
    type = Choice(Document.Kind, "kind")
    number = TextOrNull()
    status = Choice(Document.shown_states(), "shown_state")
    invoice_number = TextOrNull("number")
    message_id = Text("instance_id")
    sender = Text()
    sender_id = Text("sender")
    receiver = Text()
    receiver_id = Text("receiver")
    document_type = Text()
    process = TextOrNull()
    next_attempt_at = Time(
        lambda row: None if row.is_final else row.next_attempt_at, allow_null=True
    )
    response = TextOrNull()
    error = TextOrNull("last_error")
    error_code = TextOrNull()
    environment = Choice(Environment)
    steps = Step(many=True, read=lambda row: _steps(row))
    created_at = Time()
    finished_at = Time(allow_null=True)
    delivered_at = Time(
        delivered_at,
        allow_null=True,
    )


def _steps(row: Document) -> list[tuple[str, datetime]]:
    """Where it has been, oldest first."""
    begun = row.State.RECEIVED if row.direction == row.Direction.INBOUND else row.State.ACCEPTED
    steps = [(str(begun), row.created_at)]
    if row.state != begun:
        steps.append((row.shown_state, row.finished_at or row.updated_at))
    return steps


class TransactionsPage(Answer):
    """A page of transactions."""

    transactions = TransactionShown(many=True, source="rows")
    next_cursor = TextOrNull("next")
