"""What a service needs, counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pathsim.outcomes.catalogue import Mark, Marking, Pool
from pathsim.outcomes.days import days_of, plainly
from pathsim.outcomes.folds import measure
from pathsim.outcomes.needs import months_over, places, slots
from pathsim.outcomes.pressure import pressures

MARKS = Marking(
    (
        Mark("queue", requests={"bed": 1}),
        Mark("stay", setting="bed", holds={"bed": 1}),
        Mark("hope", requests={"slot": 1}),
        Mark("home", setting="home"),
        Mark("dead", ends=True),
    ),
    (Pool("bed"), Pool("slot", places=False)),
)

BEDS = """
{r} 1 0    arrive 0 -     arrival people
{r} 1 0    enter  0 queue arrival -
{r} 1 0    enter  0 stay  bed     -
{r} 1 {a}  enter  0 home  leave   -
{r} 1 {h}  censor 0 home  horizon -
{r} 2 2    arrive 0 -     arrival people
{r} 2 2    enter  0 queue arrival -
{r} 2 {a}  enter  0 stay  bed     -
{r} 2 {h}  censor 0 stay  horizon -
{r} 3 5    arrive 0 -     arrival other_users
{r} 3 5    enter  0 queue arrival -
{r} 3 8    end    0 dead  die     -
"""
"""One bed: held all the time; one waits from day 2 to {a}, another from day 5 to day 8."""


def beds(write, *ends: int, horizon: int = 40, capacity: str = ""):
    text = "\n".join(BEDS.format(r=r, a=a, h=horizon) for r, a in enumerate(ends))
    steps = capacity or "\n".join(f"{r} 0 bed capacity 1 0" for r in range(len(ends)))
    return measure(write(text, horizon=float(horizon), capacity=steps), MARKS)


def of_bed(measured):
    return next(each for each in places(measured) if each.resource == "bed")


def test_a_month_is_over_capacity_if_somebody_waits_on_more_than_half_of_its_midnights(write):
    # Somebody waits at the midnights of days 2 to 17 (16 of 31), or 2 to 16 (15 of 31).
    measured = beds(write, 18, 17)
    assert list(days_of(measured).months) == [0, 31]
    found = of_bed(measured)
    assert found.months == 1
    assert months_over(days_of(measured))[:, 0, 0].tolist() == [True, False]
    assert found.over.mean == 0.5


def test_places_are_counted_at_midnight_with_all_users(write):
    found = of_bed(beds(write, 18, horizon=40))
    assert (found.capacity, found.held.mean, found.occupancy) == (1.0, 1.0, 100.0)
    assert (found.centiles, found.peak) == ((1, 1, 1, 1), 1)
    assert found.full.mean == 100
    # Held and asked for: 1 at 24 midnights, 2 at 13 (days 2 to 4, 8 to 17), 3 at days 5, 6 and 7:
    # 3 on 7.5 % of the days.
    assert found.covered == 3
    # On 50 days it is 3 on 6 %, on 61 days on 4.9 %: then 2 covers 95 %.
    assert of_bed(beds(write, 18, horizon=50)).covered == 3
    assert of_bed(beds(write, 18, horizon=61)).covered == 2


def test_closed_days_count_neither_as_full_nor_in_a_centile_nor_in_a_month(write):
    # The bed is shut from day 10 on: waiting on days 2 to 9, 8 of 10 open days.
    shut = beds(write, 38, capacity="0 0 bed capacity 1 0\n0 10 bed capacity 0 0")
    found = of_bed(shut)
    assert found.over.mean == 1
    assert found.full.mean == 100
    assert found.capacity == 0.25
    (bed, *_) = pressures(shut)
    assert bed.queued.mean == 80


def test_of_a_month_in_which_nothing_is_open_every_day_counts(write):
    shut = beds(write, 38, capacity="0 0 bed capacity 0 0")
    found = of_bed(shut)
    assert found.over.mean == 1
    assert np.isnan(found.full.mean)
    assert np.isnan(found.occupancy)
    assert np.isnan(found.covered)


def test_intervals_are_over_replications(write):
    one, two = of_bed(beds(write, 18)), of_bed(beds(write, 18, 17))
    assert np.isnan(one.over.low)
    assert (two.over.low, two.over.high, two.over.n) == (0, 1, 2)


def test_what_is_in_a_warm_up_does_not_count(write):
    measured = replace(beds(write, 18, horizon=40), warm_up=9.0)
    days = days_of(measured)
    assert (days.first, days.n) == (9, 31)
    # From day 9 on somebody waits at the midnights of days 9 to 17 alone: 9 of 31.
    assert of_bed(measured).over.mean == 0


def test_the_fullest_year_is_the_one_with_most_held_and_asked_for(write):
    text = """
        0 1 0    arrive 0 -     arrival people
        0 1 0    enter  0 queue arrival -
        0 1 400  enter  0 stay  bed     -
        0 1 700  enter  0 home  leave   -
        0 1 1100 censor 0 home  horizon -
    """
    steps = "0 0 bed capacity 0 0\n0 400 bed capacity 2 0"
    measured = measure(write(text, horizon=1100.0, capacity=steps), MARKS)
    run, year = (each for each in places(measured) if each.resource == "bed")
    assert (run.period.year, run.months, run.over.mean) == (None, 36, 13)
    # Waiting for the whole of year 1, waiting or holding for 334 days of year 2.
    assert (year.period.year, year.period.first, year.period.end) == (1, 0, 366)
    assert (year.months, year.over.mean) == (12, 12)
    (bed, *_) = pressures(measured)
    assert (bed.over.mean, bed.year, bed.in_year.mean, bed.breaks) == (13, 1, 12, True)
    assert (bed.first, bed.first_in) == (0, 1)


SLOTS = """
0 1 1  arrive 0 -    arrival people
0 1 1  enter  0 hope arrival -
0 1 1  enter  0 home slot    -
0 1 80 censor 0 home horizon -
0 2 2  arrive 0 -    arrival people
0 2 2  enter  0 hope arrival -
0 2 30 enter  0 home slot    -
0 2 80 censor 0 home horizon -
0 3 4  arrive 0 -    arrival people
0 3 4  enter  0 hope arrival -
0 3 9  end    0 dead die     -
"""
RELEASED = "0 0 slot allotment 1 1\n0 30 slot allotment 1 1\n0 60 slot allotment 2 2"


def test_slots_are_released_used_and_queued_for(write):
    measured = measure(write(SLOTS, horizon=80.0, capacity=RELEASED), MARKS)
    (run,) = slots(measured)
    a_year = 365.25 / 80
    assert run.released.mean == pytest.approx(4 * a_year)
    assert run.used.mean == pytest.approx(2 * a_year)
    assert run.expired.mean == 0
    # Two whole months; somebody waits at 28 of the 31 midnights of the first.
    assert (run.months, run.over.mean) == (2, 1)
    assert "slot" not in {each.resource for each in places(measured)}


def test_a_year_has_as_many_slots_as_are_released_in_it(write):
    months = [f"0 {30.4375 * k} slot allotment 1 1" for k in range(25)]
    measured = measure(write(SLOTS, horizon=730.5, capacity="\n".join(months)), MARKS)
    run, year = slots(measured)
    assert (year.period.year, year.released.mean, year.used.mean) == (1, 12, 2)
    assert run.released.mean == pytest.approx(25 / 2, rel=0.01)


def test_of_years_in_which_as_many_slots_are_used_the_fullest_has_the_longest_queue(write):
    text = """
    0 1 1   arrive 0 -    arrival people
    0 1 1   enter  0 hope arrival -
    0 1 1   enter  0 home slot    -
    0 1 800 censor 0 home horizon -
    0 2 400 arrive 0 -    arrival people
    0 2 400 enter  0 hope arrival -
    0 2 400 enter  0 home slot    -
    0 2 800 censor 0 home horizon -
    0 3 400 arrive 0 -    arrival people
    0 3 400 enter  0 hope arrival -
    0 3 600 end    0 dead die     -
    """
    released = "0 0 slot allotment 1 1\n0 380 slot allotment 1 1"
    _, year = slots(measure(write(text, horizon=800.0, capacity=released), MARKS))
    assert (year.period.year, year.used.mean) == (2, 1)


def test_resources_are_ranked_by_months_over_capacity_and_what_is_withdrawn_is_told(write):
    measured = measure(write(SLOTS, horizon=80.0, capacity=RELEASED), MARKS)
    slot, bed = pressures(measured)
    assert (slot.resource, slot.over.mean, slot.months, slot.breaks) == ("slot", 1, 2, True)
    assert slot.requests == 3
    assert [slot.withdrawn.mean, slot.median, slot.p90] == pytest.approx([100 / 3, 14, 25.2])
    assert slot.queued.mean == pytest.approx(100 * 28 / 80)
    assert (bed.resource, bed.breaks, bed.requests) == ("bed", False, 0)
    assert np.isnan(bed.first)
    assert np.isnan(bed.p90)


def test_where_nothing_was_measured_there_are_no_needs(write):
    measured = beds(write, 18)
    none = replace(measured, **dict.fromkeys(("daily", "waits"), measured.daily.iloc[:0]))
    assert places(none) == ()
    assert slots(none) == ()
    assert pressures(none) == ()


def test_resources_are_told_in_plain_words():
    assert plainly("slots/cilta-cel") == "cilta-cel slots"
    assert plainly("icu_bed") == "ICU beds"
