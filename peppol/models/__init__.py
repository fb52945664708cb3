"""Participants, what is known about companies, documents, and what is under way at the SMP."""

from peppol.models.access_points import AccessPoint
from peppol.models.bulk import BulkOperation, BulkResult, Finding
from peppol.models.certificate_warnings import CertificateWarning
from peppol.models.circuits import Circuit
from peppol.models.company_cards import CompanyCard
from peppol.models.company_runs import CompanyRun, CompanyRunLine
from peppol.models.compliance_reports import ComplianceReport
from peppol.models.document_drafts import DocumentDraft
from peppol.models.document_files import DocumentFile, PdfConversion
from peppol.models.documents import Document
from peppol.models.identifications import Evidence, Identification
from peppol.models.imports import CompanyImport, ImportFile, ImportLayout, ImportLine
from peppol.models.losses import Loss, WatchRound
from peppol.models.mandates import Mandate, MandateFile
from peppol.models.network_reports import NetworkReport
from peppol.models.participants import Participant
from peppol.models.registers import RegisteredCompany, RegisterImport
from peppol.models.rule_releases import RuleRelease
from peppol.models.stages import CompanyStage
from peppol.models.status_messages import StatusMessage
from peppol.models.transfers import Transfer
from peppol.models.usage import DailyUsage, FamilyUsage, MonthlyUsage

__all__ = [
    "AccessPoint",
    "BulkOperation",
    "BulkResult",
    "CertificateWarning",
    "Circuit",
    "CompanyCard",
    "CompanyImport",
    "CompanyRun",
    "CompanyRunLine",
    "CompanyStage",
    "ComplianceReport",
    "DailyUsage",
    "Document",
    "DocumentDraft",
    "DocumentFile",
    "Evidence",
    "FamilyUsage",
    "Finding",
    "Identification",
    "ImportFile",
    "ImportLayout",
    "ImportLine",
    "Loss",
    "Mandate",
    "MandateFile",
    "MonthlyUsage",
    "NetworkReport",
    "Participant",
    "PdfConversion",
    "RegisterImport",
    "RegisteredCompany",
    "RuleRelease",
    "StatusMessage",
    "Transfer",
    "WatchRound",
]
