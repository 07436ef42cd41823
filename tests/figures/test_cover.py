"""Strategies at a glance: months, bed days and survival, each with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from pathsim.figures.cover import ALIVE, BEDS, TIMES, cover
from pathsim.units import DAYS_PER_MONTH


def outcomes(*names: str, months: float = 10.0, n: int = 4) -> pd.DataFrame:
    """So many months of each, ten days in hospital and a fifth alive; half a unit either side."""
    means = {**dict.fromkeys(TIMES, months * DAYS_PER_MONTH), BEDS: 10.0, ALIVE: 20.0}
    rows = [(name, outcome, mean, mean - 0.5, mean + 0.5, n)
            for name in names for outcome, mean in means.items()]  # fmt: skip
    columns = ["strategy", "outcome", "mean", "low", "high", "n_replications"]
    return pd.DataFrame(rows, columns=columns)


def bars_of(figure: Figure, panel: int) -> list[Rectangle]:
    return [each for each in figure.axes[panel].patches if isinstance(each, Rectangle)]


def widths(figure: Figure, panel: int) -> list[float]:
    return [bar.get_width() for bar in bars_of(figure, panel)]


def test_months_off_treatment_begin_at_nought_and_the_others_stand_behind_them() -> None:
    figure = cover(outcomes("one", "two"), title="At a glance")
    bars = bars_of(figure, 0)
    assert [bar.get_x() for bar in bars] == pytest.approx([0, 0, 10, 10, 20, 20])
    assert widths(figure, 0) == pytest.approx([10.0] * 6)
    assert widths(figure, 1) == [10.0, 10.0]
    assert widths(figure, 2) == [20.0, 20.0]
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["one", "two"]


def test_every_axis_says_its_unit_and_the_figure_how_many_runs_it_rests_on() -> None:
    figure = cover(outcomes("one"), title="At a glance")
    labels = [ax.get_xlabel() for ax in figure.axes]
    assert ["months" in labels[0], "Days" in labels[1], "%" in labels[2]] == [True] * 3
    assert figure.get_supxlabel().startswith("n = 4 replications of the same patients")
    once = cover(outcomes("one", n=1), title="?").get_supxlabel()
    assert once.endswith("one replication has no interval")


def test_what_is_not_known_is_said_and_draws_no_bar() -> None:
    table = outcomes("one", "two")
    table.loc[(table["strategy"] == "two") & (table["outcome"] == ALIVE), "mean"] = np.nan
    panel = cover(table, title="?").axes[2]
    assert [text.get_text() for text in panel.texts] == ["20.0", " not known"]
