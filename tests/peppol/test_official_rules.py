"""The built-in rules say what the official release says, which can be installed and then judges."""

import json
import zipfile
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from peppol.models import RuleRelease
from peppol.rules import engine, examples, installed, judging, kinds, published, sets
from peppol.services import rule_releases
from tenants.errors import Invalid
from tests.peppol.judged import JAR, OFFICIAL, billing, needs_official, put
from tests.peppol.test_rules import CHANGED

pytestmark = pytest.mark.django_db
EXAMPLES = sorted(OFFICIAL.glob("examples/openpeppol/2026.5/billing/*.xml")) + sorted(
    OFFICIAL.glob("examples/openpeppol/*/SB-*.xml")
)
# A sheet that finds nothing, and one that finds the missing reference of the buyer.
SHEET = """<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:svrl="http://purl.oclc.org/dsdl/svrl"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <xsl:template match="/"><svrl:schematron-output>%s</svrl:schematron-output></xsl:template>
</xsl:stylesheet>"""
SILENT = SHEET % ""
STRICT = SHEET % (
    '<xsl:if test="not(/*/cbc:BuyerReference)"><svrl:failed-assert id="X-1" flag="fatal" '
    'location="/"><svrl:text>The reference is missing.</svrl:text></svrl:failed-assert></xsl:if>'
)


@pytest.fixture(autouse=True)
def asked_anew():
    installed.forget()
    yield
    installed.forget()


def release(tmp_path, **sheets):
    path = tmp_path / "release.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in sheets.items():
            packed.writestr(f"xslt/{name.replace('_', '-')}.xslt", text)
    return path


def install(path, **options):
    asked = {"name": "Billing 3.0.22", "number": "2026.11", "mandatory_from": date(2026, 11, 1)}
    return rule_releases.install(path, **asked | options)


def test_an_installed_release_judges_from_its_day_on(tmp_path):
    install(release(tmp_path, CEN_EN16931_UBL=SILENT, PEPPOL_EN16931_UBL=STRICT))
    assert judging.judge(billing()).rule_set == "Billing 3.0.22, release 2026.11"
    before = sets.in_force(kinds.BILLING, date(2026, 10, 31))
    assert before is not None and not before[0].official
    # What it has no rules for is judged by the built-in set as before.
    mirrored = etree.fromstring(examples.right()[kinds.SELF_BILLING])
    assert judging.judge(mirrored).rule_set.endswith("built in")


def test_a_release_to_come_can_be_asked_already(tmp_path):
    path = release(tmp_path, CEN_EN16931_UBL=SILENT, PEPPOL_EN16931_UBL=STRICT)
    install(path, mandatory_from=date(2090, 1, 1))
    assert judging.judge(billing()).rule_set.endswith("built in")
    assert judging.judge(billing(), next_set=True).rule_set == "Billing 3.0.22, release 2026.11"


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ({"OTHER": SILENT}, "no stylesheets"),
        ({"CEN_EN16931_UBL": SILENT, "PEPPOL_EN16931_UBL": SILENT}, "wrong document"),
        ({"CEN_EN16931_UBL": "<a", "PEPPOL_EN16931_UBL": STRICT}, "CEN-EN16931-UBL.xslt"),
        (
            {
                "CEN_EN16931_UBL": SILENT.replace("xsl:template", "xsl:nonsense"),
                "PEPPOL_EN16931_UBL": STRICT,
            },
            "CEN",
        ),
        (
            {
                "CEN_EN16931_UBL": SILENT,
                "PEPPOL_EN16931_UBL": STRICT.replace("not(", "boolean("),
            },
            "refused with X-1",
        ),
    ],
    ids=["no-rules", "accepts-all", "no-xml", "no-xslt", "refuses-right"],
)
def test_a_release_that_judges_its_examples_wrong_is_not_installed(tmp_path, sheets, sentence):
    with pytest.raises(Invalid, match=sentence):
        install(release(tmp_path, **sheets))
    assert not RuleRelease.objects.exists()


def test_a_release_of_other_kinds_says_what_it_judges(tmp_path):
    path = release(tmp_path, pint=SILENT)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("rules.json", json.dumps({"kinds": {"urn:example:pint": ["pint.xslt"]}}))
    call_command("rules", "install", str(path), name="PINT", mandatory_from=date(2026, 1, 1))
    judged = judging.judge(put(billing(), "CustomizationID", "urn:example:pint:extra"))
    assert judged.rule_set == "PINT, release 2026.01"


def test_a_release_nobody_announced_needs_a_name_and_a_day(tmp_path):
    with pytest.raises(CommandError, match="was not announced"):
        call_command(
            "rules",
            "install",
            str(release(tmp_path, CEN_EN16931_UBL=SILENT, PEPPOL_EN16931_UBL="")),
        )
    with pytest.raises(CommandError, match="no release of rules"):
        call_command("rules", "install", str(tmp_path / "missing.jar"))


def test_the_sets_are_listed(capsys):
    call_command("rules", "list")
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["name"] for one in listed] == ["BIS Billing 3.0.21"]
    assert listed[0]["in_force"] and not listed[0]["official"]


@pytest.fixture(scope="module")
def official():
    contents = next(one for one in published.read(JAR) if one.number == "2026.5")
    return {
        name: tuple(engine.Sheet(f"official/{sheet}", contents.sheets[sheet]) for sheet in sheets)
        for name, sheets in contents.kinds.items()
    }


def verdicts(root, official):
    fitting = kinds.fits(kinds.customization_of(root), official)
    found = engine.run(official[fitting], etree.tostring(root, encoding="unicode"))
    ours = judging.judge(root)
    assert ours.rule_set.endswith("built in")
    return [{(b.rule, b.fatal) for b in breaches} for breaches in (ours.breaches, found)]


@needs_official
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_official_examples_are_judged_as_the_official_release_does(example, official):
    ours, theirs = verdicts(etree.parse(example).getroot(), official)
    assert ours == theirs and not [rule for rule, fatal in ours if fatal]


@needs_official
@pytest.mark.parametrize("change", [change for change, _ in CHANGED.values()], ids=CHANGED)
def test_what_changed_is_judged_as_the_official_release_does(change, official):
    ours, theirs = verdicts(change(billing()), official)
    assert ours == theirs


@needs_official
def test_the_official_release_can_be_installed():
    call_command("rules", "install", str(JAR), examples=OFFICIAL / "examples/openpeppol/2026.5")
    assert judging.judge(billing()).rule_set == "BIS Billing 3.0.21, release 2026.5"
    row = RuleRelease.objects.get()
    assert {kinds.INVOICE_RESPONSE, kinds.MESSAGE_LEVEL_STATUS} <= set(row.kinds)
