"""Who pays for whom: whoever is named, else the platform, else the organization itself."""

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from tenants.models import Environment, Organization


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
    return Organization.objects.alias(payer_id=PAYER.of()).filter(
        payer_id=payer.pk,
        withhold_billing=False,
        environment=Environment.LIVE,
        test_mode=False,
    )
