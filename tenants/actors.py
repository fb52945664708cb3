"""Who does something, and on behalf of which request."""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tenants.models import User

# Set by the middleware for a request and by the worker for a task; read by events and logs.
request_id: ContextVar[str] = ContextVar("request_id", default="")


Kind = Literal["user", "key", "system", "link"]


@dataclass(frozen=True)
class Actor:
    """The person, key or program that a change is booked to in the audit trail, or the link by
    which somebody did it who has no account.

    `role` is that of the person who made a key, and limits what the key may do to people.
    """

    kind: Kind
    id: str
    label: str
    role: str = ""

    @classmethod
    def user(cls, user: "User") -> "Actor":
        return cls("user", str(user.pk), user.email)

    @classmethod
    def system(cls, label: str) -> "Actor":
        return cls("system", "", label)
