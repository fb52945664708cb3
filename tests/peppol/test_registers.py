"""Registers: the KBO import, and look-ups by number."""

import csv
import io
import zipfile

import pytest
from django.core.management import CommandError, call_command

from peppol.models import RegisteredCompany, RegisterImport
from peppol.registers import companies, kbo
from tenants.errors import Invalid

HEADERS = {
    "meta": "Variable,Value",
    "enterprise": "EnterpriseNumber,Status,JuridicalSituation,TypeOfEnterprise,JuridicalForm,"
    "JuridicalFormCAC,StartDate",
    "denomination": "EntityNumber,Language,TypeOfDenomination,Denomination",
    "address": "EntityNumber,TypeOfAddress,CountryNL,CountryFR,Zipcode,MunicipalityNL,"
    "MunicipalityFR,StreetNL,StreetFR,HouseNumber,Box,ExtraAddressInfo,DateStrikingOff",
}
COLRUYT, BAKERY = "0400.378.485", "0403.170.701"


def seat(number, street, house, zipcode, city, french=""):
    return [number, "REGO", "", "", zipcode, city, french, street, "", house, "", "", ""]


FULL = {
    "meta": [
        ["SnapshotDate", "02-10-2026"],
        ["ExtractTimestamp", "04-10-2026 07:29:52"],
        ["ExtractType", "full"],
        ["ExtractNumber", "140"],
        ["Version", "R018.00"],
    ],
    "enterprise": [
        [COLRUYT, "AC", "000", "2", "014", "", "01-01-1928"],
        [BAKERY, "AC", "000", "2", "610", "", "09-08-1960"],
    ],
    "denomination": [
        [COLRUYT, "2", "001", "Colruyt Group"],
        [COLRUYT, "1", "001", "Groupe Colruyt"],
        [COLRUYT, "2", "003", "Colruyt"],
        ["2.000.000.339", "2", "001", "A branch"],
        [BAKERY, "2", "001", 'Bakkerij "Peeters", Gent'],
    ],
    "address": [
        seat(COLRUYT, "Edingensesteenweg", "196", "1500", "Halle"),
        ["2.000.000.339", "BAET", *[""] * 11],
    ],
}


