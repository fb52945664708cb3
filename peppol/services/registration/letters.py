"""A mail to whoever wants to hear that a company can no longer be reached."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from peppol.services.registration import events
from tenants.models import Mail
from tenants.services import domains, mail_routes, mails


def _lost(mail: Mail) -> dict[str, Any] | None:
    event = mail_routes.event_of(mail)
    if event is None:
        return None
    said = event.data["participant"]
    address = domains.address_of(mail.organization)
    page = reverse("portal:peppol_participant_change", args=[said["id"]])
    facts = {"identifier": said["identifier"], "smp": said["smp"], "link": f"{address}{page}"}
    return {**mail_routes.frame_of(mail), **facts}


mail_routes.declare(
    "lost", _("Lost registrations"), mails.declare("registration_lost", _lost), events.LOST
)
