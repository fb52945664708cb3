"""Platform applications (INV-31 to INV-35): the form, the review, the way back."""

import pytest
from django.core import mail as outbox

from tenants.actors import Actor
from tenants.errors import Conflict, Forbidden, Invalid, WrongState
from tenants.models import Event, Mail, Organization, PlatformApplication, Role, User
from tenants.services import applications, mails, organizations, people
from tests.conftest import SYSTEM

FORM = {
    "motivation": "We keep the books of 200 bakeries.",
    "expected_companies": 200,
    "expected_documents": 10_000,
    "technical_contact": "tech@acme.example",
}


@pytest.fixture
def business(db):
    return organizations.create("business", {"name": "Riyadh Trading", "country": "SA"}, by=SYSTEM)


@pytest.fixture
def application(business):
    return applications.submit(business, FORM, terms_accepted=True, by=SYSTEM)


def test_an_application_waits_for_a_reviewer(business, application):
    assert list(PlatformApplication.objects.waiting()) == [application]
    assert Event.objects.about(business).filter(type="application.submitted").count() == 1


@pytest.mark.parametrize("accepted", [False, None, "yes", 1])
def test_the_terms_must_be_accepted(business, accepted):
    with pytest.raises(Invalid, match="terms"):
        applications.submit(business, FORM, terms_accepted=accepted, by=SYSTEM)


@pytest.mark.parametrize(
    "field, value",
    [
        ("motivation", ""),
        ("expected_companies", 0),
        ("expected_companies", "many"),
        ("expected_documents", -1),
        ("technical_contact", "nobody"),
    ],
)
def test_a_form_that_cannot_be_is_refused_by_field(business, field, value):
    with pytest.raises(Invalid) as refusal:
        applications.submit(business, {**FORM, field: value}, terms_accepted=True, by=SYSTEM)
    assert list(refusal.value.fields) == [field]
    assert not PlatformApplication.objects.exists()


def test_a_business_applies_once(business, application):
    with pytest.raises(Conflict):
        applications.submit(business, FORM, terms_accepted=True, by=SYSTEM)


def test_a_platform_or_a_managed_company_does_not_apply(acme, bakery):
    for organization in (acme, bakery):
        with pytest.raises(Forbidden):
            applications.submit(organization, FORM, terms_accepted=True, by=SYSTEM)


def test_approval_makes_a_platform(business, application):
    applications.approve(application, by=SYSTEM)
    assert Organization.objects.get(pk=business.pk).is_platform


def test_rejection_needs_a_reason_and_leaves_a_business(business, application):
    with pytest.raises(Invalid):
        applications.reject(application, message=" ", by=SYSTEM)
    applications.reject(application, message="No such company.", by=SYSTEM)
    assert not Organization.objects.get(pk=business.pk).is_platform
    assert application.messages.last().text == "No such company."


def test_a_question_is_answered_and_the_history_kept(application):
    reviewer = User.objects.create_user("reviewer@example.org")
    applications.request_info(application, message="Which ERP?", by=Actor.user(reviewer))
    again = applications.resubmit(
        application, {"expected_companies": 300}, by=SYSTEM, message="Our own."
    )
    assert (again.state, again.expected_companies) == ("submitted", 300)
    assert [(m.state, m.text) for m in again.messages.all()] == [
        ("submitted", ""),
        ("info_requested", "Which ERP?"),
        ("submitted", "Our own."),
    ]
    assert again.messages.all()[1].author == reviewer


def test_a_question_that_is_never_answered_can_end_in_a_refusal(application):
    applications.request_info(application, message="Which ERP?", by=SYSTEM)
    refused = applications.reject(application, message="No answer in a year", by=SYSTEM)
    assert refused.state == "rejected"


@pytest.mark.parametrize("decide", [applications.approve, applications.reject])
def test_a_decided_application_is_not_decided_again(application, decide):
    applications.approve(application, by=SYSTEM)
    with pytest.raises(WrongState):
        decide(application, message="Once more", by=SYSTEM)


def test_an_application_under_review_is_not_resubmitted(application):
    with pytest.raises(WrongState):
        applications.resubmit(application, {}, by=SYSTEM)


# --- The answer comes by mail ---------------------------------------------------------------------


@pytest.fixture
def nora(business):
    user = User.objects.create_user("nora@riyadh.example", "x")
    people.join(business, user, role=Role.OWNER, by=SYSTEM)
    return user


DECISIONS = {
    "approve": ("Riyadh Trading is a platform now", "/portal/tenants/company/add/"),
    "reject": ("Your application was not accepted", "/portal/settings/platform/"),
    "request_info": ("A question about your application", "/portal/settings/platform/"),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_applicant_reads_the_answer_in_a_mail(settings, business, nora, decision):
    """INV-32 to INV-34: in words, with the reviewer's and with a link to where to act."""
    application = applications.submit(business, FORM, terms_accepted=True, by=Actor.user(nora))
    getattr(applications, decision)(application, message="Which <software>?", by=SYSTEM)
    mails.drain()
    (sent,) = outbox.outbox
    subject, path = DECISIONS[decision]
    html = sent.alternatives[0].content
    assert (sent.to, sent.subject) == (["nora@riyadh.example"], subject)
    assert sent.from_email.startswith("Gatehouse <")
    assert "Which <software>?" in sent.body and "Which &lt;software&gt;?" in html
    assert f"{settings.BASE_URL}{path}" in sent.body and f'"{settings.BASE_URL}{path}"' in html


def test_the_contact_is_written_to_where_no_member_applied(business, nora, application):
    applications.approve(application, by=SYSTEM)
    assert Mail.objects.get().to == FORM["technical_contact"]


def test_a_person_who_left_is_not_written_to(business, nora):
    application = applications.submit(business, FORM, terms_accepted=True, by=Actor.user(nora))
    nora.memberships.all().delete()
    applications.reject(application, message="No.", by=SYSTEM)
    assert Mail.objects.get().to == FORM["technical_contact"]


def test_an_answer_that_was_overtaken_is_not_sent(application):
    applications.request_info(application, message="Which software?", by=SYSTEM)
    applications.resubmit(application, FORM, message="Ours.", by=SYSTEM)
    mails.drain()
    assert outbox.outbox == [] and Mail.objects.get().state == "dropped"


def test_a_decision_that_is_refused_sends_nothing(application):
    with pytest.raises(Invalid):
        applications.reject(application, message=" ", by=SYSTEM)
    assert not Mail.objects.exists()
