"""Addresses of one line, as published clients write them."""

import pytest

from config.api.einvoice.tenant.invoices import places


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Street 1, 1000 Brussels, Belgium", "Street 1||1000|Brussels||BE"),
        ("Korenmarkt 5, 9000, Gent, BE", "Korenmarkt 5||9000|Gent||BE"),
        ("Rue X 1, bus 3, B-1000 Bruxelles", "Rue X 1|bus 3|1000|Bruxelles||"),
        ("Damrak 1, 1012 LG Amsterdam, Nederland", "Damrak 1||1012 LG|Amsterdam||NL"),
        ("Rue 7, 7100 La Louvière, Belgique", "Rue 7||7100|La Louvière||BE"),
        ("Sveavägen 1\n111 22 Stockholm\nSweden", "Sveavägen 1||111 22|Stockholm||SE"),
        ("ul. Prosta 1, 00-838 Warszawa, PL", "ul. Prosta 1||00-838|Warszawa||PL"),
        ("1 High St, London SW1A 1AA, United Kingdom", "1 High St||SW1A 1AA|London||GB"),
        ("Main St 1, Springfield", "Main St 1|||Springfield||"),
        ("Somewhere 4", "Somewhere 4|||||"),
        ("", "|||||"),
    ],
    ids=lambda value: value[:20],
)
def test_an_address_in_one_line_is_taken_apart(text, parts):
    names = ("street", "additional", "postalCode", "city", "region", "country")
    found = places.apart(text)
    assert "|".join(found.get(name, "") for name in names) == parts
