"""Errors that come before it is known who calls: they are answered as any other."""

import re

import pytest


@pytest.fixture
def unwelcome(settings):
    """A browser that is turned away before anything else is looked at."""
    settings.DISALLOWED_USER_AGENTS = [re.compile("Unwelcome")]
    return {"user-agent": "Unwelcome/1.0"}


@pytest.mark.parametrize("path", ["/portal/", "/admin/", "/accounts/login/", "/nowhere"])
def test_an_error_before_anybody_is_known_is_a_page(client, db, unwelcome, path):
    """The page asked whose portal it is of a request that had no user yet: 500."""
    client.raise_request_exception = False
    answer = client.get(path, headers=unwelcome)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()
