"""What a person has entered in a form of several pages, kept in their session until it is done."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.sessions.models import Session
from django.core import signing
from django.http import HttpRequest

from tenants.access import memberships

_SESSION_KEY = "drafts"
_SALT = "tenants.ui.form_drafts"
# Whoever has more of them under way loses the oldest.
_MOST = 8


@dataclass
class FormDraft:
    """Answers so far, for the organization that they are meant for.

    `made` is what came of them, `shown` the word under which its secrets are held.
    """

    organization: str
    answers: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    made: str = ""
    shown: str = ""


def begin(request: HttpRequest) -> FormDraft:
    """A new draft for the caller's current organization."""
    return FormDraft(str(memberships.organization(request).pk))


def find(request: HttpRequest, key: str) -> FormDraft | None:
    """The draft of this key, if it is the caller's and of the organization that is current."""
    kept = request.session.get(_SESSION_KEY, {}).get(key)
    draft = FormDraft(**kept) if kept else None
    own = str(memberships.organization(request).pk)
    return draft if draft is not None and draft.organization == own else None


def waiting(request: HttpRequest) -> list[FormDraft]:
    """The caller's drafts for the current organization that nothing has come of, newest first."""
    kept = request.session.get(_SESSION_KEY, {})
    found = [find(request, key) for key in reversed(kept)]
    return [draft for draft in found if draft is not None and not draft.made]


def forget(request: HttpRequest, key: str) -> None:
    """Throw a draft away."""
    drafts = dict(request.session.get(_SESSION_KEY, {}))
    drafts.pop(key, None)
    request.session[_SESSION_KEY] = drafts


def token(draft: FormDraft) -> str:
    """A draft as its own page carries it, so that it outlives the session."""
    return signing.dumps(asdict(draft), salt=_SALT, compress=True)


def revive(request: HttpRequest, given: str) -> FormDraft | None:
    """Keep a draft again that its page has carried over the end of a session; None for any
    other text, and for a draft of another organization."""
    try:
        draft = FormDraft(**signing.loads(given, salt=_SALT))
    except signing.BadSignature:
        return None
    keep(request, draft)
    return find(request, draft.key)


def keep(request: HttpRequest, draft: FormDraft) -> None:
    """Store a draft in the session."""
    drafts = dict(request.session.get(_SESSION_KEY, {}))
    drafts.pop(draft.key, None)
    drafts[draft.key] = asdict(draft)
    for key in list(drafts)[:-_MOST]:
        del drafts[key]
    request.session[_SESSION_KEY] = drafts


def settle(request: HttpRequest, draft: FormDraft, made: Any, shown: str = "") -> None:
    """Note what came of a draft, in the transaction that made it; its answers are forgotten."""
    draft.answers, draft.made, draft.shown = {}, str(made), shown
    keep(request, draft)
    request.session.save()


def lock(request: HttpRequest, key: str) -> FormDraft | None:
    """The draft as it stands, nobody else's until the transaction ends: of two clicks on the
    last button, the second finds what the first has made."""
    session = (
        Session.objects.select_for_update(no_key=True)
        .filter(pk=request.session.session_key)
        .first()
    )
    if session is not None:
        request.session[_SESSION_KEY] = session.get_decoded().get(_SESSION_KEY, {})
    return find(request, key)
