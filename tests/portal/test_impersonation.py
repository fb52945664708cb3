"""Staff see the portal as one of its people: they look, they touch nothing, and it is told."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.portal import KeyPage
from tenants.errors import Forbidden
from tenants.models import Event, Membership, Organization, Role, User, Visit
from tenants.services import impersonation, people
from tenants.tasks import stop_visits
from tenants.ui.impersonation import SESSION_KEY, _only_reads
from tests.conftest import SYSTEM
from tests.portal.conftest import PAGES, at, make_member, signed_in, texts

WHY = "Ticket 4711"
REFUSED = "You are only looking"


@pytest.fixture
def sam(db) -> User:
    return User.objects.create_superuser("sam@operator.example", "x")


@pytest.fixture
def desk(sam):
    return signed_in(sam)


def begin(client, user: User, **answers: str):
    member = user.memberships.order_by("id").first()
    form = {"member": str(member.pk) if member else "", "reason": WHY, **answers}
    return client.post(reverse("admin:tenants_user_visit", args=[user.pk]), form)


@pytest.fixture
def visiting(desk, olga):
    """Sam's browser while it sees the portal as Olga does."""
    assert begin(desk, olga).url == "/portal/"
    return desk


def addresses(patterns, prefix: str = "/") -> list[str]:
    """Every address that the URL configuration has below `prefix`, with some id in each place."""
    found = []
    for entry in patterns:
        route = getattr(entry.pattern, "_route", entry.pattern.regex.pattern.lstrip("^"))
        here = prefix + route
        if isinstance(entry, URLPattern):
            found.append(here)
        else:
            found += addresses(entry.url_patterns, here)
    return found


def portal_addresses() -> list[str]:
    row = "0193aaaa-0000-7000-8000-000000000000"
    known = [a for a in addresses(get_resolver().url_patterns) if a.startswith("/portal/")]
    return sorted({re.sub(r"<[^>]+>|\(\?P<[^)]+\)", row, a).rstrip("$") for a in known})


def test_staff_see_what_the_person_sees(visiting, desk, olga, browser, ours, theirs):
    for page in PAGES:
        seen, hers = texts(visiting.get(at(page))), texts(browser.get(at(page)))
        assert ("oursword" in seen.lower()) == ("oursword" in hers.lower())
        assert "theirsword" not in seen.lower()
        assert visiting.get(at(page, "change", theirs[page])).status_code == 404


def test_the_role_of_the_person_binds_staff_too(desk, acme, ours):
    viewer = make_member(acme, Role.VIEWER, "vera@acme.example")
    begin(desk, viewer)
    page = texts(desk.get(at("tenants_company", "change", ours["tenants_company"])))
    assert 'name="_save"' not in page and "/suspend/" not in page


def test_staff_see_the_one_organization_that_they_gave_a_reason_for(desk, olga, rival):
    people.join(rival, olga, role=Role.OWNER, by=SYSTEM)
    begin(desk, olga)
    page = desk.get("/portal/")
    assert "Acme Accounting" in texts(page) and "Rival ERP" not in texts(page)


@pytest.mark.parametrize("page", ["/portal/", "/admin/", "/portal/nothing/", "/accounts/2fa/"])
def test_every_page_says_so_and_ends_it(visiting, page):
    shown = texts(visiting.get(page))
    assert "olga@acme.example" in shown and 'class="gh-visit"' in shown
    assert f'action="{reverse("admin:visit_end")}"' in shown


def test_no_page_says_so_otherwise(desk, browser):
    assert 'class="gh-visit"' not in texts(desk.get("/admin/"))
    assert 'class="gh-visit"' not in texts(browser.get("/portal/"))


def test_the_walk_finds_the_portal():
    found = portal_addresses()
    assert len(found) > 80
    assert {"/portal/switch/", "/portal/apikeys/apikey/add/", "/portal/logout/"} <= set(found)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_of_the_portal_takes_a_write(visiting, ours, method):
    before = Event.objects.count()
    # A POST at every address there is; of the seldom ones a sample is enough.
    for address in portal_addresses()[:: 1 if method == "post" else 9]:
        answer = getattr(visiting, method)(address)
        assert answer.status_code == 403 and REFUSED in texts(answer), address
    assert Event.objects.count() == before


def test_no_operation_on_a_real_row_is_done_and_no_secret_is_shown(visiting, ours, acme):
    company, key = ours["tenants_company"], ours["apikeys_apikey"]
    keys = ApiKey.objects.count()
    for address, form in (
        (at("tenants_company", "suspend", company), {"reason": "because"}),
        (at("tenants_company", "change", company), {"name": "Changed", "country": "BE"}),
        (at("apikeys_apikey", "add"), {"name": "Mine", "environment": "live", "reach": "own"}),
        (at("apikeys_apikey", "rotate", key), {"hours": "24"}),
        (at("webhooks_endpoint", "rotate", ours["webhooks_endpoint"]), {"hours": "24"}),
        (
            at("peppol_participant"),
            {"action": "try_again", "_selected_action": [ours["peppol_participant"].pk]},
        ),
    ):
        answer = visiting.post(address, form)
        assert answer.status_code == 403 and "secret-1" not in texts(answer)
    company.refresh_from_db()
    assert company.status == "active" and company.name != "Changed"
    assert ApiKey.objects.count() == keys


