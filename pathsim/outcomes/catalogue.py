"""What outcomes know of a service: each state's marks, holdings and requests, and the resources.

`marking` reads them once from a service; every outcome then needs only the log and this. Nothing
here knows how a pathway is built or run: a service is anything with streams, pathways and states.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pathsim.errors import PathwayError

OTHER_USERS = "other_users"
"""Streams whose name begins so take places but are not our patients: only occupancy counts them."""


@dataclass(frozen=True)
class Mark:
    """What is true, for outcomes, of a patient in one state.

    None means: as in the interrupted state. `holds` and `requests` are resource -> amount, `uses`
    are used on each entry, `per_day` while staying; a detour inherits neither of these two.
    """

    state: str
    therapy: str | None = None
    phase: str | None = None
    setting: str | None = None
    treated: bool | None = None
    uses: Mapping[str, float] = field(default_factory=dict)
    per_day: Mapping[str, float] = field(default_factory=dict)
    tags: Collection[str] = ()
    holds: Mapping[str, int] = field(default_factory=dict)
    requests: Mapping[str, int] = field(default_factory=dict)
    ends: bool = False
    words: str = ""


@dataclass(frozen=True)
class Pool:
    """A resource as outcomes see it: places (held and returned) or allotments (used up)."""

    name: str
    places: bool = True
    until: str | None = None


@dataclass(frozen=True)
class Marking:
    """The marks of every state and the resources of a service, with the look-ups that folds use.

    `off_label` are the names of the strategy's rules that go beyond an indication. `warm_up` is the
    day from which things count: patients who arrive from then on, and what resources do then.
    A state's code is its place in `states`; arrays have one more place, the last, for no state: -1.
    """

    states: Sequence[Mark]
    pools: Sequence[Pool] = ()
    off_label: Collection[str] = ()
    warm_up: float = 0.0

    def __getitem__(self, state: str) -> Mark:
        return self.states[self.codes[state]]

    @cached_property
    def codes(self) -> dict[str, int]:
        return {mark.state: k for k, mark in enumerate(self.states)}

    @cached_property
    def _words(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _known(self) -> dict[tuple[str, ...], NDArray[Any]]:
        return {}

    @cached_property
    def _lists(self) -> dict[str, dict[str, list[tuple[int, float]]]]:
        return {}

    @cached_property
    def things(self) -> tuple[str, ...]:
        """All that is used on entry or per day, in order of first use."""
        return tuple(dict.fromkeys((*self.items("uses"), *self.items("per_day"))))

    @cached_property
    def therapies(self) -> tuple[str, ...]:
        return self.words("therapy")

    def words(self, name: str) -> tuple[str, ...]:
        """The values that a mark (`therapy`, `phase` or `setting`) takes, in order of first use."""
        if name not in self._words:
            values = (getattr(mark, name) for mark in self.states)
            self._words[name] = tuple(dict.fromkeys(v for v in values if v is not None))
        return self._words[name]

    def items(self, name: str) -> tuple[str, ...]:
        """The keys that `uses`, `per_day`, `holds` or `requests` has in any state, in order."""
        return tuple(self._listed(name))

    def amounts(self, name: str, item: str) -> NDArray[np.float64]:
        """How much of an item each state has in `uses`, `per_day`, `holds` or `requests`."""
        if (name, item) not in self._known:
            found = self._known[name, item] = np.zeros(len(self.states) + 1)
            for code, amount in self._listed(name).get(item, ()):
                found[code] = amount
            found.setflags(write=False)
        return self._known[name, item]

    def _listed(self, name: str) -> dict[str, list[tuple[int, float]]]:
        """Item -> (state's code, amount) of each state that has it, of one of the same four."""
        if name not in self._lists:
            found = self._lists[name] = dict[str, list[tuple[int, float]]]()
            for code, mark in enumerate(self.states):
                for item, amount in getattr(mark, name).items():
                    found.setdefault(item, []).append((code, amount))
        return self._lists[name]

    def own(self, name: str) -> NDArray[np.int64]:
        """The place among `words(name)` of the mark that each state has; -1 for none."""
        places = {word: k for k, word in enumerate(self.words(name))}
        return self._once((name,), lambda m: places.get(getattr(m, name), -1), -1)

    def tagged(self, *tags: str) -> NDArray[np.bool_]:
        """True for states that have any of the tags."""
        meant = frozenset(tags)
        return self._once(("tags", *tags), lambda m: not meant.isdisjoint(m.tags), False)

    def in_phase(self, *phases: str) -> NDArray[np.bool_]:
        """True for states whose own phase is any of these."""
        return self._once(("phase", *phases), lambda m: m.phase in phases, False)

    def ending(self) -> NDArray[np.bool_]:
        """True for terminal states."""
        return self._once(("ends",), lambda m: m.ends, False)

    def _once(self, of: tuple[str, ...], value: Callable[[Mark], Any], none: Any) -> NDArray[Any]:
        """A value of every state, and the last of none; folds ask for it block after block."""
        if of not in self._known:
            self._known[of] = np.array([*(value(mark) for mark in self.states), none])
            self._known[of].setflags(write=False)
        return self._known[of]


class _State(Protocol):
    name: str
    holds: Mapping[str, int]
    ends: bool
    words: str
    marks: Any
    requests: Any


def marking(service: Any, *, off_label: Collection[str] = (), warm_up: float = 0.0) -> Marking:
    """The Marking of a service, read from its streams' pathways and its resources.

    `off_label` are the names of rules that go beyond an indication; before the day `warm_up`
    nothing counts.

    Raises PathwayError where two pathways have a state of one name with different marks.
    """
    marks: dict[str, Mark] = {}
    for pathway in _pathways(service):
        for state in pathway.states:
            mark = _mark(state)
            if marks.setdefault(mark.state, mark) != mark:
                raise PathwayError(
                    f"two pathways have a state '{mark.state}' with different marks",
                    f"pathway {pathway.name}",
                    "give one of them another name",
                )
    pools = tuple(Pool(r.name, r.places is not None, r.until) for r in service.resources)
    return Marking(tuple(marks.values()), pools, frozenset(off_label), warm_up)


def _pathways(service: Any) -> Iterable[Any]:
    return {id(s.pathway): s.pathway for s in service.streams}.values()


def _mark(state: _State) -> Mark:
    m = state.marks
    return Mark(
        state=state.name,
        therapy=m.therapy,
        phase=m.phase,
        setting=m.setting,
        treated=m.treated,
        uses=dict(m.uses),
        per_day=dict(m.per_day),
        tags=frozenset(m.tags),
        holds=dict(state.holds),
        requests={r.resource: r.amount for r in state.requests},
        ends=state.ends,
        words=state.words,
    )
