"""What rows of the database a request is shown: none at first, then those of whoever makes it."""

from typing import cast

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from config.middleware import GetResponse
from tenants.models import User
from tenants.row_security import everything, nothing

# Parts that work for no tenant, and are shown everything on purpose. What begins otherwise finds
# out who asks and opens their rows alone: a new route sees nothing until it has done so.
SEES_EVERYTHING = {
    "/admin/": "the operator's site, whose pages are about all tenants",
    "/accounts/": "signing in and one's own account: pages about people, of allauth",
    "/_allauth/": "the same for programs",
    "/identity/": "tokens for programs, given to whoever shows a client's secret",
    "/invitations/": "opened by whoever holds an invitation's secret, member or not",
    "/mails/": "opened by whoever got a mail with a signed link, member or not",
    "/logos/": "public pictures, in mails and on pages for strangers",
    "/internal/": "the access point and the proxy, which know the installation's own secret",
    "/sandbox/": "the sandbox network's servers, which are no tenant's",
}


class RowScope:
    """Begins each request without any row of a tenant, whatever its connection showed before."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = everything if request.path_info.startswith(tuple(SEES_EVERYTHING)) else nothing
        with scope():
            return self.get_response(request)


class Authentication(AuthenticationMiddleware):
    """Django's own; the person behind a session is looked up before their rows are known."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: _person(request)))


def _person(request: HttpRequest) -> User | AnonymousUser:
    with everything():
        return get_user(request)
