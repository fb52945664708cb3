"""Whether one worker sends 50,000 documents a day beside all the questions about them.

    python -m tests.benchmarks.documents [number]

So many documents are to be sent while three times as many questions are overdue. An access point
that answers at once stands in for the network; the worker's own code is called as Celery does
every two seconds. `DATABASE_URL` chooses the database (emptied!), a new SQLite file otherwise.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 8248
A_DAY = 50_000
_SENT = {"overallSuccess": True, "sendingResult": "SUCCESS", "as4MessageId": "m"}
_STATUS = {"status": "sent", "mlsStatus": "pending"}


class AccessPoint(BaseHTTPRequestHandler):
    """Takes every document, and has no answer of a receiver for anybody yet."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self._say(_SENT)

    def do_GET(self) -> None:
        self._say(_STATUS)

    def _say(self, answer: dict[str, object]) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def prepare(number: int) -> None:
    """Documents to send, and three times as many to ask about."""
    from django.core.files.base import ContentFile
    from django.core.management import call_command
    from django.utils import timezone

    from peppol.models import Document
    from peppol.models.payloads import payload_storage
    from tenants.actors import Actor
    from tenants.ids import uuid7
    from tenants.services import organizations

    call_command("migrate", verbosity=0)
    company = organizations.create("business", {"name": "Sender"}, by=Actor.system("benchmark"))
    payload_storage().save("one.xml", ContentFile(b"<Invoice/>" + b" " * 20_000))
    now = timezone.now()

    def row(state: str, waited: timedelta) -> Document:
        id = uuid7()
        return Document(
            id=id,
            instance_id=str(id),
            organization=company,
            direction="outbound",
            kind="invoice",
            state=state,
            sender="0208:0403170701",
            receiver="0208:0202239951",
            document_type="t::t##t::2.1",
            process="p",
            country_c1="BE",
            payload="one.xml",
            retain_until=now.date() + timedelta(days=3650),
            attempt_count=0 if state == "accepted" else 8,
            next_attempt_at=now - waited,
            finished_at=None if state == "accepted" else now - timedelta(hours=1),
        )

    # The questions have waited for longer, by which they would come first.
    asked = [row("delivered", timedelta(minutes=10)) for _ in range(3 * number)]
    Document.objects.bulk_create(asked, batch_size=500)
    new = [row("accepted", timedelta(seconds=1)) for _ in range(number)]
    Document.objects.bulk_create(new, batch_size=500)


def measure(number: int) -> dict[str, object]:
    """Work as Celery has it, until everything is sent and then asked about."""
    from peppol.models import Document
    from peppol.services.documents import worker
    from peppol.services.documents.worker import _ANSWERS, _RESPONSE_WAIT

    unsent = Document.objects.filter(state__in=Document.UNDER_WAY_STATES)
    questions = Document.objects.due().filter(state="delivered", attempt_count=8)
    began, calls = time.monotonic(), 0
    while unsent.exists():
        turn = time.monotonic()
        calls += worker.drain()
        time.sleep(max(0.0, min(0.5, turn + 2 - time.monotonic())))
    sending = time.monotonic() - began
    asked = calls - number
    while questions.exists():
        calls += worker.drain()
    seconds = time.monotonic() - began
    hours, rest = _RESPONSE_WAIT.total_seconds(), _ANSWERS[-1]
    each = len(_ANSWERS) - 1 + (hours - sum(_ANSWERS[:-1])) / rest
    return {
        "sent a second, with questions overdue": round(number / sending, 1),
        "questions asked meanwhile": asked,
        "calls a second in all": round(calls / seconds, 1),
        "sent a day at that pace": int(number / sending * 86400),
        "on paper: questions for a document at most": round(each, 1),
        "on paper: calls a second for 50,000 a day": round(A_DAY * (1 + each) / 86400, 1),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        ThreadingHTTPServer(("127.0.0.1", PORT), AccessPoint).serve_forever()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as directory:
        os.environ |= {
            "GATEHOUSE_DATA_DIR": directory,
            "ACCESS_POINT_URL": f"http://127.0.0.1:{PORT}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "ERROR",
        }
        server = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.documents", "serve"])
        try:
            import django

            django.setup()
            from tenants.row_security import show_everything

            show_everything()
            prepare(count)
            outcome = measure(count)
        finally:
            server.kill()
            server.wait()
    sys.stdout.write(f"{json.dumps(outcome, indent=2)}\n")
    sys.exit(int(str(outcome["sent a day at that pace"])) < A_DAY)
