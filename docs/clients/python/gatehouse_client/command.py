"""A reseller's main jobs from a shell. Steps go to stderr, what came of it goes to stdout."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import httpx

from gatehouse_client.generated import AuthenticatedClient
from gatehouse_client.generated.api.companies import list_companies
from gatehouse_client.generated.models import CompaniesPage, Company, Onboarding
from gatehouse_client.onboarding import Onboarder, Stopped, expected


def options() -> argparse.ArgumentParser:
    """What the command takes."""
    parser = argparse.ArgumentParser("gatehouse", description=__doc__)
    parser.add_argument(
        "--url",
        default=os.environ.get("GATEHOUSE_URL", "http://127.0.0.1:8000"),
        help="The installation, else GATEHOUSE_URL.",
    )
    jobs = parser.add_subparsers(dest="job", required=True)
    onboard = jobs.add_parser(
        "onboard", help="Create a company with a key and a webhook, register and test it."
    )
    onboard.add_argument("--name", required=True, help="What the company is called.")
    onboard.add_argument("--vat-number", required=True, help="Such as BE0403170701.")
    onboard.add_argument("--peppol-id", help="Else the usual one that follows from the number.")
    onboard.add_argument("--key-name", default="gatehouse", help="What its API key is called.")
    onboard.add_argument("--webhook", metavar="URL", help="Where its events go.")
    onboard.add_argument("--event", action="append", metavar="TYPE", help="Else all; repeatable.")
    onboard.add_argument("--patience", type=float, default=120, help="Seconds to wait at most.")
    jobs.add_parser("companies", help="List the companies, one JSON object a line.")
    return parser


def wanted(given: argparse.Namespace) -> Onboarding:
    """The body of the call that onboards."""
    webhook = {"url": given.webhook, "events": given.event or ["*"]} if given.webhook else None
    body: dict[str, Any] = {
        "name": given.name,
        "vatNumber": given.vat_number,
        "apiKey": {"name": given.key_name},
        "webhook": webhook,
        **({"peppolId": given.peppol_id} if given.peppol_id else {}),
    }
    return Onboarding.from_dict(body)


def every_company(client: AuthenticatedClient) -> Iterator[Company]:
    """All companies of the platform, page after page."""
    cursor: str | None = ""
    while cursor is not None:
        page = expected(CompaniesPage, list_companies.sync(client=client, cursor=cursor, limit=100))
        yield from page.companies
        cursor = page.next_cursor


def say(step: str, what: str) -> None:
    """Tell whoever waits."""
    sys.stderr.write(f"{step:<9} {what}\n")
    sys.stderr.flush()


def run(given: argparse.Namespace, client: AuthenticatedClient) -> None:
    """Do the job. Raises Stopped."""
    if given.job == "onboard":
        onboarder = Onboarder(client, say, given.patience)
        try:
            onboarder.onboard(wanted(given))
        finally:
            if onboarder.made:
                sys.stdout.write(json.dumps(onboarder.made, indent=2, ensure_ascii=False) + "\n")
        return
    for company in every_company(client):
        sys.stdout.write(json.dumps(company.to_dict(), ensure_ascii=False) + "\n")


def main() -> None:
    """The command; it ends with status 1 where something does not work, and says what."""
    given = options().parse_args()
    key = os.environ.get("GATEHOUSE_KEY")
    if not key:
        raise SystemExit("Put a platform key into GATEHOUSE_KEY.")
    client = AuthenticatedClient(given.url, key, timeout=httpx.Timeout(30))
    try:
        run(given, client)
    except Stopped as stopped:
        raise SystemExit(str(stopped)) from None
    except httpx.HTTPError as error:
        raise SystemExit(f"{given.url} does not answer: {error}") from None
