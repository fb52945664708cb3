"""The same addresses without any middleware: what Django itself takes for a row."""

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402

settings.MIDDLEWARE = []
application = WSGIHandler()
