"""The operator's pages about organizations, people, applications and what happened."""

from tenants.admin import applications, looks, organizations, people, seals, trail, visits

__all__ = ["applications", "looks", "organizations", "people", "seals", "trail", "visits"]
