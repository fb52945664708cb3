"""The sandbox access point's monthly reports to OpenPeppol, made of what went through it."""

from datetime import UTC, datetime, timedelta

from lxml import etree
from lxml.builder import ElementMaker

from peppol.code_lists import TRANSPORT_PROFILE
from peppol.document_types import uri_of
from peppol.sandbox.models import Transmission

_SEAT = "PSB000001"
# What each column of a transmission is called as a key.
_KEYS = ("", "cenbii-procid-ubl", "", "", "SenderCountry", "ReceiverCountry")
_PROFILE = "urn:fdc:peppol.eu:edec:bis:reporting:1.0"
_EUSR, _TSR = (
    ElementMaker(namespace=uri, nsmap={None: uri})
    for uri in (
        "urn:fdc:peppol:end-user-statistics-report:1.1",
        "urn:fdc:peppol:transaction-statistics-report:1.0",
    )
)


def made(kind: str, year: int, month: int) -> bytes:
    """The report of a month: `eusr` or `tsr`."""
    start = datetime(year, month, 1, tzinfo=UTC)
    end = (start + timedelta(days=31)).replace(day=1)
    sent = Transmission.objects.filter(status="sent", created_at__gte=start, created_at__lt=end)
    columns = ("document_type", "process", "sender", "receiver", "country_c1", "country_c4")
    rows = [(*row[:5], row[5] or row[4]) for row in sent.values_list(*columns)]
    make = _end_users if kind == "eusr" else _transactions
    root = make(rows, start, end - timedelta(days=1))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _end_users(rows: list[tuple[str, ...]], start: datetime, end: datetime) -> etree._Element:
    named = "urn:fdc:peppol.eu:edec:trns:end-user-statistics-report:1.1"
    root = _head(_EUSR, "EndUserStatisticsReport", named, start, end)
    root.append(_EUSR.FullSet(*_users(rows)))
    for kind, places in (("PerDT-PR", (0, 1)), ("PerDT-EUC", (0, 4)), ("PerEUC", (4,))):
        for values in dict.fromkeys(tuple(row[n] for n in places) for row in rows):
            of = [row for row in rows if tuple(row[n] for n in places) == values]
            keys = [_key(_EUSR, n, value) for n, value in zip(places, values, strict=True)]
            root.append(_EUSR.Subset(*keys, *_users(of), type=kind))
    return root


def _users(rows: list[tuple[str, ...]]) -> list[etree._Element]:
    senders, receivers = {row[2] for row in rows}, {row[3] for row in rows}
    return [
        _EUSR.SendingEndUsers(str(len(senders))),
        _EUSR.ReceivingEndUsers(str(len(receivers))),
        _EUSR.SendingOrReceivingEndUsers(str(len(senders | receivers))),
    ]


def _transactions(rows: list[tuple[str, ...]], start: datetime, end: datetime) -> etree._Element:
    """In the sandbox whatever goes out comes in: at its one access point."""
    named = "urn:fdc:peppol.eu:edec:trns:transaction-statistics-reporting:1.0"
    root = _head(_TSR, "TransactionStatisticsReport", named, start, end)
    root.append(_TSR.Total(*_counts(rows)))
    if rows:
        key = _TSR.Key(TRANSPORT_PROFILE, metaSchemeID="TP", schemeID="Peppol")
        root.append(_TSR.Subtotal(key, *_counts(rows), type="PerTP"))
    for kind, places in (("PerSP-DT-PR", (0, 1)), ("PerSP-DT-PR-CC", (0, 1, 4, 5))):
        for values in dict.fromkeys(tuple(row[n] for n in places) for row in rows):
            of = [row for row in rows if tuple(row[n] for n in places) == values]
            keys = [_key(_TSR, n, value) for n, value in zip(places, values, strict=True)]
            provider = _TSR.Key(_SEAT, metaSchemeID="SP", schemeID="CertSubjectCN")
            # Where something goes on from the receiver's access point, nobody can know.
            counts = [_TSR.Incoming(str(len(of))), _TSR.Outgoing("0")]
            counts = counts if kind.endswith("-CC") else _counts(of)
            root.append(_TSR.Subtotal(provider, *keys, *counts, type=kind))
    return root


def _counts(rows: list[tuple[str, ...]]) -> list[etree._Element]:
    return [_TSR.Incoming(str(len(rows))), _TSR.Outgoing(str(len(rows)))]


def _key(make: ElementMaker, place: int, value: str) -> etree._Element:
    scheme, meta = _KEYS[place], "DT" if place == 0 else "PR" if place == 1 else "CC"
    if place == 0:
        scheme, _, value = uri_of(value).partition("::")
    if make is _EUSR and place > 1:
        scheme = "EndUserCountry"
    made: etree._Element = make("Key", value, metaSchemeID=meta, schemeID=scheme)
    return made


def _head(
    make: ElementMaker, name: str, customization: str, start: datetime, end: datetime
) -> etree._Element:
    head: etree._Element = make(
        name,
        make.CustomizationID(customization),
        make.ProfileID(_PROFILE),
        make.Header(
            make.ReportPeriod(make.StartDate(f"{start:%Y-%m-%d}"), make.EndDate(f"{end:%Y-%m-%d}")),
            make.ReporterID(_SEAT, schemeID="CertSubjectCN"),
        ),
    )
    return head