def test_the_admin_is_looked_at_and_not_written_meanwhile(visiting, acme):
    assert visiting.get("/admin/").status_code == 200
    address = reverse("admin:tenants_organization_suspend", args=[acme.pk])
    assert visiting.post(address, {"reason": "because"}).status_code == 403
    acme.refresh_from_db()
    assert acme.status == "active"


@pytest.mark.parametrize("page", ["account_email", "mfa_index", "account_change_password"])
def test_pages_of_ones_own_account_are_closed_meanwhile(visiting, page):
    """They would be the staff's own, under somebody else's name."""
    assert visiting.get(reverse(page)).status_code == 403
    assert visiting.post(reverse(page)).status_code == 403


def test_a_page_that_wrote_while_it_is_looked_at_is_refused(visiting, monkeypatch):
    """The second wall: the database itself takes nothing."""

    def write(self, request):
        with transaction.atomic():
            User.objects.filter(pk=request.user.pk).update(first_name="Written")
        return ApiKey.objects.none()

    monkeypatch.setattr(KeyPage, "get_queryset", write)
    assert visiting.get(at("apikeys_apikey")).status_code == 403
    assert not User.objects.filter(first_name="Written").exists()


@pytest.mark.parametrize("sql", ["update x set y = 1", " (delete from x)", "insert into x", "drop"])
def test_only_what_reads_reaches_the_database(db, sql):
    with connection.execute_wrapper(_only_reads), connection.cursor() as cursor:
        cursor.execute("select 1")
        with pytest.raises(PermissionDenied):
            cursor.execute(sql)


