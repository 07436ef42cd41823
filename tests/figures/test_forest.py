"""The forest plot: a panel an outcome, a row a strategy; marks say what intervals say."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from matplotlib.axes import Axes

from pathsim.figures.forest import forest
from pathsim.figures.saving import figure_of
from pathsim.figures.style import MARKERS, new_axes
from pathsim.figures.words import in_words

UNITS = {
    "overall survival from arrival, mean within 60 months": "months",
    "overall survival from arrival, at 24 months": "%",
    "time off treatment": "days",
    "days in hospital": "days",
}
Found = tuple[float, float, float]


class Counted:
    """Stands for what was measured: how many there are."""

    patients = range(1200)

    def __init__(self, replications: int = 3) -> None:
        self.replications = replications


def table(found: dict[tuple[str, str], Found]) -> pd.DataFrame:
    """Differences as `summary.differences` gives them, of (strategy, outcome)."""
    rows = [(outcome, UNITS[outcome], f"{name} minus base", *values)
            for (name, outcome), values in found.items()]  # fmt: skip
    return pd.DataFrame(rows, columns=["outcome", "unit", "strategy", "mean", "low", "high"])


def panels(others: list[str], found: dict[tuple[str, str], Found]) -> list[Axes]:
    ax = new_axes()
    strategies = dict.fromkeys(["base", *others], Counted())
    assert forest(ax, strategies, table(found)) is ax  # type: ignore[arg-type]
    return [each for each in figure_of(ax).axes if each is not ax]


def marks(panel: Axes) -> list[str]:
    """The face of each mark of a mean, or how it is marked where it has no interval."""
    return ["cross" if line.get_marker() == "x" else str(line.get_markerfacecolor())
            for line in panel.lines if line.get_marker() in ("x", *MARKERS)]  # fmt: skip


def test_each_outcome_has_a_panel_on_a_scale_of_its_own() -> None:
    found = {("a", "time off treatment"): (-260.0, -270.0, -250.0),
             ("a", "days in hospital"): (-0.3, -0.6, 0.1)}  # fmt: skip
    off, hospital = panels(["a"], found)
    assert off.get_title(loc="left") == "time off treatment"
    assert off.get_xlim()[0] < -270 < 0 < off.get_xlim()[1]
    assert hospital.get_xlim()[0] > -1


def test_a_mark_is_filled_only_where_the_interval_leaves_out_0() -> None:
    found = {("a", "time off treatment"): (20.0, 10.0, 30.0),
             ("b", "time off treatment"): (20.0, -1.0, 41.0),
             ("c", "time off treatment"): (20.0, math.nan, math.nan)}  # fmt: skip
    (panel,) = panels(["a", "b", "c"], found)
    filled, open_, cross = marks(panel)
    assert filled not in ("white", "cross")
    assert (open_, cross) == ("white", "cross")


def test_it_is_said_on_which_side_it_is_better() -> None:
    found = dict.fromkeys([("a", outcome) for outcome in UNITS], (1.0, 0.5, 1.5))
    said = {panel.get_title(loc="left"): panel.get_xlabel() for panel in panels(["a"], found)}
    assert said["time off treatment"] == "difference, days\nbetter →"
    assert said["days in hospital"] == "difference, days\n← better"
    assert said["overall survival, at 24 months"].startswith("difference, points of %")


@pytest.mark.parametrize(("others", "numbered"), [(4, True), (5, False)])
def test_numbers_stand_beside_the_marks_of_few_strategies(others: int, numbered: bool) -> None:
    names = [f"a rather long name of a scenario, number {k}" for k in range(others)]
    found = {(name, "time off treatment"): (-26.4, -27.44, -25.46) for name in names}
    (panel,) = panels(names, found)
    assert ("-26.4 (-27.4 to -25.5)" in {t.get_text() for t in panel.texts}) is numbered
    assert len(panel.get_yticklabels()) == others


def test_what_nobody_has_is_left_out() -> None:
    found = {("a", "time off treatment"): (1.0, 0.5, 1.5),
             ("a", "days in hospital"): (math.nan,) * 3}  # fmt: skip
    assert len(panels(["a"], found)) == 1
    assert panels(["a"], {("a", "days in hospital"): (math.nan,) * 3}) == []


def test_the_figure_is_told_in_words_with_its_numbers() -> None:
    ax = new_axes()
    found = {("a", "time off treatment"): (-264.0, -274.0, -255.0)}
    forest(ax, {"base": Counted(), "a": Counted()}, table(found))  # type: ignore[dict-item]
    assert "time off treatment, days: a -264 (-274 to -255)." in in_words(figure_of(ax))
