"""What a line of an invoice is about, as UBL: the item and its price."""

from lxml import etree

from peppol.invoices.elements import (
    Fields,
    aggregate,
    basic,
    make_category,
    make_identifier,
    make_reference,
    some,
)


def make_item(line: Fields) -> etree._Element:
    """What is sold, with its numbers, classes and properties."""
    gtin = line["gtin"]
    return aggregate(
        "Item",
        *some("Description", line["description"]),
        basic("Name", line["name"]),
        *make_reference("BuyersItemIdentification", line["buyerItemId"]),
        *make_reference("SellersItemIdentification", line["sellerItemId"]),
        *(
            [aggregate("StandardItemIdentification", make_identifier("ID", gtin, "0160"))]
            if gtin
            else ()
        ),
        *(
            [aggregate("OriginCountry", basic("IdentificationCode", line["originCountry"]))]
            if line.get("originCountry")
            else ()
        ),
        *(_classification(one) for one in line["classifications"]),
        make_category("ClassifiedTaxCategory", line["vat"]),
        *(
            aggregate(
                "AdditionalItemProperty", basic("Name", one["name"]), basic("Value", one["value"])
            )
            for one in line["attributes"]
        ),
    )


def make_price(line: Fields, currency: str) -> etree._Element:
    """What one costs, and of what price before which discount that is left."""
    price = _price("PriceAmount", line["unitPrice"], currency)
    parts = [price]
    if "baseQuantity" in line:
        base = basic("BaseQuantity", line["baseQuantity"])
        base.set("unitCode", line["unit"])
        parts.append(base)
    gross, discount = line.get("grossPrice"), line.get("priceDiscount")
    if gross is not None or discount is not None:
        gross = line["unitPrice"] + discount if gross is None else gross
        discount = gross - line["unitPrice"] if discount is None else discount
        parts.append(
            aggregate(
                "AllowanceCharge",
                basic("ChargeIndicator", "false"),
                _price("Amount", discount, currency),
                _price("BaseAmount", gross, currency),
            )
        )
    return aggregate("Price", *parts)


def _price(name: str, price: object, currency: str) -> etree._Element:
    """Prices keep their decimals; amounts have those of the currency."""
    element = basic(name, price)
    element.set("currencyID", currency)
    return element


def _classification(one: Fields) -> etree._Element:
    code = basic("ItemClassificationCode", one["code"])
    code.set("listID", one["list"])
    if one["version"]:
        code.set("listVersionID", one["version"])
    return aggregate("CommodityClassification", code)
