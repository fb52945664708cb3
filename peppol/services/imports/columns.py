"""The fields of a company that an import's file may have, and in which column each stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A field of a company that a file may have: its title, what else it may be called, one that
    could stand there."""

    title: str
    example: str
    also: tuple[str, ...] = ()


COLUMNS: dict[str, Column] = {
    "name": Column(
        "Name",
        "Bakkerij Peeters",
        (
            "company",
            "companyname",
            "displayname",
            "customer",
            "client",
            "clientname",
            "naam",
            "bedrijfsnaam",
            "bedrijf",
            "klant",
            "nom",
            "raisonsociale",
            "societe",
            "entreprise",
            "firma",
            "firmenname",
            "unternehmen",
            "kunde",
        ),
    ),
    "legal_name": Column(
        "Legal name",
        "Bakkerij Peeters BV",
        (
            "officialname",
            "registeredname",
            "juridischenaam",
            "nomlegal",
            "rechtlichername",
        ),
    ),
    "country": Column(
        "Country",
        "BE",
        (
            "countrycode",
            "land",
            "landcode",
            "pays",
            "codepays",
            "landerkennzeichen",
            "staat",
        ),
    ),
    "company_number": Column(
        "Company number",
        "0403.170.701",
        (
            "companyno",
            "registrationnumber",
            "enterprisenumber",
            "kbo",
            "bce",
            "cbe",
            "kvk",
            "kbonumber",
            "kbonummer",
            "numerobce",
            "cbenumber",
            "kvknumber",
            "kvknummer",
            "siren",
            "siret",
            "ondernemingsnummer",
            "numerodentreprise",
            "orgnr",
            "handelsregisternummer",
            "cvr",
            "number",
        ),
    ),
    "vat_number": Column(
        "VAT number",
        "BE0403170701",
        (
            "vat",
            "vatid",
            "vatno",
            "btw",
            "btwnummer",
            "btwnr",
            "tva",
            "numerotva",
            "ntva",
            "ustid",
            "ustidnr",
            "umsatzsteuerid",
            "taxnumber",
            "taxid",
        ),
    ),
    "address_line1": Column(
        "Street and number",
        "Korenmarkt 5",
        (
            "street",
            "address",
            "address1",
            "addressline1",
            "straat",
            "adres",
            "straatennummer",
            "rue",
            "adresse",
            "strasse",
            "strasseundhausnummer",
        ),
    ),
    "address_line2": Column(
        "Address line 2",
        "",
        (
            "address2",
            "addressline2",
            "addition",
            "bus",
            "box",
            "boite",
            "adresszusatz",
        ),
    ),
    "postal_code": Column(
        "Postal code",
        "9000",
        (
            "postcode",
            "zip",
            "zipcode",
            "postalcode",
            "codepostal",
            "plz",
            "postleitzahl",
        ),
    ),
    "city": Column(
        "City",
        "Gent",
        (
            "town",
            "municipality",
            "plaats",
            "gemeente",
            "stad",
            "ville",
            "commune",
            "localite",
            "ort",
            "stadt",
        ),
    ),
    "email": Column(
        "E-mail address",
        "info@peeters.example",
        (
            "email",
            "mail",
            "emailaddress",
            "emailadres",
            "courriel",
        ),
    ),
    "phone": Column(
        "Phone",
        "+32 9 000 00 00",
        (
            "telephone",
            "phonenumber",
            "tel",
            "telefoon",
            "telefon",
            "mobile",
            "gsm",
        ),
    ),
    "identifier": Column(
        "Peppol identifier",
        "0208:0403170701",
        (
            "peppol",
            "peppolid",
            "participantid",
            "participant",
            "endpointid",
            "peppolidentifier",
        ),
    ),
}


def guess(titles: Sequence[str]) -> dict[str, int]:
    """Which column each field stands in, as far as the titles tell."""
    present = [plain(title) for title in titles]
    found: dict[str, int] = {}
    for name, column in COLUMNS.items():
        for wanted in (plain(column.title), plain(name), *column.also):
            place = present.index(wanted) if wanted in present else None
            if place is not None and place not in found.values():
                found[name] = place
                break
    return found


def plain(text: str) -> str:
    """A word without what people write differently: case, accents, spaces and signs."""
    folded = text.casefold().replace("ß", "ss")
    for sign, letter in zip("àâäçéèêëîïôöùûüñ", "aaaceeeeiioouuun", strict=True):
        folded = folded.replace(sign, letter)
    return re.sub(r"[^\w]|_", "", folded)
