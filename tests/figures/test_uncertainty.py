"""Figures of uncertainty and sensitivity show what they are given, and their intervals."""

from typing import Any

import pytest

from pathsim.figures.indices import MOST, Index, factor_bars
from pathsim.figures.style import new_axes
from pathsim.figures.uncertainty import Uncertain, uncertainty
from pathsim.outcomes.better import better


def ends_of(ax) -> set[tuple[float, ...]]:
    lines: list[Any] = list(ax.lines)
    return {tuple(float(x) for x in line.get_xdata()) for line in lines}


def test_the_factor_that_matters_most_is_on_top_and_has_its_interval():
    first = {"beds": Index(0.1, 0.0, 0.2), "therapies.cilta-cel": Index(0.3, 0.2, 0.4)}
    total = {"beds": Index(0.6, 0.4, 0.8), "therapies.cilta-cel": Index(0.5, 0.4, 0.6)}
    ax = factor_bars(
        new_axes(), {"first": first, "total": total}, axis="share of the variance", title="wait"
    )
    assert [label.get_text() for label in ax.get_yticklabels()] == ["beds", "therapies.cilta-cel"]
    assert ax.yaxis_inverted()
    bars: list[Any] = list(ax.patches)
    assert [bar.get_width() for bar in bars] == [0.1, 0.3, 0.6, 0.5]
    assert (0.4, 0.8) in ends_of(ax)


def test_of_many_factors_those_that_matter_most_are_shown_and_that_is_said():
    many = {f"factor {k}": Index(k / 100, 0, 1) for k in range(30)}
    ax = factor_bars(new_axes(), {"effect": many}, axis="days", title="wait")
    assert len(ax.patches) == MOST
    assert "of 30" in ax.get_title(loc="left").replace("\n", " ")


def test_a_strategy_has_its_mean_and_both_intervals_and_a_difference_its_zero():
    row = Uncertain(2.0, 1.0, 3.0, 0.5, 3.5)
    ax = uncertainty(
        new_axes(), {"a minus b": row}, outcome="months", title="t", below="", zero=True
    )
    assert {(0.5, 3.5), (1.0, 3.0), (2.0,), (0.0, 0.0)} <= ends_of(ax)


@pytest.mark.parametrize(
    ("outcome", "way"),
    [
        ("overall survival from arrival, at 24 months", "higher"),
        ("wait for slots/cilta-cel, 90th centile", "lower"),
        ("non-relapse mortality", "lower"),
        ("days at home", "higher"),
        ("began cilta-cel", None),
        ("entries off label", None),
    ],
)
def test_which_way_an_outcome_is_better_is_known_by_its_name(outcome, way):
    assert better(outcome) == way
