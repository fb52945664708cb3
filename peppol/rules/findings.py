"""What judging a document finds: breaches of rules, and by which set of rules they were found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

# Namespaces, as published stylesheets write them into places.
_QUALIFIED = re.compile(r"Q\{[^}]*\}|\*:|\[namespace-uri\(\)='[^']*'\]")
# So many findings tell enough; an invoice of ten thousand bad lines has one mistake.
MOST_FINDINGS = 100


@dataclass(frozen=True)
class Breach:
    """A rule that a document breaks: its id, what it says, where, and whether it is fatal.

    `line` is of the XML, 0 where it is not known. `field` and `advice` are for whoever gave JSON:
    the field to look at, and what to do with it. `rule_set` names the rules.
    """

    rule: str
    message: str
    location: str
    fatal: bool
    line: int = 0
    field: str = ""
    advice: str = ""
    rule_set: str = ""

    def shown(self) -> dict[str, Any]:
        """As plain values, for answers and for the database; what is not known is left out."""
        known = {
            "line": self.line,
            "field": self.field,
            "advice": self.advice,
            "ruleSet": self.rule_set,
        }
        always = {
            "rule": self.rule,
            "message": self.message,
            "location": self.location,
            "fatal": self.fatal,
        }
        return always | {name: value for name, value in known.items() if value}


@dataclass(frozen=True)
class Judgement:
    """What a set of rules says of a document. Without a `rule_set` nobody here judges its kind."""

    breaches: Sequence[Breach]
    rule_set: str = ""

    @property
    def fatal(self) -> list[Breach]:
        return [breach for breach in self.breaches if breach.fatal]


def judgement(found: Sequence[Breach], rule_set: str) -> Judgement:
    """Fatal breaches first, no more than tell enough, each with the name of its rules."""
    ordered = sorted(found, key=lambda breach: not breach.fatal)[:MOST_FINDINGS]
    shown = [
        replace(breach, rule_set=rule_set, location=_QUALIFIED.sub("", breach.location))
        for breach in ordered
    ]
    return Judgement(shown, rule_set)
