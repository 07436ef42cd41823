"""A tornado from cells written by hand: swings paired by replication, the widest first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.figures.style import new_axes
from pathsim.figures.tornado import MOST, WIDE, tornado
from pathsim.inputs.study import Study
from pathsim.outcomes.intervals import t_interval
from pathsim.outcomes.tornado_bars import Bar, sorted_bars
from pathsim.study.cells import Cells, Values
from pathsim.study.design import LEFT, Design, Factor
from pathsim.study.sweep import Plan
from pathsim.study.tornado import Tornado

DAYS = "days in hospital"
STUDY: dict[str, Any] = {
    "study": "x", "title": "A test?", "scenarios": ["a"], "replications": 3, "outcomes": [DAYS],
    "design": {"kind": "one_way", "vary": "spreads"},
}  # fmt: skip


def told(
    tmp_path: Path, *sets: tuple[Any, Any, list[float]], base: list[float], outcome: str = DAYS
) -> Tornado:
    """A tornado of two fields: what each set sets them to, and the outcome by replication."""
    factors = (
        Factor("beds", "beds", "whole", None, 10),
        Factor("pace", "p", "number", "days", 2.0),
    )
    rows = [(LEFT, LEFT), *((one, two) for one, two, _ in sets)]
    plan = Plan(Study.model_validate(STUDY), (), Design("one_way", factors, rows), "simpy", (), ())
    found = Tornado(plan, tmp_path)
    for number, values in enumerate([base, *(values for _, _, values in sets)]):
        found.add(number, cells(values, outcome))
    found.finish()
    return found


def cells(values: list[float], outcome: str = DAYS) -> Cells:
    """Without values the outcome has no row."""
    each = Values("patients", outcome, "days", np.array(values), 30)
    return {("a", "as_written"): {outcome: each} if values else {}}


SETS: tuple[tuple[Any, Any, list[float]], ...] = (
    (8, LEFT, [11.0, 21.0, 31.0]),
    (12, LEFT, [9.0, 19.0, 29.5]),
    (LEFT, 1.5, [20.0, 30.0, 40.0]),
    (LEFT, 2.5, [5.0, 15.0, 25.0]),
)


def test_a_swing_is_the_mean_difference_of_the_ends_by_replication(tmp_path: Path) -> None:
    told(tmp_path, *SETS, base=[10.0, 20.0, 30.0])
    rows = pd.read_csv(tmp_path / "tornado.csv").set_index("factor")
    beds, pace = rows.loc["beds"], rows.loc["pace"]
    expected = t_interval([-2.0, -2.0, -1.5])
    assert (beds["swing"], beds["low"], beds["high"]) == pytest.approx(expected[:3])
    assert (beds["base"], beds["at_low"], beds["at_high"]) == pytest.approx((20, 21, 19.1667), 1e-4)
    assert (pace["swing"], pace["low"], pace["high"]) == (-15, -15, -15)
    assert [pace["base_value"], pace["low_value"], pace["high_value"]] == [2, 1.5, 2.5]
    assert pace["replications"] == 3


def test_the_widest_swing_is_told_first(tmp_path: Path) -> None:
    lines = told(tmp_path, *SETS, base=[10.0, 20.0, 30.0]).lines(100)
    assert lines[1] == "A: days in hospital, days; 20.0 with nothing changed"
    assert [line.split()[0] for line in lines[3:]] == ["pace", "beds"]


def test_a_cause_of_loss_that_vanishes_at_one_end_has_its_whole_swing(tmp_path: Path) -> None:
    sets: tuple[tuple[Any, Any, list[float]], ...] = ((8, LEFT, [6.0, 4.0, 5.0]), (12, LEFT, []))
    told(tmp_path, *sets, base=[3.0, 2.0, 1.0], outcome="lost before infusion by death")
    row = pd.read_csv(tmp_path / "tornado.csv").iloc[0]
    assert (row["at_low"], row["at_high"], row["swing"]) == (5, 0, -5)


def test_a_single_value_stands_against_what_is_there_now(tmp_path: Path) -> None:
    told(tmp_path, (12, LEFT, [9.0, 19.0, 29.0]), base=[10.0, 20.0, 30.0])
    row = pd.read_csv(tmp_path / "tornado.csv").iloc[0]
    assert (row["low_value"], row["high_value"]) == (10, 12)
    assert (row["at_low"], row["at_high"], row["swing"]) == (20, 19, -1)


def test_a_median_that_was_not_reached_at_one_end_has_no_swing(tmp_path: Path) -> None:
    values = cells([1.0, 2.0, 3.0])["a", "as_written"][DAYS]
    open_ = replace(values, reached=False)
    assert np.isnan(open_.interval.mean)
    assert np.isnan(open_.minus(values).difference.mean)
    assert values.interval.mean == 2.0


def bar(name: str, low: float, high: float) -> Bar:
    by = [t_interval([value, value]) for value in (high - low, low, high)]
    return Bar(name, "1", "2 days", "days", 10.0, 10 + low, 10 + high, by[0], by[1], by[2])


def test_the_figure_has_units_numbers_and_no_more_fields_than_can_be_read() -> None:
    bars = [bar(f"field_{k}", -k / 4, k / 8) for k in range(20)]
    ax = tornado(new_axes(), bars, outcome=DAYS, title="a", replications=2, patients=100)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert len(labels) == MOST
    assert labels[0] == "field_19\n1 to 2 days"
    assert ax.get_xlabel() == "days in hospital, days"
    assert any("n = 2 replications of 100 patients" in text.get_text() for text in ax.texts)
    assert "15 of 20 fields" in ax.get_title(loc="left")


def test_a_bar_is_as_wide_as_the_outcome_moves_either_way() -> None:
    both_up, down = bar("up", 3.0, 4.0), bar("down", -1.0, 1.0)
    assert (both_up.width, down.width) == (4.0, 2.0)
    assert sorted_bars([down, both_up]) == [both_up, down]


STILL = t_interval(np.zeros(3))


def bar_of(name: str, by: float = 0.0) -> Bar:
    moved = t_interval(np.full(3, by))
    return Bar(name, "1", "2 days", "days", 20.0, 20.0, 20.0 + by, moved, STILL, moved)


def test_a_long_path_is_broken_where_it_can_be_and_its_ends_stand_below() -> None:
    path = "therapies.cilta-cel.manufacture.periods[1].duration.median"
    ax = tornado(new_axes(), [bar_of(path, 2.0)], outcome=DAYS, title="a", replications=3)
    (label,) = [tick.get_text() for tick in ax.get_yticklabels()]
    *lines, ends = label.split("\n")
    assert "".join(lines) == path
    assert max(map(len, lines)) <= WIDE
    assert ends == "1 to 2 days"


def test_where_no_field_moves_the_outcome_the_figure_says_so() -> None:
    ax = tornado(new_axes(), [bar_of("beds")], outcome=DAYS, title="a", replications=3)
    assert "no field moves it" in [text.get_text() for text in ax.texts]
    assert ax.get_xlim() == (18.0, 22.0)
    moved = tornado(new_axes(), [bar_of("beds", 1.0)], outcome=DAYS, title="a", replications=3)
    assert "no field moves it" not in [text.get_text() for text in moved.texts]
