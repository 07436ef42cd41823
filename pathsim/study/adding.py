"""Adding replications until every wish for precision is met, or there are as many as allowed.

Called by `run`, which says how replications are simulated; `precision` says how many are wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pathsim.study.jobs import Progress
from pathsim.study.precision import Precision, Reached, wanted
from pathsim.study.wishes import samples

if TYPE_CHECKING:
    from pathsim.study.run import Ran


def until_narrow(
    ran: list[Ran],
    stage: Callable[[range], list[Ran]],
    precision: Precision,
    *,
    more: Progress | None = None,
) -> list[Ran]:
    """The runs with as many replications as the wishes need, and what was reached.

    `ran` are those of the first replications; `stage` simulates these numbers and gives the runs of
    all; `more` is told how many are added, over all runs. Raises InputError where there is no such
    outcome.
    """
    first = ran[0].replications
    while True:
        n = ran[0].replications
        found = samples(precision.wishes, {each.model.name: each.measured for each in ran}, n)
        now = wanted(found, first, precision.most)
        if now <= n:
            met = tuple(sample.met(first) for sample in found)
            reached = Reached(first, precision.most, met)
            return [replace(each, reached=reached) for each in ran]
        if more is not None:
            more(float(len(ran) * (now - n)))
        ran = stage(range(n, now))
