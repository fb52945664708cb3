"""Every door of the portal, tried by every role: what should open to whom stands here by hand.

The doors are found: operations, views, exports, forms, bulk actions, settings, first steps. One
that is not in the table, or not there any more, fails the test.
"""

from uuid import UUID

import pytest
from django.core.checks import run_checks
from django.urls import reverse

from billing.models import Plan
from billing.portal import start
from config import page_checks
from peppol.models import DocumentDraft
from peppol.portal.registrations import RegistrationPage
from tenants.access.gate import Right, is_declared
from tenants.models import Event, Role
from tenants.services import organizations, people
from tenants.ui.pages import ReadOnly
from tenants.ui.settings_page import _known as settings_pages
from tenants.ui.sites import portal
from tests.conftest import SYSTEM
from tests.portal.conftest import at, make_member, signed_in

# Who may enter where is asked of roles, not of rows.
pytestmark = pytest.mark.once

# o(wner), a(dmin), d(eveloper), b(illing), v(iewer).
TABLE = {
    "tenants_company": {
        "oadbv": "progress tab export set_columns keep_view forget_view export_many alert_me",
        "oad": "edit step create bring_in describe ask_client ask_chosen draw_up take_copy "
        "register_many issue_keys_to_many",
        "oa": "suspend reactivate set_test_mode delete offboard offboarding invite remove_user "
        "limit_documents route_mails invite_many limit_many suspend_many reactivate_many",
    },
    # It issues keys.
    "peppol_companyrun": {
        "oadbv": "progress result",
        "oad": "start stop go_on retry undo keys",
    },
    "peppol_companyimport": {
        "oadbv": "template progress file",
        "oad": "bring_in start columns reread stop retry keys discard",
    },
    "tenants_clientlink": {"oadbv": "export", "oad": "ask_clients show_address revoke"},
    "peppol_mandate": {"oadbv": "pdf copy", "oad": "take_copies revoke"},
    "peppol_identification": {
        "oad": "hand_in hand_in_anew",
        "oa": "verify ask_again refuse evidence",
    },
    "tenants_alert": {"oadbv": "choose see_all"},
    "tenants_event": {"oadbv": "export"},
    "tenants_organization": {"oa": "edit write_in"},
    "tenants_membership": {"oa": "invite change_role remove"},
    "tenants_invitation": {"oa": "remind withdraw"},
    "peppol_document": {
        "oadv": "payload pdf attachment pack print_out look_up",
        "oad": "accept dispute respond send_by_mail send_copy send send_again try_now withdraw",
    },
    "peppol_documentdraft": {"oad": "send discard"},
    "peppol_transfer": {"oad": "show_key finish cancel"},
    "peppol_loss": {"oad": "take_back register_again take_over send_only let_go"},
    "peppol_participant": {
        "oad": "register register_noted send_only retry await_release take_over dismiss "
        "rename_card hand_over unregister try_again",
    },
    "billing_billingaddress": {"oab": "edit create use delete"},
    "billing_plan": {"oab": "choose cancel"},
    "billing_statement": {"oab": "pdf ubl csv xlsx"},
    "peppol_monthlyusage": {"oadbv": "export"},
    "apikeys_apikey": {"oad": "edit issue rotate enable act_for disable revoke"},
    "webhooks_delivery": {"oad": "send_again"},
    "webhooks_endpoint": {
        "oadv": "verify",
        "oad": "edit create test replay_failed replay_missed show_secret rotate enable disable "
        "delete",
    },
    "settings": {
        "oa": "branding capabilities client-links client-portal credentials documents "
        "domain identification mails platform",
        "oad": "developers network-failures",
    },
    "start": {"oab": "plan", "oa": "details"},
}
EXPECTED = {
    (page, name): {role for role in Role.values if role[0] in letters}
    for page, doors in TABLE.items()
    for letters, names in doors.items()
    for name in names.split()
}
# What stands in an address besides the row.
PARTS = {
    "format": "csv",
    "what": "result",
    "tab": "usage",
    "key": "x",
    "step": "profile",
    "place": 0,
    "way": "view",
    "file": UUID(int=0),
}


def of_page(page):
    """Each door of a page: its name, its right, and its address but for the row."""
    stem = f"{page.opts.app_label}_{page.opts.model_name}"
    for pattern in page.get_urls():
        op, name = getattr(pattern.callback, "operation", None), pattern.name
        if op is not None:
            yield op.run.__name__, op.right, pattern
        elif name == f"{stem}_export":
            yield "export", Right.SEE, pattern
        elif is_declared(pattern.callback):
            yield name.removeprefix(f"{stem}_"), right_of(pattern.callback), pattern


def right_of(view):
    while not hasattr(view, "takes"):
        view = getattr(view, "__wrapped__", None) or view.func
    return view.takes


def address(pattern, page, row):
    asked = pattern.pattern.converters
    parts = {name: row.pk if name == "object_id" else PARTS[name] for name in asked}
    found = str(pattern.pattern)
    for name, converter in asked.items():
        for kind in ("path", "str", "int", "uuid"):
            found = found.replace(f"<{kind}:{name}>", str(converter.to_url(parts[name])))
    return at(page) + found


