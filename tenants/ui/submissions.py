"""Forms that are sent once: a second click, or F5, finds what the first one has made.

The session remembers of each form where it led. A secret on its way to the page that shows it is
there too, encrypted, until that page has shown it.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tenants.encryption import decrypt, encrypt

NAME = "once"
_SALT = "tenants.ui.submissions"
_LED, _HELD = "submissions", "held_secrets"
# Of forms and of secrets, so many of the latest are known.
_MOST = 20


def token(request: HttpRequest) -> str:
    """What a form carries so that it is known again, and whose it is: the old one's, if it is
    shown once more."""
    given = request.POST.get(NAME, "")
    return given if owner(given) else signing.dumps([secrets.token_urlsafe(9), _pk(request)])


def owner(given: str) -> str:
    """The id of whose form it is; empty for none of ours."""
    try:
        _nonce, pk = signing.loads(given)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(pk)


def once(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse | str:
    """What `make` answers; for a form that was sent before and led somewhere, that address.

    Of two that come at once, the second waits for the first.
    """
    given = request.POST.get(NAME, "")
    if owner(given) != _pk(request):
        return make()
    given = _digest(request)
    with transaction.atomic():
        _renew(request, _LED)
        led: dict[str, str] = request.session.get(_LED, {})
        if given in led:
            return led[given]
        answer = make()
        address = answer.headers.get("HX-Redirect") or answer.headers.get("Location")
        if address:
            _remember(request, _LED, given, address)
            request.session.save()
    return answer


def hold(request: HttpRequest, shown: dict[str, Any]) -> str:
    """Keep what a page is to show once; the word by which that page asks for it."""
    word = secrets.token_urlsafe(12)
    _remember(request, _HELD, word, encrypt(json.dumps(shown)))
    return word


def let_go(request: HttpRequest, word: str) -> dict[str, Any] | None:
    """What was kept under a word, which is forgotten now; None when it was shown already."""
    held = dict(request.session.get(_HELD, {}))
    kept = held.pop(word, None)
    if kept is None:
        return None
    request.session[_HELD] = held
    found: dict[str, Any] = json.loads(decrypt(kept))
    return found


def _digest(request: HttpRequest) -> str:
    """What is sent, by which the same again is known from another form of the same page."""
    sent = [request.POST.get(NAME, ""), request.path, *sorted(request.POST.lists())]
    files = [(name, str(file), getattr(file, "size", 0)) for name, file in request.FILES.items()]
    return hashlib.sha256(repr((sent, files)).encode()).hexdigest()[:32]


def _remember(request: HttpRequest, part: str, word: str, value: str) -> None:
    kept = {**request.session.get(part, {}), word: value}
    request.session[part] = dict(list(kept.items())[-_MOST:])


def _renew(request: HttpRequest, part: str) -> None:
    """Lock the session, and read what another request has written into it meanwhile."""
    key = request.session.session_key
    stored = Session.objects.select_for_update(no_key=True).filter(pk=key).first()
    if stored is not None:
        for name in (part, _HELD):
            request.session[name] = stored.get_decoded().get(name, {})


def _pk(request: HttpRequest) -> str:
    return str(request.user.pk)
