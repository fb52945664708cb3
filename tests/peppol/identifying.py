"""How tests have companies identified."""

from peppol.models import Identification
from peppol.services.identification import identification
from peppol.services.identification.evidence import HandedIn
from tests.conftest import SYSTEM

PDF = HandedIn("Extract.pdf", b"%PDF-1.7 an extract")
FACTS = {
    "legal_name": "Bakkerij Peeters BV",
    "register_number": "0403170701",
    "representative": "An Peeters",
    "authority": "statutory",
    "method": "register_extract",
}


def submitted(company, *files, **facts) -> Identification:
    """What `company` hands in of itself, with an extract unless other files are given."""
    return identification.submit(company, {**FACTS, **facts}, files or (PDF,), by=SYSTEM)


def identified(company, **decision) -> Identification:
    """`company`, verified by staff."""
    submitted(company)
    return identification.verify(company, by=SYSTEM, **decision)