@pytest.fixture
def rows(ours, acme):
    """A row of each page."""
    plan = Plan.objects.create(code="p", name="Plan", monthly_fee=1, overage_price=1)
    draft = DocumentDraft.objects.create(organization=acme, kind="invoice", content=b"<a/>")
    more = {
        "tenants_alert": acme,
        "tenants_organization": acme,
        "billing_plan": plan,
        "peppol_documentdraft": draft,
    }
    return {**ours.rows, **more}


@pytest.fixture
def doors(rows, acme, lone):
    """(page, name): its right, and how a client comes to it; the answer's status tells the rest."""
    found = {}
    for admin in portal._registry.values():
        page = f"{admin.opts.app_label}_{admin.opts.model_name}"
        for name, right, pattern in of_page(admin):
            url = address(pattern, page, rows[page])
            found[page, name] = right, lambda client, url=url: client.get(url).status_code
        if not isinstance(admin, ReadOnly) and page != "tenants_event":
            url = at(page, "change", rows[page])
            found[page, "edit"] = Right.CHANGE, lambda client, url=url: client.post(url).status_code
        for name in admin.actions:
            url = at(page)
            found[page, name] = (
                getattr(admin, name).operation.right,
                lambda client, url=url, name=name: ticked(client, url, name),
            )
    for name, setting in settings_pages.items():
        url = reverse("portal:setting", args=[name])
        whose = acme if setting.is_for(acme) else lone
        found["settings", name] = (
            setting.right,
            lambda client, url=url, whose=whose: acting_for(client, whose).post(url).status_code,
        )
    for pattern in start.urlpatterns:
        if (right := right_of(pattern.callback)) is not None:
            url, name = reverse(pattern.name), pattern.name.removeprefix("start_")
            found["start", name] = right, lambda client, url=url: client.get(url).status_code
    return found


def ticked(client, url, name):
    """Whether a list offers to do something with ticked rows, as a status."""
    answer = client.get(url)
    form = answer.context and answer.context.get("action_form")
    return 200 if form and name in dict(form.fields["action"].choices) else 403


def acting_for(client, organization):
    client.post(reverse("portal:switch"), {"organization": str(organization.pk)})
    return client


@pytest.fixture
def lone(db):
    """A business that manages nobody."""
    return organizations.create("business", {"name": "Lone", "country": "BE"}, by=SYSTEM)


@pytest.fixture
def client_of(acme, lone):
    def client_of(role):
        person = make_member(acme, role, f"{role}@both.example")
        people.join(lone, person, role=role, by=SYSTEM)
        return acting_for(signed_in(person), acme)

    return client_of


def test_the_table_has_every_door(doors):
    assert set(doors) == set(EXPECTED)
    assert len(doors) >= 70


@pytest.mark.parametrize("role", Role.values)
def test_a_door_opens_to_whom_it_should(doors, client_of, acme, role):
    client = client_of(role)
    for door, (_right, enter) in doors.items():
        acting_for(client, acme)
        before = Event.objects.count()
        assert (enter(client) != 403) == (role in EXPECTED[door]), door
        assert role in EXPECTED[door] or Event.objects.count() == before, door


def test_while_an_organization_rests_its_people_look_on(doors, client_of, acme, lone):
    client = client_of("owner")
    for organization in (acme, lone):
        organizations.suspend(organization, reason="unpaid", by=SYSTEM)
    for door, (right, enter) in doors.items():
        acting_for(client, acme)
        assert (enter(client) != 403) == (right is Right.SEE), door


def test_what_a_business_has_no_use_for_is_shut(doors, client_of, lone):
    """To manage companies takes a platform."""
    client = client_of("owner")
    for page, name in (
        ("tenants_company", "create"),
        ("tenants_company", "step"),
        ("peppol_companyimport", "bring_in"),
    ):
        acting_for(client, lone)
        assert doors[page, name][1](client) == 403, name


# --- The check -----------------------------------------------------------------------------------
def test_no_door_is_without_a_declaration():
    assert not [found for found in run_checks() if found.id == "gatehouse.E015"]


def test_a_door_without_a_declaration_does_not_start(monkeypatch):
    def refused():
        return [str(found.msg) for found in page_checks.doors()]

    page = next(p for p in portal._registry.values() if isinstance(p, RegistrationPage))
    bare = lambda self, request, rows: None  # noqa: E731
    monkeypatch.setattr(RegistrationPage, "bare", bare, raising=False)
    monkeypatch.setattr(RegistrationPage, "actions", ("bare",))
    assert ["participant_bare" in text for text in refused()] == [True]
    monkeypatch.undo()
    own = page.get_urls()[0]
    monkeypatch.setattr(own.callback, "operation", None)
    object.__setattr__(page.retry.operation, "right", None)
    try:
        assert ["participant_retry" in text for text in refused()] == [True]
    finally:
        object.__setattr__(page.retry.operation, "right", Right.CHANGE)
