"""Filters that no tenant's call comes across, and who it is that does, and sees everything anyway.

What stands here is proved twice: by a test that each entry is still a filter, and by the sweep,
which ends with 1 when a filter is met by no call and is not here, or is here and is met.
"""

from tests.mutations.filters import ROOT, Filter

_SENDING = "the sender of webhooks, which works for all tenants"
_BILLING = "the run of statements, and staff who credit or begin one"
_STAFF = "the operator's own pages, which show every tenant"
_INBOUND = "the access point that hands documents in, for whichever company"
_KEEPING = "the operator's nightly work, over all families"
_QUOTAS = "the watch over quotas, over all payers"

# The file, and how the filter begins.
APART: dict[tuple[str, str], str] = {
    ("apikeys/admin.py", "ApiKey.objects.visible_to"): _STAFF,
    ("apikeys/services/refusals.py", "Refusal.objects.filter"): "the count of refusals, for all",
    ("billing/charges.py", "subscribed(month).filter"): _BILLING,
    ("billing/corrections.py", "Statement.objects.of(payer)"): _BILLING,
    ("billing/parties.py", "BillingAddress.objects.live().filter"): _BILLING,
    ("billing/parties.py", "Participant.objects.of"): _BILLING,
    ("billing/services/quotas.py", "Organization.objects.live().filter"): _QUOTAS,
    ("billing/services/quotas.py", "live.filter"): _QUOTAS,
    ("billing/services/statement_runs.py", "Statement.objects.of"): _BILLING,
    ("billing/services/statement_runs.py", "run.refusals.filter"): _BILLING,
    ("billing/services/statements.py", "Statement.objects.of"): _BILLING,
    ("billing/services/statements.py", "Statement.objects.filter"): _BILLING,
    ("billing/ubl.py", "lines.filter"): _BILLING,
    ("billing/ubl.py", "lines.exclude"): _BILLING,
    ("config/dashboards/operator/outages.py", "BulkOperation.objects.filter"): _STAFF,
    ("config/dashboards/operator/system_status.py", "Refusal.objects.filter"): _STAFF,
    ("peppol/models/participants.py", "self.filter(above"): "the worker, once staff verified them",
    ("peppol/models/usage.py", "self.of"): "nobody: a family's days are asked for by `of`",
    ("peppol/services/documents/answers.py", "sent.filter"): _INBOUND,
    ("peppol/services/documents/by_mail.py", "Document.objects.filter"): "the sender of mails",
    ("peppol/services/documents/inbound.py", "Document.objects.held().filter"): _INBOUND,
    ("peppol/services/documents/inbound.py", "Document.objects.inbound().filter"): _INBOUND,
    ("peppol/services/documents/usage.py", "FamilyUsage.objects.get_or_create"): _KEEPING,
    ("peppol/services/documents/usage.py", "FamilyUsage.objects.filter"): _KEEPING,
    ("peppol/services/documents/usage.py", "DailyUsage.objects.filter"): _KEEPING,
    ("peppol/services/imports/worker.py", "Organization.objects.under"): "the worker of imports",
    ("peppol/services/registration/bulk.py", "rows.visible_to"): "the worker of bulk operations",
    ("tenants/models/impersonations.py", "self.filter"): "nobody but staff lists impersonations",
    ("tenants/services/applications.py", "Membership.objects.filter"): "staff who answer",
    ("tenants/services/applications.py", "PlatformApplication.objects.filter(organization=mail"): (
        "the worker that writes mails"
    ),
    ("webhooks/services/distribution.py", "Endpoint.objects.live().filter"): _SENDING,
    ("webhooks/services/letters.py", "Membership.objects.filter"): _SENDING,
}


def reason(one: Filter) -> str:
    """By whom alone a filter is met; "" where calls of tenants have to come across it."""
    path = str(one.path.relative_to(ROOT))
    found = [
        why for (file, text), why in APART.items() if file == path and one.text.startswith(text)
    ]
    return found[0] if found else ""
