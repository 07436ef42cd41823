"""The figure of a grid: the first factor along the axis, a line for each value of the others."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.container import ErrorbarContainer

from pathsim.figures.grid import MOST, page
from pathsim.figures.saving import save

FACTORS = {"beds": "beds", "referrals": "referrals, per month"}


def rows(*, beds=(5, 6, 8), referrals=(6.0, 7.5), scenarios=("one", "two"), n=4) -> pd.DataFrame:
    """A mean of ten times the referrals over the beds, with an interval of one either side."""
    found = []
    for scenario, bed, pace in product(scenarios, beds, referrals):
        mean = 10 * pace / bed
        low, high = (mean - 1, mean + 1) if n > 1 else (np.nan, np.nan)
        found.append((scenario, "as_written", bed, pace, "wait", "days", mean, low, high))
    return pd.DataFrame(found, columns=["scenario", "structure", "beds", "referrals", "outcome",
                                        "unit", "mean", "low", "high"])  # fmt: skip


def bars(ax) -> list[ErrorbarContainer]:
    return [each for each in ax.containers if isinstance(each, ErrorbarContainer)]


def legend(figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_each_scenario_has_a_panel_on_one_scale_with_a_line_for_the_second_factor() -> None:
    figure = page(rows(), FACTORS, title="How many beds?", below="n = 4")
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["one", "two"]
    assert len({ax.get_ylim() for ax in figure.axes}) == 1
    first = figure.axes[0]
    assert (first.get_xlabel(), first.get_ylabel()) == ("beds", "wait, days")
    assert [tick.get_text() for tick in first.get_xticklabels()] == ["5", "6", "8"]
    assert legend(figure) == ["6", "7.5"]
    assert figure.legends[0].get_title().get_text() == "referrals, per month"
    line, _, whiskers = bars(first)[0].lines
    assert np.asarray(line.get_ydata()) == pytest.approx([12.0, 10.0, 7.5])
    lengths = [high - low for (_, low), (_, high) in whiskers[0].get_segments()]
    assert lengths == pytest.approx([2.0, 2.0, 2.0])


def test_with_one_factor_the_lines_are_scenarios_and_without_intervals_there_are_no_bars() -> None:
    figure = page(rows(referrals=(6.0,), n=1), {"beds": "beds"}, title="How many?")
    assert len(figure.axes) == 1
    assert legend(figure) == ["one", "two"]
    assert not any(each.has_yerr for each in bars(figure.axes[0]))


def test_more_lines_than_can_be_told_apart_are_counted_in_the_title() -> None:
    many = rows(referrals=tuple(float(k) for k in range(30)), scenarios=("one",))
    figure = page(many, FACTORS, title="How many beds?")
    assert len(bars(figure.axes[0])) == MOST
    said = figure.get_suptitle().replace("\n", " ")
    assert said == f"How many beds? ({MOST} of 30 lines are shown)"


def test_words_stand_one_after_another_and_the_files_are_the_same_twice(tmp_path: Path) -> None:
    table = rows(scenarios=("one",)).replace({"beds": {5: "a few", 6: "some", 8: "very many beds"}})
    made = [save(page(table, FACTORS, title="?"), tmp_path / f"{k}", "grid") for k in range(2)]
    one, other = (path.with_suffix(".svg").read_bytes() for path in made)
    assert one == other
    assert [tick.get_text() for tick in page(table, FACTORS, title="?").axes[0].get_xticklabels()
            ] == ["a few", "some", "very many beds"]  # fmt: skip
