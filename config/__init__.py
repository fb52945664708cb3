"""What the apps are assembled with: settings, URLs, Celery, commands and the five surfaces."""

from config.celery import app as celery

__all__ = ["celery"]
