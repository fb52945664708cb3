"""Every answer and status that we write is right by the official rules (T111, MLS)."""

from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from lxml import etree

from peppol.invoices import status_writing
from peppol.invoices.answering import About, Answer, Corner, write
from peppol.invoices.reading import parse
from peppol.invoices.status_writing import Issue
from peppol.rules import engine, schemas
from tests.peppol.judged import JAR, needs_official

ON = date(2026, 11, 20)
ANSWERS = [
    Answer("AB"),
    Answer("IP", note="Next week."),
    Answer("UQ", ("REF",), ("PIN",), "Which order?"),
    Answer("CA", ("PAY",), effective_on=ON),
    Answer("RE", ("PRI", "QTY"), ("NIN", "CNF"), "Two euro were agreed."),
    Answer("AP"),
    Answer("PD", text="With thanks."),
]


@pytest.fixture(scope="module")
def judge():
    """What a published stylesheet has against an answer."""

    def judge(name: str, document: bytes) -> list[str]:
        root = parse(document)
        with ZipFile(JAR) as jar:
            names = sorted(one for one in jar.namelist() if one.endswith(name))
            sheet = engine.Sheet(names[-1], jar.read(names[-1]))
        found = engine.run([sheet], etree.tostring(root, encoding="unicode"))
        return [breach.rule for breach in (*schemas.breaches(root), *found)]

    return judge


@needs_official
@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.code)
def test_an_answer_breaks_no_rule(judge, answer):
    document = write(
        "IR-1",
        answer,
        about=About("2026-0042", "380", ON),
        sender=Corner("0208:0403170701", "Bakkerij Peeters BV"),
        receiver=Corner("9957:FR86797978996", "Studio Lumière SARL"),
        on=ON,
    )
    assert judge("PEPPOLBIS-T111.xslt", document) == []


@needs_official
@pytest.mark.parametrize("code", ["AB", "AP", "RE"])
def test_a_status_breaks_no_rule(judge, code):
    rejected = code == "RE"
    document = status_writing.write(
        "MLS-1",
        code,
        about="90f14eff-3705-4869-ad3c-caae270a234e",
        sender="0242:000001",
        receiver="0242:000002-EB2B.KSEF",
        at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        text="Rejected" if rejected else "",
        issues=[Issue("SV", "A comma"), Issue("BW", "Odd", "/Invoice[1]")] if rejected else (),
    )
    assert judge("peppol-mls-1.0.0.xslt", document) == []
