"""Log lines: one JSON object each, with the request's id and never a secret."""

import json
import logging
import time

import pytest

from apikeys import tokens
from config.logs import Context, Redacted, redact
from tenants.actors import request_id
from webhooks import secrets

SECRETS = [
    tokens.generate("einv_prod_"),
    tokens.generate("gh_plat_live_"),
    secrets.generate(),
    secrets.generate_signing_key(),
]


def line(message, *args, **options):
    record = logging.getLogger("tests").makeRecord(
        "tests",
        logging.INFO,
        __file__,
        1,
        message,
        args,
        options.pop("exc_info", None),
        extra=options,
    )
    Context().filter(record)
    return Redacted("%(levelname)s %(message)s %(request_id)s").format(record)


@pytest.mark.parametrize("secret", SECRETS, ids=["company key", "platform key", "whsec", "whsk"])
def test_no_secret_reaches_a_line_wherever_it_stands(secret):
    """EIN-53."""
    assert secret not in line(f"key {secret}")
    assert secret not in line("key %s", secret)
    assert secret not in line("call", headers={"Authorization": f"Bearer {secret}"})
    try:
        raise ValueError(secret)
    except ValueError as error:
        assert secret not in line("failed", exc_info=(ValueError, error, error.__traceback__))


@pytest.mark.parametrize(
    "text, kept",
    [
        ("Authorization: Bearer abc.def-ghi", "Authorization"),
        ("GET /x?key=hunter2&page=1", "page=1"),
        ("/invitations/AbC123_-x/", "/invitations/"),
        ("Basic dXNlcjpwdw==", ""),
        ("api_key=hunter2&page=1", "page=1"),
        ("access_token=hunter2", "access_token"),
        ('{"password": "hunter2", "page": 1}', "page"),
        ("{'api_secret': 'hunter2', 'page': 1}", "page"),
        ("X-API-Key: hunter2", "X-API-Key"),
        ("Authorization: Token hunter2hunter2", "Authorization"),
        ("postgres://gatehouse:hunter2@database/gatehouse", "@database/gatehouse"),
    ],
)
def test_what_opens_something_is_blanked_out_and_the_rest_stays(text, kept):
    shown = line(text)
    assert "[redacted]" in shown and kept in shown
    for secret in ("abc.def", "hunter2", "AbC123", "dXNlcjpwdw"):
        assert secret not in shown


def test_a_line_is_json_and_names_its_request():
    token = request_id.set("r-12345678")
    assert json.loads(line("hello"))["request_id"] == "r-12345678"
    request_id.reset(token)


def test_a_request_is_logged_with_its_outcome_and_without_its_query(client, db, caplog):
    with caplog.at_level(logging.INFO, "gatehouse.requests"):
        answer = client.get("/health/liveness?token=hunter2", headers={"X-Request-ID": "mine-1234"})
    (record,) = [r for r in caplog.records if r.name == "gatehouse.requests"]
    assert (record.path, record.status, answer["X-Request-ID"]) == (
        "/health/liveness",
        200,
        "mine-1234",
    )
    assert "hunter2" not in record.getMessage()


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "no spaces here", "<script>"])
def test_a_request_id_that_is_not_sane_is_replaced(client, db, given):
    answer = client.get("/health/liveness", headers={"X-Request-ID": given})
    assert answer["X-Request-ID"] != given and len(answer["X-Request-ID"]) == 36


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a_" * 50_000, "key=" * 25_000, "://a:" * 20_000, "key" + " " * 100_000]
)
def test_a_hundred_thousand_characters_are_redacted_at_once(text):
    """A path of 6,000 letters used to cost nine seconds, with every thread waiting."""
    spent = []
    for _ in range(3):
        began = time.thread_time()
        redact(text)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.1, spent


def test_of_a_long_text_a_line_keeps_beginning_and_end():
    secret = SECRETS[0]
    shown = json.loads(line(f"begins {'x' * 9_980} {secret} {'x' * 90_000} ends"))["message"]
    assert shown.startswith("begins") and shown.endswith("ends") and len(shown) < 21_000
    assert not any(secret[:n] in shown for n in range(20, len(secret)))
