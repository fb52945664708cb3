"""How far a business is with its onboarding: what the surface answers and the portal shows."""

from dataclasses import dataclass

from billing.models import Subscription
from tenants.models import Organization

# Not every country has postal codes.
_TELLING = ("vat_number", "address_line1", "city", "address_country", "currency", "timezone")


@dataclass(frozen=True)
class Step:
    """A step of the onboarding; what is optional does not count towards completion."""

    key: str
    done: bool
    optional: bool = False


@dataclass(frozen=True)
class Checklist:
    """The steps in the order in which they are best taken."""

    steps: tuple[Step, ...]

    @property
    def ratio(self) -> float:
        """The share of the steps needed that are done, 0.0 to 1.0 (INV-02, INV-13)."""
        needed = [step.done for step in self.steps if not step.optional]
        return sum(needed) / len(needed)

    def is_done(self, key: str) -> bool:
        """Whether the step of that key is there and done."""
        return any(step.done for step in self.steps if step.key == key)


def of(organization: Organization | None, plan: str) -> Checklist:
    """The checklist of a business on the plan of this code, "" for none; of a person without a
    business when there is no organization. Its platform chooses the plan of a managed company."""
    told = organization is not None and all(getattr(organization, name) for name in _TELLING)
    steps = [
        Step("complete_profile", organization is not None),
        Step("business_details", told, optional=True),
    ]
    if organization is None or organization.kind != Organization.Kind.MANAGED:
        steps.append(Step("select_plan", bool(plan)))
    return Checklist(tuple(steps))


def plan_of(organization: Organization | None) -> str:
    """The code of the plan that an organization is on, empty for none."""
    if organization is None:
        return ""
    current = Subscription.objects.filter(organization=organization, ended_at=None)
    return current.values_list("plan__code", flat=True).first() or ""
