"""Who pays for whom: whoever is named, else the platform, else the organization itself."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from billing.models import Subscription
from tenants.errors import Forbidden
from tenants.models import Environment, Organization

# Of usage, that it goes on a statement at all.
BILLED = {
    "organization__withhold_billing": False,
    "organization__environment": Environment.LIVE,
    "organization__test_mode": False,
}


class PAYER:
    """The id of an organization's payer, as an expression."""

    @staticmethod
    def of(path: str = "") -> Coalesce:
        """Of the organization at `path`, such as `organization`; of the row itself without."""
        start = f"{path}__" if path else ""
        own = F(f"{path}_id") if path else F("id")
        return Coalesce(F(f"{start}bill_to_id"), F(f"{start}parent_id"), own)


def check_payer(organization: Organization) -> None:
    """Raise Forbidden where what an organization, as it would be, uses went on nobody's bill,
    unless the operator lets whoever answers for it decide that."""
    answers = organization.parent or organization.created_by_organization or organization
    if answers.may_withhold_billing:
        return
    if organization.withhold_billing:
        raise Forbidden("Only the operator withholds billing.", code="billing_not_withheld")
    pays = organization.bill_to_id or organization.parent_id or organization.pk
    if pays != answers.pk and not Subscription.objects.current().filter(organization=pays).exists():
        raise Forbidden("Whoever is to pay for it has no plan.", code="payer_without_plan")


def paid_by(payer: Organization) -> QuerySet[Organization]:
    """The live organizations whose usage goes on `payer`'s statement, itself among them."""
    theirs = Q(parent=payer) | Q(parent=None, pk=payer.pk)
    return Organization.objects.filter(
        Q(bill_to=payer) | Q(theirs, bill_to=None),
        withhold_billing=False,
        environment=Environment.LIVE,
        test_mode=False,
    )
