"""Kaplan-Meier curves against a textbook, and times to events by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from pathsim.outcomes.survival import curve, curves, times

EVENTS = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
"""Weeks in remission on 6-mercaptopurine: Freireich et al., Blood 1963;21:699, as in Gehan,
Biometrika 1965;52:203."""


def table(events, censored):
    n = len(events) + len(censored)
    return pd.DataFrame({"replication": 0, "patient": range(n), "days": [*events, *censored],
                         "event": [True] * len(events) + [False] * len(censored)})  # fmt: skip


def test_the_curve_is_that_of_the_textbook():
    km = curve(table(EVENTS, CENSORED))
    expected = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    np.testing.assert_allclose(km.at(np.array([6, 7, 10, 13, 16, 22, 23])), expected, atol=5e-5)
    assert km.median() == 23
    assert list(km.at_risk(np.array([0, 6, 7, 10, 13, 16, 22, 23]))) == [
        21,
        21,
        17,
        15,
        12,
        11,
        7,
        6,
    ]


def test_the_restricted_mean_is_the_area_up_to_a_day():
    km = curve(table([2, 4], [6]))
    assert km.restricted_mean(3) == pytest.approx(2 + 2 / 3)
    assert km.restricted_mean(6) == pytest.approx(2 + 4 / 3 + 2 / 3)
    assert math.isnan(km.restricted_mean(7))


def test_beyond_the_last_follow_up_survival_is_not_known_unless_nobody_is_left():
    assert math.isnan(curve(table([2], [6])).at(7))
    assert curve(table([2, 3], [])).at(7) == 0
    assert curve(table([2, 3], [])).restricted_mean(10) == 2.5


def test_a_median_that_is_not_reached_is_infinite():
    assert curve(table([], [5, 5])).median() == math.inf
    assert curve(table([], [5, 5])).at(5) == 1


def test_nobody_gives_an_unknown_curve():
    km = curve(table([], []))
    assert km.n == 0
    assert math.isnan(km.at(3))
    assert math.isnan(km.restricted_mean(3))


PATIENTS = pd.DataFrame(
    {
        "replication": [0, 0, 1],
        "patient": [1, 2, 1],
        "arrival": [0.0, 5.0, 1.0],
        "last_seen": [50.0, 60.0, 40.0],
        "dead": [True, False, True],
        "treatment": [10.0, 20.0, np.nan],
        "progression": [8.0, 30.0, np.nan],
        "progression_after": [np.nan, 30.0, np.nan],
        "next_line": [40.0, np.nan, np.nan],
    }
)


def test_overall_survival_counts_from_arrival_or_from_treatment():
    whole, treated = times(PATIENTS), times(PATIENTS, start="treatment")
    assert list(whole["days"]) == [50, 55, 39]
    assert list(whole["event"]) == [True, False, True]
    assert list(treated["days"]) == [40, 40]


def test_progression_or_death_ends_progression_free_survival():
    whole = times(PATIENTS, event="progression")
    assert list(whole["days"]) == [8, 25, 39]
    assert list(whole["event"]) == [True, True, True]
    treated = times(PATIENTS, start="treatment", event="progression")
    assert list(treated["days"]) == [40, 10]
    assert list(treated["event"]) == [True, True]


def test_the_next_line_counts_from_treatment_alone():
    table = times(PATIENTS, start="treatment", event="next_line")
    assert list(table["days"]) == [30, 40]
    assert list(table["event"]) == [True, False]
    with pytest.raises(ValueError, match="count it from treatment"):
        times(PATIENTS, event="next_line")


def test_each_replication_has_its_own_curve():
    found = curves(times(PATIENTS))
    assert {number: km.n for number, km in found.items()} == {0: 2, 1: 1}
