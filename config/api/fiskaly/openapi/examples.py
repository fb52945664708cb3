"""One object of each kind, for the OpenAPI document."""

from typing import Any

_ID = "01931c2e-8f5a-7c3d-9e1b-2f4a6b8c0d1e"
_PARENT = "01931c2e-0a11-7b22-8c33-4d55e66f7a88"

CREDENTIALS = {"api_key": "test_01k4e2x3y4z5a6b7c8d9e0f1g2", "api_secret": "gh_plat_test_…"}
TOKENS: dict[str, Any] = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
    "access_token_claims": {"env": "TEST", "organization_id": _PARENT},
    "access_token_expires_in": 300,
    "access_token_expires_at": 1577833200,
    "refresh_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9…",
    "refresh_token_expires_in": 86400,
    "refresh_token_expires_at": 1577919300,
}
NEW_ORGANIZATION: dict[str, Any] = {
    "name": "Kaffeehaus Zentral GmbH",
    "display_name": "Kaffeehaus Zentral",
    "vat_id": "ATU12345675",
    "address_line1": "Herrengasse 14",
    "zip": "1010",
    "town": "Wien",
    "country_code": "AUT",
    "metadata": {"my_property_1": "1234"},
    "managed_by_organization_id": _PARENT,
}
CHANGES = {"display_name": "Café Zentral"}
ORGANIZATION: dict[str, Any] = {
    "_id": _ID,
    "_type": "MANAGED_ORGANIZATION",
    "_envs": ["TEST"],
    "name": "Kaffeehaus Zentral GmbH",
    "display_name": "Kaffeehaus Zentral",
    "vat_id": "ATU12345675",
    "contact_person_id": None,
    "address_line1": "Herrengasse 14",
    "address_line2": None,
    "zip": "1010",
    "town": "Wien",
    "state": None,
    "country_code": "AUT",
    "tax_number": None,
    "economy_id": None,
    "billing_options": {
        "gln": "9012345000004",
        "withhold_billing": False,
        "bill_to_organization": _PARENT,
    },
    "billing_address_id": None,
    "metadata": {"my_property_1": "1234"},
    "managed_by_organization_id": _PARENT,
    "managed_configuration": {"withhold_billing": False},
    "created_by_user": None,
}
NEW_KEY = {"name": "till-1", "status": "enabled", "metadata": {"my_property_1": "1234"}}
KEY: dict[str, Any] = {
    "_id": _ID,
    "_type": "MANAGED_API_KEY",
    "_envs": ["TEST"],
    "key": "test_01k4e2x3y4z5a6b7c8d9e0f1g2",
    "secret": "gh_test_…",
    "created_at": 1577833200,
    "created_by_user": None,
    "name": "till-1",
    "status": "enabled",
    "metadata": {"my_property_1": "1234"},
    "managed_by_organization_id": _PARENT,
}
INVITED = {"email": "user@example.com", "first_name": "Ines", "last_name": "Huber"}
USER: dict[str, Any] = {"_id": _ID, "_type": "USER", "_envs": ["TEST"], **INVITED}
NEW_ADDRESS: dict[str, Any] = {
    "recipient": "Kaffeehaus Zentral GmbH",
    "vat_id": "ATU12345675",
    "address_line1": "Herrengasse 14",
    "zip": "1010",
    "town": "Wien",
    "country_code": "AUT",
}
ADDRESS: dict[str, Any] = {
    "vat_id_valid": True,
    "vat_id": "ATU12345675",
    "recipient": "Kaffeehaus Zentral GmbH",
    "recipient_additions": None,
    "billing_contact_id": None,
    "address_line1": "Herrengasse 14",
    "address_line2": None,
    "zip": "1010",
    "town": "Wien",
    "state": None,
    "country_code": "AUT",
    "organization_id": _PARENT,
    "metadata": {},
    "_id": _ID,
    "_type": "BILLING_ADDRESS",
    "_envs": ["TEST"],
}


def list_of(example: Any) -> dict[str, Any]:
    """A list that has just this one."""
    kind = example["_type"].removeprefix("MANAGED_")
    return {"data": [example], "count": 1, "_type": f"{kind}_LIST"}
