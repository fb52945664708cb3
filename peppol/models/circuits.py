"""Circuit breakers: whether a service of the network is worth calling at the moment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CircuitQuerySet(models.QuerySet["Circuit"]):
    """Reads of circuits."""

    def broken(self) -> "CircuitQuerySet":
        """Circuits that hold calls back."""
        return self.exclude(state=Circuit.State.CLOSED)


class Circuit(models.Model):
    """What all workers together know about a remote service's health.

    Closed lets calls through. Open holds them until `next_probe_at`, when one worker may try;
    while it does the circuit is half open, and `next_probe_at` is when the next may if it dies.
    """

    class State(models.TextChoices):
        CLOSED = "closed", _("Closed")
        OPEN = "open", _("Open")
        HALF_OPEN = "half_open", _("Half open")

    class Trouble(models.TextChoices):
        """What keeps calls back, so that one knows when it is over."""

        SILENCE = "silence", _("It does not answer")
        CREDENTIALS = "credentials", _("It does not accept our credentials")
        WRITING = "writing", _("It takes no changes at the moment")

    name = models.CharField(max_length=255, primary_key=True)
    state = models.CharField(max_length=9, choices=State, default=State.CLOSED)
    trouble = models.CharField(
        max_length=11,
        choices=Trouble,
        default=Trouble.SILENCE,
        db_default="silence",
        verbose_name=_("Trouble"),
    )
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    last_error = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    next_probe_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CircuitQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name}: {self.get_state_display()}"
