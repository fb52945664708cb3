"""The Celery application and what it does on a schedule."""

import gc
import os
import sys
from logging.config import dictConfig
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.concurrency import prefork
from celery.schedules import crontab
from celery.signals import (
    beat_init,
    setup_logging,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_ready,
)
from django.conf import settings

from config import broker
from tenants.actors import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
broker.use()


class WholeTable(Task):  # type: ignore[type-arg]
    """A task: the work of all tenants, so the database shows it every row."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Models can be imported only when Django is set up, which is after this module.
        from tenants.row_security import everything

        with everything():
            return super().__call__(*args, **kwargs)


app = Celery("gatehouse", task_cls=WholeTable)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# The sweepers: what a lost message would have started, they find.
app.conf.beat_schedule = {
    "distribute": {"task": "webhooks.distribute", "schedule": 2.0, "options": {"expires": 10}},
    "deliver": {"task": "webhooks.deliver", "schedule": 2.0, "options": {"expires": 10}},
    "watch": {"task": "webhooks.watch", "schedule": 60.0, "options": {"expires": 60}},
    "logos": {"task": "webhooks.fetch_logos", "schedule": 60.0, "options": {"expires": 60}},
    "tidy-webhooks": {"task": "webhooks.tidy", "schedule": 3600.0, "options": {"expires": 600}},
    "register": {"task": "peppol.register", "schedule": 2.0, "options": {"expires": 10}},
    "transmit": {"task": "peppol.transmit", "schedule": 2.0, "options": {"expires": 10}},
    "purge": {"task": "peppol.purge", "schedule": 60.0, "options": {"expires": 60}},
    # Nightly, and on when there are more than one run takes.
    "mandates": {
        "task": "peppol.mandates",
        "schedule": crontab(hour="1-4", minute=7),
        "options": {"expires": 3600},
    },
    "check-sums": {
        "task": "peppol.check_sums",
        "schedule": crontab(hour=3, minute=17),
        "options": {"expires": 3600},
    },
    "fold-tallies": {"task": "tenants.fold_tallies", "schedule": 30.0, "options": {"expires": 30}},
    "check-tallies": {
        "task": "tenants.check_tallies",
        "schedule": crontab(hour=3, minute=27),
        "options": {"expires": 3600},
    },
    "quotas": {"task": "billing.quotas", "schedule": 60.0, "options": {"expires": 60}},
    "statements": {"task": "billing.statements", "schedule": 300.0, "options": {"expires": 60}},
    "files": {"task": "tenants.store_files", "schedule": 5.0, "options": {"expires": 10}},
    "mail": {"task": "tenants.mail", "schedule": 5.0, "options": {"expires": 10}},
    "alerts": {"task": "tenants.alert", "schedule": 5.0, "options": {"expires": 10}},
    "daily-alerts": {
        "task": "tenants.daily_alerts",
        "schedule": crontab(hour=6, minute=7),
        "options": {"expires": 3600},
    },
    "domains": {
        "task": "tenants.check_domains",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "bulk": {"task": "peppol.bulk", "schedule": 5.0, "options": {"expires": 10}},
    "watch-registrations": {
        "task": "peppol.watch",
        "schedule": 5.0,
        "options": {"expires": 10},
    },
    "imports": {"task": "peppol.imports", "schedule": 5.0, "options": {"expires": 10}},
    "company-runs": {
        "task": "peppol.company_runs",
        "schedule": 5.0,
        "options": {"expires": 10},
    },
    "tidy-imports": {
        "task": "peppol.tidy_imports",
        "schedule": 3600.0,
        "options": {"expires": 600},
    },
    "duties": {"task": "peppol.duties", "schedule": 600.0, "options": {"expires": 600}},
    "sweep": {"task": "peppol.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "identification": {
        "task": "peppol.identification",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "vat-ids": {"task": "billing.check_vat_ids", "schedule": 30.0, "options": {"expires": 30}},
    "heartbeat": {"task": "tenants.heartbeat", "schedule": 10.0, "options": {"expires": 30}},
    "seal": {"task": "tenants.seal", "schedule": 600.0, "options": {"expires": 600}},
    "verification": {
        "task": "tenants.verification",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "impersonations": {
        "task": "tenants.impersonations",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "tidy-sessions": {"task": "tenants.tidy", "schedule": 3600.0, "options": {"expires": 600}},
    "tidy": {"task": "apikeys.tidy", "schedule": 3600.0, "options": {"expires": 600}},
    # Only the sandbox's own access point has anything to forward.
    "forward": {"task": "peppol.forward", "schedule": 2.0, "options": {"expires": 10}},
}


@setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Log as the web does: one format, one redaction, whatever process is speaking."""
    dictConfig(settings.LOGGING)


@app.on_after_configure.connect
def make_folders(sender: Celery, **_: Any) -> None:
    """Make the folders of the embedded broker, which expects to find them."""
    for name, folder in sender.conf.broker_transport_options.items():
        if "folder" in name:
            Path(folder).mkdir(parents=True, exist_ok=True)


@worker_init.connect
@beat_init.connect
def look_around(**_: Any) -> None:
    """Begin only where files can be written and are shared with the other processes."""
    from config import startup

    startup.prepare_or_exit()


@worker_ready.connect
def say_hello(**_: Any) -> None:
    """Beat at once: a worker that is there need not wait for its first message to say so."""
    app.send_task("tenants.heartbeat", expires=30)


# The one comes in every process of a pool of processes, the other where threads do the work.
@worker_process_init.connect
@worker_ready.connect
def settle_in(**_: Any) -> None:
    """Spend less time on being a process, and more on the work.

    What was loaded at start is left out of every collection of garbage. Sending makes thousands
    of objects that end by themselves, so Python's usual 700 would have it look for more all the
    time. A thread that hears from the database need not wait 5 ms for the one that sends.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(0.0005)


@worker_process_init.connect
@worker_ready.connect
def warm_up(sender: Any = None, **_: Any) -> None:
    """Have the rules ready before the first document that this process says a status about."""
    from config import startup

    # In a pool of processes it is they who work, not the one that is ready when they are.
    if settings.SENDS_MLS and not isinstance(getattr(sender, "pool", None), prefork.TaskPool):
        startup.warm_rules()


@task_prerun.connect
def name_request(task_id: str, **_: Any) -> None:
    """Have events and log lines of a task carry its id."""
    request_id.set(task_id)
