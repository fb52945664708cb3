"""Sam of the operator's staff, and how Sam begins to view the portal as somebody."""

import pytest
from django.urls import reverse

from tenants.models import User
from tests.portal.conftest import signed_in

WHY = "Ticket 4711"


@pytest.fixture
def sam(db) -> User:
    return User.objects.create_superuser("sam@operator.example", "x")


@pytest.fixture
def desk(sam):
    return signed_in(sam)


def begin(client, user: User, **answers: str):
    member = user.memberships.order_by("id").first()
    form = {"member": str(member.pk) if member else "", "reason": WHY, **answers}
    return client.post(reverse("admin:tenants_user_view_as", args=[user.pk]), form)


@pytest.fixture
def viewing(desk, olga):
    """Sam's browser while it sees the portal as Olga does."""
    assert begin(desk, olga).url == "/portal/"
    return desk
