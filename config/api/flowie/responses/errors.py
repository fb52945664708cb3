"""Every refusal, whatever was asked for."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from config.api.flowie.responses.parts import CompanyId
from config.api.kit.answers import Answer, Flag, Number, Text, nothing

# The vendor's coarse categories, by status.
_TYPES = {
    400: "validation_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    422: "validation_error",
    429: "rate_limit_error",
}


class ErrorEntry(Answer):
    """One thing that is wrong: where and what; of a document the rule and the place too."""

    field = Text()
    message = Text()
    code = Text()
    location = Text(nothing, required=False)
    fatal = Flag(nothing, required=False)
    line = Number(nothing, required=False)
    ruleSet = Text(nothing, required=False)


class Detail(Answer):
    """One thing that is wrong, in the vendor's words: the code is its `rule`."""

    field = Text(itemgetter("field"))
    rule = Text(itemgetter("code"))
    message = Text(itemgetter("message"))


class Envelope(Answer):
    """The same refusal as the vendor's catalogue of errors has it."""

    type = Text()
    code = Text()
    message = Text()
    details = Detail(many=True, required=False, read=nothing)

    @classmethod
    def about(
        cls, status: int, code: str, message: str, errors: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        """Of what is answered with that status."""
        kind = _TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")
        details = {"details": [Detail.of(one) for one in errors]} if errors else {}
        return cls.of(None, type=kind, code=code, message=message, **details)


class Failure(Answer):
    """Every refusal: a code for programs, a sentence for people."""

    code = Text()
    message = Text()
    error = Envelope()
    companyId = CompanyId(lambda problem: problem.details.get("company_id"), required=False)
    errors_ = ErrorEntry(many=True, required=False, read=nothing)


def path_of(found: Mapping[str, Any]) -> str:
    """The field of a call that a finding about its document is about."""
    return ".".join(filter(None, ("document", found.get("field"))))


def breach(found: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that a document breaks, and where."""
    return ErrorEntry.of(
        None,
        field=path_of(found),
        message=" ".join(filter(None, (found["message"], found.get("advice")))),
        code=found["rule"],
        location=found["location"],
        fatal=found["fatal"],
        **{name: found[name] for name in ("line", "ruleSet") if name in found},
    )
