"""Every refusal, whatever was asked for."""

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
