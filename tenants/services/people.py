"""Writes to memberships and invitations: who may act for an organization, and as what."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Conflict, Forbidden, Invalid, NotFound, WrongState
from tenants.models import Invitation, Mail, Membership, Organization, Role, User
from tenants.services import authority, domains, mails

INVITED = events.declare("member.invited", "A person was invited.")
REMINDED = events.declare("member.reminded", "An invitation was sent again.")
WITHDRAWN = events.declare("member.invitation_withdrawn", "An invitation was withdrawn.")
JOINED = events.declare("member.joined", "A person joined.")
ROLE_CHANGED = events.declare("member.role_changed", "A person's role changed.")
REMOVED = events.declare("member.removed", "A person was removed.")

VALID_FOR = timedelta(days=7)


@transaction.atomic
def join(organization: Organization, user: User, *, role: str, by: Actor) -> Membership:
    """Make `user` a member at once, without an invitation: founders and the operator's doing.

    Raises Invalid for an unknown role, Conflict for a member.
    """
    membership = Membership(organization=organization, user=user, role=role)
    persistence.insert(membership)
    _note(membership.organization, JOINED, by, user.email, changes={"role": [None, role]})
    return membership


@transaction.atomic
def invite(
    organization: Organization,
    *,
    email: str,
    role: str,
    by: Actor,
    first_name: str = "",
    last_name: str = "",
    invited_by: User | None = None,
) -> Invitation:
    """Offer a membership by mail, good for seven days.

    Raises Invalid, Forbidden for who may not give that role, Conflict when the person is a member
    or has an open invitation; an expired one makes way.
    """
    organization = _locked(organization)
    authority.check(organization, by=by, roles={role})
    if Membership.objects.of(organization).filter(user__email__iexact=email).exists():
        raise Conflict("member_taken", "This person is a member already.")
    unanswered = Invitation.objects.of(organization).unanswered().filter(email__iexact=email)
    unanswered.filter(expires_at__lte=timezone.now()).update(withdrawn_at=timezone.now())
    invitation = Invitation(
        organization=organization,
        email=email,
        role=role,
        first_name=first_name,
        last_name=last_name,
        invited_by=invited_by,
        expires_at=timezone.now() + VALID_FOR,
    )
    invitation.token_digest = _digest(token_of(invitation))
    persistence.insert(invitation)
    _mail(invitation)
    _note(organization, INVITED, by, email, changes={"role": [None, role]})
    return invitation


_CLOSED = {
    "accepted": gettext_noop("This invitation was accepted already."),
    "withdrawn": gettext_noop("This invitation was withdrawn."),
    "expired": gettext_noop("This invitation has expired. Ask for a new one."),
}


def _used(invitation: Invitation) -> WrongState:
    return WrongState(_CLOSED[invitation.state], code="invitation_used")


@transaction.atomic
def remind(invitation: Invitation, *, by: Actor) -> Invitation:
    """Send an unanswered invitation again, good for another seven days."""
    authority.check(invitation.organization, by=by, roles={invitation.role})
    expires_at = timezone.now() + VALID_FOR
    open_ = Invitation.objects.unanswered().filter(pk=invitation.pk)
    if not open_.update(expires_at=expires_at):
        raise _used(invitation)
    invitation.expires_at = expires_at
    _mail(invitation)
    _note(invitation.organization, REMINDED, by, invitation.email)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Actor) -> Invitation:
    """Take an unanswered invitation back: its link opens nothing any more."""
    authority.check(invitation.organization, by=by, roles={invitation.role})
    now = timezone.now()
    if not Invitation.objects.unanswered().filter(pk=invitation.pk).update(withdrawn_at=now):
        raise _used(invitation)
    invitation.withdrawn_at = now
    _note(invitation.organization, WITHDRAWN, by, invitation.email)
    return invitation


def find(token: str) -> Invitation:
    """Return the open invitation behind the link's `token`; reads only.

    Raises NotFound for an unknown token, WrongState for one that is used up or has expired.
    """
    found = Invitation.objects.select_related("organization__parent", "invited_by")
    invitation = found.filter(token_digest=_digest(token)).first()
    if invitation is None or invitation.organization.deleted_at:
        raise NotFound("Invitation")
    if invitation.state != "open":
        raise WrongState(_CLOSED[invitation.state], code=f"invitation_{invitation.state}")
    return invitation


@transaction.atomic
def accept(token: str, user: User) -> Membership:
    """Turn an invitation into a membership of `user`, whose address it was sent to.

    Raises as `find` does, Forbidden when it was meant for somebody else, Conflict for a member.
    """
    invitation = find(token)
    if invitation.email.casefold() != user.email.casefold():
        raise Forbidden(
            "This invitation is for %(email)s.",
            values={"email": invitation.email},
            code="invited_is_somebody_else",
        )
    # Two clicks at once: the second finds nothing open.
    if not (
        Invitation.objects.unanswered().filter(pk=invitation.pk).update(accepted_at=timezone.now())
    ):
        raise WrongState("This invitation was accepted already.", code="invitation_accepted")
    _confirm_address(user)
    return join(invitation.organization, user, role=invitation.role, by=Actor.user(user))


@transaction.atomic
def accept_as_newcomer(
    token: str, *, password: str, first_name: str = "", last_name: str = ""
) -> Membership:
    """Make the invited person a user, and a member.

    Raises as `accept` does, Invalid for a weak password, Conflict when the address has an account.
    """
    invitation = find(token)
    newcomer = User(email=invitation.email, first_name=first_name, last_name=last_name)
    # Whoever was told the id of the person they invited finds them under it still.
    newcomer.pk = invitation.pk
    try:
        validate_password(password, newcomer)
    except ValidationError as error:
        raise Invalid(error.messages[0], fields={"password": error.messages}) from None
    newcomer.set_password(password)
    persistence.insert(newcomer)
    return accept(token, newcomer)


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: Actor) -> Membership:
    """Give a member another role. The last owner stays one (WrongState); owners are made and
    unmade by owners (Forbidden)."""
    membership = _held(membership)
    if membership.role == role:
        return membership
    authority.check(membership.organization, by=by, roles={membership.role, role})
    _spare_the_last_owner(membership)
    was, membership.role = membership.role, role
    persistence.update(membership, ["role"])
    _note(
        membership.organization,
        ROLE_CHANGED,
        by,
        membership.user.email,
        changes={"role": [was, role]},
    )
    return membership


@transaction.atomic
def remove(membership: Membership, *, by: Actor) -> None:
    """End a membership; the user stays a user. Not that of the last owner (WrongState), nor of
    an owner for who is none (Forbidden); whoever wants to leaves."""
    membership = _held(membership)
    if by.kind != "user" or by.id != str(membership.user_id):
        authority.check(membership.organization, by=by, roles={membership.role})
    _spare_the_last_owner(membership)
    Membership.objects.filter(pk=membership.pk).delete()
    _note(
        membership.organization,
        REMOVED,
        by,
        membership.user.email,
        changes={"role": [membership.role, None]},
    )


def token_of(invitation: Invitation) -> str:
    """The secret in the invitation's link: made from its id, so that it is stored nowhere."""
    mac = salted_hmac("tenants.invitation", str(invitation.pk), algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def link_of(invitation: Invitation) -> str:
    """The address that an invitation's mail leads to: where whoever has an account is at home."""
    path = reverse("invitation", kwargs={"token": token_of(invitation)})
    known = User.objects.filter(email__iexact=invitation.email).first()
    home = domains.home_of(known) if known else domains.address_of(invitation.organization)
    return f"{home}{path}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mail(invitation: Invitation) -> None:
    mails.post(
        invitation.organization, LETTER, to=invitation.email, context={"id": str(invitation.pk)}
    )


def _letter(mail: Mail) -> dict[str, Any] | None:
    invitation = (
        Invitation.objects.unanswered()
        .select_related("invited_by")
        .filter(pk=mail.context["id"])
        .first()
    )
    return {"invitation": invitation, "link": link_of(invitation)} if invitation else None


def _confirm_address(user: User) -> None:
    """Whoever has the link reads the mailbox: sign-in need not ask for that again."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


def _locked(organization: Organization) -> Organization:
    return Organization.objects.live().select_for_update(no_key=True).get(pk=organization.pk)


def _held(membership: Membership) -> Membership:
    """Return the membership as it is now, while nobody else changes this organization's people.

    Two owners who remove each other take turns, and the second is refused.
    """
    _locked(membership.organization)
    try:
        return Membership.objects.select_related("organization", "user").get(pk=membership.pk)
    except Membership.DoesNotExist:
        raise WrongState("This person is no member any more.", code="no_member") from None


def _spare_the_last_owner(membership: Membership) -> None:
    owners = Membership.objects.of(membership.organization).owners()
    if membership.role == Role.OWNER and owners.count() == 1:
        raise WrongState("An organization keeps at least one owner.", code="last_owner")


def _note(organization: Organization, event: str, by: Actor, email: str, **details: Any) -> None:
    events.record(organization, event, by=by, data={"member": {"email": email}}, **details)


LETTER = mails.declare("invitation", _letter)


def invitations_of(user: User) -> QuerySet[Invitation]:
    """The open invitations to a person's own address, each with its organization's `name`."""
    unanswered = Invitation.objects.unanswered().filter(email__iexact=user.email)
    return unanswered.annotate(name=F("organization__name"))
