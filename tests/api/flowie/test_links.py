"""Links for a company's own people, made by a platform's program."""

from tenants.models import ClientLink
from tenants.services import settings
from tests.api.flowie.conftest import Flowie, platform_key
from tests.conftest import SYSTEM

SITE = "https://app.acme.example"


def test_a_link_is_made_opened_and_taken_back(acme, bakery, rival, rivals_company, client):
    settings.change(acme, defaults={"clientLinks": {"origins": [SITE]}}, by=SYSTEM)
    api = Flowie(platform_key(acme, environment="live"))
    path = f"/companies/{bakery.pk}/links"
    asked = {"purpose": "profile", "returnUrl": f"{SITE}/x", "expiresInMinutes": 5}
    made = api.post(path, asked)
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    link = made.json()
    assert (link["status"], link["returnUrl"]) == ("open", f"{SITE}/x")
    page = "/" + link["url"].split("/", 3)[3]
    assert client.get(page).status_code == 200
    for change in (
        {"purpose": "x"},
        {"returnUrl": "https://evil.example"},
        {"expiresInMinutes": 4},
    ):
        assert api.post(path, {**asked, **change}).status_code == 422
    assert api.post(path.replace(str(bakery.pk), str(rivals_company.pk)), asked).status_code == 404
    assert ClientLink.objects.count() == 1
    stranger = Flowie(platform_key(rival, environment="live"))
    assert stranger.delete(f"{path}/{link['id']}").status_code == 404
    assert api.delete(f"{path}/{link['id']}").status_code == 204
    assert client.get(page).status_code == 410
    assert api.delete(f"{path}/{link['id']}").status_code == 409
