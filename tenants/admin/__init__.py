"""The operator's pages about organizations, people, applications and what happened."""

from tenants.admin import applications, organizations, people, trail

__all__ = ["applications", "organizations", "people", "trail"]
