"""The WSGI entry point, for granian or any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Somebody waits for what is asked here, unlike what workers and commands ask.
os.environ["GATEHOUSE_ANSWERS_REQUESTS"] = "1"
_django = get_wsgi_application()

from config import startup  # noqa: E402 — it reads what Django has set up
from config.request_bodies import WholeBodies  # noqa: E402

startup.prepare_or_exit()
startup.warm_rules()

application = WholeBodies(_django)
