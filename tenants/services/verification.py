"""Organizations that are verified by staff before they may act (GOR-33).

Whether a platform's companies are, its plan says or staff do: `verify_companies`. What one that
waits may do already is in `config/api/kit/access.py` for programs, and for people it is whatever
their role allows: only the network is closed to it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from tenants.models import Environment, Organization

Status = Organization.Status


def first_status(maker: Organization | None, profile: Mapping[str, Any]) -> Status:
    """The status in which an organization begins that `maker` makes, or nobody.

    What is for trying out waits for nobody.
    """
    trial = profile.get("environment") == Environment.TEST
    waits = maker is not None and maker.verify_companies and not trial
    return Status.PENDING if waits else Status.ACTIVE


def note_wait(organization: Organization) -> None:
    """Begin the time for which nobody pays, for one that waits to be verified."""
    if organization.status == Status.PENDING:
        organization.suspensions.create(started_at=timezone.now(), returns_to=Status.PENDING)
