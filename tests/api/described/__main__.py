"""Writes down what the five surfaces promise now."""

import os

import django

from config.api import registry
from tests.api.described import document, promises, snapshot, written

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
for vendor in registry.VENDORS:
    snapshot(vendor.name).write_text(written(promises(document(vendor.name))))
