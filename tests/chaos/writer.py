"""A writer of the chaos run: makes events happen, and says so once each is committed."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tenants import events  # noqa: E402
from tenants.actors import Actor  # noqa: E402
from tenants.models import Organization  # noqa: E402
from tenants.row_security import show_everything  # noqa: E402

if __name__ == "__main__":
    show_everything()
    company = Organization.objects.get(name="Chaos Company")
    for _ in range(int(sys.argv[1])):
        event = events.record(company, "company.updated", by=Actor.system("chaos"))
        sys.stdout.write(f"{event.pk}\n")
        sys.stdout.flush()
