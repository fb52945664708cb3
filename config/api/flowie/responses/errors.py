"""Every refusal, whatever was asked for."""

from collections.abc import Mapping
from typing import Any

from config.api.flowie.responses.parts import CompanyId
from config.api.kit.answers import Answer, Flag, Text, nothing


class ErrorEntry(Answer):
    """One thing that is wrong: where and what; of a document the rule and the place too."""

    field = Text()
    message = Text()
    code = Text()
    location = Text(nothing, required=False)
    fatal = Flag(nothing, required=False)


class Failure(Answer):
    """Every refusal: a code for programs, a sentence for people."""

    code = Text()
    message = Text()
    companyId = CompanyId(lambda problem: problem.details.get("company_id"), required=False)
    errors_ = ErrorEntry(many=True, required=False, read=nothing)


def breach(found: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that a document breaks, and where."""
    return ErrorEntry.of(
        None,
        field=".".join(filter(None, ("document", found.get("field")))),
        message=" ".join(filter(None, (found["message"], found.get("advice")))),
        code=found["rule"],
        location=found["location"],
        fatal=found["fatal"],
    )
