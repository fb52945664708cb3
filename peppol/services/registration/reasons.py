"""Why a registration goes no further: a sentence and a code, and what the SMP itself said."""

from dataclasses import dataclass
from typing import Self

from peppol.models import Participant
from peppol.smp.client import SmpError


@dataclass(frozen=True)
class Reason:
    """What keeps a registration. `answer` is the SMP's own text, for the operator alone."""

    sentence: str
    code: str
    answer: str = ""

    @classmethod
    def of(cls, error: SmpError) -> Self:
        """What an answer of the SMP comes to."""
        return cls(error.message, error.code, error.answer)

    def note(self, row: Participant) -> None:
        """Write it into the row, of a registered participant as what keeps its publication."""
        if row.state == Participant.State.ACTIVE:
            row.publication_error = self.sentence
        else:
            row.last_error = self.sentence
        row.error_code, row.raw_answer = self.code, self.answer


def forget(row: Participant) -> None:
    """Nothing keeps it any more."""
    row.last_error = row.publication_error = row.error_code = row.raw_answer = ""


UNFORESEEN = Reason("Something unforeseen happened here; the operator's log knows.", "unforeseen")
