"""What the tenant API answers of the account behind a tenant key."""

from config.api.einvoice.responses import (
    is_registered,
    leading,
    peppol_ids,
    registered_at,
)
from config.api.kit.answers import Answer, Flag, Number, Text, TextOrNull, Texts, Time, nothing
from peppol import country_names

# A tenant's account has all that e-invoice.be sells.
PLAN, CREDITS = "enterprise", 999_999_999


class AccountAnswer(Answer):
    """The account behind a tenant key."""

    name = Text(lambda row: row.handle or row.name)
    description = TextOrNull()
    plan = Text(lambda row: PLAN)
    credit_balance = Number(lambda row: CREDITS)
    peppol_ids = Texts(peppol_ids)
    ibans = Texts(lambda row: [])
    company_number = TextOrNull()
    company_tax_id = TextOrNull("vat_number")
    company_name = TextOrNull(lambda row: row.legal_name or row.name)
    company_address = TextOrNull("address_line1")
    company_zip = TextOrNull("postal_code")
    company_city = TextOrNull("city")
    company_country = TextOrNull(lambda row: country_names.name(row.address_country or row.country))
    company_email = TextOrNull("email")
    smp_registration = Flag(lambda row: is_registered(leading(row)))
    smp_registration_date = Time(lambda row: registered_at(leading(row)), allow_null=True)
    bcc_recipient_email = TextOrNull(nothing)
