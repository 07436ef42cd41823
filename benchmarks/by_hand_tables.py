"""Workloads A and B on an engine in C whose model comes in tables (`table_driven.c`).

This is what generality costs at least: the same log as pathsim's, column for column, from tables
that are made of the Service itself. What the C program does not know is said there.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.by_hand_c import ROOM, library
from benchmarks.workloads import CODE, SERVICES, Rows
from pathsim import draws
from pathsim.laws import Law
from pathsim.pathway.pathway import AGAIN, HERE, RETURN, Choice, Detour, Pathway, State
from pathsim.pathway.service import Service, Steady

if TYPE_CHECKING:
    import numpy as np

STATE, CHOICE, DETOUR, HERE_, RETURN_, AGAIN_ = range(6)
ARRIVE, RETURNED = 0, 5
MOST_NAMES, MOST_RUNNING, MOST_DEPTH, MOST_RESOURCES = 32, 8, 4, 8


class _Target(ctypes.Structure):
    _fields_ = (("kind", ctypes.c_int32), ("index", ctypes.c_int32))


class _Clock(ctypes.Structure):
    _fields_ = (("name", ctypes.c_int32), ("law", ctypes.c_int32), ("ratio", ctypes.c_double),
                ("target", _Target))  # fmt: skip


class _Request(ctypes.Structure):
    _fields_ = (*((n, ctypes.c_int32) for n in ("resource", "amount", "rank", "pad")),
                ("target", _Target))  # fmt: skip


class _State(ctypes.Structure):
    _fields_ = tuple((n, ctypes.c_int32) for n in (
        "clocks", "many_clocks", "requests", "many_requests", "ends", "pad"))  # fmt: skip


class _Option(ctypes.Structure):
    _fields_ = (("weight", ctypes.c_double), ("target", _Target), ("name", ctypes.c_int32),
                ("pad", ctypes.c_int32))  # fmt: skip


class _Choice(ctypes.Structure):
    _fields_ = (("key", ctypes.c_uint64),
                *((n, ctypes.c_int32) for n in ("options", "many", "cause", "name")))  # fmt: skip


class _Detour(ctypes.Structure):
    _fields_ = (("first", _Target), ("moving", ctypes.c_uint64), ("ending", ctypes.c_uint32),
                ("name", ctypes.c_int32))  # fmt: skip


class _Law(ctypes.Structure):
    _fields_ = (("code", ctypes.c_int32), ("p", ctypes.c_double), ("q", ctypes.c_double))


class _Tables(ctypes.Structure):
    _fields_ = (
        *((n, ctypes.c_int32) for n in ("names", "resources", "arrival", "many_states")),
        *((n, ctypes.c_void_p) for n in (
            "states", "clocks", "requests", "holds", "laws", "options", "choices", "detours",
            "keys", "places")),
        ("start", _Target),
    )  # fmt: skip


WORDS = ("what", "depth", "state", "cause", "option")


class _Log(ctypes.Structure):
    _fields_ = (("rows", ctypes.c_int64), ("most", ctypes.c_int64),
                *((n, ctypes.c_void_p) for n in ("who", "when", *WORDS)))  # fmt: skip


@dataclass(frozen=True)
class Told:
    """The log as the C program leaves it: words are codes, states before choices."""

    columns: dict[str, np.ndarray[Any, Any]]
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.columns["who"])

    def rows(self) -> Rows:
        """The rows by kind, as the other programs have them."""
        import numpy as np

        codes = np.array([*(CODE[name] for name in self.words), -1], dtype=np.int8)
        kinds = codes[self.columns["state"]]
        kinds[self.columns["what"] == ARRIVE] = CODE["arrive"]
        kinds[self.columns["what"] == RETURNED] = CODE["back in clinic"]
        return Rows(self.columns["who"], self.columns["when"], kinds)


def simulate(workload: str, patients: int, *, seed: int) -> Told:
    """One replication of a workload."""
    import numpy as np

    service = SERVICES[workload](patients)
    maker = Maker(service)
    steady = service.streams[0].arrivals
    assert isinstance(steady, Steady)
    comes = steady.start + np.arange(patients) * steady.interval
    most = ROOM * patients + 4096
    columns: dict[str, np.ndarray[Any, Any]] = {
        "who": np.empty(most, dtype=np.int32),
        "when": np.empty(most),
    }
    columns |= {word: np.empty(most, dtype=np.int8) for word in WORDS}
    log = _Log(0, most, *(column.ctypes.data for column in columns.values()))
    run = library("table_driven").simulate
    run.restype = ctypes.c_int64
    rows = run(ctypes.byref(maker.tables), ctypes.c_uint64(seed), ctypes.c_int64(patients),
               ctypes.c_void_p(comes.ctypes.data), ctypes.byref(log))  # fmt: skip
    if rows > most:
        raise MemoryError(f"{rows} rows, and room for {most}")
    return Told({name: column[:rows] for name, column in columns.items()}, maker.words)


clinic = partial(simulate, "A")
free = partial(simulate, "B")


class Maker:
    """The tables of a service of one stream; it keeps alive what they point to."""

    def __init__(self, service: Service) -> None:
        pathway = service.streams[0].pathway
        self.pathway = pathway
        self.states = {s.name: k for k, s in enumerate(pathway.states)}
        self.choices = {c.name: k for k, c in enumerate(pathway.choices)}
        self.detours = {d.name: k for k, d in enumerate(pathway.detours)}
        self.clocks = _order({c.name for s in pathway.states for c in s.clocks})
        self.resources = _order({r.name for r in service.resources})
        self._refuse_what_is_too_large()
        self.words = (*self.states, *self.choices)
        self.laws: list[Law] = []
        self._kept: list[Any] = []
        self.tables = self._tables(service, pathway)

    def _refuse_what_is_too_large(self) -> None:
        levels = 1 + min(len(self.detours), MOST_DEPTH)
        running = levels * max(len(s.clocks) for s in self.pathway.states)
        names = len(self.clocks) + len(self.choices)
        if names > MOST_NAMES or running > MOST_RUNNING or len(self.resources) > MOST_RESOURCES:
            raise ValueError("table_driven.c has no room for this model")

    def _tables(self, service: Service, pathway: Pathway) -> _Tables:
        states, holds = list[_State](), list[int]()
        clocks, requests = list[_Clock](), list[_Request]()
        for s in pathway.states:
            states.append(_State(len(clocks), len(s.clocks), len(requests), len(s.requests),
                                 s.ends))  # fmt: skip
            clocks += [_Clock(self.clocks[c.name], self._law(c.law), 1.0, self._target(c.enters))
                       for c in s.clocks]  # fmt: skip
            requests += [_Request(self.resources[r.resource], r.amount, r.rank, 0,
                                  self._target(r.enters)) for r in s.requests]  # fmt: skip
            holds += [s.holds.get(name, 0) for name in self.resources]
        options, choices = self._choices(pathway)
        laws = [_Law(law.code, *(*law.parameters, 0.0)[:2]) for law in self.laws]
        detours = [_Detour(self._target(d.enters), _mask(d.moves, self.clocks),
                           _mask(d.ends, self.resources), k)
                   for k, d in enumerate(pathway.detours)]  # fmt: skip
        keys = [ctypes.c_uint64(draws.key_of(name)) for name in self.clocks]
        places = {r.name: r.capacity_at(0.0) for r in service.resources}
        return _Tables(
            len(self.clocks), len(self.resources), len(self.clocks) + len(self.resources),
            len(states), self._array(_State, states), self._array(_Clock, clocks),
            self._array(_Request, requests), self._array(ctypes.c_int32, holds),
            self._array(_Law, laws), self._array(_Option, options),
            self._array(_Choice, choices), self._array(_Detour, detours),
            self._array(ctypes.c_uint64, keys),
            self._array(ctypes.c_int32, [places[name] for name in self.resources]),
            self._target(pathway.start),
        )  # fmt: skip

    def _choices(self, pathway: Pathway) -> tuple[list[_Option], list[_Choice]]:
        options: list[_Option] = []
        choices = []
        after = len(self.clocks) + len(self.resources) + 1
        for k, c in enumerate(pathway.choices):
            choices.append(_Choice(draws.key_of(c.name), len(options), len(c.options), after + k,
                                   len(self.clocks) + k))  # fmt: skip
            options += [_Option(o.probability, self._target(o.enters), n)
                        for n, o in enumerate(c.options, len(options))]  # fmt: skip
        return options, choices

    def _law(self, law: Any) -> int:
        if law not in self.laws:
            self.laws.append(law)
        return self.laws.index(law)

    def _target(self, name: str) -> _Target:
        own = {HERE: HERE_, RETURN: RETURN_, AGAIN: AGAIN_}
        if name in own:
            return _Target(own[name], 0)
        match self.pathway.named[name]:
            case State():
                return _Target(STATE, self.states[name])
            case Choice():
                return _Target(CHOICE, self.choices[name])
            case Detour():
                return _Target(DETOUR, self.detours[name])

    def _array(self, kind: Any, things: Sequence[Any]) -> int:
        array = (kind * max(len(things), 1))(*things)
        self._kept.append(array)
        return ctypes.addressof(array)


def _order(names: set[str]) -> dict[str, int]:
    return {name: k for k, name in enumerate(sorted(names))}


def _mask(names: Sequence[str], known: dict[str, int]) -> int:
    return sum(1 << known[name] for name in names if name in known)
