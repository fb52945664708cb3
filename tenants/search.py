"""Finding rows by what people type: any part of a word, a number in whatever spelling.

    search.declare(Organization, "name", "vat_number")
    search.narrow(Organization.objects.under(platform), "be 0403.170.701", within=platform)

Accents, case, dots and blanks are nothing to go by, nor is a country or a scheme in front of a
number. A declared row's words are written in the transaction that writes the row.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.signals import post_delete, post_save

from tenants.models import Organization
from tenants.models.search import SearchWord
from tenants.postgresql.statements import Statement
from tenants.search_text import folded

_Rows = TypeVar("_Rows", bound="models.QuerySet[Any, Any]")
_LONGEST = 40
# The ends of a word that are shorter are in every other word too.
_SHORTEST_END = 3
_CHUNK = 500
# A word that no more rows have is rare; of a common one so many rows are looked at, so often.
_RARE = _WINDOW = 1000
_WINDOWS = 10
_DIGIT = re.compile(rb"\d")
_NO_WORD = re.compile(r"[\W_]+")
_SCHEME = re.compile(r"^\d{4}\s*:\s*")
# A country, or none, and then digits, with anything but letters between them.
_NUMBER = re.compile(r"(?:[a-z]{2})?[\s.]*((?:\d[\s./-]*){5,})")
_WHOSE = ("organization_id", "platform_id", "kind", "row_id")
_INSERT = Statement(
    "INSERT INTO tenants_searchword (organization_id, platform_id, kind, row_id, word)"
    " SELECT %s::uuid, %s::uuid, %s::text, %s::uuid, unnest(%s::bytea[])",
    "words_of_a_row",
    [True] * 5,
)

_declared: dict[str, tuple[str, ...]] = {}


def declare(model: type[models.Model], *fields: str) -> None:
    """Have rows of `model`, which have an organization or are one, be found by these fields."""
    _declared[model._meta.label_lower] = fields
    # Nobody listens to what becomes of other rows: they are deleted without being read.
    for called in (one for one in apps.get_models() if one._meta.concrete_model is model):
        name = f"tenants.search.{called._meta.label_lower}"
        post_save.connect(saved, sender=called, dispatch_uid=name)
        post_delete.connect(deleted, sender=called, dispatch_uid=name)


def is_declared(model: type[models.Model]) -> bool:
    """Whether rows of `model` are found by words of theirs."""
    return _kind(model) in _declared


def narrow(
    rows: _Rows, text: str, *, within: Organization | None = None, or_organization: bool = False
) -> _Rows:
    """Those of `rows` that every word of `text` is found in, or found in their organization.

    `within` is whose rows they are, with those of its companies; it decides nothing, and is quick.
    """
    words = SearchWord.objects.visible_to(within) if within else SearchWord.objects.all()
    wanted = asked(text)
    if text.strip() and not wanted:
        return rows.none()
    number = next((word for word in wanted if _DIGIT.search(word)), None)
    for word in wanted:
        found = words.filter(word__gte=word, word__lt=word + b"\xff")
        if not or_organization:
            theirs = found.filter(kind=_kind(rows.model)).values("row_id")
            rows = rows.filter(pk__in=theirs)
        elif number is None:
            rows = rows.filter(_of_either(found, rows.model))
        elif word == number:
            rows = rows.filter(pk__in=_gathered(found, rows.model))
        else:
            rows = rows.filter(_has(found, rows.model))
    return rows


def containing(rows: _Rows, text: str, *, within: Organization) -> _Rows:
    """Those of `rows` that may have `text` in one of their texts, and never fewer: what is then
    compared letter by letter is a part of the table, not all of it."""
    for found in _words_in(text, rows.model, within):
        rows = rows.filter(pk__in=found.values("row_id"))
    return rows


def newest(
    rows: Any, most: int, *, text: str, condition: models.Q, within: Organization
) -> list[Any]:
    """The newest of `rows` of which `condition` is true, which holds for some that `containing`
    finds. A database thinks that few rows contain anything, and would look at them all: here
    the few that have a rare word are looked at, and of a common one the newest, some at a time.
    """
    for words in _words_in(text, rows.model, within):
        few = list(words.values_list("row_id", flat=True)[: _RARE + 1])
        if len(few) <= _RARE:
            return list(rows.filter(condition, pk__in=few).order_by("-pk")[:most])
    found: list[Any] = []
    for _ in range(_WINDOWS):
        ids = list(rows.order_by("-pk").values_list("pk", flat=True)[:_WINDOW])
        found += rows.filter(condition, pk__in=ids).order_by("-pk")[: most - len(found)]
        if len(found) == most or len(ids) < _WINDOW:
            return found
        rows = rows.filter(pk__lt=ids[-1])
    rest = containing(rows, text, within=within).filter(condition)
    return [*found, *rest.order_by("-pk")[: most - len(found)]]


def _words_in(text: str, model: type[models.Model], within: Organization) -> list[Any]:
    """For each word in `text`, those of the table that begin with it."""
    words = SearchWord.objects.visible_to(within).filter(kind=_kind(model))
    # Of a word an end of this length is found; of what has signs in it, only the parts are.
    parts = [part for part in folded(text).split() if len(part) >= _SHORTEST_END]
    wanted = [_cut(part) for part in parts if not _NO_WORD.search(part)]
    return [words.filter(word__gte=word, word__lt=word + b"\xff") for word in wanted]


# Many have the word "bakery", and few a number. Of the many the first that a list shows are found
# soon, whatever is looked at; the few are gathered, and what else they have is looked for in them.


def _of_either(found: Any, model: type[models.Model]) -> models.Q:
    owners = found.filter(kind=_kind(Organization)).values("row_id")
    own = found.filter(kind=_kind(model)).values("row_id")
    return models.Q(pk__in=own) | models.Q(organization__in=owners)


def _gathered(found: Any, model: type[models.Model]) -> Any:
    owners = found.filter(kind=_kind(Organization)).values("row_id")
    theirs = model._default_manager.filter(organization__in=owners).order_by().values("pk")
    return found.filter(kind=_kind(model)).values("row_id").union(theirs)


def _has(found: Any, model: type[models.Model]) -> models.Q:
    own = found.filter(kind=_kind(model), row_id=models.OuterRef("pk"))
    owners = found.filter(kind=_kind(Organization), row_id=models.OuterRef("organization"))
    return models.Q(models.Exists(own)) | models.Q(models.Exists(owners))


def asked(text: str) -> list[bytes]:
    """The words that a person looks for; a number is one, however it is written."""
    plain = _SCHEME.sub("", folded(text).strip())
    number = _NUMBER.fullmatch(plain)
    parts = [number[1]] if number else plain.split()
    words = (_NO_WORD.sub("", part) for part in parts)
    return [_cut(word) for word in words if word]


def words_of(texts: Iterable[Any]) -> set[bytes]:
    """The words of some texts, whole and joined, and the ends of each."""
    found = set()
    for part in (part for text in texts for part in folded(str(text or "")).split()):
        joined = _NO_WORD.sub("", part)
        # Of what was joined the ends are nobody's words, unless it is a number with dots.
        whole = [joined] if _NUMBER.fullmatch(part) else []
        found.add(_cut(joined))
        for word in (*whole, *_NO_WORD.split(part)):
            ends = range(1, len(word) - _SHORTEST_END + 1)
            found |= {_cut(word), *(_cut(word[start:]) for start in ends)}
    return found - {b""}


def keep(row: Any) -> None:
    """Write the words of a row anew."""
    with transaction.atomic():
        forget(row)
        _write(row)


def forget(row: Any) -> None:
    """Find a row no more."""
    SearchWord.objects.filter(row_id=row.pk).delete()


def rebuild(model: type[models.Model], fields: tuple[str, ...] = (), known: Any = None) -> None:
    """Write the words of all rows there are; `model` and `known` may be of a migration."""
    kind, batch = model._meta.label_lower, []
    words: Any = known.get_model("tenants", "SearchWord") if known else SearchWord
    words.objects.filter(kind=kind).delete()
    for row in model._default_manager.order_by("pk").iterator(chunk_size=_CHUNK):
        batch += [words(**facts) for facts in _facts(row, kind, fields)]
        if len(batch) > _CHUNK * 20:
            words.objects.bulk_create(batch, batch_size=_CHUNK * 4)
            batch = []
    words.objects.bulk_create(batch, batch_size=_CHUNK * 4)


def facts_of(row: Any) -> Iterator[dict[str, Any]]:
    """The columns of every word that a row is found by."""
    return _facts(row, _kind(type(row)))


def _write(row: Any) -> None:
    facts = list(facts_of(row))
    if connection.vendor != "postgresql":
        SearchWord.objects.bulk_create(SearchWord(**one) for one in facts)
    elif facts:
        # One parameter for all words: those of three rows come with every company.
        words = [one["word"] for one in facts]
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [*(facts[0][name] for name in _WHOSE), words])


def _facts(row: Any, kind: str, fields: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    if hasattr(row, "organization_id"):
        whose, platform = row.organization_id, row.platform_id
    else:
        whose, platform = row.pk, row.parent_id or row.pk
    facts = {"organization_id": whose, "platform_id": platform, "kind": kind, "row_id": row.pk}
    texts = [getattr(row, name) for name in fields or _declared[kind]]
    return ({**facts, "word": word} for word in sorted(words_of(texts)))


def saved(sender: Any, instance: Any, created: bool, update_fields: Any, **_: Any) -> None:
    """After a row was written: its words, where any of them may be another."""
    fields = _declared.get(_kind(sender), ())
    if created and fields:
        _write(instance)
    elif fields and (update_fields is None or not set(fields).isdisjoint(update_fields)):
        keep(instance)


def deleted(sender: Any, instance: Any, **_: Any) -> None:
    """After a row was deleted."""
    if _kind(sender) in _declared:
        forget(instance)


def _kind(model: type[models.Model]) -> str:
    concrete = model._meta.concrete_model or model
    return concrete._meta.label_lower


def _cut(word: str) -> bytes:
    return word.encode()[:_LONGEST]
