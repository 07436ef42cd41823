"""Which outcomes a study asks for, and whether there are any of these names.

The names that there are come from a few patients of each scenario, simulated, since they depend on
its therapies and resources; what may or may not happen to those few is known besides. Called by
`check` and `sweep`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from pathsim.errors import Problem, did_you_mean
from pathsim.inputs.document import Document
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study_fields import Loaded, loaded
from pathsim.inputs.study_size import Size
from pathsim.study.sizing.limits import promise_problems

if TYPE_CHECKING:
    from pathsim.study.plan import Model

ALL, HEADLINES = "all", "headlines"
A_FEW = 25
"""Patients who are simulated to learn the names of outcomes."""


@dataclass(frozen=True)
class Asked:
    """The outcomes that a study asks for: names, patterns with *, `headlines` or `all`."""

    patterns: tuple[str, ...]

    def __call__(self, outcome: str) -> bool:
        """Whether an outcome is one of them."""
        return _is_asked(outcome, self.patterns)


@lru_cache(maxsize=4096)
def _is_asked(outcome: str, patterns: tuple[str, ...]) -> bool:
    return any(matches(pattern, outcome) for pattern in patterns)


def matches(pattern: str, outcome: str) -> bool:
    """Whether an outcome is meant by a word of a study file."""
    if pattern == HEADLINES:
        return any(re.search(headline, outcome) for headline, _ in headlines())
    return pattern == ALL or fnmatchcase(outcome, pattern)


def headlines() -> tuple[tuple[str, float], ...]:
    """The patterns of what a first look needs."""
    from pathsim.outcomes.named import HEADLINES

    return HEADLINES


def checked_study(document: Document) -> Loaded:
    """The study in a document with its scenarios; raises InputError with all that is wrong."""
    return loaded(document, also=unknown_outcomes)


def unknown_outcomes(study: Loaded) -> Iterator[Problem]:
    """Names that no outcome of any of the scenarios has, and promises that none can be held to."""
    from pathsim.outcomes.named import LOST_BY  # by as many causes as there are: all pass

    asked, design = study.study.outcomes, study.study.design
    if {*asked} <= {ALL, HEADLINES} and not isinstance(design, Size):
        return
    known = names_of(study.scenarios)
    if isinstance(design, Size):
        yield from promise_problems(study.document, design, known)
    listed = isinstance(study.document.data.get("outcomes"), list)
    for place, pattern in enumerate(asked):
        if any(matches(pattern, name) for name in known) or pattern.startswith(LOST_BY):
            continue
        near = did_you_mean(pattern, known)
        remedy = f"did you mean '{near}'?" if near else _offered(known)
        where = ("outcomes", place) if listed else ("outcomes",)
        yield study.document.problem(where, f"no outcome '{pattern}'", remedy=remedy)


def _offered(known: Iterable[str]) -> str:
    some = ", ".join(f"'{name}'" for name in list(known)[:3])
    return f"write headlines, all, or names such as {some}; * stands for any letters"


def names_of(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """All outcomes that these scenarios have, in the order of their tables: name -> unit."""
    from pathsim.pathway.build import build
    from pathsim.study.plan import model_of, with_patients

    found: dict[str, str] = {}
    for scenario in scenarios:
        few = with_patients(scenario, min(A_FEW, scenario.accrual.patients))
        found |= dict(_names(model_of(build(few))))
    return found


def _names(model: Model) -> Iterator[tuple[str, str]]:
    """Of a model: the outcomes of one replication, and those of what nobody waited for in it."""
    from pathsim.outcomes.named import every
    from pathsim.study.run import run

    yield from ((o.name, o.unit) for o in every(run(model, workers=1).measured))
    for resource in model.service.resources:
        for of in ("mean", "median", "90th centile"):
            yield f"wait for {resource.name}, {of}", "days"
        yield f"requests for {resource.name} withdrawn", "%"
