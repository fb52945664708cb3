"""The two reports that a service provider owes OpenPeppol each month, read and judged.

The End User Statistics Report (EUSR 1.1) counts the companies that sent or received, the
Transaction Statistics Report (TSR 1.0) the exchanges. Whatever rules and schema an installed
official release has for them judge them; what is looked at besides holds without any.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lxml import etree

from peppol.invoices import reading
from peppol.rules import engine, installed, kinds, sets
from tenants.errors import DomainError

EUSR, TSR = "eusr", "tsr"
CUSTOMIZATIONS = {EUSR: kinds.END_USERS, TSR: kinds.TRANSACTIONS}
# The figures of a whole month, by the path to each.
_FIGURES = {
    EUSR: {
        "sending": "{*}FullSet/{*}SendingEndUsers",
        "receiving": "{*}FullSet/{*}ReceivingEndUsers",
        "either": "{*}FullSet/{*}SendingOrReceivingEndUsers",
    },
    TSR: {"incoming": "{*}Total/{*}Incoming", "outgoing": "{*}Total/{*}Outgoing"},
}
_START, _END = "{*}Header/{*}ReportPeriod/{*}StartDate", "{*}Header/{*}ReportPeriod/{*}EndDate"


@dataclass(frozen=True)
class Report:
    """A report as it was read: what it follows, its first and last day, and its sums."""

    customization: str
    start: str
    end: str
    figures: Mapping[str, int]
    root: etree._Element


def read(kind: str, content: bytes) -> Report:
    """Read a report of a kind. Raises DomainError for what is no XML."""
    root = reading.parse(content)
    figures = {
        name: int(text)
        for name, path in _FIGURES[kind].items()
        if (text := (root.findtext(path) or "").strip()).isdecimal()
    }
    return Report(
        (root.findtext("{*}CustomizationID") or "").strip(),
        (root.findtext(_START) or "").strip(),
        (root.findtext(_END) or "").strip(),
        figures,
        root,
    )


def judge(kind: str, content: bytes, first: date, last: date) -> list[str]:
    """What a report of these days has against it, a sentence each."""
    try:
        report = read(kind, content)
    except DomainError as refusal:
        return [refusal.message]
    return [*_plain(kind, report, first, last), *_official(report)]


def is_judged_officially() -> bool:
    """Whether an installed release has rules for reports."""
    return _release() is not None


def _plain(kind: str, report: Report, first: date, last: date) -> Iterator[str]:
    if report.customization != CUSTOMIZATIONS[kind]:
        yield f"It says that it follows “{report.customization}”."
    if (report.start, report.end) != (first.isoformat(), last.isoformat()):
        yield f"It is of {report.start} to {report.end}, not of {first} to {last}."
    missing = set(_FIGURES[kind]) - set(report.figures)
    if missing:
        yield f"It has no figures for {', '.join(sorted(missing))}."
    elif kind == EUSR:
        sending, receiving, either = (report.figures[n] for n in _FIGURES[EUSR])
        if not max(sending, receiving) <= either <= sending + receiving:
            yield f"{either} end users cannot be {sending} who sent and {receiving} who received."


def _official(report: Report) -> Iterator[str]:
    release = _release()
    if release is None:
        return
    for schema in release.schemas:
        tree = etree.fromstring(schema)
        if tree.get("targetNamespace") == etree.QName(report.root).namespace:
            found = etree.XMLSchema(tree)
            if not found.validate(report.root):
                log = list(found.error_log)  # type: ignore[call-overload]
                yield from (str(one.message) for one in log[:20])
    judged_by = dict(release.kinds).get(report.customization, ())
    for breach in engine.run(judged_by, etree.tostring(report.root, encoding="unicode")):
        if breach.fatal:
            yield f"[{breach.rule}] {breach.message}"


def _release() -> installed.Installed | None:
    """The latest release in force that has rules for both."""
    fitting = [
        one
        for one in installed.releases()
        if set(CUSTOMIZATIONS.values()) <= set(dict(one.kinds))
        and one.mandatory_from <= sets.today()
    ]
    return max(fitting, key=lambda one: one.mandatory_from, default=None)
