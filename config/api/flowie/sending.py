"""One document of a call: read, judged and sent, or refused, whatever becomes of others."""

import logging
from typing import Any

from config.api.flowie import shapes
from config.api.flowie.requests import bodies
from config.api.flowie.surface import Flowie
from config.api.kit.problems import problem_from
from peppol.models import Document
from peppol.services.documents import documents, intake
from peppol.services.documents.intake import PreparedDocument
from peppol.services.registration import participants
from tenants.actors import Actor
from tenants.errors import Invalid
from tenants.ids import read
from tenants.models import Organization
from tenants.persistence import is_victim

logger = logging.getLogger(__name__)


def draft(company: Organization, content: Any) -> PreparedDocument:
    """What a call says, as a document that may be sent.

    Raises ValidationError for fields that cannot be, Invalid and Refused for the document itself.
    """
    reader = bodies.Outgoing(data={} if content is None else content)
    reader.is_valid(raise_exception=True)
    fields = reader.validated_data
    _check_sender(company, fields.get("from", ""))
    kind, receiver = fields.get("type", ""), fields.get("to", "")
    try:
        return intake.from_json(company, fields["document"], kind=kind, receiver=receiver)
    except Invalid as refusal:
        if refusal.code == "invalid_invoice":
            refusal.fields = {f"document.{name}": said for name, said in refusal.fields.items()}
        raise


def send(company: Organization, content: Any, *, by: Actor, environment: str) -> Document:
    """Accept one document for sending. Raises what `draft` raises, and WrongState."""
    return documents.send(company, draft(company, content), by=by, environment=environment)


def send_all(
    company: Organization, items: list[Any], *, by: Actor, environment: str
) -> list[dict[str, Any]]:
    """One result for each item: each is accepted whole or refused whole (FLO-44)."""
    return [
        {"index": index, **_result(company, item, by=by, environment=environment)}
        for index, item in enumerate(items)
    ]


def _result(company: Organization, item: Any, *, by: Actor, environment: str) -> dict[str, Any]:
    try:
        sent = send(company, item, by=by, environment=environment)
    except Exception as error:  # one item's fault must not be another's
        if is_victim(error):
            raise  # the whole call is made again
        surface, problem = Flowie(), problem_from(error)
        status = surface.status(problem)
        if status >= 500:
            logger.exception("A document of a batch failed.", exc_info=error)
        return {"status": "rejected", "statusCode": status, "error": surface.envelope(problem)}
    return {"status": "accepted", "statusCode": 202, "document": shapes.document(sent)}


def _check_sender(company: Organization, named: str) -> None:
    """`from` may be left out; it never names anybody but the acting company (C-04)."""
    own = participants.leading(list(company.participants.all()))
    if not named or read(named) == company.pk or (own and named == own.identifier):
        return
    sentence = "`from` must be the company that is acted for."
    raise Invalid(sentence, code="company_mismatch", fields={"from": [sentence]})
