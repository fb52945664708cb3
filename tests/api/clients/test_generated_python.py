"""What `openapi-python-client` makes of the five OpenAPI documents works as it comes."""

import importlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config.api import registry
from tests.api.resellers import Reseller

ROOT = Path(__file__).resolve().parents[3]
CONFIG = ROOT / "docs" / "clients" / "python" / "generator.yaml"

pytest.importorskip("openapi_python_client", reason="openapi-python-client is not installed")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.once]


@dataclass
class Calls:
    """The calls of a surface about one thing: how it is made, listed and read again."""

    create: str
    body: str
    sent: dict[str, Any]
    list: str
    get: str
    # Where its id is in the first answer, and what it is called in the path of the last call.
    id: str
    path: str
    # What has to be sent to list.
    search: str = ""


_PLACE = {"address_line1": "Herrengasse 14", "zip": "1010", "town": "Wien", "country_code": "AUT"}
SURFACES = {
    "einvoice": Calls(
        "tenants.create_tenant",
        "TenantFields",
        {"name": "made-bv", "peppol_ids": ["0208:0123456789"]},
        "tenants.list_tenants",
        "tenants.get_tenant",
        "id",
        "tenant_id",
    ),
    "fiskaly": Calls(
        "organizations.create_organization",
        "OrganizationFields",
        {"name": "Made GmbH", **_PLACE},
        "organizations.list_organizations",
        "organizations.get_organization",
        "_id",
        "organization_id",
    ),
    "invora": Calls(
        "connected_business_service.create_connected_business",
        "NewBusiness",
        {"name": "Made Ltd", "country": "SA"},
        "connected_business_service.list_connected_businesses",
        "connected_business_service.get_connected_business",
        "connectedBusiness.tenantId",
        "tenant_id",
        search="Search",
    ),
    "goroute": Calls(
        "organizations.create_organization",
        "OrganizationFields",
        {"name": "Made B.V.", "country": "NL"},
        "organizations.list_organizations",
        "organizations.get_organization",
        "org_id",
        "org_id",
    ),
    "flowie": Calls(
        "companies.onboard_company",
        "Onboarding",
        {"name": "Made SARL", "vatNumber": "FR86797978996", "apiKey": {"name": "made"}},
        "companies.list_companies",
        "companies.get_company",
        "company.id",
        "company_id",
    ),
}


class Generated:
    """A client made of the document that a running server shows."""

    def __init__(self, surface: str, url: str, folder: Path) -> None:
        self.name = f"{surface}_made"
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
        done = subprocess.run(
            [
                *command,
                f"--url={url}/api/docs/{surface}.json",
                f"--output-path={folder / self.name}",
                f"--config={CONFIG}",
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )
        self.said = done.stdout + done.stderr
        assert done.returncode == 0, self.said

    def module(self, name: str) -> Any:
        """One of its modules."""
        return importlib.import_module(f"{self.name}.{name}")

    def model(self, name: str, sent: dict[str, Any]) -> Any:
        """One of its objects, read from JSON."""
        return getattr(self.module("models"), name).from_dict(sent)

    def call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """The answer to an operation as its own object for it writes it."""
        return self.module(f"api.{operation}").sync(**arguments).to_dict()


def signed(generated: Generated, surface: str, url: str, reseller: Reseller) -> Any:
    """Its client with the reseller's credential, sent as the document says."""
    ((name, value),) = (
        (name, value)
        for name, value in reseller.headers(surface).items()
        if name in ("Authorization", "X-API-Key")
    )
    prefix, _, token = value.rpartition(" ")
    return generated.module("client").AuthenticatedClient(
        url, token, prefix=prefix, auth_header_name=name, raise_on_unexpected_status=True
    )


@pytest.mark.parametrize("surface", [vendor.name for vendor in registry.VENDORS])
def test_a_generated_client_creates_lists_and_reads(surface, live_server, tmp_path, monkeypatch):
    generated = Generated(surface, live_server.url, tmp_path)
    assert "WARNING" not in generated.said and "Skipping" not in generated.said, generated.said
    monkeypatch.syspath_prepend(tmp_path)
    calls = SURFACES[surface]
    client = signed(generated, surface, live_server.url, Reseller("mine"))

    made = generated.call(calls.create, client=client, body=generated.model(calls.body, calls.sent))
    id = made
    for name in calls.id.split("."):
        id = id[name]
    search = {"body": generated.model(calls.search, {})} if calls.search else {}
    listed = generated.call(calls.list, client=client, **search)
    read = generated.call(calls.get, client=client, **{calls.path: id})
    assert id in str(listed) and id in str(read)
    assert calls.sent["name"] in str(listed) and calls.sent["name"] in str(read)
