"""Figures of what the service needs say what they show, whatever there is to show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pathsim.figures.calendar import Calendar
from pathsim.figures.losses import losses
from pathsim.figures.resources import _means, by_week, occupancy, slots
from pathsim.figures.style import new_axes
from pathsim.figures.waits import by_month, waits
from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.folds import measure
from pathsim.units import DAYS_PER_MONTH

MARKS = Marking(
    (
        Mark("hope", "car", "waiting", "home", tags=["referred", "line"], requests={"slot": 1}),
        Mark("made", "car", "manufacture", "home", requests={"bed": 1}),
        Mark("infused", "car", "infusion", "bed", tags=["infused"], holds={"bed": 1}),
        Mark("home", "car", "remission", "home"),
        Mark("dead", tags=["dead"], ends=True),
    ),
    (Pool("bed"), Pool("slot", places=False)),
)

LIFE = """
{r} {p} {a}  arrive 0 -       arrival people
{r} {p} {a}  enter  0 hope    arrival -
{r} {p} {b}  enter  0 made    slot    -
{r} {p} {c}  enter  0 infused bed     -
{r} {p} {d}  enter  0 home    leave   -
{r} {p} 200  censor 0 home    horizon -
"""
LOST = """
{r} {p} {a}  arrive 0 -       arrival people
{r} {p} {a}  enter  0 hope    arrival -
{r} {p} {b}  end    0 dead    die     -
"""
DAY_0 = date(2026, 1, 5)


@pytest.fixture
def measured(write):
    """Two replications of 40 patients, one in four of whom dies while waiting ten days."""
    lives = [
        (LOST if p % 4 == 0 else LIFE).format(r=r, p=p, a=p, b=p + 10, c=p + 10, d=p + 15 + r)
        for r in range(2)
        for p in range(40)
    ]
    steps = [f"{r} 0 bed capacity 9 0" for r in range(2)]
    steps += [f"{r} {day} slot allotment 1 1" for r in range(2) for day in range(0, 60)]
    return measure(write("\n".join(lives), horizon=200.0, capacity="\n".join(steps)), MARKS)


DRAWN = {
    "occupancy": lambda ax, of: occupancy(ax, of, "bed", start=DAY_0),
    "slots": lambda ax, of: slots(ax, of, "slot", start=DAY_0),
    "waits": lambda ax, of: waits(ax, of, ["slot", "bed"]),
    "waits by month": lambda ax, of: by_month(ax, of, "slot", start=DAY_0),
    "losses": losses,
}


def figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def told(ax: Axes) -> str:
    """All that stands in a figure."""
    figure = figure_of(ax)
    figure.canvas.draw()
    found: list[Any] = figure.findobj(match=lambda a: hasattr(a, "get_text"))
    texts = [text.get_text() for text in found]
    return "\n".join(texts)


def test_places_held_stand_against_the_capacity_week_by_week(measured):
    ax = occupancy(new_axes(), {"one": measured}, "bed", header="on day 0 it is empty")
    held, capacity = (np.asarray(line.get_ydata()) for line in ax.get_lines())
    assert (len(held), set(capacity)) == (29, {9})
    # In week 2, days 14 to 20, three in four of those who came ten days before hold a bed, each
    # for 5 days in one replication and 6 in the other.
    daily = measured.daily[measured.daily["resource"] == "bed"]
    week = daily[daily["day"].between(14, 20)]
    assert held[2] == pytest.approx(week["held_mean"].mean())
    assert "on day 0 it is empty" in told(ax)
    assert "80 patients in 2 replications" in told(ax)


def test_the_last_week_is_the_mean_of_the_days_that_it_has():
    weeks = by_week(np.array([[1.0] * 7 + [4.0, 6.0]]))
    assert weeks.tolist() == [[1.0, 5.0]]


def test_each_strategy_has_a_panel_of_one_scale(measured):
    ax = occupancy(new_axes(), {"one": measured, "two": measured, "three": measured}, "bed")
    every = figure_of(ax).axes
    assert [each.get_title(loc="left") for each in every] == ["one", "two", "three"]
    assert len({each.get_ylim() for each in every}) == 1


def test_slots_are_used_upwards_and_waited_for_downwards(measured):
    ax = slots(new_axes(), {"one": measured}, "slot")
    (released, queue, _) = (np.asarray(line.get_ydata()) for line in ax.get_lines())
    assert released[0] == pytest.approx(31)  # one a day, of 30.4 days
    assert (queue <= 0).all()
    assert queue.min() < -5


def test_a_run_of_a_year_has_the_hours_after_its_last_whole_day(write):
    log = write("""
        0 1 0      arrive 0 -    arrival people
        0 1 0      enter  0 hope arrival -
        0 1 365.25 censor 0 hope horizon -
    """, horizon=365.25, capacity="0 365.25 slot allotment 1 1")  # fmt: skip
    ax = slots(new_axes(), {"one": measure(log, MARKS)}, "slot")
    queue = np.asarray(ax.get_lines()[1].get_ydata())
    assert queue.tolist() == [-1.0] * 12


def test_what_a_warm_up_does_not_count_is_marked(measured):
    counted = measured.stock[measured.stock["time"] >= 20]
    later = replace(measured, stock=counted, warm_up=20.0)
    for draw in (DRAWN["occupancy"], DRAWN["slots"], DRAWN["waits by month"]):
        assert "warm-up, not counted" in told(draw(new_axes(), {"one": later}))
        assert "warm-up" not in told(draw(new_axes(), {"one": measured}))


def test_a_curve_of_waits_leaves_those_who_withdrew_and_tells_how_many(measured):
    ax = waits(new_axes(), {"one": measured}, ["slot"])
    (line,) = ax.get_lines()
    share = np.asarray(line.get_ydata())
    # All who are granted wait ten days, those who die on that day count with them.
    assert (share[0], share[-1]) == (0, pytest.approx(75))
    assert "80 asked, 25 % withdrew" in told(ax)


def test_the_wait_by_month_has_dates_and_is_of_who_stays(measured):
    ax = by_month(new_axes(), {"one": measured}, "slot", start=DAY_0)
    middle, longest = (np.asarray(line.get_ydata(), dtype=float) for line in ax.get_lines())
    # 54 asked in January, 26 in February; nobody later.
    assert middle[:2].tolist() == [10, 10]
    assert np.isnan(middle[2:]).all()
    assert np.isnan(longest[2:]).all()
    assert "5 January 2026" in told(ax)


def test_where_few_ask_in_a_month_quarters_or_years_are_shown(measured):
    waits_of_one = measured.waits[measured.waits["replication"] == 0]
    few = replace(measured, waits=waits_of_one[waits_of_one["patient"] % 2 == 1])
    assert "Quarter of the request" in told(by_month(new_axes(), {"one": few}, "slot"))


def test_losses_are_told_with_their_causes_their_interval_and_the_referred(measured):
    ax = losses(new_axes(), {"one": measured, "two": measured})
    said = told(ax)
    assert "25 %, n = 80 referred" in said
    assert "die" in said
    assert "95 % interval over replications" in said
    assert ax.get_xlabel() == "Lost before infusion, % of the referred"


def test_nothing_to_show_is_said(measured):
    empty = {name: getattr(measured, name).iloc[:0] for name in ("waits", "patients")}
    none = {"one": replace(measured, **empty)}
    assert "nobody is referred" in told(losses(new_axes(), none))
    assert "nobody asks" in told(by_month(new_axes(), none, "slot"))
    assert "nobody waits" in told(waits(new_axes(), none, []))
    unused = measured.daily.assign(held=0.0, held_mean=0.0)
    none = {"one": replace(measured, daily=unused)}
    assert "none is held" in told(occupancy(new_axes(), none, "bed"))


@pytest.mark.parametrize("name", DRAWN)
def test_ten_strategies_of_long_names_fit_and_one_replication_has_no_band(measured, name):
    long = {f"a name of a scenario that has as many as sixty letters, no {k}": measured
            for k in range(10)}  # fmt: skip
    assert all(len(line) < 110 for line in told(DRAWN[name](new_axes(), long)).splitlines())
    tables = {t: getattr(measured, t)[getattr(measured, t)["replication"] == 0]
              for t in ("patients", "waits", "daily", "stock")}  # fmt: skip
    alone = DRAWN[name](new_axes(), {"one": replace(measured, **tables)})
    assert "middle 80 %" not in told(alone)
    assert "95 %" not in told(alone)


@pytest.mark.parametrize(
    ("horizon", "most", "said"),
    [
        (28.0, 9, ["5 Jan", "12 Jan", "19 Jan", "26 Jan", "2 Feb"]),
        (200.0, 9, ["Feb", "Mar", "Apr", "May", "Jun", "Jul"]),
        (400.0, 5, ["Apr", "Jul", "Oct", "Jan\n2027"]),
        (2922.0, 4, ["2028", "2030", "2032", "2034"]),
    ],
)
def test_ticks_are_plain_dates(horizon, most, said):
    ax = new_axes()
    Calendar(horizon, DAY_0).draw(ax, most=most)
    assert [label.get_text() for label in ax.get_xticklabels()] == said


def test_months_are_those_of_the_calendar_where_there_is_a_date():
    days = np.array([0.0, 26.9, 27.0, 54.9, 55.0])
    assert Calendar(100.0, DAY_0).month_of(days).tolist() == [0, 0, 1, 1, 2]
    assert Calendar(100.0).month_of(days).tolist() == [0, 0, 0, 1, 1]


def test_a_run_of_three_years_has_thirty_six_months() -> None:
    """36 months are 1095.75 days: a 37th that begins as the 1096 days end has no day."""
    assert _means(np.ones((2, 1096)), DAYS_PER_MONTH).shape == (2, 36)
