"""With whom the companies of the sandbox trade, in what, and what goes wrong now and then."""

from typing import Any

COUNTERPARTS: tuple[dict[str, Any], ...] = (
    {
        "name": "Papeterie Wallonne SA",
        "peppolId": "0208:0202239951",
        "vatNumber": "BE0202239951",
        "address": {
            "street": "Rue de Fer 40",
            "postalCode": "5000",
            "city": "Namur",
            "country": "BE",
        },
    },
    {
        "name": "Noordzee Verhuur NV",
        "peppolId": "0208:0848934496",
        "vatNumber": "BE0848934496",
        "address": {
            "street": "Visserskaai 12",
            "postalCode": "8400",
            "city": "Oostende",
            "country": "BE",
        },
    },
    {
        "name": "Atelier Rivoire SAS",
        "peppolId": "9957:FR40303265045",
        "vatNumber": "FR40303265045",
        "address": {
            "street": "8 rue Oberkampf",
            "postalCode": "75011",
            "city": "Paris",
            "country": "FR",
        },
    },
    {
        "name": "Hansa Werkzeug GmbH",
        "peppolId": "9930:DE129274202",
        "vatNumber": "DE129274202",
        "address": {
            "street": "Deichstraße 3",
            "postalCode": "20459",
            "city": "Hamburg",
            "country": "DE",
        },
    },
    {
        "name": "Polder Techniek B.V.",
        "peppolId": "0106:33014286",
        "vatNumber": "NL803851595B01",
        "companyNumber": "33014286",
        "companyNumberScheme": "0106",
        "address": {
            "street": "Coolsingel 5",
            "postalCode": "3011 AD",
            "city": "Rotterdam",
            "country": "NL",
        },
    },
)

GOODS = (
    ("Consulting", "HUR", "95.00"),
    ("Delivery", "C62", "12.50"),
    ("Paper, A4", "C62", "4.95"),
    ("Maintenance", "HUR", "68.00"),
    ("Catering", "C62", "18.40"),
)

FAILURES = (
    "The receiver {receiver} is not registered on the network.",
    "The receiving access point did not accept the message.",
)
