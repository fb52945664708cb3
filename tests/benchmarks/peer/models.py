"""Resellers, their keys and their tenants."""

import uuid

from django.db import models
from rest_framework_api_key.models import AbstractAPIKey


class Reseller(models.Model):
    """Who calls."""

    name = models.CharField(max_length=255)

    def __str__(self):
        return self.name


class ResellersKey(AbstractAPIKey):
    """The key of a reseller."""

    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="keys")


class PeerTenant(models.Model):
    """A tenant, with the columns that the answer shows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="tenants")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    company_number = models.CharField(max_length=64, blank=True)
    company_tax_id = models.CharField(max_length=64, blank=True)
    peppol_ids = models.JSONField(default=list)
    test_mode = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("reseller", "-created_at")),)

    def __str__(self):
        return self.name
