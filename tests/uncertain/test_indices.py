"""Indices of functions whose indices are known, by the way that a study takes."""

import sys

import numpy as np
import pytest

from pathsim.errors import InputError
from pathsim.study.uncertain import indices
from pathsim.study.uncertain.indices import Axes, morris, morris_points, sobol, sobol_points

A, B = 7.0, 0.1
THREE = Axes(("x1", "x2", "x3"), ("x1", "x2", "x3"))


def ishigami(points):
    """sin x1 + a sin² x2 + b x3⁴ sin x1 on (-π, π)³."""
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def known():
    """Ishigami and Homma (1990): from the variance of each part of the function."""
    alone = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, 0.0
    pair = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    total = alone[0] + pair, alone[1], pair
    whole = sum(alone) + pair
    return np.array(alone) / whole, np.array(total) / whole


def test_the_indices_of_ishigamis_function():
    """2,048 base sets on a Sobol sequence; the error is below 0.01."""
    first, total = known()
    points = sobol_points(THREE, 2048, seed=1)
    assert len(points) == 2048 * 5
    found = sobol(THREE, ishigami(points), seed=1)
    assert found["S1"].to_numpy() == pytest.approx(first, abs=0.01)
    assert found["ST"].to_numpy() == pytest.approx(total, abs=0.01)
    assert (found["S1_low"] < first).all()
    assert (found["S1_high"] > first).all()


def test_factors_of_several_axes_have_one_index():
    """x1 and x3 together have all that x2 has not."""
    axes = Axes(("x1", "x2", "x3"), ("one", "two", "one"))
    points = sobol_points(axes, 1024, seed=2)
    assert len(points) == 1024 * 4
    found = sobol(axes, ishigami(points), seed=2).set_index("factor")
    second = known()[0][1]
    assert found.loc["two", "S1"] == pytest.approx(second, abs=0.02)
    assert found.loc["one", "ST"] == pytest.approx(1 - second, abs=0.02)


def test_chance_lowers_first_order_indices_by_its_share_and_the_share_is_told():
    points = sobol_points(THREE, 4096, seed=3)
    rng = np.random.default_rng(3)
    exact = ishigami(points)
    sd = exact.std()  # half of the variance is chance
    two = exact[:, None] + rng.normal(0, sd * np.sqrt(2), (len(exact), 2))
    shared = two + rng.normal(0, 100, 2)  # luck that all points have alike counts for nothing
    assert indices.noise(shared) == pytest.approx(0.5, abs=0.02)
    found = sobol(THREE, two.mean(1), seed=3)["S1"].to_numpy()
    assert found == pytest.approx(known()[0] / 2, abs=0.06)


def test_an_outcome_that_never_varies_or_is_not_always_known_has_no_index():
    points = sobol_points(THREE, 4, seed=1)
    assert sobol(THREE, np.ones(len(points)), seed=1)["S1"].isna().all()
    holes = ishigami(points)
    holes[2] = np.nan
    assert sobol(THREE, holes, seed=1)["ST"].isna().all()


def test_morriss_effects_of_a_line_are_its_slopes_and_do_not_scatter():
    points = morris_points(THREE, 6, 4, seed=1)
    assert len(points) == 6 * 4
    values = 3 * points[:, 0] - 2 * points[:, 1] + points[:, 2] * points[:, 0]
    found = morris(THREE, points, values, 4, seed=1)
    assert found["factor"].tolist() == ["x1", "x2", "x3"]
    size, mean, scatter = (found[name].tolist() for name in ("mu_star", "mu", "sigma"))
    assert (size[1], mean[1], scatter[1]) == pytest.approx((2, -2, 0))
    assert scatter[2] > 0.1
    assert 3 <= mean[0] <= 4


def test_morriss_effect_of_a_factor_of_several_axes_has_a_size_alone():
    axes = Axes(("x1", "x2", "x3"), ("one", "two", "one"))
    points = morris_points(axes, 8, 4, seed=1)
    found = morris(axes, points, 3 * points[:, 1] + points[:, 0] + points[:, 2], 4, seed=1)
    assert found["factor"].tolist() == ["one", "two"]
    assert found["mu_star"].tolist()[1] == pytest.approx(3)
    assert found["mu_star"].tolist()[0] > 0
    assert found["mu"].isna().tolist() == [True, False]
    assert found["sigma"].isna().tolist() == [True, False]


def test_without_salib_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.sobol", None)  # as if it were not there
    with pytest.raises(InputError, match=r"pathsim\[sensitivity\]"):
        sobol_points(THREE, 4, seed=1)
