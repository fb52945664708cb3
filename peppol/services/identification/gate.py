"""What a company may not do before somebody has verified who it is, under which identifiers, and
before it has given its platform a mandate.

The one place that decides so, for every door: sending, registering, and the workers behind both.
Receiving is never stopped by it.
"""

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from peppol.models import Identification
from peppol.services.documents import stand_ins
from peppol.services.mandates import gate as mandates
from tenants.errors import NotYet
from tenants.models import Environment, IdentificationPolicy, Organization

State = Identification.State
REQUIRED = "identification_required"
NOT_COVERED = "identifier_not_verified"
CODES = (REQUIRED, NOT_COVERED, mandates.REQUIRED)


class Act(StrEnum):
    """What a company is about to do on the network."""

    SEND = "send"
    REGISTER = "register"


_WAITS = {
    Act.SEND: {
        State.ASKED: gettext_noop(
            "This company has to be identified before it sends: hand in who it is, on its page "
            "under Identification."
        ),
        State.IN_REVIEW: gettext_noop(
            "This company sends as soon as it is identified: what was handed in is being reviewed."
        ),
        State.REFUSED: gettext_noop(
            "This company cannot send, for its identification was refused: hand in who it is "
            "anew, on its page under Identification."
        ),
        State.EXPIRED: gettext_noop(
            "This company cannot send, for its identification has expired: hand in who it is "
            "anew, on its page under Identification."
        ),
        State.VERIFIED: gettext_noop(
            "This company cannot send, for its name or numbers are others than were verified: "
            "hand in who it is anew, on its page under Identification."
        ),
    },
    Act.REGISTER: {
        State.ASKED: gettext_noop(
            "It is registered as soon as the company is identified: hand in who it is, on its page "
            "under Identification."
        ),
        State.IN_REVIEW: gettext_noop(
            "It is registered as soon as the company is identified: what was handed in is being "
            "reviewed."
        ),
        State.REFUSED: gettext_noop(
            "It is not registered, for the company's identification was refused: hand in who it "
            "is anew, on its page under Identification."
        ),
        State.EXPIRED: gettext_noop(
            "It is not registered, for the company's identification has expired: hand in who it is "
            "anew, on its page under Identification."
        ),
        State.VERIFIED: gettext_noop(
            "It is not registered, for the company's name or numbers are others than were "
            "verified: hand in who it is anew, on its page under Identification."
        ),
    },
}


def verified() -> Any:
    """The ids of organizations of which it is verified who they are, for a filter."""
    return Identification.objects.in_force().values("organization")


def policy_of(organization: Organization) -> IdentificationPolicy:
    """What is asked of a company. Reads `parent`."""
    chosen = (organization.parent or organization).identification_policy
    return IdentificationPolicy(chosen or settings.IDENTIFICATION_POLICY)


def asks_for(organization: Organization, act: Act) -> bool:
    """Whether a company has to be identified for an act. Reads `parent`."""
    if organization.environment == Environment.TEST:
        # What is for trying out waits for nobody, and stays off the production network.
        return False
    policy = policy_of(organization)
    if act is Act.SEND:
        return policy is not IdentificationPolicy.TRUSTED
    return policy is IdentificationPolicy.BEFORE_REGISTERING


def may_go_on() -> Q:
    """Of participants that waited for their company to be identified, those that might go on: it
    was verified since they were looked at, or nothing is asked of it any more. The same of those
    that waited for its mandate."""
    asks = IdentificationPolicy.BEFORE_REGISTERING
    others = [str(one) for one in IdentificationPolicy if one is not asks]
    if asks != settings.IDENTIFICATION_POLICY:
        others.append("")
    verified = Identification.objects.in_force().filter(organization=OuterRef("organization"))
    since = verified.filter(updated_at__gt=OuterRef("updated_at"))
    of_mandate = Q(error_code=mandates.REQUIRED)
    identified = Q(platform__identification_policy__in=others) | Q(Exists(since))
    return (~of_mandate & identified) | (of_mandate & mandates.may_go_on())


def obstacle(organization: Organization, act: Act, identifier: str) -> NotYet | None:
    """Why a company may not do this under `identifier` yet, if so; says what to do about it.

    Its code is `identification_required`, `identifier_not_verified` or `mandate_required`. Reads
    `parent`.
    """
    unknown = _not_identified(organization, act, identifier)
    return unknown or mandates.obstacle(organization, act)


def _not_identified(organization: Organization, act: Act, identifier: str) -> NotYet | None:
    if not asks_for(organization, act):
        return None
    row = Identification.objects.of(organization).first()
    if row is None:
        return NotYet(_WAITS[act][State.ASKED], code=REQUIRED)
    row.organization = organization
    if not row.is_in_force:
        return NotYet(_WAITS[act][State(row.state)], code=REQUIRED)
    if row.covers(identifier) or _stands_in(identifier):
        return None
    return NotYet(
        "%(identifier)s was not verified with this company, and does not follow from its numbers: "
        "hand it in for verification, on its page under Identification.",
        values={"identifier": identifier},
        code=NOT_COVERED,
    )


def _stands_in(identifier: str) -> bool:
    offered = stand_ins.offered()
    return offered is not None and identifier.startswith(f"{offered.scheme}:")
