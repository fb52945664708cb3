"""A mail to whoever wants to hear that documents are nearly, or all, used."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.services import quotas
from tenants.models import Mail
from tenants.services import domains, mail_routes, mails


def _used(mail: Mail) -> dict[str, Any] | None:
    event = mail_routes.event_of(mail)
    if event is None:
        return None
    quota = event.data["quota"]
    page = reverse("portal:peppol_monthlyusage_changelist")
    facts = {name: quota[name] for name in ("percentage", "documents", "included")}
    return {
        **mail_routes.frame_of(mail),
        **facts,
        "stops": quota["hard"] and quota["percentage"] >= 100,
        "link": f"{domains.address_of(mail.organization)}{page}",
    }


mail_routes.declare(
    "quota",
    _("Used documents"),
    mails.declare("quota_used", _used),
    quotas.WARNED,
    quotas.USED_UP,
)
