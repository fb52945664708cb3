"""Files as other programs write them: what is understood of each, as it stands."""

import io

import pytest
from openpyxl import Workbook

from peppol import spreadsheets
from peppol.services.imports import columns
from peppol.services.imports.lines import Judge

NAMED = {"name": "Atelier Noord"}
DUTCH = {"country": "NL", "vat_number": "NL004495445B01"}
STREET = {"address_line1": "Kade 12", "postal_code": "3011 AA", "city": "Rotterdam"}

# A file, the fields of its company, and words of what is said about it; None where nothing is.
FILES = {
    "a CRM in English": (
        '"Record ID","Company name","Street Address","Street Address 2","City","Postal Code",'
        '"Country/Region","VAT Number"\n"7","Atelier Noord","Kade 12","","Rotterdam","3011 AA",'
        '"Netherlands","NL004495445B01"\n',
        NAMED | DUTCH | STREET,
    ),
    "a bookkeeping program in the cloud": (
        "Customer,Company Name,Email,Phone,Billing Address Line 1,Billing Address City,"
        "Billing Address Postal Code,Billing Address Country,Tax ID\n"
        "Noord,Atelier Noord,a@noord.example,,Kade 12,Rotterdam,3011 AA,Netherlands,"
        "NL004495445B01\n",
        NAMED | DUTCH | STREET | {"email": "a@noord.example"},
    ),
    "tax advisers' master data, with a line of their own": (
        '"EXTF";700;16;"Debitoren/Kreditoren";5;20260301;;"RE";"";"";1;1;20260101;4\n'
        "Konto;Name (Adressattyp Unternehmen);Name (Adressattyp natürl. Person);EU-Land;EU-UStID;"
        "Straße;Postleitzahl;Ort;Land\n"
        '10002;"";"Erika Beispiel";"DE";"136695976";"Allee 3";"50667";"Köln";"DE"\n',
        {"name": "Erika Beispiel", "country": "DE", "vat_number": "DE136695976"}
        | {"address_line1": "Allee 3", "city": "Köln"},
    ),
    "a Belgian program, in capitals": (
        "NUMBER;TYPE;NAME1;NAME2;ADRESS1;ADRESS2;VATCAT;COUNTRY;VATNUMBER;TELNUMBER;ZIPCODE;CITY\n"
        "NOORD;1;ATELIER NOORD;;KADE 12;;1;BE;0403.170.701;031;2000;ANTWERPEN\n",
        {"name": "ATELIER NOORD", "vat_number": "BE0403170701", "phone": "031"}
        | {"address_line1": "KADE 12", "company_number": None},
    ),
    "another one, by its fields' names": (
        "CID;CNAME1;CNAME2;CADDRESS1;CZIPCODE;CLOCALITY;CCOUNTRY;CVATREF;CVATNO\n"
        "N1;Atelier Noord;;Kade 12;2000;Antwerpen;BE;BE;403170701\n",
        NAMED | {"vat_number": "BE0403170701", "city": "Antwerpen"},
    ),
    "a Dutch program": (
        "Code,Naam,Adresregel 1,Adresregel 2,Postcode,Plaats,Staat,Land,BTW-nummer,KvK-nummer\n"
        '"      2",Atelier Noord,Kade 12,Unit 4,3011 AA,Rotterdam,,NL,NL004495445B01,12345678\n',
        NAMED | DUTCH | STREET | {"address_line2": "Unit 4", "company_number": "12345678"},
    ),
    "an ERP, by its fields' names": (
        "id,name,street,zip,city,country_id,vat,peppol_eas,peppol_endpoint\n"
        "1,Atelier Noord,Kade 12,2000,Antwerpen,Belgium,BE0403170701,208,0403.170.701\n",
        NAMED | {"country": "BE", "identifier": "0208:0403170701"},
    ),
    "the same ERP, by its titles": (
        "Name,Street,Street2,City,Zip,Country,Tax ID,Peppol e-address (EAS),Peppol Endpoint\n"
        "Atelier Noord,Kade 12,,Gent,9000,Belgium,,0208 - Belgian Company Registry,0403170701\n",
        NAMED | {"identifier": "0208:0403170701"},
    ),
    "a program for Belgian small firms": (
        "relationId;name;streetAndNr;postalCode;city;country;vatNr\n"
        "4;Atelier Noord;Kade 12;9000;Gent;BE;BE 0403.170.701\n",
        NAMED | {"vat_number": "BE0403170701", "address_line1": "Kade 12"},
    ),
    "a French program": (
        "Numéro compte;Intitulé;Adresse;Complément;Code postal;Ville;Pays;N° Siret;"
        "N° Identifiant\n"
        "41100;Atelier Noord;12 quai du Port;;59000;Lille;France;732 829 320 00074;FR44732829320\n",
        NAMED
        | {"country": "FR", "company_number": "73282932000074"}
        | {"address_line1": "12 quai du Port"},
    ),
    "a British program": (
        "Account Reference,Account Name,Street 1,Town,Postcode,Country,VAT Number\n"
        "NOO1,Atelier Noord,12 Quay,Leeds,LS1 1AA,United Kingdom,GB 980 7806 84\n",
        NAMED | {"country": "GB", "vat_number": "GB980780684", "address_line1": "12 Quay"},
    ),
    "the line that a spreadsheet puts in front": (
        "sep=;\r\nNaam;BTW-nummer;Adres;Postcode;Plaats;Land\r\n"
        "Atelier Noord;BE0403170701;Kade 12, bus 3;2000;Antwerpen;BE\r\n",
        NAMED | {"vat_number": "BE0403170701", "address_line1": "Kade 12, bus 3"},
    ),
    "a heading and an empty line above the titles": (
        "Klanten 2026\n;;\nNaam;Ondernemingsnr.;Straat + nr\nAtelier Noord;403170701;Kade 12\n",
        NAMED | {"company_number": "0403170701", "address_line1": "Kade 12"},
    ),
    "a house's number and its box in columns of their own": (
        "Naam;Btw-nummer;Straat;Nummer;Bus;Postcode\nAtelier Noord;0403170701;Kade;12;3;2000\n",
        NAMED | {"address_line1": "Kade 12 bus 3", "vat_number": "BE0403170701"},
    ),
    "the same in French": (
        "Nom;N° TVA;Rue;N°;Boîte;Code postal\nAtelier Noord;0403170701;Rue Haute;12;3;4000\n",
        NAMED | {"address_line1": "Rue Haute 12 bte 3"},
    ),
    "a foreign VAT number, and no country": (
        "Name,VAT\nAtelier Noord,NL004495445B01\n",
        NAMED | DUTCH,
    ),
    "a scheme's name beside the number": (
        "Name;Scheme ID;Endpoint ID\nAtelier Noord;BE:EN;0403170701\n",
        NAMED | {"identifier": "0208:0403170701"},
    ),
    "a VAT number with a word in front": (
        "Naam;BTW nummer;Land\nAtelier Noord;BTW BE 0403.170.701;BE\n",
        NAMED | {"vat_number": "BE0403170701", "identifier": "0208:0403170701"},
    ),
    "a word where a number should be": (
        "Naam;BTW nummer;Land\nAtelier Noord;vrijgesteld;BE\n",
        NAMED | {"vat_number": None, "identifier": ""},
    ),
}


