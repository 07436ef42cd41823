"""Keyed draws: uniform, independent, and fixed for ever.

The statistical tests use fixed draws, so they pass or fail for good; each critical value is that of
an error rate of 1 in 10,000 had the draws been new.
"""

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from pathsim import draws
from pathsim.draws import key_of, keys_of, mixed, stream, uniform, uniform_in

ERROR_RATE = 1e-4
N = 20_000
PROGRESSION, DEATH = key_of("progression"), key_of("death")

ALONG: dict[str, Callable[[int], float]] = {
    "seeds": lambda i: uniform(i, 0, 0, PROGRESSION, 0),
    "replications": lambda i: uniform(1, i, 0, PROGRESSION, 0),
    "patients": lambda i: uniform(1, 0, i, PROGRESSION, 0),
    "names": lambda i: uniform(1, 0, 0, key_of(f"clock {i}"), 0),
    "counts": lambda i: uniform(1, 0, 0, PROGRESSION, i),
    "great seeds": lambda i: uniform(2**63 - 1 - i, 0, 0, PROGRESSION, 0),
    "seeds apart by a power of two": lambda i: uniform(i << 40, 0, 0, PROGRESSION, 0),
}
BESIDE: dict[str, Callable[[int], float]] = {
    "the next seed": lambda i: uniform(2, 0, i, PROGRESSION, 0),
    "the next replication": lambda i: uniform(1, 1, i, PROGRESSION, 0),
    "the next patient": lambda i: uniform(1, 0, i + 1, PROGRESSION, 0),
    "another name": lambda i: uniform(1, 0, i, DEATH, 0),
    "a key one bit away": lambda i: uniform(1, 0, i, PROGRESSION ^ 1, 0),
    "the next count": lambda i: uniform(1, 0, i, PROGRESSION, 1),
    "seed and replication exchanged": lambda i: uniform(0, 1, i, PROGRESSION, 0),
}


def drawn(draw: Callable[[int], float]) -> NDArray[np.float64]:
    return np.array([draw(i) for i in range(N)])


@pytest.mark.parametrize("along", ALONG)
def test_draws_are_uniform_along_every_number(along: str) -> None:
    found = drawn(ALONG[along])
    assert stats.kstest(found, "uniform").pvalue > ERROR_RATE
    cells = np.histogram(found, bins=128, range=(0.0, 1.0))[0]
    assert stats.chisquare(cells).pvalue > ERROR_RATE


@pytest.mark.parametrize("along", ALONG)
def test_the_low_bits_are_uniform_too(along: str) -> None:
    found = drawn(ALONG[along]) * 2.0**40 % 1.0
    assert stats.kstest(found, "uniform").pvalue > ERROR_RATE


@pytest.mark.parametrize("along", ALONG)
def test_neighbours_along_a_number_are_independent(along: str) -> None:
    found = drawn(ALONG[along])
    assert_independent(found[:-1], found[1:])


@pytest.mark.parametrize("beside", BESIDE)
def test_what_differs_in_one_number_is_independent(beside: str) -> None:
    assert_independent(drawn(ALONG["patients"]), drawn(BESIDE[beside]))


def assert_independent(one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    """Assert no correlation, and no pattern in the unit square."""
    assert stats.pearsonr(one, other).pvalue > ERROR_RATE
    square = np.histogram2d(one, other, bins=16, range=[(0.0, 1.0), (0.0, 1.0)])[0]
    assert stats.chisquare(square.ravel()).pvalue > ERROR_RATE


def test_each_bit_of_a_number_moves_half_the_bits_of_the_word() -> None:
    for bit in range(64):
        moved = [
            (mixed(state, 77) ^ mixed(state, 77 ^ 1 << bit)).bit_count()
            for state in (stream(1, 0, patient) for patient in range(300))
        ]
        assert 30.0 < np.mean(moved) < 34.0  # 32 expected, standard error 0.23


def test_no_two_of_a_million_words_are_equal() -> None:
    words = {stream(seed, 0, patient) for seed in range(100) for patient in range(10_000)}
    assert len(words) == 1_000_000


@pytest.mark.parametrize(("word", "expected"), [(0, 2.0**-53), (2**64 - 1, 1.0 - 2.0**-53)])
def test_the_least_and_the_greatest_word_are_neither_0_nor_1(
    monkeypatch: pytest.MonkeyPatch, word: int, expected: float
) -> None:
    monkeypatch.setattr(draws, "mixed", lambda state, number: word)
    assert uniform(1, 2, 3, 4, 5) == expected
    assert 0.0 < expected < 1.0


def test_the_mix_is_that_of_splitmix64() -> None:
    # First outputs of the published generator seeded with 0 (Steele, Lea and Flood 2014).
    assert mixed(0, 0) == 0xE220A8397B1DCDAF
    assert mixed(draws.STEP, 0) == 0x6E789E6AA1B965F4


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_keys_and_draws_are_the_same_in_every_process(hash_seed: str) -> None:
    line = (
        "from pathsim.draws import key_of, uniform; print(key_of('progression'), key_of('death'), "
        "uniform(0, 0, 0, 0, 0), uniform(1, 2, 3, key_of('progression'), 4), "
        "uniform(2**63 - 1, 999, 10**6, key_of('death'), 12))"
    )
    done = subprocess.run(
        [sys.executable, "-c", line],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [
        "282550642048837779",
        "18197907695956850677",
        "0.47141042966848035",
        "0.6903384624065839",
        "0.9687962399611413",
    ]


def test_a_patients_stream_may_be_kept() -> None:
    assert uniform_in(stream(1, 2, 3), PROGRESSION, 4) == uniform(1, 2, 3, PROGRESSION, 4)


def test_no_names_have_no_keys() -> None:
    assert keys_of([]) == {}


def test_the_same_name_twice_is_no_collision() -> None:
    assert keys_of(["death", "relapse", "death"]) == {
        "death": key_of("death"),
        "relapse": key_of("relapse"),
    }


def test_two_names_with_one_key_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "key_of", len)
    with pytest.raises(ValueError, match="'death' and 'grade' hash to the same key"):
        keys_of(["death", "relapse", "grade"])


def test_names_may_be_in_any_script() -> None:
    assert key_of("décès") != key_of("deces")
    assert 0 <= key_of("死亡") < 2**64