def test_a_dialog_that_is_sent_off_says_why_nothing_happened(visiting, ours):
    address = at("tenants_company", "suspend", ours["tenants_company"])
    headers = {"HX-Request": "true", "HX-Current-URL": "http://evil.example/portal/?x=1"}
    answer = visiting.post(address, {"reason": "because"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/portal/")
    assert "You are only looking" in texts(visiting.get("/portal/"))


# --- Who may, and as whom -------------------------------------------------------------------------


def test_a_reseller_cannot_begin(browser, olga, acme):
    other = make_member(acme, Role.VIEWER, "vera@acme.example")
    for address in (
        reverse("admin:tenants_user_visit", args=[other.pk]),
        reverse("admin:tenants_organization_visit", args=[acme.pk]),
    ):
        answer = browser.post(address, {"member": other.memberships.get().pk, "reason": WHY})
        assert answer.status_code in (302, 403) and "/portal/" not in answer.get("Location", "")
    assert not Visit.objects.exists()


def test_a_reseller_cannot_put_a_visit_into_their_session(browser, visiting, olga, acme):
    """Even with the id of a visit that is under way: it is its staff's."""
    session = browser.session
    session[SESSION_KEY] = str(Visit.objects.get().pk)
    session.save()
    assert browser.get("/portal/").status_code == 302
    assert SESSION_KEY not in browser.session
    assert Visit.objects.get().ended_at is None


def test_staff_need_the_right_to_it(db, olga):
    clerk = User.objects.create_user("clerk@operator.example", is_staff=True)
    client = signed_in(clerk)
    begin(client, olga)
    assert not Visit.objects.exists()


@pytest.mark.parametrize("what", ["is_staff", "is_superuser", "inactive"])
def test_nobody_looks_as_staff_or_as_somebody_deactivated(desk, sam, olga, what):
    change = {"is_active": False} if what == "inactive" else {what: True}
    User.objects.filter(pk=olga.pk).update(**change)
    begin(desk, olga)
    assert not Visit.objects.exists()
    member = Membership.objects.select_related("user", "organization").get(user=olga)
    with pytest.raises(Forbidden):
        impersonation.begin(member, staff=sam, reason=WHY, by=SYSTEM)


def test_only_members_of_the_organization_are_offered(desk, olga, acme, rival):
    stranger = make_member(rival, Role.OWNER, "rita@rival.example")
    address = reverse("admin:tenants_organization_visit", args=[acme.pk])
    page = texts(desk.get(address))
    assert "olga@acme.example" in page and "rita@rival.example" not in page
    desk.post(address, {"member": stranger.memberships.get().pk, "reason": WHY})
    assert not Visit.objects.exists()
    assert (
        desk.post(address, {"member": olga.memberships.get().pk, "reason": WHY}).status_code == 302
    )
    assert Visit.objects.get().visited == olga


@pytest.mark.parametrize("reason", ["", "   "])
def test_there_is_no_visit_without_a_reason(desk, olga, reason):
    assert begin(desk, olga, reason=reason).status_code == 200
    assert not Visit.objects.exists()


def test_the_database_knows_one_visit_at_a_time(visiting, sam, olga, acme):
    now = timezone.now()
    with pytest.raises(IntegrityError):
        Visit.objects.create(
            organization=acme,
            staff=sam,
            visited=olga,
            reason=WHY,
            ends_at=now + impersonation.LASTS,
        )


# --- How it ends, and who hears of it -------------------------------------------------------------


def told(organization: Organization) -> list[tuple[str, str, str]]:
    trail = Event.objects.filter(organization=organization, type__startswith="visit.")
    return [(e.type, e.actor_label, e.reason) for e in trail.order_by("id")]


def test_beginning_and_end_stand_in_the_organizations_trail(visiting, sam, acme, browser):
    visiting.post(reverse("admin:visit_end"))
    assert told(acme) == [
        ("visit.begun", "sam@operator.example", WHY),
        ("visit.ended", "sam@operator.example", "Ended by hand"),
    ]
    event = Event.objects.filter(type="visit.begun").get()
    assert event.data["visit"]["as"] == "olga@acme.example"
    page = texts(browser.get(at("tenants_event")))
    assert "Operator staff began to look" in page and "sam@operator.example" in page and WHY in page
    assert "olga@acme.example" in texts(browser.get(at("tenants_event", "change", event)))
    assert visiting.get("/portal/").status_code in (302, 403)
    assert visiting.get("/admin/").status_code == 200


def test_it_ends_by_itself_after_half_an_hour(visiting, acme):
    visit = Visit.objects.get()
    assert visit.ends_at - visit.begun_at == timedelta(minutes=30)
    past = timezone.now() - timedelta(minutes=31)
    Visit.objects.update(begun_at=past, ends_at=past + impersonation.LASTS)
    assert visiting.get("/portal/").url == "/"
    assert told(acme)[-1] == ("visit.ended", "time limit", "Time was up")
    assert "The visit is over" in texts(visiting.get("/admin/"))


def test_whoever_closed_their_browser_is_on_no_visit_for_ever(visiting, acme):
    stop_visits()
    assert Visit.objects.get().ended_at is None
    past = timezone.now() - timedelta(hours=1)
    Visit.objects.update(begun_at=past, ends_at=past + impersonation.LASTS)
    stop_visits()
    stop_visits()
    assert Visit.objects.get().ended_how == "time" and len(told(acme)) == 2


def test_what_was_meant_for_a_visit_that_is_over_is_not_done_as_oneself(
    visiting, sam, acme, bakery
):
    """A form left open for half an hour, by staff who are a member themselves."""
    people.join(acme, sam, role=Role.OWNER, by=SYSTEM)
    past = timezone.now() - timedelta(hours=1)
    Visit.objects.update(begun_at=past, ends_at=past + impersonation.LASTS)
    visiting.post(at("tenants_company", "suspend", bakery), {"reason": "because"})
    bakery.refresh_from_db()
    assert bakery.status == "active"


@pytest.mark.parametrize("change", ["removed", "made staff", "deactivated", "demoted"])
def test_it_ends_when_somebody_in_it_is_not_what_they_were(visiting, sam, olga, acme, change):
    match change:
        case "removed":
            olga.memberships.all().delete()
        case "made staff":
            User.objects.filter(pk=olga.pk).update(is_staff=True)
        case "deactivated":
            User.objects.filter(pk=olga.pk).update(is_active=False)
        case "demoted":
            User.objects.filter(pk=sam.pk).update(is_superuser=False)
    assert visiting.get("/portal/").status_code == 302
    assert Visit.objects.get().ended_how == "withdrawn"


def test_signing_out_ends_it(visiting, acme):
    visiting.post(reverse("admin:logout"))
    assert told(acme)[-1][2] == "Signed out"


def test_another_visit_ends_the_one_before(visiting, rival):
    rita = make_member(rival, Role.OWNER, "rita@rival.example")
    visiting.post(reverse("admin:visit_end"))
    begin(visiting, rita)
    second = signed_in(User.objects.get(email="sam@operator.example"))
    begin(second, rita)
    assert Visit.objects.open().count() == 1
    assert visiting.get("/portal/").url == "/"


def test_nothing_of_the_visit_stays_in_the_browser_or_the_session(visiting, ours):
    answer = visiting.get(at("tenants_company"))
    assert "no-store" in answer["Cache-Control"]
    visiting.get(at("tenants_company", "add"))
    assert "drafts" not in visiting.session and "organization" not in visiting.session


def test_the_way_out_is_no_way_in(desk, browser):
    assert desk.get(reverse("admin:visit_end")).status_code == 405
    assert desk.post(reverse("admin:visit_end")).url == reverse("admin:index")
    assert browser.post(reverse("admin:visit_end")).status_code in (302, 403)


def test_a_visit_costs_no_more_queries_than_it_takes_to_check_it(
    visiting, browser, ours, django_assert_max_num_queries
):
    def queries(client) -> int:
        client.get(at("tenants_company"))
        with django_assert_max_num_queries(40) as captured:
            client.get(at("tenants_company"))
        return len(captured)

    assert queries(visiting) <= queries(browser) + 3


def test_visits_are_listed_for_staff(visiting):
    page = texts(visiting.get(reverse("admin:tenants_visit_changelist")))
    assert "Under way" in page and WHY in page