def read(content: bytes):
    return spreadsheets.read(content, score=columns.score)


def judged(platform, content: bytes):
    """What is made of each line of a file."""
    sheet = read(content)
    judge = Judge(platform, columns.guess(sheet.columns))
    pairs = zip(sheet.numbers, sheet.rows, strict=True)
    return [judge.judge(number, cells) for number, cells in pairs]


@pytest.mark.parametrize(("text", "fields"), FILES.values(), ids=FILES)
def test_files_of_other_programs_are_understood(acme, text, fields):
    (found,) = judged(acme, text.encode())
    profile = found.profile | {"identifier": found.identifier}
    assert {name: profile.get(name) for name in fields} == fields and found.problems == []


@pytest.mark.once
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Naam;Plaats\nZoë & Fils;Liège\n"])
def test_a_file_is_read_in_whatever_encoding(text, encoding):
    assert read(text.encode(encoding)).rows == [["Zoë & Fils", "Liège"]]


@pytest.mark.once
@pytest.mark.parametrize("table", ["cp1252", "cp850", "mac_roman"])
def test_a_file_of_one_byte_a_letter_is_read_by_the_table_that_makes_letters(table):
    for name in ("Café Zoë", "Müller & Söhne", "Été", "Größe"):
        assert read(f"Naam;Plaats\n{name};Gent\n".encode(table)).rows == [[name, "Gent"]]


@pytest.mark.once
def test_commas_in_addresses_are_not_what_stands_between_columns():
    text = "Klanten, november\nNaam;Adres\nA;Kade 1, bus 2, achteraan\nB;Kade 2, bus 3, links\n"
    assert read(text.encode()).columns == ["Naam", "Adres"]


@pytest.mark.once
def test_the_sheet_with_the_companies_is_found_among_others():
    book, stream = Workbook(), io.BytesIO()
    book.active.append(["Dit bestand is gemaakt op", "1 november"])
    book.create_sheet("Instellingen").append(["Taal", "Munt"])
    sheet = book.create_sheet("Klanten")
    for row in (["Lijst"], ["Naam", "KBO"], ["Atelier Noord", 403170701]):
        sheet.append(row)
    book.save(stream)
    found = read(stream.getvalue())
    assert (found.read_as.sheet, found.read_as.titles) == ("Klanten", 2)
    assert found.rows == [["Atelier Noord", "403170701"]]
    assert found.sheets == ("Sheet", "Instellingen", "Klanten")


@pytest.mark.once
def test_what_somebody_chose_is_read_whatever_is_found():
    choice = spreadsheets.Choice(separator="|", titles=2)
    found = spreadsheets.read(b"Naam;Plaats\na|b\nc|d\n", choice, score=columns.score)
    assert (found.columns, found.rows) == (["a", "b"], [["c", "d"]])


@pytest.mark.once
@pytest.mark.parametrize(
    ("titles", "asked"),
    [
        (["Number", "Name", "Country"], ["Number"]),
        (["Nr.", "Naam"], ["Nr."]),
        (["Kundennr.", "Name"], ["Kundennr."]),
        (["Code", "Naam", "KvK"], ["Code"]),
        (["NUMBER", "NAME1", "VATNUMBER"], []),
        (["Name", "Street", "Number"], []),
        (["Customer no", "Name", "Company", "VAT"], ["Customer no"]),
    ],
)
def test_a_bare_number_is_asked_about_and_never_guessed(titles, asked):
    mapping = columns.guess(titles)
    assert columns.questionable(titles, mapping) == asked
    assert all(titles[mapping[name]] not in asked for name in mapping)


def test_a_column_goes_by_its_own_title_where_files_call_it_nothing_else(monkeypatch):
    monkeypatch.setitem(columns.COLUMNS, "trade_name", columns.Column("Trade name"))
    columns._words.cache_clear()
    try:
        assert columns.guess(["Trade name", "Name"]) == {"name": 1, "trade_name": 0}
    finally:
        columns._words.cache_clear()


def test_each_line_of_titles_is_of_a_column():
    assert {name for name, _ in columns._lines("column_titles.txt", ":")} <= set(columns.COLUMNS)
