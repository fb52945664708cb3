"""The table of promises is whole and says what the tests say."""

from tests import promises


def test_every_promise_is_named_by_a_test():
    found = promises.kept()
    silent = [
        f"{vendor}-{number:02}"
        for vendor, (_, count) in promises.CONTRACTS.items()
        for number in range(1, count + 1)
        if not found[f"{vendor}-{number:02}"]
    ]
    assert silent == []


def test_the_table_is_up_to_date():
    assert promises.TABLE.read_text() == promises.table(), "run python -m tests.promises"
