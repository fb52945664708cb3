"""A new database is made by few migrations, which come to what the many before them come to."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState, ProjectState

pytestmark = pytest.mark.once

_OURS = ("tenants", "apikeys", "billing", "peppol", "webhooks")


def _told(model: ModelState) -> tuple[dict, dict]:
    """A model's columns and options, in no order."""
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    options = {name: value for name, value in model.options.items() if value}
    for name in ("indexes", "constraints"):
        found = options.get(name, ())
        options[name] = {one.name: one.deconstruct() for one in found}
    return fields, options


def _state(*, squashed: bool) -> ProjectState:
    graph = MigrationLoader(None, replace_migrations=squashed).graph
    leaves = [node for node in graph.leaf_nodes() if squashed or "squashed" not in node[1]]
    return graph.make_state(nodes=leaves)


def test_the_squashed_come_to_what_they_stand_for():
    many, few = _state(squashed=False), _state(squashed=True)
    assert many.models.keys() == few.models.keys()
    for key, model in many.models.items():
        assert (key, *_told(model)) == (key, *_told(few.models[key]))


def test_a_new_database_takes_the_squashed():
    graph = MigrationLoader(None).graph
    for app in _OURS:
        assert apps.is_installed(app)
        assert any("squashed" in name for label, name in graph.nodes if label == app)


@pytest.mark.django_db
def test_a_database_that_lacks_some_of_them_takes_those_and_no_other():
    """It was made when fewer were squashed, under a name that nothing bears any more."""
    recorder, lacking = MigrationRecorder(connection), set()
    for (app, squashed), migration in MigrationLoader(None).replacements.items():
        recorder.record_unapplied(app, squashed)
        recorder.record_applied(app, "0001_squashed_before")
        recorder.record_unapplied(*migration.replaces[-1])
        lacking.add(migration.replaces[-1])
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert {(step.app_label, step.name) for step, _ in plan} == lacking
