"""Signs of life of the background processes, and what all processes have in common."""

from django.db import models


class Heartbeat(models.Model):
    """When a background process was last seen at work."""

    name = models.CharField(max_length=64, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.beat_at:%Y-%m-%d %H:%M:%S}"


class Stamp(models.Model):
    """The mark of a place or a secret that all processes of the installation share."""

    name = models.CharField(max_length=64, primary_key=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
