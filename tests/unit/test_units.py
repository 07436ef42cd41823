"""Units as written, and what each is worth in the model's own."""

import pytest

from pathsim.units import BASE, UNITS, dimension, to_base, units_of


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        (48, "hours", 2.0),
        (3, "weeks", 21.0),
        (4, "months", 121.75),
        (2, "years", 730.5),
        (82.5, "%", 0.825),
        (7, "per week", 1.0),
        (30.4375, "per month", 1.0),
        (365.25, "per year", 1.0),
        (0.5, "ratio", 0.5),
        (4, "visits per 4 weeks", 4.0),
    ],
)
def test_a_value_is_converted_to_the_base_of_its_dimension(
    value: float, unit: str, base: float
) -> None:
    assert to_base(value, unit) == base


def test_every_base_unit_is_worth_one_of_itself() -> None:
    for measure, unit in BASE.items():
        assert dimension(unit) == measure
        assert to_base(1.0, unit) == 1.0


def test_every_unit_has_a_dimension_with_a_base() -> None:
    assert {kind for kind, _ in UNITS.values()} == set(BASE)
    assert "hours" in units_of("time")


@pytest.mark.parametrize(("wrong", "meant"), [("day", "days"), ("per moth", "per month")])
def test_an_unknown_unit_is_answered_with_the_one_that_was_meant(wrong: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"unknown unit '{wrong}'; did you mean '{meant}'"):
        to_base(1, wrong)


def test_a_unit_like_no_other_is_answered_with_the_list() -> None:
    with pytest.raises(ValueError, match="write one of hours, days"):
        dimension("???")
