"""Figures are drawn on the ax given, say what they show, and are saved the same each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.events import Log
from pathsim.figures.durations import time_on_therapy
from pathsim.figures.losses import losses
from pathsim.figures.patients import on_therapy
from pathsim.figures.resources import occupancy
from pathsim.figures.saving import save
from pathsim.figures.style import colour, dashes, new_axes
from pathsim.figures.survival import survival
from pathsim.figures.swimlane import swimlane
from pathsim.figures.waits import by_month, waits
from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.folds import measure
from pathsim.outcomes.stays import stays

MARKS = Marking(
    (
        Mark("queue", "tec", "waiting", "home", False, requests={"bed": 1}),
        Mark("step_up", "tec", "step_up", "bed", True, holds={"bed": 1},
             tags=["first_dose", "line"]),
        Mark("weekly", "tec", "weekly", "home", True),
        Mark("remission", "car", "remission", "home", False),
        Mark("relapsed", None, "between_lines", "home", False, tags=["progression"]),
        Mark("dead", phase="dead", tags=["dead"], ends=True),
    ),
    (Pool("bed"),),
)  # fmt: skip

LIFE = """
{r} {p} {d}  arrive 0 -         arrival people
{r} {p} {d}  enter  0 queue     arrival -
{r} {p} 10   enter  0 step_up   bed     -
{r} {p} 20   enter  0 weekly    stepped -
{r} {p} {e}  enter  0 relapsed  worse   -
"""


@pytest.fixture
def log(write):
    lives = []
    for r in range(3):
        for p in range(6):
            lives.append(LIFE.format(r=r, p=p, d=p, e=30 + 5 * p + r))
            lives.append(f"{r} {p} {60 + 8 * p + r} end 0 dead die -" if p < 4
                         else f"{r} {p} 200 censor 0 relapsed horizon -")  # fmt: skip
    beds = "\n".join(f"{r} 0 bed capacity 7 0" for r in range(3))
    return write("\n".join(lives), horizon=200.0, capacity=beds)


@pytest.fixture
def measured(log):
    return measure(log, MARKS)


def test_survival_shows_its_curve_its_numbers_at_risk_and_its_n(measured):
    ax = survival(new_axes(), {"one": measured, "two": measured})
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["one (n = 18)", "two (n = 18)"]
    assert ax.get_ylabel() == "Overall survival (%)"
    assert ax.get_xlabel() == "Months since arrival"
    at_risk = [text.get_text() for text in ax.texts]
    assert at_risk[:4] == ["At risk, all replications", "one", "", "18"]
    line = np.asarray(ax.get_lines()[0].get_ydata())
    assert line[0] == 100
    assert np.nanmin(line) == pytest.approx(100 / 3)


def test_patients_on_each_therapy_are_stacked_to_all_who_are_there(measured):
    ax = on_therapy(new_axes(), measured, title="one")
    tops = max(np.nanmax(np.asarray(part.get_paths()[0].vertices)[:, 1]) for part in ax.collections)
    assert tops == pytest.approx(6)
    assert "18 patients in 3 replications" in ax.get_title(loc="left")


def test_bars_of_time_add_up_to_the_time_followed(measured):
    ax = time_on_therapy(new_axes(), {"one": measured})
    end = max(bar.get_window_extent().x1 for bar in ax.patches)
    end = ax.transData.inverted().transform((end, 0.0))[0]
    assert end == pytest.approx(measured.patients["days"].mean() / 30.4375)


def test_figures_over_time_mark_what_a_warm_up_does_not_count(measured):
    later = replace(measured, warm_up=30.0)
    for drawn in (
        occupancy(new_axes(), {"one": later}, "bed"),
        on_therapy(new_axes(), later),
    ):
        assert "warm-up, not counted" in [text.get_text() for text in drawn.texts]
    without = occupancy(new_axes(), {"one": measured}, "bed")
    assert not without.texts


def test_the_lines_of_twelve_strategies_differ():
    looks = {(colour(k), dashes(k)) for k in range(12)}
    assert len(looks) == 12


def test_of_many_strategies_bands_and_counts_are_left_out(measured):
    many = {f"a rather long name of a scenario, number {k}": measured for k in range(6)}
    ax = survival(new_axes(), many)
    assert not ax.collections
    assert ax.get_legend() is None
    assert all(len(text.get_text()) < 40 for text in ax.texts)
    assert sum(text.get_text().endswith("number 0") for text in ax.texts) == 1


def test_a_swimlane_has_a_lane_a_therapy_and_shows_the_end(log):
    table = stays(log.log, MARKS)
    one = table[table["replication"] == 0]
    ax = swimlane(new_axes(), one, 2)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["tec", "no therapy"]
    assert ax.get_title(loc="left") == "Patient 2: dead"
    assert swimlane(new_axes(), one, 5).get_title(loc="left").endswith("at the horizon")
    with pytest.raises(ValueError, match="patient 99 has no stays"):
        swimlane(new_axes(), one, 99)


def figure_of(ax: Axes) -> Figure:
    assert isinstance(ax.figure, Figure)
    return ax.figure


DRAWN = {
    "survival": lambda ax, one: survival(ax, {"one": one}, event="progression"),
    "on_therapy": lambda ax, one: on_therapy(ax, one),
    "time": lambda ax, one: time_on_therapy(ax, {"one": one}),
    "occupancy": lambda ax, one: occupancy(ax, {"one": one}, "bed"),
    "waits": lambda ax, one: waits(ax, {"one": one}, ["bed"]),
    "waits by month": lambda ax, one: by_month(ax, {"one": one}, "bed"),
    "losses": lambda ax, one: losses(ax, {"one": one}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_is_drawn_on_its_ax_and_saved_in_png_and_svg(measured, tmp_path: Path, name):
    ax = new_axes()
    assert DRAWN[name](ax, measured) is ax
    png = save(ax, tmp_path, name)
    svg = png.with_suffix(".svg")
    assert png.stat().st_size > 5_000
    assert svg.read_text().startswith("<?xml")


def test_the_same_figure_gives_the_same_svg(measured, tmp_path: Path):
    for folder in ("a", "b"):
        ax = survival(new_axes(), {"one": measured})
        save(ax, tmp_path / folder, "survival")
    first, second = (tmp_path / f / "survival.svg" for f in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()


def test_one_replication_draws_no_band(log):
    one, people, steps = (t[t["replication"] == 0] for t in (log.log, log.patients, log.capacity))
    alone = measure(Log(one, people, steps, log.horizon), MARKS)
    ax = survival(new_axes(), {"one": alone})
    assert not ax.collections
    assert "no band" in ax.get_title(loc="left")
