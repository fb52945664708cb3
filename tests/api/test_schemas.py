"""Calls made up from the five OpenAPI documents: the answers are what the documents say.

Of two peers, whatever ids one of them names, it never sees the other's. `SCHEMA_EXAMPLES=200`
looks longer.
"""

import os
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from config.api import registry
from config.request_bodies import WholeBodies
from tenants.models import Heartbeat
from tests.api.resellers import Reseller

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
    pytest.mark.slow,
]
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "4"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.ignored_auth,
    checks.missing_required_header,
]
SURFACES = [vendor.name for vendor in registry.VENDORS]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("surface", SURFACES)
def test_what_a_document_promises_is_what_is_answered(surface, mode):
    own, peer = Reseller("mine"), Reseller("theirs")
    Heartbeat.objects.create(name="worker", beat_at=timezone.now())
    application = WholeBodies(get_wsgi_application())
    schema = schemathesis.openapi.from_wsgi(f"/api/docs/{surface}.json", application)
    failures = []
    for operation in (found.ok() for found in schema.get_all_operations()):
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
            continue  # ids are our own and headers any text: nothing about it can be wrong
        try:
            _exercise(operation, mode, surface, own, peer)
        except (FailureGroup, AssertionError) as failure:
            failures.append(f"{operation.method.upper()} {operation.path}\n{_said(failure)}")
    assert not failures, "\n\n".join(failures)


def _said(failure: BaseException) -> str:
    inner = getattr(failure, "exceptions", ())
    return "\n".join([str(failure), *(str(one) for one in inner)])


def _exercise(
    operation: Any, mode: GenerationMode, surface: str, own: Reseller, peer: Reseller
) -> None:
    turn = iter(range(10**6))

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        whose = (own, peer)[next(turn) % 2] if EXAMPLES > 1 else own
        for name in case.path_parameters or {}:
            case.path_parameters[name] = whose.ids(name)[next(turn) % len(whose.ids(name))]
        response = case.call_and_validate(headers=own.headers(surface), checks=CHECKS)
        named = str(case.as_curl_command()) if whose is peer else ""
        # Files are no text, and a mark in one is found all the same.
        shown = response.content.decode(errors="replace")
        foreign = [mark for mark in peer.marks if mark in shown and mark not in named]
        assert not foreign, f"{case.as_curl_command()} shows {foreign}"

    call()
