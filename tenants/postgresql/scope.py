"""For whom the database shows rows to this thread: what `tenants.row_security` opens and shuts."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

ORGANIZATIONS = "gatehouse.organization"
PLATFORMS = "gatehouse.platform"
PERSON = "gatehouse.person"
PAYER = "gatehouse.payer"
_LONG = 4096
_IDS = re.compile(r"[0-9a-f,-]*|\*")


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom rows are shown: `*` or ids of organizations, of the platforms above, of a person,
    of a payer whose bill is counted."""

    organizations: str = ""
    platforms: str = ""
    person: str = ""
    payer: str = ""

    @property
    def telling(self) -> str:
        """The statement that tells it to the session, for not every query stands in a transaction.

        Raises ValueError for what is no list of ids.
        """
        values = (self.organizations, self.platforms, self.person, self.payer)
        # A long list is told rarely, and is nothing to remember.
        tell = _telling if len(self.organizations) < _LONG else _telling.__wrapped__
        return tell(*values)


@lru_cache(maxsize=4096)
def _telling(*values: str) -> str:
    if not all(_IDS.fullmatch(value) for value in values):
        raise ValueError("These are no ids.")
    told = zip((ORGANIZATIONS, PLATFORMS, PERSON, PAYER), values, strict=True)
    return "SELECT " + ", ".join(f"set_config('{name}', '{v}', false)" for name, v in told)


NOTHING, EVERYTHING = Scope(), Scope("*")
# A new thread begins without any, and so sees nothing.
scope: ContextVar[Scope] = ContextVar("row_scope", default=NOTHING)
