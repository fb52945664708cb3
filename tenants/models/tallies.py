"""How many rows of a kind a platform has in each state, as the writes of those rows keep it."""

from django.db import models
from django.utils.translation import gettext_noop

from tenants.models.organizations import Environment, Organization


class Tally(models.Model):
    """A number that adds to those of its kind: so many more, or fewer, rows in a state.

    Every write adds a row of its own, so that none waits for another; `tenants.tallies` folds
    them into one.
    """

    id = models.BigAutoField(primary_key=True)
    # The platform, or the organization that nobody manages. It is written by the database itself,
    # which need not look whether it is there.
    organization = models.ForeignKey(
        Organization,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    subject = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    environment = models.CharField(max_length=4, choices=Environment)
    number = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "subject", "state", "environment"],
                name="tenants_tally_of_platform",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(number=0),
                name="tenants_tally_of_some",
                violation_error_message=gettext_noop("A tally adds something."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number:+} {self.subject} {self.state}"
