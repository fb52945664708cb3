"""phoss-ap: it keeps what it is handed, goes on trying by itself, and can be asked.

A 422 is no end there: the status says how the next attempts went.
"""

from urllib.parse import quote

from peppol.access_point.client import Progress, Status
from peppol.access_point.phase4 import (
    FAILED,
    Phase4Client,
    failure,
    is_page,
    read_object,
    refusal,
    shown,
)
from peppol.sbdh import Envelope
from tenants.outside_text import for_operator

_PROGRESS = {
    "pending": Progress.UNDER_WAY,
    "sending": Progress.UNDER_WAY,
    "failed": Progress.UNDER_WAY,
    "sent": Progress.SENT,
    "permanently_failed": Progress.FAILED,
    "rejected": Progress.FAILED,
}
_RESPONSES = {"received_ap": "accepted", "received_ab": "received", "received_re": "rejected"}


class PhossAp(Phase4Client):
    """A phoss-ap over HTTP. What its calls promise, `client.AccessPointClient` says."""

    keeps_status = True
    ping_path = "management/status"
    reports_path = "api/reporting/"
    final_statuses = (400, 422)

    def submit(self, envelope: Envelope, *, reference: str, organization: str) -> Status:
        noted = {"custom1": reference, "custom2": organization}
        if envelope.mls_to:
            noted["mlsTo"] = envelope.mls_to
        report = self._send("api/outbound/submit", envelope, noted)
        if report.get("overallSuccess") is True:
            return Status(Progress.SENT, details=shown(report), response_pending=True)
        return failure(Progress.UNDER_WAY, report)

    def status(self, instance_id: str) -> Status | None:
        path = f"api/outbound/status/{quote(instance_id, safe='')}"
        status, body = self._call("GET", path, query={"includeArchive": "true"})
        if status == 404 and not is_page(body):
            return None
        row = read_object(body)
        if status != 200 or row is None or str(row.get("status")) not in _PROGRESS:
            raise refusal(status, body)
        mls = str(row.get("mlsStatus") or "")
        answer = for_operator(str(row.get("errorDetails") or ""))
        return Status(
            progress=_PROGRESS[str(row["status"])],
            error=FAILED if answer else "",
            code="transmission_failed" if answer else "",
            answer=answer,
            response=_RESPONSES.get(mls, ""),
            response_pending=mls == "pending",
        )

    def report_country(self, instance_id: str, country: str) -> None:
        status, body = self._call(
            "POST",
            "api/inbound/report",
            query={"sbdhInstanceID": instance_id, "c4CountryCode": country},
        )
        # 400: it was said before.
        if status not in (200, 400):
            raise refusal(status, body)
