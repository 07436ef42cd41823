"""The calibration plot: every point can be told, in colour, in grey and by its number."""

from __future__ import annotations

import pandas as pd

from pathsim.figures.calibration import MARKERS, PAINTS, RED, calibration


def targets(trials: int) -> pd.DataFrame:
    """A share for each trial, the last outside its interval; and one median of the first."""
    kinds = [*MARKERS]
    rows = [
        (f"trial-{k}", "share", "%", 50.0, 40.0, 60.0, 50.0 + k, kinds[k % 3], k < trials - 1)
        for k in range(trials)
    ]
    rows.append(("trial-0", "median", "months", 12.0, 9.0, 15.0, 11.0, "fitted", True))
    names = ["trial", "kind", "unit", "published", "low", "high", "simulated", "dependence"]
    table = pd.DataFrame(rows, columns=[*names, "inside"]).assign(role="calibration")
    return table.assign(simulated_low=table["simulated"] - 1, simulated_high=table["simulated"] + 1)


def test_each_of_twenty_trials_has_a_number_of_its_own_on_its_points_and_in_the_legend() -> None:
    figure = calibration(targets(20))
    shares, medians = figure.axes
    assert [text.get_text() for text in shares.texts] == [str(k + 1) for k in range(20)]
    assert [text.get_text() for text in medians.texts] == ["1"]
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend[:2] == ["1  trial-0", "2  trial-1"]
    assert "20  trial-19" in legend


def test_what_a_target_rests_on_is_told_by_shape_as_well_as_colour_and_a_miss_by_its_rim() -> None:
    figure = calibration(targets(3))
    points = [line for line in figure.axes[0].lines if line.get_marker() in MARKERS.values()]
    assert [line.get_marker() for line in points] == [*MARKERS.values()]
    assert [line.get_markerfacecolor() for line in points] == [*PAINTS.values()]
    assert [line.get_markeredgecolor() == RED for line in points] == [False, False, True]


def test_axes_say_their_unit() -> None:
    shares, medians = calibration(targets(2)).axes
    assert (shares.get_xlabel(), shares.get_ylabel()) == ("Published, %", "Simulated, %")
    assert medians.get_xlabel() == "Published, months"
