"""phase4's standalone server: it sends while the caller waits, and keeps nothing."""

from peppol.access_point.client import Progress, Status
from peppol.access_point.phase4 import Phase4Client, failure, shown
from peppol.sbdh import Envelope


class Phase4Standalone(Phase4Client):
    """A phase4 standalone over HTTP. What its calls promise, `client.AccessPointClient` says."""

    keeps_status = False
    ping_path = "phase4ping"

    def submit(self, envelope: Envelope, *, reference: str, organization: str) -> Status:
        report = self._send("sendas4", envelope, {})
        if report.get("overallSuccess") is True:
            return Status(Progress.SENT, details=shown(report))
        return failure(Progress.FAILED, report)

    def status(self, instance_id: str) -> None:
        """Nothing, whatever became of it."""

    def report_country(self, instance_id: str, country: str) -> None:
        """Nothing: it leaves reporting to whoever it forwards to."""
