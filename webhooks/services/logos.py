"""Fetches platforms' logos through the guarded sender: their addresses are strangers' too."""

from asgiref.sync import async_to_sync

from tenants import loops, pictures
from tenants.errors import Invalid
from tenants.models import Logo
from tenants.services import logos
from webhooks import guard
from webhooks.sender import Answer, Request, Sender

TIMEOUT = 10.0


def drain() -> int:
    """Fetch the logos that are due; how many were tried."""
    return loops.each("fetch logos", logos.claims(), _copy)


def _copy(logo: Logo) -> None:
    try:
        answer = fetch(guard.check_url(logo.url))
    except Invalid as refusal:
        logos.fail(logo, refusal.message)
        return
    if answer.succeeded:
        logos.keep(logo, answer.content)
    else:
        logos.fail(logo, answer.error or f"The address answers {answer.status}.")


def fetch(url: str) -> Answer:
    """GET `url` as the sender does: public addresses only, no redirects, ten seconds in all."""
    return async_to_sync(_fetch)(url)


async def _fetch(url: str) -> Answer:
    # One byte more than is taken shows that it is too large.
    wanted = Request(url, {"Accept": "image/*"}, b"", TIMEOUT, "GET", pictures.LARGEST + 1)
    async with Sender(at_once=1) as sender:
        return await sender.send(wanted)
