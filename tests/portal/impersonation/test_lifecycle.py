"""Who may view the portal as whom, how it ends, and who hears of it."""

from datetime import timedelta

import pytest
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone

from tenants import events
from tenants.errors import Forbidden
from tenants.models import Event, Impersonation, Membership, Organization, Role, User
from tenants.services import impersonation, people
from tenants.tasks import stop_impersonations
from tenants.ui.impersonation import SESSION_KEY
from tests.conftest import SYSTEM
from tests.portal.conftest import at, make_member, signed_in, texts
from tests.portal.impersonation.conftest import WHY, begin


def test_a_reseller_cannot_begin(browser, olga, acme):
    other = make_member(acme, Role.VIEWER, "vera@acme.example")
    for address in (
        reverse("admin:tenants_user_view_as", args=[other.pk]),
        reverse("admin:tenants_organization_view_as", args=[acme.pk]),
    ):
        answer = browser.post(address, {"member": other.memberships.get().pk, "reason": WHY})
        assert answer.status_code in (302, 403) and "/portal/" not in answer.get("Location", "")
    assert not Impersonation.objects.exists()


def test_a_reseller_cannot_put_an_impersonation_into_their_session(browser, viewing, olga, acme):
    """Even with the id of one that is under way: it is its staff's."""
    session = browser.session
    session[SESSION_KEY] = str(Impersonation.objects.get().pk)
    session.save()
    assert browser.get("/portal/").status_code == 302
    assert SESSION_KEY not in browser.session
    assert Impersonation.objects.get().ended_at is None


def test_staff_need_the_right_to_it(db, olga):
    clerk = User.objects.create_user("clerk@operator.example", is_staff=True)
    client = signed_in(clerk)
    begin(client, olga)
    assert not Impersonation.objects.exists()


@pytest.mark.parametrize("what", ["is_staff", "is_superuser", "inactive"])
def test_nobody_looks_as_staff_or_as_somebody_deactivated(desk, sam, olga, what):
    change = {"is_active": False} if what == "inactive" else {what: True}
    User.objects.filter(pk=olga.pk).update(**change)
    begin(desk, olga)
    assert not Impersonation.objects.exists()
    member = Membership.objects.select_related("user", "organization").get(user=olga)
    with pytest.raises(Forbidden):
        impersonation.begin(member, staff=sam, reason=WHY, by=SYSTEM)


def test_only_members_of_the_organization_are_offered(desk, olga, acme, rival):
    stranger = make_member(rival, Role.OWNER, "rita@rival.example")
    address = reverse("admin:tenants_organization_view_as", args=[acme.pk])
    page = texts(desk.get(address))
    assert "olga@acme.example" in page and "rita@rival.example" not in page
    desk.post(address, {"member": stranger.memberships.get().pk, "reason": WHY})
    assert not Impersonation.objects.exists()
    assert (
        desk.post(address, {"member": olga.memberships.get().pk, "reason": WHY}).status_code == 302
    )
    assert Impersonation.objects.get().impersonated == olga


@pytest.mark.parametrize("reason", ["", "   "])
def test_there_is_none_without_a_reason(desk, olga, reason):
    assert begin(desk, olga, reason=reason).status_code == 200
    assert not Impersonation.objects.exists()


def test_the_database_knows_one_at_a_time(viewing, sam, olga, acme):
    now = timezone.now()
    with pytest.raises(IntegrityError):
        Impersonation.objects.create(
            organization=acme,
            staff=sam,
            impersonated=olga,
            reason=WHY,
            ends_at=now + impersonation.LASTS,
        )


# --- How it ends, and who hears of it -------------------------------------------------------------


def told(organization: Organization) -> list[tuple[str, str, str]]:
    trail = Event.objects.filter(organization=organization, type__startswith="impersonation.")
    return [(e.type, e.actor_label, e.reason) for e in trail.order_by("id")]


def test_beginning_and_end_stand_in_the_organizations_trail(viewing, sam, acme, browser):
    viewing.post(reverse("admin:impersonation_end"))
    assert told(acme) == [
        ("impersonation.begun", "sam@operator.example", WHY),
        ("impersonation.ended", "sam@operator.example", "Ended by hand"),
    ]
    event = Event.objects.filter(type="impersonation.begun").get()
    assert event.data["impersonation"]["as"] == "olga@acme.example"
    page = texts(browser.get(at("tenants_event")))
    assert "Operator staff began to view" in page and "The operator" in page and WHY in page
    assert "sam@operator.example" not in page, "which of its people it was, the operator knows"
    assert "olga@acme.example" in texts(browser.get(at("tenants_event", "change", event)))
    assert viewing.get("/portal/").status_code in (302, 403)
    assert viewing.get("/admin/").status_code == 200


