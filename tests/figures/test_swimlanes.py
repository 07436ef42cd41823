"""Pictures of single patients show the same patients, in the same order, under every strategy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from pathsim.events import Log
from pathsim.figures.saving import figure_of, save
from pathsim.figures.style import new_axes
from pathsim.figures.swimlane import panel, under_each
from pathsim.figures.words import in_words
from pathsim.outcomes.folds import TABLES, Measured, measure
from pathsim.outcomes.lives import first_to_differ
from pathsim.units import DAYS_PER_MONTH
from tests.outcomes.test_lives import MARKS

ALIKE = """
0 0 0   arrive 0 -        arrival  people
0 0 0   enter  0 queue    arrival  -
0 0 400 end    0 dead     die      -
"""
ONE = """
0 1 10  arrive 0 -        arrival  people
0 1 10  enter  0 queue    arrival  -
0 1 50  enter  0 infusion slot     -
0 1 60  detour 1 fever    infect   -
0 1 65  return 0 infusion better   -
0 1 300 enter  0 relapsed progress -
0 1 700 censor 0 relapsed horizon  -
"""
OTHER = """
0 1 10  arrive 0 -        arrival  people
0 1 10  enter  0 queue    arrival  -
0 1 500 end    0 dead     die      -
"""


@pytest.fixture
def two(write: Callable[..., Log]) -> dict[str, Measured]:
    return {
        name: measure(write(ALIKE + mine, horizon=700.0), MARKS)
        for name, mine in {"one": ONE, "other": OTHER}.items()
    }


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    assert found is not None
    return [text.get_text() for text in found.get_texts()]


def bars(ax: Axes, row: int) -> list[tuple[float, float]]:
    """(from, to) of the bars of a row, in days."""
    mine = [p for p in ax.patches if isinstance(p, Rectangle)]
    x = [(p.get_x(), p.get_width()) for p in mine if p.get_y() < row < p.get_y() + p.get_height()]
    return [(left * DAYS_PER_MONTH, (left + width) * DAYS_PER_MONTH) for left, width in x]


def test_each_of_the_first_patients_has_a_bar_from_arrival_to_its_end(
    two: Mapping[str, Measured],
) -> None:
    ax = panel(new_axes(), two, "one")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["0", "1"]
    assert ax.get_title(loc="left") == "one: the first 2 of 2 patients, not chosen"
    spans = [(round(left), round(right)) for left, right in bars(ax, 1)]
    assert spans == [(0, 40), (40, 290), (290, 690)]
    assert ax.get_xlabel() == "Months since arrival"


def test_the_legend_tells_what_is_drawn_and_no_more(two: Mapping[str, Measured]) -> None:
    told = legend(panel(new_axes(), two, "one"))
    assert {"1 cilta", "in hospital (below)", "progression", "died"} <= {*told}
    assert "alive at the end of the run" in told
    short = legend(panel(new_axes(), two, "other"))
    assert "1 cilta" not in short
    assert "alive at the end of the run" not in short
    assert "died" in short


def test_time_axis_and_rows_are_the_same_under_every_strategy(
    two: Mapping[str, Measured],
) -> None:
    one, other = (panel(new_axes(), two, name) for name in two)
    assert one.get_xlim() == other.get_xlim()
    assert one.get_ylim() == other.get_ylim()
    assert [t.get_text() for t in one.get_yticklabels()] == [
        t.get_text() for t in other.get_yticklabels()
    ]


def test_the_patient_shown_under_each_is_the_first_who_is_not_given_the_same(
    two: Mapping[str, Measured],
) -> None:
    assert first_to_differ(two.values()) == 1
    assert first_to_differ([two["one"]]) is None
    ax = under_each(new_axes(), two, 1)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "other"]
    assert ax.get_title(loc="left") == "Patient 1 under each strategy"
    assert "cilta" in [text.get_text() for text in ax.texts]
    assert in_words(figure_of(ax)) == (
        "Patient 1 under each strategy. one: cilta from month 1, alive at month 23. "
        "other: no therapy, died at month 16."
    )


def test_many_strategies_with_long_names_and_nobody_at_all_are_drawn(
    two: Mapping[str, Measured], tmp_path: Path
) -> None:
    many = {f"a rather long name of a strategy, number {k}": two["one"] for k in range(10)}
    ax = under_each(new_axes(height=8.0), many, 1)
    assert len(ax.get_yticks()) == 10
    assert all(len(label.get_text()) < 30 for label in ax.get_yticklabels())
    save(ax, tmp_path, "many")
    nobody = replace(two["one"], **{name: getattr(two["one"], name).iloc[:0] for name in TABLES})
    assert first_to_differ([nobody, nobody]) is None
    empty = panel(new_axes(), {"nobody": nobody}, "nobody")
    assert empty.get_title(loc="left") == "nobody: no patients"
    save(empty, tmp_path, "nobody")
