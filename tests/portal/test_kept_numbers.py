"""What the wizard keeps of a company: its numbers in one form, its address where it is."""

from peppol.models import RegisteredCompany
from tenants.models import Organization
from tests.portal.conftest import at, texts
from tests.portal.test_onboarding import BY_HAND, walk


def test_numbers_are_kept_in_one_form_and_an_address_abroad_keeps_its_country(browser, acme):
    RegisteredCompany.objects.create(
        number="0403170701",
        status="AC",
        names={"nl": "Bakkerij Peeters"},
        street="Grand-Rue 5",
        postal_code="1660",
        city="Luxemburg",
        address_country="LU",
        struck_off_on="2025-01-31",
        extract=1,
    )
    asked = {**BY_HAND, "number": "0403.170.701"}
    page = browser.post(at("tenants_company", "add"), asked)
    assert "struck its address off on 2025-01-31" in texts(browser.get(page.url))
    address = {"address_line1": "Grand-Rue 5", "city": "Luxemburg"}
    numbers = {"company_number": "403 170 701", "vat_number": "BTW BE 0403.170.701"}
    walk(browser, **asked, **address, **numbers)
    company = Organization.objects.under(acme).get()
    assert (company.company_number, company.vat_number) == ("0403170701", "BE0403170701")
    assert company.address_country == "LU"
