"""A worker of the chaos run: distributes and delivers until it is killed."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tenants.row_security import show_everything  # noqa: E402
from webhooks.services import claims, delivery, distribution  # noqa: E402

if __name__ == "__main__":
    show_everything()
    # So that what a killed worker held is found again while the run lasts.
    claims.LEASE = claims.timedelta(seconds=float(os.environ["CHAOS_LEASE"]))
    while True:
        if not distribution.distribute(limit=20) + delivery.deliver(limit=20, budget=2):
            time.sleep(0.05)
