"""Loops over rows of many: what one of them raises keeps none of the others waiting.

It is written down with the row, for the operator to see, and the loop goes on.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from billiard.exceptions import SoftTimeLimitExceeded
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from tenants import persistence
from tenants.models import Trouble
from tenants.outside_text import without_secrets

logger = logging.getLogger(__name__)
Row = TypeVar("Row")
_KEPT = timedelta(days=7)


def each(
    work: str,
    rows: Iterable[Row],
    step: Callable[[Row], object],
    *,
    of: Callable[[Row], object] = lambda row: row,
) -> int:
    """Take `step` with each of `rows`, and return with how many it went well.

    `work` says in a few words what is done, to whoever reads what went wrong; `of`, of which row
    in the database, where `rows` are something else.
    """
    troubled = set(Trouble.objects.filter(work=work).values_list("model", "key"))
    done = 0
    for row in rows:
        try:
            step(row)
        except SoftTimeLimitExceeded:
            # The worker's time is over, which is no fault of the row's.
            raise
        except Exception as error:
            note(work, of(row), error)
            continue
        done += 1
        if (name := _name(of(row))) in troubled:
            Trouble.objects.filter(work=work, model=name[0], key=name[1]).delete()
    return done


def steps(**steps: Callable[[], object]) -> None:
    """Take each of the named steps of one task, whatever becomes of those before."""
    for name, step in steps.items():
        each(name.replace("_", " "), [step], lambda one: one())


def note(work: str, row: object, error: Exception) -> None:
    """Write down what `work` met at `row`; what it met before is counted."""
    logger.error("%s: %r: %s", work, row, error, exc_info=error)
    model, key = _name(row)
    said = persistence.printable(without_secrets(f"{type(error).__name__}: {error}"))[:255]
    now = timezone.now()
    with transaction.atomic():
        mine = Trouble.objects.filter(work=work, model=model, key=key)
        if mine.update(said=said, met_at=now, count=F("count") + 1):
            return
        called = persistence.printable(str(row))[:255] if model else ""
        Trouble.objects.get_or_create(
            work=work,
            model=model,
            key=key,
            defaults={"row": called, "said": said, "since": now, "met_at": now},
        )


def tidy() -> int:
    """Forget what was not met for a week; how many troubles."""
    return Trouble.objects.filter(met_at__lt=timezone.now() - _KEPT).delete()[0]


def _name(row: object) -> tuple[str, str]:
    return (row._meta.label_lower, str(row.pk)) if isinstance(row, models.Model) else ("", "")
