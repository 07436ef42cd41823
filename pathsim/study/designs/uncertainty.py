"""Every number with a spread drawn anew in each set: probabilistic uncertainty analysis.

Each set has patients of its own, shared by the scenarios, so that chance averages out over the sets
and can be told apart from what the numbers do.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_uncertainty import Spreads, Uncertainty
from pathsim.study.design import Design
from pathsim.study.designs.stated import stated_design
from pathsim.study.uncertain.distributions import Reading
from pathsim.study.uncertain.draw import Uncertain, uncertain

AT_HAND = 10_000
"""Sets whose values are kept, some 5 kB each: they are asked for more than once."""


def design(study: Study, scenarios: Sequence[Scenario]) -> Design:
    """So many sets as the study asks for."""
    asked = study.design
    assert isinstance(asked, Uncertainty)
    found: dict[str, Uncertain] = {}
    for scenario in scenarios:
        new = uncertain(
            scenario, reading(asked.spreads), of=asked.of or (), correlated=asked.correlated
        )
        found[scenario.name] = next((e for e in found.values() if e.pieces == new.pieces), new)

    @lru_cache(maxsize=AT_HAND)
    def drawn(place: int, number: int) -> array[float]:
        return array("d", every[place].drawn(study.seed, number).values())

    every = list({id(each): each for each in found.values()}.values())
    places = {name: every.index(each) for name, each in found.items()}

    def of(scenario: str, number: int) -> Mapping[str, float]:
        each = found[scenario]
        return dict(zip(each.paths, drawn(places[scenario], number), strict=True))

    return stated_design(
        asked.kind,
        asked.sets,
        of,
        [(scenario, found[scenario.name].paths) for scenario in scenarios],
        own_luck=True,
        notes=lambda: [line for name, each in found.items() for line in _told(name, each)],
    )


def reading(spreads: Spreads) -> Reading:
    """How spreads are read, as a study says it."""
    return Reading(spreads.assumed, spreads.range, spreads.patients)


def _told(name: str, drawn: Uncertain) -> list[str]:
    """What varies of a scenario and what does not, and what had to be drawn again."""
    varying, all_ = len(drawn.paths), drawn.numbers
    return [
        f"{name}: {varying} of {all_} numbers vary ({100 * varying / all_:.0f} %); the others have "
        "no spread, or nothing to vary with, and stay as they are",
        *(
            f"{name}: {part} contradicted itself and was drawn again {count} times"
            for part, count in sorted(drawn.redrawn.items())
        ),
    ]
