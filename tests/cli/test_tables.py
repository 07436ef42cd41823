"""The printed table: within the width, decimals in order, intervals or a word on their absence."""

import math

import pandas as pd
import pytest

from pathsim.cli.tables import printed
from pathsim.outcomes.labels import NO_INTERVAL, label_of

NAN = math.nan
Row = tuple[str, str, str, str, float, float, float]


def table(*rows: Row) -> pd.DataFrame:
    return pd.DataFrame(
        rows, columns=["group", "outcome", "unit", "strategy", "mean", "low", "high"]
    )


def share(strategy: str, mean: float, low: float, high: float) -> Row:
    return (
        "survival",
        "overall survival from arrival, at 12 months",
        "%",
        strategy,
        mean,
        low,
        high,
    )


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("strategies", [2, 4, 10])
def test_no_line_is_longer_than_the_terminal(width: int, strategies: int) -> None:
    names = [f"a_strategy_with_a_long_name_{k}" for k in range(strategies)]
    text = printed(table(*(share(name, 71.25, 61.0, 80.5) for name in names)), width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert text.count("71.2 (61.0–80.5)") == strategies


def test_four_strategies_stand_side_by_side_in_120_columns() -> None:
    names = ("cart_first", "bispecific_first", "gprc5d_then_cart", "standard_only")
    text = printed(table(*(share(name, 71.25, 61.0, 80.5) for name in names)), width=120)
    assert text.count("SURVIVAL") == 1


def test_a_name_is_folded_at_its_underscores_and_loses_nothing() -> None:
    name = "cart_if_slot_within_60_days_and_more"
    heads = printed(table(share(name, 71.25, 61.0, 80.5))).splitlines()
    above = [line.strip() for line in heads[: heads.index("SURVIVAL")]]
    assert "".join(above) == name
    assert len(above) > 1


def test_an_interval_that_cannot_be_given_is_said_and_one_without_width_is_not_printed() -> None:
    text = printed(table(share("a", 50.0, NAN, NAN), share("b", 0.0, 0.0, 0.0)))
    assert f"50.0 {NO_INTERVAL}" in text
    assert text.splitlines()[-1].rstrip().endswith(" 0.0")


def test_what_is_not_known_is_a_dash() -> None:
    (_, _, line) = printed(table(share("a", NAN, NAN, NAN))).splitlines()
    assert line.rstrip().endswith("-")


def test_differences_that_are_clear_of_nought_are_starred() -> None:
    rows = (share("a", 5.0, 1.0, 9.0), share("b", -5.0, -9.0, -1.0), share("c", 2.0, -1.0, 5.0))
    text = printed(table(*rows), starred=True)
    assert " 5.0* (1.0 to 9.0)" in text
    assert "-5.0* (-9.0 to -1.0)" in text
    assert "2.0 (-1.0 to 5.0)" in text


def test_an_outcome_that_only_the_second_has_stands_beside_its_neighbour() -> None:
    loss = [("access", f"lost before infusion by {c}", "%", s, 5.0, 4.0, 6.0)
            for s, causes in (("a", "xz"), ("b", "xyz")) for c in causes]  # fmt: skip
    lines = [line.split()[1].rstrip(",") for line in printed(table(*loss)).splitlines()[2:]]
    assert lines == ["x", "y", "z"]


def test_a_label_says_its_unit_once() -> None:
    assert label_of("days at home", "days") == "days at home"
    assert label_of("time treated", "days") == "time treated, days"
    assert label_of("ivig_dose used", "times per 100 patients") == (
        "IVIG dose used, per 100 patients"
    )


def test_an_empty_table_says_why() -> None:
    assert "nobody came" in printed(table())
