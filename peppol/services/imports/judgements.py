"""What a line of an import's file comes to."""

from dataclasses import dataclass, field
from typing import Any

from peppol.services.imports.columns import COLUMNS
from tenants.sentences import Sentence

# What is wrong with a column: both are translated, and nothing else is there to be.
AT = "%(field)s: %(why)s"


@dataclass
class Judgement:
    """A line understood: a company's profile and identifier, and what is to be said about it.

    `card` is what the network is to know of it, beside its name. A line with `problems` is not
    imported; `warnings` do not stop it.
    """

    profile: dict[str, str]
    identifier: str = ""
    card: dict[str, Any] = field(default_factory=dict)
    send_only: bool = False
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, name: str, why: str) -> None:
        """Note what is wrong with the cell of a field."""
        self.problems.append(Sentence(AT, field=Sentence(COLUMNS[name].title), why=why))

    def doubt(self, name: str, why: str) -> None:
        """Note what is doubtful about the cell of a field."""
        self.warnings.append(Sentence(AT, field=Sentence(COLUMNS[name].title), why=why))
