"""The law's nouns: State, Clock, Request, Choice, Detour, Variable, Pathway (docs/law.md).

Frozen, named objects that anyone can write by hand; builders make them from parameter files;
engines walk them. Nothing here runs, and nothing here knows a therapy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pathsim.laws import Law
from pathsim.pathway.chance import Ago, Draw
from pathsim.pathway.conditions import Condition
from pathsim.pathway.frozen import freeze
from pathsim.pathway.reading import By, Factor, Per
from pathsim.pathway.setting import Set

if TYPE_CHECKING:
    from pathsim.pathway.graph import Reach

HERE, RETURN, AGAIN, START = "here", "return", "return_again", "start"
LEAVE = "leave:"
MAX_DEPTH = 4


def leave(target: str) -> str:
    """The target that leaves all detours for a state or choice: `leave("relapsed")`."""
    return LEAVE + target


@dataclass(frozen=True)
class Clock:
    """Runs while a state lists it; when it rings the patient enters `enters`.

    `law` is a law in days or a table of laws; `ratio` factors multiply its hazard; `since` is the
    origin of its time scale: "start" (its own), "calendar", or a moment's name.
    """

    name: str
    law: Law | By
    enters: str
    ratio: Sequence[Factor] = ()
    since: str = START
    sets: Sequence[Set] = ()
    note: str = ""

    def __post_init__(self) -> None:
        freeze(self, "ratio", "sets")

    @property
    def laws(self) -> tuple[Law, ...]:
        return self.law.entries if isinstance(self.law, By) else (self.law,)


@dataclass(frozen=True)
class Request:
    """Waits in a resource's queue while a state lists it; a grant enters `enters`."""

    resource: str
    enters: str
    amount: int = 1
    rank: int = 1


@dataclass(frozen=True)
class Marks:
    """What outcomes read of a state; the law never does. None means: as in the interrupted state.

    `uses` are used on each entry, `per_day` while staying. `tags` are free words such as "infused".
    """

    therapy: str | None = None
    phase: str | None = None
    setting: str | None = None
    treated: bool | None = None
    uses: Mapping[str, float] = field(default_factory=dict)
    per_day: Mapping[str, float] = field(default_factory=dict)
    tags: Sequence[str] = ()

    def __post_init__(self) -> None:
        freeze(self, "uses", "per_day", "tags")


@dataclass(frozen=True)
class State:
    """What is true while a patient is in it; what it does not list stops on entry."""

    name: str
    clocks: Sequence[Clock] = ()
    requests: Sequence[Request] = ()
    holds: Mapping[str, int] = field(default_factory=dict)
    sets: Sequence[Set] = ()
    starts: Sequence[str] = ()
    stops: Sequence[str] = ()
    ends: bool = False
    marks: Marks = Marks()
    words: str = ""

    def __post_init__(self) -> None:
        freeze(self, "clocks", "requests", "holds", "sets", "starts", "stops")


@dataclass(frozen=True)
class Option:
    """One way out of a choice by draw; `odds` are factors of its weight."""

    name: str
    enters: str
    probability: float
    odds: Sequence[Factor] = ()
    sets: Sequence[Set] = ()

    def __post_init__(self) -> None:
        freeze(self, "odds", "sets")


@dataclass(frozen=True)
class Rule:
    """One way out of a choice by rules: taken when all of `when` hold, first match wins."""

    name: str
    enters: str
    when: Sequence[Condition] = ()
    sets: Sequence[Set] = ()

    def __post_init__(self) -> None:
        freeze(self, "when", "sets")


@dataclass(frozen=True)
class Choice:
    """Passed at once, by a draw over `options` or by the first of `rules` that holds."""

    name: str
    options: Sequence[Option] = ()
    rules: Sequence[Rule] = ()

    def __post_init__(self) -> None:
        freeze(self, "options", "rules")

    @property
    def ways(self) -> tuple[Option | Rule, ...]:
        return (*self.options, *self.rules)


@dataclass(frozen=True)
class Detour:
    """An interruption: the interrupted state is kept and what it lists is inherited.

    Inherited clocks `ends` (the default), `moves` or `pauses`; inherited requests, by resource
    name, `moves` (the default), `ends` or `pauses`.
    """

    name: str
    enters: str
    ends: Sequence[str] = ()
    moves: Sequence[str] = ()
    pauses: Sequence[str] = ()

    def __post_init__(self) -> None:
        freeze(self, "ends", "moves", "pauses")


@dataclass(frozen=True)
class Variable:
    """Something a patient carries: a number, one of some levels, or a moment."""

    name: str
    kind: Literal["number", "level", "moment"] = "number"
    initial: float | str | Draw | Ago | By | Per | None = None
    levels: Sequence[str] = ()
    known: bool = True

    def __post_init__(self) -> None:
        freeze(self, "levels")
        if self.kind == "number" and self.initial is None:
            object.__setattr__(self, "initial", 0.0)


@dataclass(frozen=True)
class Pathway:
    """States and the ways between them; checked when it is made (`pathsim.pathway.checks`).

    Raises PathwayError with every problem found.
    """

    name: str
    start: str
    states: Sequence[State]
    choices: Sequence[Choice] = ()
    detours: Sequence[Detour] = ()
    variables: Sequence[Variable] = ()
    standing: Sequence[Clock] = ()

    def __post_init__(self) -> None:
        from pathsim.pathway.checks import check_pathway

        freeze(self, "states", "choices", "detours", "variables", "standing")
        check_pathway(self)

    @cached_property
    def named(self) -> Mapping[str, State | Choice | Detour]:
        """All that a way may lead to, by name."""
        things: list[State | Choice | Detour] = [*self.states, *self.choices, *self.detours]
        return {thing.name: thing for thing in things}

    @cached_property
    def moments(self) -> frozenset[str]:
        """The names of the variables that are moments."""
        return frozenset(v.name for v in self.variables if v.kind == "moment")

    @cached_property
    def reach(self) -> Reach:
        """Where ways lead through choices and detours."""
        from pathsim.pathway.graph import Reach

        return Reach(self.named)

    @cached_property
    def beneath(self) -> Mapping[str, Sequence[State]]:
        """For each state those that may lie under it while a detour lasts."""
        from pathsim.pathway.graph import beneath

        return beneath(self)

    def __getstate__(self) -> dict[str, Any]:
        """What it was made of: what has been found out of that can be found again."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def state(self, name: str) -> State:
        """The state of this name; KeyError if there is none."""
        found = self.named[name]
        if not isinstance(found, State):
            raise KeyError(name)
        return found

    def choice(self, name: str) -> Choice:
        """The choice of this name; KeyError if there is none."""
        found = self.named[name]
        if not isinstance(found, Choice):
            raise KeyError(name)
        return found

    @property
    def standing_from_arrival(self) -> tuple[Clock, ...]:
        """The standing clocks that no state starts."""
        started = {name for s in self.states for name in s.starts}
        return tuple(c for c in self.standing if c.name not in started)
