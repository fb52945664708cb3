"""A company with its key, its webhook and its registration, until each of them is known to work."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from gatehouse_client.generated import AuthenticatedClient
from gatehouse_client.generated.api.companies import get_company, onboard_company
from gatehouse_client.generated.api.webhooks import list_deliveries, list_webhooks, test_webhook
from gatehouse_client.generated.models import (
    Company,
    DeliveriesPage,
    Delivery,
    Failure,
    Onboarded,
    Onboarding,
    WebhooksPage,
)

_Shape = TypeVar("_Shape")
# States of a registration in which nothing more happens until somebody does something.
_STUCK = ("failed", "elsewhere", "unregistered")


class Stopped(Exception):
    """It does not go on, and why."""


def expected(shape: type[_Shape], answer: Any) -> _Shape:
    """The answer, if it is of that shape. Raises Stopped with what the API says instead."""
    if isinstance(answer, shape):
        return answer
    if not isinstance(answer, Failure):
        raise Stopped("The API answered with something that its description does not know.")
    wrong = [f"{one.field}: {one.message}" for one in answer.errors or ()]
    raise Stopped(f"{answer.code}: {'; '.join(wrong) or answer.message}")


class Onboarder:
    """Onboards with a client; tells `say` of each step, and waits `patience` seconds at most.

    `made` is what there is so far, as the API says it: secrets are shown once, so that it is looked
    at however far things went.
    """

    def __init__(
        self, client: AuthenticatedClient, say: Callable[[str, str], None], patience: float
    ) -> None:
        self.client, self.say, self.patience = client, say, patience
        self.made: dict[str, Any] = {}

    def onboard(self, wanted: Onboarding) -> None:
        """Everything from the first call to the test event. Raises Stopped.

        A company that is there already is not made anew: it gets no second key.
        """
        answer = onboard_company.sync(client=self.client, body=wanted)
        if isinstance(answer, Failure) and answer.code == "COMPANY_EXISTS":
            id = str(answer.company_id)
            self.say("company", f"{id} is there already: no key or webhook was made")
            webhook = self.webhook_of(id)
        else:
            self.made = expected(Onboarded, answer).to_dict()
            id, webhook = self.made["company"]["id"], self.made["webhook"]
            self.say("company", id)
            self.say("key", self.made["apiKey"]["id"])
        if webhook:
            self.say("webhook", webhook["id"])
        self.made["company"] = self.registered(id).to_dict()
        if webhook:
            self.made["test"] = self.tested(webhook["id"]).to_dict()

    def webhook_of(self, company_id: str) -> dict[str, Any] | None:
        """The newest webhook of a company that works, without its secret."""
        answer = list_webhooks.sync(
            client=self.client, x_flowie_company=company_id, status="active", limit=1
        )
        found = expected(WebhooksPage, answer).webhooks
        return found[0].to_dict() if found else None

    def registered(self, company_id: str) -> Company:
        """The company, once it is on the network. Raises Stopped where it does not get there."""
        seen = ""
        for seconds in self._waiting():
            answer = get_company.sync(company_id, client=self.client)
            company = expected(Company, answer)
            if company.peppol_id is None:
                raise Stopped("No Peppol identifier follows from its numbers: give --peppol-id.")
            if company.smp_status != seen:
                seen = str(company.smp_status)
                self.say("register", f"{company.peppol_id}: {seen} after {seconds:.1f} s")
            if company.smp_registered:
                return company
            if seen in _STUCK:
                break
        raise Stopped(f"{company.peppol_id} is {seen}: {company.smp_error or 'no word of why'}")

    def tested(self, webhook_id: str) -> Delivery:
        """The test event, once the webhook took it. Raises Stopped where it does not."""
        sent = expected(Delivery, test_webhook.sync(webhook_id, client=self.client))
        for _ in self._waiting():
            answer = list_deliveries.sync(webhook_id, client=self.client, limit=20)
            page = expected(DeliveriesPage, answer)
            found = next((one for one in page.deliveries if one.id == sent.id), sent)
            if found.attempts:
                last = found.attempts[-1]
                what = last.error or last.status_code
                self.say("test", f"{found.type_}: {found.state}, {what} in {last.duration_ms} ms")
                if found.state == "delivered":
                    return found
                raise Stopped("The webhook does not take events.")
        raise Stopped("The test event was not sent.")

    def _waiting(self) -> Iterator[float]:
        """How many seconds have gone by, each time it is worth looking again."""
        begun = time.monotonic()
        while (gone := time.monotonic() - begun) < self.patience:
            yield gone
            time.sleep(0.5)
