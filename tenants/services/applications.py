"""Writes to platform applications: submit and resubmit, approve, reject, ask back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Conflict, Forbidden, Invalid, WrongState
from tenants.models import (
    ApplicationMessage,
    Mail,
    Membership,
    Organization,
    PlatformApplication,
)
from tenants.sentences import within
from tenants.services import domains, mails

State = PlatformApplication.State

SUBMITTED = events.declare("application.submitted", "A business asked to become a platform.")
APPROVED = events.declare("application.approved", "A business became a platform.")
REJECTED = events.declare("application.rejected", "A platform application was rejected.")
INFO_REQUESTED = events.declare("application.info_requested", "A reviewer asked back.")

FORM = ("motivation", "expected_companies", "expected_documents", "technical_contact")


@transaction.atomic
def submit(
    business: Organization, form: Mapping[str, Any], *, terms_accepted: bool, by: Actor
) -> PlatformApplication:
    """Hand in a business's application to become a platform.

    Raises Invalid for a form that cannot be or terms not accepted, Conflict when there is an
    application already, Forbidden when the organization is no lone business.
    """
    _accept_terms(terms_accepted)
    if business.kind != Organization.Kind.BUSINESS:
        raise Forbidden("Only a business can apply to become a platform.", code="not_a_business")
    if PlatformApplication.objects.filter(organization=business).exists():
        raise Conflict("application_taken", "This business has applied already.")
    now = timezone.now()
    application = PlatformApplication(
        organization=business, terms_accepted_at=now, submitted_at=now, **_form(form)
    )
    persistence.insert(application)
    _say(application, "", SUBMITTED, by)
    return application


@transaction.atomic
def resubmit(
    application: PlatformApplication, form: Mapping[str, Any], *, by: Actor, message: str = ""
) -> PlatformApplication:
    """Hand in an application again after a question or a rejection, with what changed."""
    application = _locked(application)
    if application.state not in (State.INFO_REQUESTED, State.REJECTED):
        raise WrongState(
            "This application is %(state)s: it cannot be submitted again.",
            values={"state": within(State(application.state).label)},
        )
    for name, value in _form(form).items():
        setattr(application, name, value)
    application.state = State.SUBMITTED
    application.submitted_at, application.decided_at = timezone.now(), None
    persistence.update(application, [*form, "state", "submitted_at", "decided_at"])
    _say(application, message, SUBMITTED, by)
    return application


@transaction.atomic
def approve(
    application: PlatformApplication, *, by: Actor, message: str = ""
) -> PlatformApplication:
    """Make the applicant a platform."""
    application = _decide(application, State.APPROVED, message, APPROVED, by)
    Organization.objects.filter(pk=application.organization_id).update(
        kind=Organization.Kind.PLATFORM, updated_at=timezone.now()
    )
    application.organization.refresh_from_db()
    return application


@transaction.atomic
def reject(application: PlatformApplication, *, message: str, by: Actor) -> PlatformApplication:
    """Refuse, with the reason the applicant will read; the organization stays a business.

    One that waits for an answer that never comes can be refused too.
    """
    return _decide(application, State.REJECTED, _said(message), REJECTED, by, unanswered=True)


@transaction.atomic
def request_info(
    application: PlatformApplication, *, message: str, by: Actor
) -> PlatformApplication:
    """Ask the applicant a question; the application can then be updated and resubmitted."""
    return _decide(application, State.INFO_REQUESTED, _said(message), INFO_REQUESTED, by)


def _decide(
    application: PlatformApplication,
    state: State,
    message: str,
    event: str,
    by: Actor,
    *,
    unanswered: bool = False,
) -> PlatformApplication:
    application = _locked(application)
    open_states = (State.SUBMITTED, *([State.INFO_REQUESTED] if unanswered else []))
    if application.state not in open_states:
        raise WrongState(
            "This application is %(state)s: there is nothing to decide.",
            values={"state": within(State(application.state).label)},
        )
    application.state, application.decided_at = state, timezone.now()
    persistence.update(application, ["state", "decided_at"])
    turn = _say(application, message, event, by)
    to = _applicant(application)
    mails.post(application.organization, ANSWER, to=to, context={"turn": str(turn.pk)})
    return application


def _say(application: PlatformApplication, text: str, event: str, by: Actor) -> ApplicationMessage:
    turn = ApplicationMessage(
        organization=application.organization,
        application=application,
        state=application.state,
        text=text,
        author_id=by.id if by.kind == "user" else None,
        author_label=by.label,
    )
    persistence.insert(turn)
    events.record(application.organization, event, by=by, reason=text)
    return turn


def _applicant(application: PlatformApplication) -> str:
    """Whom to answer: the person who applied last, while a member; else the contact they named."""
    people = Membership.objects.filter(organization=application.organization_id)
    turns = application.messages.filter(state=State.SUBMITTED, author__in=people.values("user"))
    turn = turns.select_related("author").order_by("-id").first()
    return turn.author.email if turn and turn.author else application.technical_contact


def _answer(mail: Mail) -> mails.Context | None:
    """What the mail about a decision shows; None once another turn has followed it."""
    application = PlatformApplication.objects.filter(organization=mail.organization).first()
    turn = application.messages.order_by("-id").first() if application else None
    if turn is None or str(turn.pk) != mail.context["turn"]:
        return None
    path = reverse("portal:setting", args=["platform"])
    if turn.state == State.APPROVED:
        path = reverse("portal:tenants_company_add")
    return {"turn": turn, "link": f"{domains.address_of(mail.organization)}{path}"}


ANSWER = mails.declare("application_answered", _answer, from_us=True)


def _locked(application: PlatformApplication) -> PlatformApplication:
    return (
        PlatformApplication.objects.select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=application.pk)
    )


def _form(form: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(form) - set(FORM)
    if unknown:
        raise TypeError(f"Not part of an application: {', '.join(sorted(unknown))}")
    return dict(form)


def _accept_terms(accepted: bool) -> None:
    if accepted is not True:
        sentence = gettext_noop("The terms of service must be accepted.")
        raise Invalid(sentence, code="terms_not_accepted", fields={"terms_accepted": [sentence]})


def _said(message: str) -> str:
    if not message.strip():
        sentence = gettext_noop("Say why: the applicant reads it.")
        raise Invalid(sentence, code="message_required", fields={"message": [sentence]})
    return message
