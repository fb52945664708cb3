"""The operator's pages about organizations, people, applications and what happened."""

from tenants.admin import applications, glance, looks, organizations, people, seals, trail, visits

__all__ = ["applications", "glance", "looks", "organizations", "people", "seals", "trail", "visits"]
