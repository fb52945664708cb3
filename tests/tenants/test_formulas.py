"""No cell of a file that we hand out is run by whatever opens it."""

from decimal import Decimal

import pytest

from tenants.formulas import as_before, harmless

SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "  @"]


@pytest.mark.parametrize("sign", SIGNS)
def test_text_that_begins_like_a_formula_is_marked_as_text(sign):
    text = f"{sign}cmd|' /C calc'!A0"
    assert harmless(text) == f"'{text}" and as_before(harmless(text)) == text


@pytest.mark.parametrize("number", [-5, 0, 3, -0.5, Decimal("-12.30"), True])
def test_numbers_stay_numbers(number):
    assert harmless(number) is number


@pytest.mark.parametrize("text", ["Bakery", "'quoted'", "", "0208:0403170701", "a=b"])
def test_other_text_is_left_alone(text):
    assert harmless(text) == as_before(text) == text


def test_nothing_is_an_empty_cell():
    assert harmless(None) == ""
