"""The operator's pages about organizations, people, applications and what happened."""

from tenants.admin import (
    applications,
    audit_trail,
    branding,
    impersonations,
    organizations,
    people,
    seals,
    tiles,
)

__all__ = [
    "applications",
    "audit_trail",
    "branding",
    "impersonations",
    "organizations",
    "people",
    "seals",
    "tiles",
]
