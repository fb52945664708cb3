"""The surface behind PostgreSQL's second wall."""

from tests.api.flowie.conftest import ONBOARDING, Flowie
from tests.ordinary_role import ON_POSTGRESQL

pytestmark = ON_POSTGRESQL


def test_the_playbook_gets_through_the_wall_and_strangers_do_not(api, rival_api, onboard, entitled):
    made = onboard()
    company, tenant = made["company"]["id"], Flowie(made["apiKey"]["key"])
    acting = api.acting(company)
    header = {"Idempotency-Key": "k"}
    first, again = (
        acting.post("/documents/send", {"document": {"a": 1}}, headers=header) for _ in range(2)
    )
    assert first.status_code == 202 and again.content == first.content
    batch = {"documents": [{"document": {"n": 1}}, {}]}
    assert tenant.post("/documents/send/batch", batch).json()["accepted"] == 1
    again = api.post("/platform/companies", ONBOARDING)
    assert (again.status_code, again.json()["companyId"]) == (409, company)
    assert api.post("/webhooks", {"url": "https://e.com/h"}).status_code == 201
    settings = {
        "branding": {"displayName": "Acme"},
        "customDomain": "peppol.acme.com",
        "defaults": {"autoCompliance": {"FR": True}},
    }
    assert api.patch("/platform/settings", settings).status_code == 200
    usage = api.get("/platform/usage?groupBy=company").json()
    assert usage["total"]["documentsSent"] == 2 == usage["byCompany"][0]["sent"]
    assert tenant.get("/stats").json()["documents"]["sent"] == 2
    theirs = onboard(rival_api, vatNumber="FR86797978996")["company"]
    assert theirs["smpStatus"] == "elsewhere"
    assert api.delete(f"/companies/{company}").status_code == 204
    assert len(acting.get("/documents").json()["documents"]) == 2
    for path in (f"/companies/{company}", f"/documents/{first.json()['id']}"):
        assert rival_api.get(path).status_code == 404
    listed = rival_api.get("/platform/companies").json()["companies"]
    assert [one["id"] for one in listed] == [theirs["id"]]
