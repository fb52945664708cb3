"""What a company may not do before it has given its platform a mandate."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from peppol.models import Mandate
from tenants.errors import NotYet
from tenants.models import Environment, MandatePolicy, Organization

REQUIRED = "mandate_required"
_WAITS = {
    "send": gettext_noop(
        "This company has to give its platform a mandate before it sends: on its page under "
        "Mandates, or by a link."
    ),
    "register": gettext_noop(
        "It is registered as soon as the company has given its platform a mandate: on its page "
        "under Mandates, or by a link."
    ),
}


def policy_of(organization: Organization) -> MandatePolicy:
    """What is asked of a company. Reads `parent`."""
    chosen = (organization.parent or organization).mandate_policy
    return MandatePolicy(chosen or settings.MANDATE_POLICY)


def obstacle(organization: Organization, act: str) -> NotYet | None:
    """Why a company may not `send` or `register` yet, if so. Reads `parent`.

    Only the companies of a platform give one; who manages itself needs nobody's leave.
    """
    if organization.parent is None or organization.environment == Environment.TEST:
        return None
    policy = policy_of(organization)
    if policy is MandatePolicy.NONE:
        return None
    if act == "register" and policy is not MandatePolicy.BEFORE_REGISTERING:
        return None
    held = Mandate.objects.of(organization).in_force().values_list("scope", flat=True)
    if any(act in scope for scope in held):
        return None
    return NotYet(_WAITS[act], code=REQUIRED)


def asking(path: str) -> Q:
    """Of rows with a platform at `path`, those whose platform asks its companies for one."""
    asks = [str(one) for one in MandatePolicy if one is not MandatePolicy.NONE]
    if settings.MANDATE_POLICY != MandatePolicy.NONE:
        asks.append("")
    return Q(**{f"{path}__mandate_policy__in": asks})


def may_go_on() -> Q:
    """Of participants that waited for a mandate, those that might go on: there is one now, or
    none is asked for any more."""
    registering = [str(MandatePolicy.BEFORE_REGISTERING)]
    if settings.MANDATE_POLICY == MandatePolicy.BEFORE_REGISTERING:
        registering.append("")
    held = Mandate.objects.in_force().filter(organization=OuterRef("organization"))
    return ~Q(platform__mandate_policy__in=registering) | Q(Exists(held))
