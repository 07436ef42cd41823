"""Amounts over time: one, or steps from a day on; and the plain numbers that a service is made of.

The nouns of `service` call these when they are made. Knows nothing of resources but a name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import index

from pathsim.errors import demand

Step = tuple[float, int]
"""From this day on, this amount."""


def amount_at(amount: int | Sequence[Step], day: float) -> int:
    """The amount in force on a day; 0 before the first step."""
    if isinstance(amount, int):
        return amount
    return next((n for since, n in reversed(amount) if since <= day), 0)


def amounts_of(given: int | Iterable[Step], what: str) -> int | tuple[Step, ...]:
    """One amount, or steps of it."""
    return steps_of(given, what) if isinstance(given, Iterable) else whole(given, what)


def steps_of(given: Iterable[Step], what: str) -> tuple[Step, ...]:
    """Steps as they stand; ValueError unless days rise and amounts are whole, 0 or more."""
    steps = tuple((float(day), whole(amount, what)) for day, amount in given)
    days = [day for day, _ in steps]
    demand(
        all(map(math.isfinite, days)) and all(a < b for a, b in pairwise(days)),
        f"{what}: the days are {days}; give finite days, each later than the one before.",
    )
    return steps


def whole(number: int, what: str, *, least: int = 0) -> int:
    """The number as an int; ValueError unless it is whole, not too small and below 2**63."""
    fits = hasattr(number, "__index__") and least <= number < 2**63
    demand(fits, f"{what} is {number}; give a whole number, {least} or more, below 2**63.")
    return index(number)


def positive(number: float, what: str) -> None:
    """ValueError unless the number is finite and greater than 0."""
    demand(0.0 < number < math.inf, f"{what} is {number}; give a finite number greater than 0.")