def extract(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in files.items():
            header = HEADERS[name.partition("_")[0]].split(",")
            if name.endswith("_delete"):
                header = header[:1]
            text = io.StringIO()
            writer = csv.writer(text, quoting=csv.QUOTE_ALL)
            writer.writerows([header, *rows])
            archive.writestr(f"{name}.csv", text.getvalue())
    return str(path)


@pytest.fixture
def imported(db, tmp_path):
    return kbo.import_extract(extract(tmp_path / "full.zip", FULL))


def test_a_full_extract_gives_names_by_language_address_and_status(imported):
    found = companies.look_up("BE", "BE 0400.378.485")
    assert dict(found.names) == {"nl": "Colruyt Group", "fr": "Groupe Colruyt"}
    assert (found.street, found.postal_code, found.city, found.status) == (
        "Edingensesteenweg 196",
        "1500",
        "Halle",
        "active",
    )
    assert companies.look_up("BE", BAKERY).name == 'Bakkerij "Peeters", Gent'
    assert RegisteredCompany.objects.count() == 2


UPDATE = {
    "meta": [["SnapshotDate", "03-10-2026"], ["ExtractType", "update"], ["ExtractNumber", "141"]],
    "enterprise_delete": [[BAKERY]],
    "enterprise_insert": [
        ["0999.999.922", "AC", "000", "2", "610", "", "03-10-2026"],
        [COLRUYT, "AC", "000", "2", "014", "", "01-01-1928"],
    ],
    "denomination_delete": [],
    "denomination_insert": [
        ["0999.999.922", "3", "001", "Neue GmbH"],
        [COLRUYT, "2", "001", "Colruyt Renamed"],
    ],
    "address_delete": [],
    "address_insert": [],
}


def test_an_update_deletes_inserts_and_renames(imported, tmp_path):
    kbo.import_extract(extract(tmp_path / "update.zip", UPDATE))
    assert not RegisteredCompany.objects.filter(pk="0403170701").exists()
    assert companies.look_up("BE", "0999999922").names == {"de": "Neue GmbH"}
    assert companies.look_up("BE", COLRUYT).names == {"nl": "Colruyt Renamed"}


def update(number, **files):
    empty = {name: [] for name in UPDATE if name != "meta"}
    return {"meta": [["ExtractType", "update"], ["ExtractNumber", str(number)]], **empty, **files}


def test_an_enterprise_that_changed_keeps_its_name_and_address(imported, tmp_path):
    changed = update(141, enterprise_delete=[[COLRUYT]], enterprise_insert=[FULL["enterprise"][0]])
    kbo.import_extract(extract(tmp_path / "update.zip", changed))
    found = companies.look_up("BE", COLRUYT)
    assert (found.names["nl"], found.city) == ("Colruyt Group", "Halle")


def test_names_and_addresses_that_were_deleted_are_forgotten(imported, tmp_path):
    gone = update(141, denomination_delete=[[COLRUYT]], address_delete=[[COLRUYT]])
    kbo.import_extract(extract(tmp_path / "update.zip", gone))
    company = RegisteredCompany.objects.get(pk="0400378485")
    assert (company.names, company.street, company.city) == ({}, "", "")


@pytest.mark.parametrize("number", [139, 142])
def test_an_update_that_does_not_follow_is_refused(imported, tmp_path, number):
    with pytest.raises(Invalid, match="does not follow"):
        kbo.import_extract(extract(tmp_path / "update.zip", update(number)))


def test_a_full_extract_begins_anew_after_an_update_of_its_number_was_cut_short(imported, tmp_path):
    RegisterImport.objects.create(extract=141, kind="update", step="address_insert", rows=7)
    full = {**FULL, "meta": [["ExtractType", "full"], ["ExtractNumber", "141"]]}
    kbo.import_extract(extract(tmp_path / "full.zip", full))
    assert RegisteredCompany.objects.filter(extract=141).count() == 2


def test_an_update_waits_for_a_full_extract_of_its_number_to_be_finished(imported, tmp_path):
    RegisterImport.objects.create(extract=141, kind="full", step="enterprise", rows=1)
    with pytest.raises(Invalid, match="not finished"):
        kbo.import_extract(extract(tmp_path / "update.zip", update(141)))


def test_a_later_full_extract_forgets_what_is_gone(imported, tmp_path):
    later = {
        **FULL,
        "meta": [["ExtractType", "full"], ["ExtractNumber", "170"]],
        "enterprise": FULL["enterprise"][:1],
    }
    kbo.import_extract(extract(tmp_path / "later.zip", later))
    assert list(RegisteredCompany.objects.values_list("number", flat=True)) == ["0400378485"]


def test_an_import_that_was_cut_short_goes_on(db, tmp_path, monkeypatch):
    monkeypatch.setattr(kbo, "BATCH", 2)
    path = extract(tmp_path / "full.zip", FULL)

    def pull_the_plug(step, rows):
        if (step, rows) == ("denomination", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kbo.import_extract(path, progress=pull_the_plug)
    steps = []
    kbo.import_extract(path, progress=lambda step, rows: steps.append((step, rows)))
    assert steps[0] == ("denomination", 2)
    assert dict(companies.look_up("BE", COLRUYT).names) == {
        "nl": "Colruyt Group",
        "fr": "Groupe Colruyt",
    }
    steps.clear()
    kbo.import_extract(path, progress=lambda step, rows: steps.append(step))
    assert steps == [] and RegisterImport.objects.get().finished_at


@pytest.mark.parametrize(
    "files, said",
    [
        ({}, "meta.csv is missing"),
        ({"meta": [["ExtractType", "full"]]}, "which extract"),
        ({"meta": [["ExtractType", "half"], ["ExtractNumber", "1"]]}, "neither"),
        ({"meta": FULL["meta"]}, "enterprise.csv is missing"),
        (UPDATE, "does not follow"),
    ],
)
def test_what_is_no_extract_is_refused_in_words(db, tmp_path, files, said):
    with pytest.raises(CommandError, match=said):
        call_command("import_kbo", extract(tmp_path / "x.zip", files))


def test_a_file_that_is_no_archive_is_refused(db, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(Invalid, match="cannot be read"):
        kbo.import_extract(str(tmp_path / "x.zip"))


def test_the_sandbox_makes_unknown_companies_up_and_says_so(db, settings):
    found = companies.look_up("BE", "0123456789")
    assert found.synthetic and "0123456789" in found.name
    assert companies.names_of("BE", "0123456789") == {}
    settings.PEPPOL_NETWORK = "production"
    with pytest.raises(companies.UnknownCompany):
        companies.look_up("BE", "0123456789")


def test_where_there_is_no_register_nothing_is_known(db):
    assert companies.look_up("SA", "1") is None
