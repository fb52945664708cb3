"""Who companies are, on both sites: handed in, looked at, decided by whom it should be."""

from io import BytesIO

import pytest
from django.urls import reverse

from peppol.models import Evidence, Identification
from peppol.services.identification import identification
from tenants.models import Role, User
from tenants.services import entitlements
from tests.conftest import SYSTEM
from tests.peppol.identifying import FACTS, submitted
from tests.portal.conftest import at, make_member, signed_in, texts

pytestmark = pytest.mark.django_db
PAGE = "peppol_identification"
DECISIONS = ("verify", "ask_again", "refuse")


@pytest.fixture
def trusted(acme, bakery):
    """Acme, which decides itself who its companies are."""
    return entitlements.give(acme, {"identifies_companies": True}, by=SYSTEM)


@pytest.fixture
def desk(db):
    """The browser of staff."""
    return signed_in(User.objects.create_superuser("sam@op.example", "correct horse battery"))


def file(name="extract.pdf", content=b"%PDF-1.7"):
    upload = BytesIO(content)
    upload.name = name
    return upload


def answers(row, site="portal"):
    return {
        "valid_until": identification.usual_end().isoformat(),
        "seen": identification.fingerprint(row),
        "message": "Why",
    }


def download(site, row):
    return reverse(f"{site}:{PAGE}_evidence", args=[row.pk, Evidence.objects.get().pk])


def test_a_company_is_identified_from_its_page(settings, browser, desk, acme, bakery):
    settings.IDENTIFICATION_POLICY = "before_sending"
    page = at("tenants_company", "change", bakery)
    add = f"{at(PAGE, 'add')}?organization={bakery.pk}"
    assert "sends nothing before" in texts(browser.get(page))
    assert add in texts(browser.get(page))
    assert "Bakery Peeters" in texts(browser.get(f"{at('tenants_company')}?identification=needed"))
    form = {**FACTS, "organization": bakery.pk, "evidence": [file(), file("card.pdf")]}
    assert browser.post(add, form).status_code == 302
    row = Identification.objects.get()
    assert (row.organization, row.state, row.submitted_by) == (
        bakery,
        "in_review",
        "olga@acme.example",
    )
    assert row.evidence.count() == 2
    waiting = texts(desk.get(reverse("admin:index")))
    assert "Identification" in waiting
    seen = texts(desk.get(reverse(f"admin:{PAGE}_change", args=[row.pk])))
    assert "An Peeters" in seen and row.evidence.first().digest in seen
    verify = reverse(f"admin:{PAGE}_verify", args=[row.pk])
    assert desk.post(verify, answers(row)).status_code == 302
    history = texts(desk.get(reverse(f"admin:{PAGE}_history", args=[row.pk])))
    assert "waits for a decision" in history and "it may send" in history
    row.refresh_from_db()
    assert (row.state, row.verifier.email) == ("verified", "sam@op.example")
    assert "sends nothing before" not in texts(browser.get(page))
    assert "Bakery" not in texts(browser.get(f"{at('tenants_company')}?identification=needed"))


def test_what_cannot_be_is_said_where_it_was_entered(browser, bakery):
    add = at(PAGE, "add")
    page = browser.post(add, {**FACTS, "organization": bakery.pk})
    assert "This method takes a file." in texts(page)
    page = browser.post(
        add, {**FACTS, "organization": bakery.pk, "evidence": [file(content=b"<script>")]}
    )
    assert "Only PDF files and PNG or JPEG pictures" in texts(page)
    assert not Identification.objects.exists()


@pytest.mark.parametrize("who", ["company", "platform", "developer", "rival"])
def test_nobody_decides_without_being_trusted(who, acme, rival, bakery, olga, browser):
    """Neither do they look at what proves it."""
    entitlements.give(rival, {"identifies_companies": True}, by=SYSTEM)
    if who in ("company", "developer"):
        entitlements.give(acme, {"identifies_companies": True}, by=SYSTEM)
    row = submitted(bakery)
    home = {"company": bakery, "rival": rival}.get(who, acme)
    role = Role.DEVELOPER if who == "developer" else Role.OWNER
    one = signed_in(make_member(home, role, "mallory@x.example"))
    for name in DECISIONS:
        answer = one.post(reverse(f"portal:{PAGE}_{name}", args=[row.pk]), answers(row))
        assert answer.status_code in (403, 404)
    assert one.get(download("portal", row)).status_code in (403, 404)
    shown = one.get(at(PAGE, "change", row))
    assert shown.status_code == (404 if who == "rival" else 200)
    assert download("portal", row) not in texts(shown)
    assert Identification.objects.get().state == "in_review"


def test_a_companys_own_people_hand_it_in_for_themselves_alone(trusted, bakery, rivals_company):
    own = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    form = {**FACTS, "organization": rivals_company.pk, "evidence": [file()]}
    own.post(at(PAGE, "add") + f"?organization={rivals_company.pk}", form)
    assert Identification.objects.get().organization == bakery
    vouched = {**FACTS, "method": "platform"}
    page = own.post(at(PAGE, "hand_in_anew", Identification.objects.get()), vouched)
    assert page.status_code == 200 and Identification.objects.get().method == "register_extract"


def test_a_trusted_platform_looks_decides_and_asks(trusted, browser, bakery):
    row = submitted(bakery)
    assert "1 identification waits for your decision" in texts(browser.get("/portal/"))
    assert download("portal", row) in texts(browser.get(at(PAGE, "change", row)))
    assert "An Peeters" in texts(browser.get(at(PAGE)))
    browser.post(at(PAGE, "ask_again", row), {"message": "Newer, please."})
    assert "1 company has to hand in who it is" in texts(browser.get("/portal/"))
    row.refresh_from_db()
    assert browser.post(at(PAGE, "verify", row), answers(row)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("verified", "olga@acme.example")


def test_evidence_is_saved_and_never_shown(trusted, browser, desk, bakery):
    """A PDF may run scripts, and a picture be a page: none of it runs as one of ours."""
    row = submitted(bakery)
    for one, site in ((browser, "portal"), (desk, "admin")):
        answer = one.get(download(site, row))
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 an extract"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("sandbox")
        assert "no-store" in answer["Cache-Control"]
    other = submitted(trusted)
    borrowed = reverse(f"portal:{PAGE}_evidence", args=[other.pk, row.evidence.get().pk])
    assert desk.get(borrowed.replace("portal", "admin")).status_code == 404
    assert browser.get(borrowed).status_code == 404


def test_staff_ask_whom_they_like(desk, bakery):
    asked = {"organization": bakery.pk, "message": "Who are you?"}
    assert desk.post(reverse(f"admin:{PAGE}_add"), asked).status_code == 302
    assert Identification.objects.get().state == "asked"
    tile = texts(desk.get(reverse("admin:tenants_organization_change", args=[bakery.pk])))
    assert "Asked for" in tile


def test_whoever_is_asked_says_who_they_are_in_their_settings(bakery):
    own = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    page = reverse("portal:setting", args=["identification"])
    assert own.post(page, {**FACTS, "evidence": [file()]}).status_code == 302
    identification.refuse(bakery, message="It is illegible.", by=SYSTEM)
    assert "It is illegible." in texts(own.get(page))
