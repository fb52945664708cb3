"""Users, what they may do where, and the invitations that bring them in."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models.organizations import Organization


class Role(models.TextChoices):
    """What a person may do in an organization."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    DEVELOPER = "developer", _("Developer")
    BILLING = "billing", _("Billing")
    VIEWER = "viewer", _("Viewer")


class UserManager(BaseUserManager["User"]):
    """Makes users, who sign in with their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Operator staff have `is_staff`; everybody else acts through memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    is_staff = models.BooleanField("operator staff", default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    # Another one ends what was opened before: sessions, and the tokens that stand for them.
    sign_in_version = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="tenants_email_taken",
                violation_error_code="email_taken",
                violation_error_message=gettext_noop(
                    "A user with this e-mail address already exists."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_session_auth_hash(self) -> str:
        """Django's, which a new password changes; a new version does, too."""
        return self._versioned(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for value in super().get_session_auth_fallback_hash():
            yield self._versioned(value)

    def _versioned(self, value: str) -> str:
        if not self.sign_in_version:
            return value
        return hashlib.sha256(f"{self.sign_in_version}:{value}".encode()).hexdigest()

    def get_short_name(self) -> str:
        return self.first_name or self.email


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def of(self, organization: Organization) -> "MembershipQuerySet":
        return self.filter(organization=organization)

    def visible_to(self, organization: Organization) -> "MembershipQuerySet":
        """An organization's members and, for a platform, those of its companies."""
        return self.filter(Q(organization=organization) | Q(organization__parent=organization))

    def owners(self) -> "MembershipQuerySet":
        return self.filter(role=Role.OWNER)

    def unconfirmed(self) -> "MembershipQuerySet":
        """Those of people none of whose addresses is confirmed."""
        confirmed = User.objects.filter(emailaddress__verified=True)
        return self.exclude(user__in=confirmed)

    def impersonatable(self) -> "MembershipQuerySet":
        """Those of people as whom operator staff may view the portal: never staff's own."""
        return self.filter(
            user__is_active=True,
            user__is_staff=False,
            user__is_superuser=False,
            organization__deleted_at=None,
        )


class Membership(models.Model):
    """A person's role in one organization."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "user"],
                name="tenants_member_taken",
                violation_error_code="member_taken",
                violation_error_message=gettext_noop("This person is a member already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def of(self, organization: Organization) -> "InvitationQuerySet":
        return self.filter(organization=organization)

    def visible_to(self, organization: Organization) -> "InvitationQuerySet":
        """An organization's invitations and, for a platform, those of its companies."""
        return self.filter(Q(organization=organization) | Q(organization__parent=organization))

    def unanswered(self) -> "InvitationQuerySet":
        """Those neither accepted nor withdrawn; they may have expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """An offer of a membership, sent by mail, good once and until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(max_length=254)
    first_name = models.CharField(max_length=150, blank=True)
    last_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=10, choices=Role)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="tenants_invitation_taken",
                violation_error_code="invitation_taken",
                violation_error_message=gettext_noop("This person has an open invitation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organization}"

    @property
    def state(self) -> str:
        """open, accepted, withdrawn or expired."""
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
        return "expired" if self.expires_at <= timezone.now() else "open"
