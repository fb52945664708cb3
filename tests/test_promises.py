"""The table of promises is whole and says what the tests say."""

import re

from tests import promises

PAGE = promises.TABLE.read_text()
CITED = re.compile(r"\b((?:GOR|EIN|FLO|FIS|INV)-\d{2}|C-\d{2}[a-z]?)\b")


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


def test_whatever_number_the_code_cites_is_explained_there():
    explained = set(re.findall(r"^\| (\S+) \|", PAGE, re.M))
    cited = {
        number
        for path in promises.ROOT.glob("*/**/*.py")
        if path.relative_to(promises.ROOT).parts[0] not in (".venv", "var", "tests")
        for number in CITED.findall(path.read_text())
    }
    assert cited and cited <= explained
