"""Waits where some withdraw, worked by hand and against lifelines."""

from __future__ import annotations

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from pathsim.outcomes.queueing import Requests, share_granted, wait_of_who_stays

GRANTED, WITHDRAWN, WAITING = 0, 1, -1


def asked(*rows: tuple[float, int]) -> Requests:
    days, end = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Requests(np.zeros(len(days)), np.zeros(len(days)), days, end.astype(int))


def test_withdrawals_compete_with_grants():
    four = asked((0, GRANTED), (2, WITHDRAWN), (5, GRANTED), (9, GRANTED))
    within = share_granted(four, np.array([0, 1, 5, 8, 9, 20]))
    np.testing.assert_allclose(within, [0.25, 0.25, 0.5, 0.5, 0.75, 0.75])


def test_who_waits_still_is_censored_and_beyond_the_last_nothing_is_known():
    four = asked((1, GRANTED), (2, WAITING), (5, GRANTED), (9, WAITING))
    # At day 5 two are left of three quarters: half of them are granted.
    within = share_granted(four, np.array([1, 5, 9, 10]))
    np.testing.assert_allclose(within, [0.25, 0.625, 0.625, np.nan])


def test_who_stays_waits_longer_than_the_granted_show():
    five = asked((0, GRANTED), (2, WITHDRAWN), (5, GRANTED), (9, GRANTED), (9, WITHDRAWN))
    # Left: 4/5 after day 0, of which 2/3 after day 5 and 1/2 of those after day 9.
    assert wait_of_who_stays(five, 0.2) == 0
    assert wait_of_who_stays(five, 0.46) == 5
    assert wait_of_who_stays(five, 0.5) == 9
    assert wait_of_who_stays(five, 0.9) == np.inf


def test_without_requests_nothing_is_known():
    none = Requests(*(np.zeros(0) for _ in range(4)))
    assert np.isnan(share_granted(none, np.array([0.0, 5.0]))).all()
    assert wait_of_who_stays(none, 0.5) == np.inf


def test_curves_are_those_of_lifelines():
    luck = np.random.default_rng(1)
    days = luck.permutation(400) + luck.random(400)
    end = luck.choice([GRANTED, WITHDRAWN, WAITING], 400, p=[0.6, 0.25, 0.15])
    many = Requests(np.zeros(400), np.zeros(400), days, end)
    at = np.array([10.0, 90.0, 200.0, 390.0])
    theirs = AalenJohansenFitter(calculate_variance=False).fit(days, end + 1, 1)
    of = np.array([theirs.predict(t) for t in at])
    np.testing.assert_allclose(share_granted(many, at), of)
    staying = KaplanMeierFitter().fit(days, end == GRANTED)
    assert wait_of_who_stays(many, 0.5) == pytest.approx(staying.median_survival_time_)
