"""The PyPI package `django-webhook` and we, each on a worker of the same Celery and Redis.

The package is installed into a temporary folder and nowhere else. Both get a backlog, then a
worker with two processes; the rate is counted from the first arrival to the last.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.webhooks import receiver
from tests.benchmarks.webhooks.installation import companies, happen, processes, worker

ENDPOINTS, PROCESSES = 20, 2
PROJECT = '''
"""As small a project as django-webhook runs in."""
import os
import django
from celery import Celery
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_webhook"],
    DATABASES={"default": __import__("environ").Env().db("RIVAL_DATABASE_URL")},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True, SECRET_KEY="benchmark",
    DJANGO_WEBHOOK={"MODELS": ["auth.Group"]},
)
# Before Django: the package takes whichever application there is when it is loaded.
app = Celery("rival", broker=os.environ["REDIS_URL"], set_as_current=True)
app.conf.update(task_default_queue="rival", task_ignore_result=True)
django.setup()
'''
PREPARE = """
import json, sys
import rival_project
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django_webhook.models import Webhook, WebhookSecret
from django_webhook.tasks import fire_webhook
urls, count = json.loads(sys.argv[1]), int(sys.argv[2])
hooks = [Webhook.objects.create(url=url) for url in urls]
for hook in hooks:
    WebhookSecret.objects.create(webhook=hook, token="x" * 32)
for n in range(count):
    payload = json.dumps({"object": {"n": n}, "topic": "auth.Group/update"})
    fire_webhook.delay(hooks[n % len(hooks)].pk, payload, topic="auth.Group/update")
"""


def theirs(count: int) -> float:
    """Deliveries per second of django-webhook, with its events stored."""
    with tempfile.TemporaryDirectory() as folder:
        package = ["--no-deps", "django-webhook==0.0.15", "django-model-utils==4.5.1"]
        pip = [sys.executable, "-m", "pip", "install", "-q", "--target", folder, *package]
        subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)
        Path(folder, "rival_project.py").write_text(PROJECT)
        default = f"sqlite:///{folder}/rival.db"
        os.environ |= {
            "PYTHONPATH": folder,
            "RIVAL_DATABASE_URL": os.environ.get("DATABASE_URL", default),
        }
        urls = json.dumps([f"{receiver.URL}/fast/{n}" for n in range(ENDPOINTS)])
        prepare = [sys.executable, "-c", PREPARE, urls, str(count)]
        settings = {**os.environ}
        settings.pop("DJANGO_SETTINGS_MODULE", None)
        subprocess.run(prepare, check=True, env=settings, cwd=folder)
        command = (
            "celery",
            "-A",
            "rival_project",
            "worker",
            "-Q",
            "rival",
            "--concurrency",
            str(PROCESSES),
            "--loglevel",
            "CRITICAL",
        )
        try:
            return _rate(count, command)
        finally:
            del os.environ["PYTHONPATH"]


def ours(count: int) -> float:
    """Deliveries per second of our worker, with every attempt stored."""
    from celery import current_app

    happen(companies(["fast"] * ENDPOINTS), count)
    for _ in range(PROCESSES):
        current_app.send_task("webhooks.deliver")
    return _rate(count, worker(PROCESSES))


def _rate(count: int, command: Sequence[str]) -> float:
    receiver.forget()
    with processes(command):
        arrivals = sorted(receiver.wait_for(count, 120).values())
        time.sleep(1)
    assert len(arrivals) == count, len(arrivals)
    return count / (arrivals[-1] - arrivals[0])
