"""JSON answers are, byte for byte, what Django REST framework would have written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from config.api.kit.rendering import JsonRenderer
from tenants.models import Organization

ANSWERS = {
    "nothing": None,
    "an empty object": {},
    "letters of all sorts": {"é": "ß \U0001f9fe \x7f \x01\x1f\b\f\n\r\t\"\\/<>&'"},
    "line ends of JavaScript": ["a\u2028b\u2029c"],
    "numbers": [0, -1, 2**53, 2**63 - 1, 2**64, 2**70, True, False],
    "fractions": [0.1, 1.0, -2.5, 12345678.9, 1e16, 1e-7, 1.5e300, 123456789012345680.0],
    "an e between digits in a text": ["1e5 is a number", "a:3e-2", "tenant_01m8p3e7"],
    "words of ours": {Organization.Status.ACTIVE: Organization.Kind.PLATFORM},
    "what is not text as a name": {1: "one", 2: "two"},
    "ids": UUID(int=7),
    "amounts": Decimal("10.50"),
    "moments": [datetime(2026, 11, 30, 12, 0, 0, 123456, tzinfo=UTC), date(2026, 2, 28)],
    "sentences of the reader's language": gettext_lazy("Yes"),
    "tuples and sets": [(1, 2), {"a"}],
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_bytes_are_those_of_the_framework(answer):
    assert JsonRenderer().render(answer) == JSONRenderer().render(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "accepted", ["*/*", "application/xml", "text/html", "application/vnd.vendor+json", "", "§"]
)
def test_json_is_answered_whatever_is_said_to_be_acceptable(client, acme_key, accepted):
    answer = client.get(
        "/api/admin/tenants/", headers={"Authorization": f"Bearer {acme_key}", "Accept": accepted}
    )
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
