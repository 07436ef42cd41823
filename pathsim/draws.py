"""Keyed draws: every random number is a pure function of what it is for.

A uniform is fixed by (seed, replication, patient, key, count), the key being a hash of the name of
the clock, choice or variable, and the count how many were drawn under that name before. So nobody's
luck depends on the order of events, on the worker or on what else the model holds. Both engines
call `uniform`; this module must never know what a draw is used for.

The functions in `SCALARS` compile with numba unchanged (`twins.compiled(draws.SCALARS)`) and give
the same bits: `& WORD` makes a Python int below 2**64 of every sum and product when interpreted;
when compiled they are unsigned 64-bit words, which wrap by themselves.
"""

from collections.abc import Callable, Iterable
from hashlib import blake2b

WORD = 0xFFFFFFFFFFFFFFFF
STEP = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, odd: splitmix64's increment
FIRST_FACTOR = 0xBF58476D1CE4E5B9  # Stafford's mix 13, the finaliser of splitmix64
SECOND_FACTOR = 0x94D049BB133111EB
CELL = 2.0**-52


def key_of(name: str) -> int:
    """Return the fixed 64-bit hash of a name, the same on every machine and in every run."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def keys_of(names: Iterable[str]) -> dict[str, int]:
    """Return the key of each name; ValueError if two different names share one."""
    owners: dict[int, str] = {}
    for name in names:
        owner = owners.setdefault(key_of(name), name)
        if owner != name:
            raise ValueError(
                f"the names {owner!r} and {name!r} hash to the same key, so they would share "
                "their luck; rename one of them."
            )
    return {name: key for key, name in owners.items()}


def mixed(state: int, number: int) -> int:
    """Return `state` with `number` stirred in: both 64-bit words, every bit moves every bit."""
    z = (state ^ number) + STEP & WORD
    z = (z ^ (z >> 30)) * FIRST_FACTOR & WORD
    z = (z ^ (z >> 27)) * SECOND_FACTOR & WORD
    return z ^ (z >> 31)


def stream(seed: int, replication: int, patient: int) -> int:
    """Return the word from which all draws of one patient follow; it may be kept."""
    return mixed(mixed(mixed(0, seed), replication), patient)


def uniform_in(stream: int, key: int, count: int) -> float:
    """Return the draw `count` (0, 1, ...) under `key` of one patient, strictly between 0 and 1."""
    # 52 bits and a half: with 53 the largest would round to 1.
    return ((mixed(mixed(stream, key), count) >> 12) + 0.5) * CELL


def uniform(seed: int, replication: int, patient: int, key: int, count: int) -> float:
    """Return the uniform draw, strictly between 0 and 1, that these five numbers fix.

    Seed, replication, patient and count are non-negative ints below 2**63, the key a 64-bit hash.
    """
    return uniform_in(stream(seed, replication, patient), key, count)


SCALARS: tuple[Callable[..., float], ...] = (mixed, stream, uniform_in, uniform)
"""The functions that a compiled engine must jit, callees first."""
