"""The Celery application and what it does on a schedule."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("gatehouse")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The sweepers: what a lost message would have started, they find.
app.conf.beat_schedule = {
    "distribute": {"task": "webhooks.distribute", "schedule": 2.0, "options": {"expires": 10}},
    "deliver": {"task": "webhooks.deliver", "schedule": 2.0, "options": {"expires": 10}},
    "watch": {"task": "webhooks.watch", "schedule": 60.0, "options": {"expires": 60}},
    "tidy-webhooks": {"task": "webhooks.tidy", "schedule": 3600.0, "options": {"expires": 600}},
    "register": {"task": "peppol.register", "schedule": 2.0, "options": {"expires": 10}},
    "mail": {"task": "tenants.mail", "schedule": 5.0, "options": {"expires": 10}},
    "domains": {
        "task": "tenants.check_domains",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "bulk": {"task": "peppol.bulk", "schedule": 5.0, "options": {"expires": 10}},
    "sweep": {"task": "peppol.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "heartbeat": {"task": "tenants.heartbeat", "schedule": 10.0, "options": {"expires": 30}},
    "tidy": {"task": "apikeys.tidy", "schedule": 3600.0, "options": {"expires": 600}},
}


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Log as the web does: one format, one redaction, whatever process is speaking."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


def make_folders() -> None:
    """Create the folders of the embedded broker, which expects to find them."""
    for name, folder in app.conf.broker_transport_options.items():
        if "folder" in name:
            Path(folder).mkdir(parents=True, exist_ok=True)
