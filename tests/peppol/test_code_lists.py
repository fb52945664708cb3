"""The official code lists as the product keeps them, and the command that takes a release over."""

import json
import os

import pytest
from django.core.management import CommandError, call_command

from peppol import code_lists


def test_a_release_can_be_taken_over(tmp_path):
    (tmp_path / "Participant identifier schemes v9.9.json").write_text(
        json.dumps(
            {
                "version": "9.9",
                "values": [
                    {
                        "schemeid": "BE:EN",
                        "iso6523": "0208",
                        "country": "BE",
                        "scheme-name": "A\nB",
                        "state": "active",
                        "validation-rules": "RegEx: [01][0-9]{9}\nmod97",
                        "registrable": True,
                    },
                    {
                        "schemeid": "XX:OLD",
                        "iso6523": "9999",
                        "country": "international",
                        "scheme-name": "Old",
                        "state": "removed",
                        "removal-date": "2020-01-01",
                    },
                ],
            }
        )
    )
    (tmp_path / "Document types v9.9.json").write_text(
        json.dumps(
            {
                "version": "9.9",
                "values": [
                    {
                        "name": "Peppol BIS Billing UBL Invoice V3",
                        "scheme": "s",
                        "value": "v",
                        "state": "active",
                        "process-ids": [
                            {"scheme": "p", "value": "urn:1"},
                            {"scheme": "p", "value": "urn:france:x"},
                        ],
                    },
                    {
                        "name": "Something else",
                        "scheme": "s",
                        "value": "w",
                        "state": "active",
                        "process-ids": [],
                    },
                ],
            }
        )
    )
    output = tmp_path / "made.json"
    call_command("rebuild_code_lists", tmp_path, output=output)
    made = json.loads(output.read_text())
    assert made["release"] == "9.9"
    assert [s["icd"] for s in made["schemes"]] == ["0208", "9999"]
    assert (made["schemes"][0]["name"], made["schemes"][0]["pattern"]) == ("A B", "[01][0-9]{9}")
    assert made["schemes"][1]["removed_on"] == "2020-01-01" and made["schemes"][1]["country"] == ""
    assert made["processes"] == [["p", "urn:1"], ["p", "urn:france:x"]]
    assert [d["processes"] for d in made["document_types"]] == [[0, 1], []]


def test_every_active_document_type_is_kept_with_all_its_processes():
    every = code_lists.all_document_types()
    assert len(every) == 209
    billing = next(t for t in every if t.name == "Peppol BIS Billing UBL Invoice V3")
    assert any(":france:" in process.value for process in billing.processes)
    # A company is registered for what every country knows.
    offered = next(t for t in code_lists.document_types() if t.value == billing.value)
    assert {process.value for process in offered.processes} == {
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
        "urn:peppol:bis:billing_with_response",
    }


def test_a_directory_without_the_lists_is_refused(tmp_path):
    with pytest.raises(CommandError, match="participant"):
        call_command("rebuild_code_lists", tmp_path)


@pytest.mark.skipif("CODE_LISTS" not in os.environ, reason="CODE_LISTS names no release")
def test_the_committed_table_is_what_the_command_makes(tmp_path):
    output = tmp_path / "made.json"
    call_command("rebuild_code_lists", os.environ["CODE_LISTS"], output=output)
    committed = json.loads(output.read_text())
    assert committed["release"] == code_lists.release()
    assert committed == code_lists._table()
