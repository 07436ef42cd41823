"""Logs written out by hand, and the models they belong to, in as few words as possible.

The hand-dated tests call `assert_log`; a text has one row a line, its columns being patient, time,
kind, depth, state, cause, option, and `-` for empty. Each log was dated from docs/law.md alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathsim import (
    At,
    Clock,
    Constant,
    Detour,
    Log,
    Pathway,
    Request,
    Resource,
    Service,
    State,
    Stream,
    Variable,
    simulate,
)
from pathsim.engine.simulate import ENGINES
from pathsim.events import join
from tests import witness

COLUMNS = ["patient", "time", "kind", "depth", "state", "cause", "option"]

Row = tuple[int, float, str, int, str, str, str]


def written(text: str) -> list[Row]:
    """The rows of a log as a person writes it."""
    rows: list[Row] = []
    for line in filter(str.strip, text.splitlines()):
        patient, time, kind, depth, *words = line.split()
        state, cause, option = ("" if w == "-" else w for w in words)
        rows.append((int(patient), float(time), kind, int(depth), state, cause, option))
    return rows


def rows_of(log: Log) -> list[Row]:
    """The rows of an engine's log, in its own order."""
    rows = log.log[COLUMNS].itertuples(index=False, name=None)
    return [(int(p), float(t), str(k), int(d), str(s), str(c), str(o))
            for p, t, k, d, s, c, o in rows]  # fmt: skip


def assert_log(service: Service, horizon: float, text: str) -> None:
    """Every engine, and the witness, gives exactly the rows that were written."""
    runs = [simulate(service, horizon=horizon, seed=1, engine=engine) for engine in ENGINES]
    tables = witness.run(service, horizon=horizon, seed=1, replication=0)
    for log in (*runs, join([tables], horizon)):
        found, expected = rows_of(log), written(text)
        assert found == expected, "\n".join(
            f"{'=' if f == e else '!'} {f}  written: {e}"
            for f, e in zip(found + [None] * 9, expected + [None] * 9, strict=False)
            if f or e
        )


def after(days: float, name: str, enters: str, **more: object) -> Clock:
    """A clock that rings so many days after its start."""
    return Clock(name, Constant(days), enters, **more)  # type: ignore[arg-type]


def ends(*names: str) -> tuple[State, ...]:
    """Terminal states."""
    return tuple(State(name, ends=True) for name in names)


def alone(pathway: Pathway, *resources: Resource) -> Service:
    """One patient, number 0, who arrives on day 0."""
    return Service([Stream(pathway, At([0.0]))], resources)


def at(pathway: Pathway, times: Sequence[float], *resources: Resource) -> Service:
    """Patients 0, 1, … who arrive at these times."""
    return Service([Stream(pathway, At(times))], resources)


def waits_then_stays(
    days: float,
    *,
    resource: str = "bed",
    amount: int = 1,
    rank: int = 1,
    clocks: Sequence[Clock] = (),
    name: str = "stay",
) -> Pathway:
    """Waits for a place, holds it for some days, is done: states `waiting`, `staying`, `done`."""
    return Pathway(
        name,
        start="waiting",
        states=[
            State("waiting", clocks, [Request(resource, "staying", amount=amount, rank=rank)]),
            State("staying", [after(days, "stay", "done")], holds={resource: amount}),
            *ends("done", "gone"),
        ],
    )


def home_and_ward(
    home: Sequence[Clock],
    ward: Sequence[Clock] = (after(3.0, "recover", "return"),),
    *,
    requests: Sequence[Request] = (),
    moves: Sequence[str] = (),
    pauses: Sequence[str] = (),
    stops: Sequence[str] = (),
    more: Sequence[State] = (),
    standing: Sequence[Clock] = (),
    variables: Sequence[Variable] = (),
) -> Pathway:
    """At home; ten days after it started an infection leads to the ward, for three days."""
    infection = after(10.0, "infection", "infected")
    return Pathway(
        "infections",
        start="home",
        states=[
            State("home", [infection, *home], requests),
            State("ward", ward),
            State("relapsed", [after(4.0, "decline", "dead")]),
            *more,
            *ends("dead"),
        ],
        detours=[Detour("infected", "ward", ends=stops, moves=moves, pauses=pauses)],
        standing=standing,
        variables=variables,
    )


TO_WARD = """
    0  0  arrive 0 -    arrival   patients
    0  0  enter  0 home arrival   -
    0  10 detour 1 ward infection infected
"""
