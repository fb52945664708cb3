"""Forms that came after their person had been signed out: kept, and shown again after sign-in.

Nothing is done by them: whoever signs in sees what they had entered, and sends it themselves. Only
a form of ours is kept, for the person it was made for, for an hour.
"""

import json
import re
import time
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_noop

from tenants.encryption import decrypt, encrypt
from tenants.errors import DomainError, Kind
from tenants.ui import submissions

_SESSION_KEY = "interrupted"
_MOST_BYTES = 64 * 1024
_LASTS = 3600
# What nobody should find in a form that they did not fill in a moment ago.
_SECRET = re.compile(r"password|secret|csrf|^key$|token", re.IGNORECASE)


def keep(request: HttpRequest) -> None:
    """Keep what a stranger has sent, where it is a form that we made for somebody."""
    person = submissions.owner(request.POST.get(submissions.NAME, ""))
    entered = {k: v for k, v in request.POST.lists() if not _SECRET.search(k)}
    kept = json.dumps({"path": request.path, "person": person, "at": time.time(), "post": entered})
    if person and len(kept) <= _MOST_BYTES:
        request.session[_SESSION_KEY] = encrypt(kept)


def send_back(request: HttpRequest) -> HttpResponse:
    """To the sign-in that leads to the page of a form, out of a dialog too."""
    way = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": way})
    return redirect(way)


def resume(request: HttpRequest) -> DomainError | None:
    """Make a request for a page whose form was interrupted one with that form's answers.

    Returns what the form is to be refused with, so that it is shown and nothing is done; None for
    any other request, which stays as it is.
    """
    if request.method != "GET" or _SESSION_KEY not in request.session:
        return None
    kept: dict[str, Any] = json.loads(decrypt(request.session[_SESSION_KEY]))
    if kept["path"] != request.path:
        return None
    del request.session[_SESSION_KEY]
    if kept["person"] != str(request.user.pk) or time.time() - kept["at"] > _LASTS:
        return None
    answers = QueryDict(mutable=True)
    for name, values in kept["post"].items():
        answers.setlist(name, values)
    resumed: Any = request
    resumed.method, resumed.POST, resumed._files = "POST", answers, MultiValueDict()
    sentence = gettext_noop(
        "You were signed out meanwhile, and nothing was done. This is what you had entered: look "
        "it over, and send it once more."
    )
    return DomainError(Kind.CONFLICT, "interrupted", sentence)
