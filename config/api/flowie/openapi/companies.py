"""What the OpenAPI document says of the operations on companies."""

from functools import partial

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import operation, page, refusal
from config.api.flowie.requests import companies as requests
from config.api.flowie.responses import companies as responses

_operation = partial(operation, "Companies")
_EXISTS = refusal(
    "There is a company with this VAT number; treat it as success",
    "COMPANY_EXISTS",
    "A company with this VAT number already exists.",
    companyId=examples.COMPANY["id"],
)

LIST_COMPANIES = _operation(
    "list_companies",
    "List companies, newest first",
    200,
    responses.CompaniesPage,
    page("companies", examples.COMPANY),
    parameters=[requests.CompanyListing],
)
LIST_OWN_COMPANIES = _operation(
    "list_own_companies",
    "List the companies that the key may act for; a tenant key's is its own",
    200,
    responses.CompaniesPage,
    page("companies", examples.COMPANY),
    parameters=[requests.CompanyListing],
    acts=True,
)
CREATE_COMPANY = _operation(
    "create_company",
    "Register a company by its VAT number, without key and webhook",
    201,
    responses.Company,
    examples.COMPANY,
    request=requests.NewCompany,
    given_as={"vatNumber": examples.NEW_COMPANY["vatNumber"]},
    post=True,
    refusals={409: _EXISTS},
)
ONBOARD_COMPANY = _operation(
    "onboard_company",
    "Onboard a company with its key, webhook and registration",
    201,
    responses.Onboarded,
    examples.ONBOARDED,
    request=requests.Onboarding,
    given_as=examples.NEW_COMPANY,
    post=True,
    refusals={409: _EXISTS},
)
GET_COMPANY = _operation(
    "get_company",
    "Read a company, deregistered ones too",
    200,
    responses.Company,
    {**examples.COMPANY, "smpRegistered": True, "smpStatus": "active"},
    path=("company_id",),
)
UPDATE_COMPANY = _operation(
    "update_company",
    "Change a company; what is left out stays",
    200,
    responses.Company,
    examples.COMPANY,
    request=requests.CompanyChanges,
    given_as={"metadata": {"tier": "basic"}},
    path=("company_id",),
    refusals={409: _EXISTS},
)
DEREGISTER_COMPANY = _operation(
    "deregister_company",
    "Take a company off the network; its documents stay readable",
    204,
    path=("company_id",),
)
