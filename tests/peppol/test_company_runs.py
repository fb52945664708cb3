"""One thing done to many companies: each once, with a result for each, and undone."""

import pytest

from apikeys.models import ApiKey
from peppol.models import Participant
from peppol.services.company_runs import runs, worker
from tenants.errors import WrongState
from tenants.models import Event, Invitation, Organization
from tenants.services import organizations
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def companies(acme):
    """Three that are open, of which one has no address or number, and one that is suspended."""
    found = [
        organizations.create_company(
            acme,
            {"name": f"Company {n}", "country": "BE", **facts},
            by=SYSTEM,
        )
        for n, facts in enumerate(
            (
                {"company_number": "0403170701", "email": "one@example.com"},
                {"company_number": "0407919048", "email": "two@example.com"},
                {},
                {"company_number": "0202239951", "email": "four@example.com"},
            )
        )
    ]
    organizations.suspend(found[3], reason="Unpaid", by=SYSTEM)
    return found


def under(platform):
    return Organization.objects.under(platform)


def run_of(platform, kind, **options):
    run = runs.choose(platform, kind, under(platform), by=SYSTEM)
    runs.start(run, options, by=SYSTEM)
    worker.advance()
    run.refresh_from_db()
    return run


def states(run):
    return [line.state for line in run.lines.order_by("company_id")]


def test_suspending_many_leaves_out_those_that_are_and_is_undone_for_the_others(acme, companies):
    run = run_of(acme, "suspend", reason="On strike")
    assert run.state == "done"
    assert states(run) == ["done", "done", "done", "left_out"]
    assert {row.status_reason for row in under(acme)} == {"On strike", "Unpaid"}
    assert Event.objects.filter(type="company.suspended", reason="On strike").count() == 3
    runs.undo(run, by=SYSTEM)
    worker.advance()
    assert [row.status for row in under(acme).order_by("id")] == ["active"] * 3 + ["suspended"]
    with pytest.raises(WrongState):
        runs.undo(run, by=SYSTEM)


def test_every_kind_says_what_became_of_each_company(acme, companies):
    run = run_of(acme, "register")
    assert states(run) == ["done", "done", "failed", "left_out"]
    failed = run.lines.get(state="failed")
    assert failed.said["text"] == "No Peppol identifier follows from its numbers."
    assert Participant.objects.count() == 2
    runs.undo(run, by=SYSTEM)
    worker.advance()
    assert not Participant.objects.holding().exists()

    run = run_of(acme, "invite", role="viewer")
    assert states(run) == ["done", "done", "left_out", "done"]
    runs.undo(run, by=SYSTEM)
    worker.advance()
    assert not Invitation.objects.unanswered().exists()

    run = run_of(acme, "limits", document_quota=50, quota_is_hard=True, documents_per_day=None)
    assert {row.document_quota for row in under(acme)} == {50}
    runs.undo(run, by=SYSTEM)
    worker.advance()
    assert {row.document_quota for row in under(acme)} == {None}


def test_keys_are_downloaded_once_and_revoked_by_undoing(acme, companies):
    run = run_of(acme, "keys", name="Issued in bulk", environment="live")
    secrets = runs.take_secrets(run, by=SYSTEM)
    assert len(set(secrets.values())) == 4
    assert runs.take_secrets(run, by=SYSTEM) == {}
    runs.undo(run, by=SYSTEM)
    worker.advance()
    assert not ApiKey.objects.live().exists()


def test_a_worker_that_comes_back_late_changes_nothing(acme, companies):
    run = runs.choose(acme, "suspend", under(acme), by=SYSTEM)
    runs.start(run, {"reason": "Late"}, by=SYSTEM)
    run.refresh_from_db()
    mine = worker._claim(run)
    # Its lease has lapsed, and another took the lines.
    run.lines.update(claimed_until=None)
    assert worker.advance() == 3
    worker._change(mine)
    assert Event.objects.filter(type="company.suspended", reason="Late").count() == 3


def test_a_company_of_another_platform_is_never_chosen(acme, companies, rival):
    stranger = organizations.create_company(rival, {"name": "Stranger"}, by=SYSTEM)
    with pytest.raises(WrongState):
        runs.choose(acme, "suspend", Organization.objects.filter(pk=stranger.pk), by=SYSTEM)
