"""Which documents there are: the reads of them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from tenants.models import Organization
from tenants.models.families import FamilyQuerySet
from tenants.search_text import joined

if TYPE_CHECKING:
    from peppol.models.documents import Document  # noqa: F401 — named in a string

LATELY = timedelta(hours=24)
HELD_UP = timedelta(hours=1)


def partner_key_of(name: str) -> str:
    """The name of a partner as documents are searched by it."""
    return joined(name)[:60]


class DocumentQuerySet(FamilyQuerySet["Document"]):
    """Reads of documents."""

    def of(self, organization: Organization) -> "DocumentQuerySet":
        """An organization's documents, but for those that are held back from it."""
        return self.filter(organization=organization).exclude(state=self.model.State.HELD)

    def visible_to(self, organization: Organization) -> "DocumentQuerySet":
        """An organization's documents and, for a platform, those of its companies; none held."""
        return super().visible_to(organization).exclude(state=self.model.State.HELD)

    def held(self) -> "DocumentQuerySet":
        """Those that arrived and that nobody may read yet."""
        return self.filter(state=self.model.State.HELD)

    def of_open(self) -> "DocumentQuerySet":
        """Those of organizations that may act, and whose platform may."""
        active = Organization.Status.ACTIVE
        parent = Q(organization__parent__isnull=True) | Q(
            organization__parent__status=active, organization__parent__deleted_at__isnull=True
        )
        return self.filter(
            parent, organization__status=active, organization__deleted_at__isnull=True
        )

    def outbound(self) -> "DocumentQuerySet":
        return self.filter(direction=self.model.Direction.OUTBOUND)

    def inbound(self) -> "DocumentQuerySet":
        return self.filter(direction=self.model.Direction.INBOUND)

    def unnamed(self) -> "DocumentQuerySet":
        """Those that nobody has looked into for names since documents have them."""
        return self.filter(partner_key=None)

    def due(self) -> "DocumentQuerySet":
        """Those a worker has something to do for now."""
        return self.filter(next_attempt_at__lte=timezone.now())

    def claimed(self) -> "DocumentQuerySet":
        """Those a worker is at right now."""
        return self.filter(claim__isnull=False, next_attempt_at__gt=timezone.now())

    def failed(self) -> "DocumentQuerySet":
        """Documents that did not arrive and never will."""
        return self.filter(state=self.model.State.FAILED)

    def untold(self) -> "DocumentQuerySet":
        """Those that came in, and whose sender's side could not be told what became of them."""
        return self.filter(status_message__state="failed")

    def unknown(self) -> "DocumentQuerySet":
        """Those of which nobody knows whether they arrived, until a person says."""
        return self.filter(state=self.model.State.UNKNOWN)

    def failed_lately(self) -> "DocumentQuerySet":
        """Of those sent in the last 24 hours, the failed ones (FLO-66)."""
        return self.failed().filter(created_at__gte=timezone.now() - LATELY)

    def held_up(self) -> "DocumentQuerySet":
        """Those that have been under way for so long that something must keep them."""
        before = timezone.now() - HELD_UP
        return self.filter(state__in=self.model.UNDER_WAY_STATES, created_at__lt=before)

    def rejected(self) -> "DocumentQuerySet":
        """Those that arrived and that the receiver's side did not accept."""
        return self.filter(response=self.model.Response.REJECTED)

    def outdated(self) -> "DocumentQuerySet":
        """Documents that need not be kept any longer."""
        return self.filter(retain_until__lt=timezone.now().date())
