"""JSON of a shape that nobody documented: the sandbox carries it as it is, and says loudly that
no real network would."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop

from peppol.models import Document
from peppol.rules.findings import Breach
from peppol.services.documents import addresses, enclosed, stand_ins
from peppol.services.documents.prepared import PreparedDocument
from tenants import persistence
from tenants.errors import Invalid
from tenants.models import Organization

# Under this type the sandbox carries it.
OPAQUE_TYPE = "urn:gatehouse:sandbox:json::Document##opaque::1"
OPAQUE_PROCESS = "urn:gatehouse:sandbox"
SENTENCE = gettext_noop("This is neither UBL nor an invoice in the documented JSON shape.")
_NO_DOCUMENT = "What is in here, as text or in base64, is no XML document."
# Where JSON of an unknown shape most likely has its number.
_NUMBERS = (
    "number",
    "invoiceNumber",
    "invoice_number",
    "documentNumber",
    "document_number",
    "invoiceId",
    "invoice_id",
    "reference",
    "id",
)


def prepared(
    company: Organization, content: Mapping[str, Any], *, kind: str, receiver: str, lenient: bool
) -> PreparedDocument:
    """The JSON to be carried, with what a real network would refuse it for among its warnings.

    Raises Invalid (`unknown_shape`) on a real network. `lenient` is for whoever cannot know who
    receives in the sandbox.
    """
    offered = stand_ins.offered()
    if offered is None:
        fields = {name: [said] for name, said in _faults(content).items() if name}
        raise Invalid(SENTENCE, code="unknown_shape", fields=fields)
    named = receiver or next(
        (v for n in ("receiver", "to") if isinstance(v := content.get(n), str) and ":" in v), ""
    )
    warnings = [
        Breach("unknown_shape", f"{SENTENCE} {said}".strip(), "", True, field=name).shown()
        for name, said in _faults(content).items()
    ]
    if lenient and named and not offered.is_receiver(named):
        sentence = f"Nobody in this sandbox receives under {named[:140]}."
        warnings.append(Breach("unknown_receiver", sentence, "receiver", True).shown())
        named = ""
    if named:
        addresses.check_receiver(named)
    return carried(company, content, kind, warnings, named or offered.sink)


def carried(
    company: Organization,
    content: Mapping[str, Any],
    kind: str,
    warnings: list[dict[str, Any]],
    receiver: str,
) -> PreparedDocument:
    """JSON as it is, which only the sandbox carries."""
    return PreparedDocument(
        content=json.dumps(content, ensure_ascii=False).encode(),
        format=Document.Format.JSON,
        kind=kind if kind in Document.Kind.values else Document.Kind.OTHER,
        sender=addresses.sender_of(company),
        receiver=receiver,
        document_type=OPAQUE_TYPE,
        process=OPAQUE_PROCESS,
        number=_number_in(content),
        warnings=warnings,
    )


def _faults(content: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with it, by the field that is meant to be the document, if there is one."""
    name = enclosed.NAMES[-1]
    return {name: _NO_DOCUMENT} if isinstance(content.get(name), str) else {"": ""}


def _number_in(content: Mapping[str, Any]) -> str:
    found = (content[name] for name in _NUMBERS if isinstance(content.get(name), str | int))
    return persistence.printable(str(next(found, "")))[:255]
