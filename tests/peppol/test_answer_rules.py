"""Every answer that we write is right by the official rules of the Invoice Response (T111)."""

from datetime import date
from zipfile import ZipFile

import pytest
from lxml import etree
from saxonche import PySaxonProcessor

from peppol.invoices.answering import About, Answer, Corner, write
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
def judge(tmp_path_factory):
    """What the official rules have against an answer."""
    sheet = tmp_path_factory.mktemp("t111") / "t111.xslt"
    with ZipFile(JAR) as jar:
        names = sorted(name for name in jar.namelist() if name.endswith("PEPPOLBIS-T111.xslt"))
        sheet.write_bytes(jar.read(names[-1]))
    processor = PySaxonProcessor(license=False)
    compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))

    def judge(document: bytes) -> list[str]:
        node = processor.parse_xml(xml_text=document.decode().partition("?>")[2])
        report = etree.fromstring(compiled.transform_to_string(xdm_node=node).encode())
        return [failed.get("id") for failed in report.iter("{*}failed-assert")]

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
    assert judge(document) == []
