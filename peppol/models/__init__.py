"""Participants, what is known about companies, and what is under way at the SMP."""

from peppol.models.access_points import AccessPoint
from peppol.models.bulk import BulkOperation, Finding
from peppol.models.circuits import Circuit
from peppol.models.participants import Participant
from peppol.models.registers import RegisteredCompany, RegisterImport
from peppol.models.transfers import Transfer

__all__ = [
    "AccessPoint",
    "BulkOperation",
    "Circuit",
    "Finding",
    "Participant",
    "RegisterImport",
    "RegisteredCompany",
    "Transfer",
]
