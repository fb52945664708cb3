"""What the tenant API answers of documents that were judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.api.kit.answers import Answer, Flag, Text, TextOrNull, nothing
from peppol.rules.findings import Breach
from tenants.ids import uuid7


def _rules(breach: Breach) -> str:
    """By which artefact a finding was made, under the vendor's names."""
    if breach.rule.endswith("-XSD"):
        return "UBL-2.1"
    if breach.rule.islower():
        return "JSON"
    is_cen = breach.rule.startswith(("BR-", "UBL-"))
    return f"{'CEN' if is_cen else 'PEPPOL'}-EN16931-UBL ({breach.rule_set})"


class IssueAnswer(Answer):
    """A rule that a document breaks."""

    message = Text()
    type = Text(lambda breach: "error" if breach.fatal else "warning")
    location = TextOrNull()
    rule_id = Text("rule")
    flag = Text(lambda breach: "fatal" if breach.fatal else "warning")
    test = TextOrNull(nothing)
    schematron = Text(_rules)
    # An extension of ours: of JSON, the field that it is about.
    field = Text(lambda breach: breach.field or None, required=False)


@dataclass(frozen=True)
class Judgement:
    """What the official rules say of a file."""

    file_name: str
    issues: Sequence[Breach]
    ubl: str = ""


class UblValidationAnswer(Answer):
    """What the official rules say of a UBL document."""

    id = Text(lambda judgement: str(uuid7()))
    file_name = TextOrNull()
    is_valid_ = Flag(lambda judgement: not any(breach.fatal for breach in judgement.issues))
    issues = IssueAnswer(many=True)
    ubl_document = TextOrNull("ubl")
