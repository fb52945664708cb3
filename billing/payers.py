"""Who pays for whom: whoever is named, else the platform, else the organization itself."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

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


def paid_by(payer: Organization) -> QuerySet[Organization]:
    """The live organizations whose usage goes on `payer`'s statement, itself among them."""
    theirs = Q(parent=payer) | Q(parent=None, pk=payer.pk)
    return Organization.objects.filter(
        Q(bill_to=payer) | Q(theirs, bill_to=None),
        withhold_billing=False,
        environment=Environment.LIVE,
        test_mode=False,
    )
