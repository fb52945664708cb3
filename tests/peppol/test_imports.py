"""Imports of companies: onboarded line by line, each exactly once."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import trans_real

from apikeys.authentication import authenticate
from apikeys.models import ApiKey
from peppol.models import CompanyImport, ImportLine, Participant
from peppol.services.imports import imports, worker
from tenants.errors import Conflict, WrongState
from tenants.models import Event, Organization
from tests.conftest import SYSTEM, make_company
from tests.peppol.importing import GOOD, checked, companies, numbered, started, states

# --- The run --------------------------------------------------------------------------------------


def test_an_import_onboards_every_line_that_is_ready(acme):
    batch = started(acme, GOOD, ["", "BE", "", "", "", ""], ["Café", "FR", "", "", "", ""])
    worker.advance()
    batch.refresh_from_db()
    assert states(batch) == ["done", "bad", "done"] and batch.state == "done"
    assert companies(acme) == ["Bakkerij Peeters", "Café"]
    assert Participant.objects.get().identifier == "0208:0403170701"
    assert Event.objects.filter(type="import.finished", organization=acme).count() == 1


def test_hundreds_of_lines_are_imported_in_turns(acme):
    batch = started(acme, *numbered(200), register=False)
    turns = 0
    while CompanyImport.objects.running().exists():
        worker.advance(seconds=0)
        turns += 1
    assert turns > 3
    assert batch.count()["done"] == Organization.objects.under(acme).count() == 200


def test_a_line_that_is_refused_says_why_and_can_be_tried_again(acme):
    Organization.objects.filter(pk=acme.pk).update(company_limit=1)
    batch = started(acme, *numbered(2))
    worker.advance()
    assert states(batch) == ["done", "failed"]
    assert "The plan allows 1 companies." in batch.lines.last().told_problems[0]
    Organization.objects.filter(pk=acme.pk).update(company_limit=9)
    imports.retry(CompanyImport.objects.get(), by=SYSTEM)
    worker.advance()
    assert states(batch) == ["done", "done"] and len(companies(acme)) == 2


def test_a_company_that_was_made_since_is_not_made_twice(acme):
    batch = started(acme, GOOD)
    make_company(acme, "Somebody was faster", company_number="0403170701")
    worker.advance()
    assert states(batch) == ["failed"] and companies(acme) == ["Somebody was faster"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_leaves_no_half_and_no_double(acme, monkeypatch, when):
    batch = started(acme, *numbered(3), with_keys=True)
    real, calls = worker.onboard, []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2 and when == "before":
            raise SystemExit
        made = real(*args, **kwargs)
        if len(calls) == 2:
            raise SystemExit
        return made

    monkeypatch.setattr(worker, "onboard", dying)
    with pytest.raises(SystemExit):
        worker.advance()
    assert companies(acme) == [] and states(batch) == ["ready"] * 3
    assert worker.advance() == 0  # they are still claimed
    ImportLine.objects.filter(claimed_until__isnull=False).update(
        claimed_until=timezone.now() - timedelta(seconds=1)
    )
    worker.advance()
    assert companies(acme) == ["Company 0", "Company 1", "Company 2"]
    assert ApiKey.objects.count() == 3 and CompanyImport.objects.get().state == "done"


def test_a_line_that_workers_die_of_is_given_up(acme, monkeypatch):
    batch = started(acme, GOOD)
    monkeypatch.setattr(worker, "onboard", lambda *a, **k: (_ for _ in ()).throw(SystemExit()))
    for _attempt in range(3):
        with pytest.raises(SystemExit):
            worker.advance()
        ImportLine.objects.update(claimed_until=None)
    worker.advance()
    assert states(batch) == ["failed"] and CompanyImport.objects.get().state == "done"


def test_what_is_unforeseen_is_tried_again_and_then_said(acme, monkeypatch):
    batch = started(acme, GOOD)
    monkeypatch.setattr(worker, "onboard", lambda *a, **k: 1 / 0)
    for _attempt in range(3):
        worker.advance()
        ImportLine.objects.update(claimed_until=None)
    assert states(batch) == ["failed"] and "unforeseen" in batch.lines.get().told_problems[0]


def test_who_lost_a_claim_writes_nothing(acme):
    started(acme, GOOD)
    old = worker._claim(CompanyImport.objects.get())
    ImportLine.objects.update(claimed_until=None)
    worker.advance()
    assert worker._import(old) == 0
    assert len(companies(acme)) == 1
    worker._fail(old[0], "late")
    assert ImportLine.objects.get().state == "done"


def test_of_lines_that_are_imported_together_each_falls_by_itself(acme, monkeypatch):
    batch = started(acme, *numbered(4), register=False)
    real = worker.onboard

    def refusing(platform, profile, **options):
        if profile["name"] == "Company 1":
            raise Conflict("no", "Not this one.")
        if profile["name"] == "Company 2":
            Organization.objects.create(kind="managed", name="Half a company", parent=platform)
            raise ZeroDivisionError
        return real(platform, profile, **options)

    monkeypatch.setattr(worker, "onboard", refusing)
    worker.advance()
    assert states(batch) == ["done", "failed", "ready", "done"]
    assert companies(acme) == ["Company 0", "Company 3"]
    monkeypatch.setattr(worker, "onboard", real)
    ImportLine.objects.update(claimed_until=None)
    worker.advance()
    assert companies(acme) == ["Company 0", "Company 3", "Company 2"]


def test_lines_that_a_worker_came_to_nothing_with_are_taken_one_by_one(acme):
    batch = started(acme, *numbered(4), register=False)
    batch.lines.filter(number__in=(2, 4)).update(attempts=1)
    assert [[line.number for line in lines] for lines in worker._claims()] == [[2], [3], [4], [5]]


def test_a_stopped_import_goes_on_where_it_was(acme):
    batch = started(acme, *numbered(3))
    worker.advance(seconds=0)
    imports.stop(batch, by=SYSTEM)
    worker.advance()
    assert states(batch) == ["done", "ready", "ready"]
    imports.start(CompanyImport.objects.get(), by=SYSTEM)
    worker.advance()
    assert states(batch) == ["done"] * 3


def test_a_suspended_platforms_import_waits(acme):
    started(acme, GOOD)
    Organization.objects.filter(pk=acme.pk).update(status="suspended")
    worker.advance()
    assert companies(acme) == []
    Organization.objects.filter(pk=acme.pk).update(status="active")
    worker.advance()
    assert len(companies(acme)) == 1


def test_while_a_turn_is_at_a_line_no_other_turn_begins(acme, monkeypatch):
    batch = started(acme, *numbered(2))
    real, others = worker.onboard, []

    def meanwhile(*args, **kwargs):
        others.append(worker.advance())
        return real(*args, **kwargs)

    monkeypatch.setattr(worker, "onboard", meanwhile)
    assert worker.advance() == 2
    assert others == [0, 0] and states(batch) == ["done", "done"]


def test_a_turn_that_ends_wakes_the_next(acme, monkeypatch):
    started(acme, *numbered(2))
    woken = []
    monkeypatch.setattr(worker.background, "wake", woken.append)
    worker.advance(seconds=0)
    assert woken.count("imports") == 1 and CompanyImport.objects.running().exists()
    worker.advance()
    assert woken.count("imports") == 1 and not CompanyImport.objects.running().exists()


def test_imports_take_turns(acme, rival):
    started(acme, *numbered(3), register=False)
    started(rival, *numbered(3), register=False)
    worker.advance(seconds=0)
    worker.advance(seconds=0)
    lines = worker._claims()
    assert {next(lines)[0].organization_id for _ in range(2)} == {acme.pk, rival.pk}


# --- Secrets --------------------------------------------------------------------------------------


def test_keys_are_kept_encrypted_and_given_out_once(acme):
    batch = started(acme, GOOD, with_keys=True)
    worker.advance()
    line = batch.lines.get()
    taken = imports.take_secrets(batch, by=SYSTEM)
    assert authenticate(taken[2]).organization_id == line.company_id
    assert taken[2] not in line.secret and line.secret
    assert imports.take_secrets(batch, by=SYSTEM) == {}
    event = Event.objects.filter(type="import.secrets_shown").first()
    assert taken[2] not in str(event.data)


def test_keys_that_nobody_fetches_are_forgotten(acme):
    batch = started(acme, GOOD, with_keys=True)
    worker.advance()
    assert imports.forget_secrets() == 0
    CompanyImport.objects.update(finished_at=timezone.now() - timedelta(days=8))
    assert imports.forget_secrets() == 1 and imports.take_secrets(batch, by=SYSTEM) == {}


# --- States ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state, allowed",
    [
        ("reading", {"discard"}),
        ("refused", {"discard"}),
        ("uploaded", {"check", "discard"}),
        ("checked", {"check", "start", "discard"}),
        ("running", {"stop"}),
        ("stopped", {"start", "retry", "discard", "take_secrets"}),
        ("done", {"retry", "discard", "take_secrets"}),
    ],
)
def test_an_import_can_be_what_its_state_allows(acme, state, allowed):
    options = {"mapping": {"name": 0, "company_number": 2}, "register": True, "with_keys": False}
    for name in ("check", "start", "stop", "retry", "discard", "take_secrets"):
        batch = checked(acme, GOOD, ["B", "FR", "", "", "", ""])
        batch.lines.filter(number=3).update(state="failed")
        CompanyImport.objects.filter(pk=batch.pk).update(state=state)
        run = getattr(imports, name)
        arguments = options if name == "check" else {}
        if name in allowed:
            run(batch, by=SYSTEM, **arguments)
        else:
            with pytest.raises(WrongState):
                run(batch, by=SYSTEM, **arguments)


def test_a_discarded_import_leaves_its_companies(acme):
    batch = started(acme, GOOD)
    worker.advance()
    imports.discard(batch, by=SYSTEM)
    assert not ImportLine.objects.exists() and len(companies(acme)) == 1
    with pytest.raises(WrongState, match="deleted"):
        imports.start(batch, by=SYSTEM)


def test_nothing_to_import_is_said(acme):
    batch = checked(acme, ["", "", "", "", "", ""])
    with pytest.raises(WrongState, match="No line"):
        imports.start(batch, by=SYSTEM)


# --- Languages ------------------------------------------------------------------------------------


@pytest.fixture
def french(monkeypatch):
    """The French catalogue with two sentences, whatever else it has."""
    known = trans_real.translation("fr")._catalog._catalogs[0]
    for sentence, translated in (
        ("Country: “%(given)s” is no country that we know.", "Pays inconnu : %(given)s."),
        ("The plan allows %(limit)d companies.", "Le plan permet %(limit)d sociétés."),
    ):
        monkeypatch.setitem(known, sentence, translated)


def test_what_is_wrong_is_said_in_the_language_of_whoever_reads_it(acme, french):
    batch = checked(acme, ["A", "Atlantis", "", "", "", ""])
    line = batch.lines.get()
    with translation.override("fr"):
        assert line.told_problems == ["Pays inconnu : Atlantis."]
    assert line.told_problems == ["Country: “Atlantis” is no country that we know."]


def test_what_fails_later_is_said_in_the_readers_language_too(acme, french):
    started(acme, GOOD)
    Organization.objects.filter(pk=acme.pk).update(company_limit=0)
    worker.advance()
    line = ImportLine.objects.get()
    with translation.override("fr"):
        assert line.told_problems == ["Le plan permet 0 sociétés."]
    assert line.told_problems == ["The plan allows 0 companies."]
