"""Interpreted and compiled laws and draws agree to the bit.

The ordinary run takes 1,000 points a law, `-m slow` a million.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from pathsim import draws, hazards, laws, normal
from pathsim.laws import Law
from pathsim.twins import compiled

Points = NDArray[np.float64]
SIZES = [1_000, pytest.param(1_000_000, marks=pytest.mark.slow)]


def points(law: Law, n: int) -> Points:
    """Return n rows of (t, h, ratio, origin, since, now, rest, u), ordinary and extreme."""
    rng = np.random.default_rng(n)
    h = np.where(rng.random(n) < 0.7, rng.exponential(size=n), np.exp(rng.uniform(-690, 9, n)))
    t = np.array([law.inverse(x) for x in h.tolist()])
    t = np.where(np.isfinite(t) & (rng.random(n) < 0.7), t, np.exp(rng.uniform(-20, 14, n)))
    ratio = np.where(rng.random(n) < 0.1, 0.0, np.exp(rng.normal(size=n)))
    origin = np.where(rng.random(n) < 0.5, rng.integers(0, 4000, n), rng.uniform(-3e4, 4e3, n))
    since = origin + np.where(rng.random(n) < 0.3, 0.0, t * rng.random(n))
    now = since + np.where(rng.random(n) < 0.2, 0.0, t * rng.random(n))
    rest = np.where(rng.random(n) < 0.05, 0.0, rng.exponential(size=n))
    return np.column_stack([t, h, ratio, origin, since, now, rest, 1.0 - rng.random(n)])


@pytest.fixture(scope="module")
def compiled_values() -> Callable[[int, Points, Points], Points]:
    """Return the compiled function from (code, parameters, points) to rows of values."""
    twins = compiled(hazards.SCALARS)
    hazard, inverse = twins.cumulative_hazard, twins.inverse_cumulative_hazard
    spend, due, unit = twins.spend, twins.due, twins.unit_exponential

    quantile, cdf = twins.normal_quantile, twins.normal_cdf

    @numba.njit(error_model="numpy")
    def values(code: int, p: Points, rows: Points) -> Points:
        found = np.empty((len(rows), 7))
        for i in range(len(rows)):
            t, h, ratio, origin, since, now, rest, u = rows[i]
            found[i, 0] = hazard(code, p, t)
            found[i, 1] = inverse(code, p, h)
            found[i, 2] = spend(code, p, ratio, origin, since, now, rest)
            found[i, 3] = due(code, p, ratio, origin, now, rest)
            found[i, 4] = unit(u)
            found[i, 5] = quantile(u)
            found[i, 6] = cdf(80.0 * u - 40.0)
        return found

    return values


def interpreted_values(law: Law, rows: Points) -> Points:
    code, p = law.code, law.parameters
    return np.array(
        [
            (
                laws.cumulative_hazard(code, p, t),
                laws.inverse_cumulative_hazard(code, p, h),
                laws.spend(code, p, ratio, origin, since, now, rest),
                laws.due(code, p, ratio, origin, now, rest),
                laws.unit_exponential(u),
                laws.normal_quantile(u),
                laws.normal_cdf(80.0 * u - 40.0),
            )
            for t, h, ratio, origin, since, now, rest, u in rows.tolist()
        ]
    )


@pytest.mark.parametrize("n", SIZES)
def test_a_law_gives_the_same_bits_compiled(
    law: Law, n: int, compiled_values: Callable[[int, Points, Points], Points]
) -> None:
    rows = points(law, n)
    compiled = compiled_values(law.code, np.array(law.parameters), rows)
    interpreted = interpreted_values(law, rows)
    differ = (compiled.view(np.int64) != interpreted.view(np.int64)).any(axis=1)
    assert not differ.any(), (rows[differ][0], compiled[differ][0], interpreted[differ][0])
    assert not np.isnan(compiled).any()


@pytest.mark.parametrize("n", SIZES)
def test_a_draw_gives_the_same_bits_compiled(n: int) -> None:
    uniform = compiled(draws.SCALARS).uniform

    @numba.njit
    def all_of(numbers: NDArray[np.int64], keys: NDArray[np.uint64]) -> Points:
        found = np.empty(len(keys))
        for i in range(len(keys)):
            seed, replication, patient, count = numbers[i]
            found[i] = uniform(seed, replication, patient, keys[i], count)
        return found

    rng = np.random.default_rng(n)
    numbers = rng.integers(0, 2**63, (n, 4), dtype=np.int64) >> rng.integers(0, 63, (n, 4))
    keys = rng.integers(0, 2**64, n, dtype=np.uint64)
    interpreted = np.array(
        [
            draws.uniform(seed, replication, patient, key, count)
            for (seed, replication, patient, count), key in zip(
                numbers.tolist(), keys.tolist(), strict=True
            )
        ]
    )
    for same_keys in (keys, keys.view(np.int64)):  # a key may be kept as signed
        found: Any = all_of
        assert np.array_equal(found(numbers, same_keys), interpreted)


def test_every_scalar_function_of_the_laws_has_a_twin() -> None:
    scalars = {
        name
        for module in (hazards, normal)
        for name, thing in vars(module).items()
        if callable(thing)
        and getattr(thing, "__module__", "") == module.__name__
        and getattr(thing, "__annotations__", {}).get("return") is float
    }
    assert scalars == {scalar.__name__ for scalar in hazards.SCALARS}
