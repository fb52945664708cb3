"""PublicRegistrationService: from a user without a business to one with a plan (INV-01 to 13,
INV-31 to 38)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from apikeys.services import clients, registration
from billing.checklist import plan_of
from billing.models import Plan
from billing.services import subscriptions
from config.api.invora import requests, responses
from config.api.invora.openapi import registration as openapi
from config.api.invora.surface import InvoraView, PersonView
from config.api.kit.access import EVERYBODY, PEOPLE, Access, to_read
from tenants.errors import Forbidden, Invalid, NotFound
from tenants.models import Organization, PlatformApplication
from tenants.services import applications, organizations

_CHANGED = Access(EVERYBODY, (Ability.SETTINGS_WRITE,))


class RegistrationView(InvoraView):
    """Shared by all that has to do with one's own business."""

    def plan_code(self) -> str:
        """The plan that the business is on, empty for none."""
        return plan_of(self.caller.organization)

    def checklist(self, organization: Organization) -> dict[str, Any]:
        """How far the onboarding is now."""
        return responses.Checklist.about(organization, self.plan_code())


class CompleteProfile(PersonView):
    """The first call of a new user."""

    # It is the person's own, whatever their role somewhere else.
    access = {"POST": Access(PEOPLE)}
    bears_secret = True

    def idempotent_for(self) -> None:
        """The person: a repeated call comes when there is an organization, the first did not."""

    @extend_schema(**openapi.COMPLETE_PROFILE)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.BusinessProfile)
        business, made = registration.register(self.person, requests.profile(fields))
        id, checklist = responses.tenant_id(business), responses.Checklist.about(business, "")
        return Response(responses.Registered.of(made, tenantId=id, checklist=checklist))


class BusinessDetails(RegistrationView):
    """Tax, address, currency and time zone."""

    access = {"PUT": _CHANGED}

    @extend_schema(**openapi.BUSINESS_DETAILS)
    def put(self, request: Any) -> Response:
        fields = requests.details(self.read(requests.BusinessDetails))
        changed = organizations.update(self.organization, fields, by=self.by)
        checklist = self.checklist(changed)
        return Response(responses.DetailsChanged.of(changed, checklist=checklist))


class SelectPlan(RegistrationView):
    """The subscription of a business; a Connected Business is on its platform's."""

    access = {"POST": Access(EVERYBODY, (Ability.BILLING_WRITE,))}

    @extend_schema(**openapi.SELECT_PLAN)
    def post(self, request: Any) -> Response:
        code = self.read(requests.PlanChoice)["planCode"]
        if self.organization.parent_id:
            raise Forbidden("The platform pays for a Connected Business.", code="platform_pays")
        subscription = subscriptions.select(self.organization, _offered(code), by=self.by)
        checklist = self.checklist(self.organization)
        return Response(responses.Subscribed.of(subscription, checklist=checklist))


class OnboardingStatus(RegistrationView):
    """Where the business stands, at any point."""

    access = {"GET": to_read(Ability.ACCOUNT_READ, kinds=EVERYBODY)}

    @extend_schema(**openapi.ONBOARDING_STATUS)
    def get(self, request: Any) -> Response:
        return Response(responses.Onboarding.about(self.caller.organization, self.plan_code()))


class RotateCredentials(InvoraView):
    """A new secret for the machine client (INV-37)."""

    access = {"POST": Access(EVERYBODY, (Ability.KEYS_WRITE,))}
    bears_secret = True

    @extend_schema(**openapi.ROTATE_CREDENTIALS)
    def post(self, request: Any) -> Response:
        return Response(responses.Credentials.of(clients.rotate(self.organization, by=self.by)))


class Application(InvoraView):
    """The application to become a platform."""

    access = {
        "GET": to_read(Ability.SETTINGS_READ, kinds=EVERYBODY),
        "POST": _CHANGED,
        "PUT": _CHANGED,
    }

    def application(self) -> PlatformApplication:
        """The business's own. Raises NotFound when it has not applied."""
        mine = PlatformApplication.objects.filter(organization=self.organization)
        found = mine.prefetch_related("messages").first()
        if found is None:
            raise NotFound("Platform application")
        return found

    @extend_schema(**openapi.GET_APPLICATION)
    def get(self, request: Any) -> Response:
        return Response(responses.ApplicationShown.of(self.application()))

    @extend_schema(**openapi.SUBMIT_APPLICATION)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.Application)
        applications.submit(
            self.organization,
            requests.form(fields),
            by=self.by,
            terms_accepted=fields["termsOfServiceAccepted"],
        )
        return Response(responses.ApplicationShown.of(self.application()))

    @extend_schema(**openapi.RESUBMIT_APPLICATION)
    def put(self, request: Any) -> Response:
        fields = self.read(requests.ApplicationChanges)
        applications.resubmit(
            self.application(), requests.form(fields), message=fields.get("message", ""), by=self.by
        )
        return Response(responses.ApplicationShown.of(self.application()))


class Plans(InvoraView):
    """The plans on offer, the cheapest first."""

    access = {"GET": to_read(Ability.ACCOUNT_READ, kinds=EVERYBODY)}

    @extend_schema(**openapi.LIST_PLANS)
    def get(self, request: Any) -> Response:
        return Response(responses.PlanList.of(Plan.objects.offered_to(None)))


def _offered(code: str) -> Plan:
    found = Plan.objects.offered_to(None).filter(code=code).first()
    if found is None:
        sentence = "There is no such plan."
        raise Invalid(sentence, code="unknown_plan", fields={"planCode": [sentence]})
    return found
