"""Ways in by the wrong site, without a membership, by what is posted beside a form (39-41)."""

from uuid import UUID

from django.urls import reverse

from tenants.access import memberships
from tenants.models import Company, Membership, Organization, Role, User
from tenants.ui.sites import portal
from tests.portal.conftest import (
    ANSWERS,
    PAGES,
    at,
    make_member,
    signed_in,
    texts,
    walk,
)

# What stands in addresses besides the id of a row.
ADDRESSES = {
    "place": 0,
    "way": "view",
    "what": "result",
    "format": "csv",
    "tab": "keys",
    "file": UUID(int=0),
}


def test_39_a_member_is_no_operator(browser, ours):
    member = ours["tenants_membership"]
    for url in (
        reverse("admin:index"),
        reverse("admin:tenants_organization_changelist"),
        reverse("admin:tenants_organization_change", args=[ours["tenants_company"].pk]),
        reverse("admin:tenants_user_change", args=[member.user.pk]),
        reverse("admin:autocomplete"),
        reverse("admin:search") + "?s=sword",
    ):
        answer = browser.get(url, follow=True)
        assert answer.status_code == 403 and "oursword" not in texts(answer).lower()


def test_40_without_a_membership_nothing_opens(db, ours, theirs, olga):
    stranger = signed_in(User.objects.create_user("stranger@nowhere.example", "x"))
    former = signed_in(olga)
    Membership.objects.filter(user=olga).delete()
    for page in PAGES:
        for client in (stranger, former):
            # Whoever belongs nowhere is led to where a business of one's own begins.
            answer = client.get(at(page, "change", ours[page]), follow=True)
            assert answer.redirect_chain[-1][0].startswith("/portal/start/")
            assert ours.word not in texts(answer)


def test_40_a_stranger_is_asked_to_sign_in_and_comes_back(client, ours):
    url = at("tenants_company", "change", ours["tenants_company"])
    answer = client.get(url, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fportal%2Ftenants")


def test_40_a_deactivated_user_is_out(browser, olga, ours):
    User.objects.filter(pk=olga.pk).update(is_active=False)
    assert browser.get(at("tenants_company")).status_code == 302


def test_41_what_is_posted_beside_the_form_changes_no_owner(browser, ours, rival, acme):
    company = ours["tenants_company"]
    beside = {"organization": rival.pk, "parent": rival.pk, "kind": "platform", "company_limit": 9}
    form = {"name": "Renamed", "country": "BE", **beside}
    browser.post(at("tenants_company", "change", company), form)
    company.refresh_from_db()
    assert (company.name, company.parent, company.kind) == ("Renamed", acme, "managed")
    walk(browser, **{**form, "name": "Brand new", "identifier": "none"})
    made = Organization.objects.get(name="Brand new")
    assert (made.parent, made.kind, made.company_limit) == (acme, "managed", None)


def test_a_company_of_ones_own_is_all_that_a_companys_member_sees(acme, bakery, ours):
    other = Company.objects.get(pk=ours["tenants_company"].pk)
    member = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    assert member.get(at("tenants_company", "change", other)).status_code == 404
    assert "oursword" in texts(member.get(at("peppol_document"))).lower()
    assert "oursword@" not in texts(member.get(reverse("portal:index")))


def test_an_organization_is_chosen_among_ones_own_only(browser, rival):
    answer = browser.post(reverse("portal:switch"), {"organization": rival.pk})
    assert answer.status_code == 403
    assert browser.get(reverse("portal:switch")).status_code == 405
    session = browser.session
    session[memberships.SESSION_KEY] = str(rival.pk)
    session.save()
    assert rival.name not in texts(browser.get(reverse("portal:index")))


def test_every_address_of_the_portal_is_closed_to_a_strangers_row(browser, theirs):
    """Every route there is, whoever adds it, with every row of rival."""
    tried = 0
    for model, admin in portal._registry.items():
        page = f"{model._meta.app_label}_{model._meta.model_name}"
        rows = [theirs[page]] if page in PAGES else [theirs["tenants_company"].parent]
        for pattern in admin.get_urls():
            if pattern.name and "object_id" in pattern.pattern.converters:
                others = set(pattern.pattern.converters) - {"object_id"}
                for row in rows:
                    names = {name: ADDRESSES[name] for name in others}
                    names["object_id"] = row.pk
                    url = reverse(f"portal:{pattern.name}", kwargs=names)
                    assert browser.get(url).status_code in (403, 404), url
                    assert browser.post(url, ANSWERS).status_code in (403, 404), url
                    tried += 1
    assert tried > 40


def test_the_wrong_kind_of_id_is_a_page_that_is_not_there(browser, ours):
    for id in ("x", "0", "00000000-0000-0000-0000-000000000000", "%00", "a" * 500):
        for page in PAGES:
            assert browser.get(f"{at(page)}{id}/change/").status_code == 404
