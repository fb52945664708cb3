"""What a page of the portal answered: the secret it shows, the errors of its form."""

import re

from tests.portal.conftest import texts


def shown_after(response):
    """The page that a form that made a secret leads to."""
    assert response.status_code == 302, texts(response)[-3000:]
    return response.client.get(response.url)


def secret_on(response) -> str:
    response = shown_after(response) if response.status_code == 302 else response
    found = re.search(r'id="secret-1"[^>]*>([^<]+)<', texts(response))
    assert found, texts(response)[-3000:]
    return found[1]


def errors_on(response) -> str:
    editing = response.context.get("adminform")
    form = editing.form if editing else response.context["form"]
    return " ".join(str(e) for errors in form.errors.values() for e in errors)
