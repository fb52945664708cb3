"""What a platform's custom domain is for: its own people's sign-in and portal, and nothing else."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse

from tenants.access.custom_domain import is_at_home, platform_at

# Pages for people. The operator's site, tokens of programs and every API are at our own name only.
_PAGES = (
    "/portal/",
    "/accounts/",
    "/invitations/",
    "/client/",
    "/logos/",
    "/language/",
    "/static/",
)
_EXACTLY = ("/", "/portal")

GetResponse = Callable[[HttpRequest], HttpResponse]


class CustomDomainPages:
    """Middleware that answers 404 to all other paths there, and knows nobody but its people."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        platform = platform_at(request)
        if platform is not None:
            if request.path not in _EXACTLY and not request.path.startswith(_PAGES):
                raise Http404
            if request.user.is_authenticated and not is_at_home(request.user, platform):
                request.user = AnonymousUser()
        return self.get_response(request)