def test_the_trail_still_explains_rows_of_when_it_was_called_a_visit(browser, acme):
    event = events.record(acme, "impersonation.begun", by=SYSTEM)
    Event.objects.filter(pk=event.pk).update(type="visit.begun")
    page = texts(browser.get(at("tenants_event")))
    assert "Operator staff began to view the portal as a member." in page and "visit.begun" in page


def test_it_ends_by_itself_after_half_an_hour(viewing, acme):
    only = Impersonation.objects.get()
    assert only.ends_at - only.begun_at == timedelta(minutes=30)
    past = timezone.now() - timedelta(minutes=31)
    Impersonation.objects.update(begun_at=past, ends_at=past + impersonation.LASTS)
    assert viewing.get("/portal/").url == "/"
    assert told(acme)[-1] == ("impersonation.ended", "time limit", "Time was up")
    assert "You no longer view as somebody else" in texts(viewing.get("/admin/"))


def test_whoever_closed_their_browser_views_as_nobody_for_ever(viewing, acme):
    stop_impersonations()
    assert Impersonation.objects.get().ended_at is None
    past = timezone.now() - timedelta(hours=1)
    Impersonation.objects.update(begun_at=past, ends_at=past + impersonation.LASTS)
    stop_impersonations()
    stop_impersonations()
    assert Impersonation.objects.get().ended_how == "time" and len(told(acme)) == 2


def test_what_was_meant_for_one_that_is_over_is_not_done_as_oneself(viewing, sam, acme, bakery):
    """A form left open for half an hour, by staff who are a member themselves."""
    people.join(acme, sam, role=Role.OWNER, by=SYSTEM)
    past = timezone.now() - timedelta(hours=1)
    Impersonation.objects.update(begun_at=past, ends_at=past + impersonation.LASTS)
    viewing.post(at("tenants_company", "suspend", bakery), {"reason": "because"})
    bakery.refresh_from_db()
    assert bakery.status == "active"


@pytest.mark.parametrize("change", ["removed", "made staff", "deactivated", "demoted"])
def test_it_ends_when_somebody_in_it_is_not_what_they_were(viewing, sam, olga, acme, change):
    match change:
        case "removed":
            olga.memberships.all().delete()
        case "made staff":
            User.objects.filter(pk=olga.pk).update(is_staff=True)
        case "deactivated":
            User.objects.filter(pk=olga.pk).update(is_active=False)
        case "demoted":
            User.objects.filter(pk=sam.pk).update(is_superuser=False)
    assert viewing.get("/portal/").status_code == 302
    assert Impersonation.objects.get().ended_how == "withdrawn"


def test_signing_out_ends_it(viewing, acme):
    viewing.post(reverse("admin:logout"))
    assert told(acme)[-1][2] == "Signed out"


def test_another_one_ends_the_one_before(viewing, rival):
    rita = make_member(rival, Role.OWNER, "rita@rival.example")
    viewing.post(reverse("admin:impersonation_end"))
    begin(viewing, rita)
    second = signed_in(User.objects.get(email="sam@operator.example"))
    begin(second, rita)
    assert Impersonation.objects.open().count() == 1
    assert viewing.get("/portal/").url == "/"


def test_nothing_of_it_stays_in_the_browser_or_the_session(viewing, ours):
    answer = viewing.get(at("tenants_company"))
    assert "no-store" in answer["Cache-Control"]
    viewing.get(at("tenants_company", "add"))
    assert "drafts" not in viewing.session and "organization" not in viewing.session


def test_the_way_out_is_no_way_in(desk, browser):
    assert desk.get(reverse("admin:impersonation_end")).status_code == 405
    assert desk.post(reverse("admin:impersonation_end")).url == reverse("admin:index")
    assert browser.post(reverse("admin:impersonation_end")).status_code in (302, 403)


def test_impersonation_costs_no_more_queries_than_it_takes_to_check_it(
    viewing, browser, ours, django_assert_max_num_queries
):
    def queries(client) -> int:
        client.get(at("tenants_company"))
        with django_assert_max_num_queries(40) as captured:
            client.get(at("tenants_company"))
        return len(captured)

    assert queries(viewing) <= queries(browser) + 3


def test_impersonations_are_listed_for_staff(viewing):
    page = texts(viewing.get(reverse("admin:tenants_impersonation_changelist")))
    assert "Under way" in page and WHY in page
