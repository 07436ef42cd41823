"""The models with known answers, each a few lines of the public API, each in its own time unit.

The theory tests and the examples' tests call these. Queues have the states `waiting`, `served` and
`done` and the resource `server`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pathsim import (
    At,
    AtLeast,
    Choice,
    Clock,
    Constant,
    Exponential,
    Free,
    Pathway,
    Poisson,
    Request,
    Resource,
    Rule,
    Service,
    State,
    Stream,
    Weibull,
)
from pathsim.laws import Law

CLASS = 10_000_000
"""Patients of class k are numbered from k times this on."""


def customer(
    service: Law,
    *,
    name: str = "customer",
    rank: int = 1,
    patience: Law | None = None,
    stages: int = 1,
) -> Pathway:
    """Waits for a server, is served, is done; leaves when patience ends.

    Service in several stages is as many states in a row that hold the same server: Erlang's law.
    """
    served = ["served", *(f"served_{k}" for k in range(2, stages + 1))]
    leaves = [Clock("patience", patience, "left")] if patience else []
    return Pathway(
        name,
        start="waiting",
        states=[
            State("waiting", leaves, [Request("server", "served", rank=rank)]),
            *(
                State(state, [Clock(f"end_of_{state}", service, then)], holds={"server": 1})
                for state, then in zip(served, [*served[1:], "done"], strict=True)
            ),
            State("done", ends=True),
            State("left", ends=True),
        ],
    )


def queue(
    arrival: float,
    service: Law,
    *,
    servers: int = 1,
    patience: Law | None = None,
    stages: int = 1,
) -> Service:
    """M/G/c, first come first served, starting empty; with patience, M/G/c+G."""
    stream = Stream(customer(service, patience=patience, stages=stages), Poisson(arrival))
    return Service([stream], [Resource("server", places=servers)])


def priority(arrivals: Sequence[float], service: Law, *, servers: int = 1) -> Service:
    """Classes 1, 2, … with Poisson arrivals; a lower class goes first, nobody is interrupted."""
    streams = [
        Stream(customer(service, name=f"class {k}", rank=k), Poisson(rate), f"class {k}",
               first=k * CLASS)
        for k, rate in enumerate(arrivals, start=1)
    ]  # fmt: skip
    return Service(streams, [Resource("server", places=servers)])


def erlang_b(arrival: float, stay: Law, *, beds: int) -> Service:
    """No waiting room: who finds every bed taken is turned away."""
    admission = Choice(
        "admission",
        rules=[Rule("free", "waiting", [AtLeast(Free("server"), 1)]), Rule("full", "turned_away")],
    )
    pathway = Pathway(
        "no waiting room",
        start="admission",
        states=[
            State("waiting", requests=[Request("server", "served")]),
            State("served", [Clock("service", stay, "done")], holds={"server": 1}),
            State("done", ends=True),
            State("turned_away", ends=True),
        ],
        choices=[admission],
    )
    return Service([Stream(pathway, Poisson(arrival))], [Resource("server", places=beds)])


def on_treatment(arrival: float, stay: Law) -> Service:
    """M/G/infinity from empty: everyone is treated at once."""
    pathway = Pathway(
        "treatment",
        start="treated",
        states=[State("treated", [Clock("stop", stay, "stopped")]), State("stopped", ends=True)],
    )
    return Service([Stream(pathway, Poisson(arrival))])


def cohort(pathway: Pathway, patients: int) -> Service:
    """So many patients who all arrive at 0 and share nothing."""
    return Service([Stream(pathway, At([0.0] * patients))])


def one_event(law: Law, *, ratio: float = 1.0) -> Pathway:
    """A single clock, its hazard multiplied by a ratio."""
    event = Clock("event", law, "over", [ratio])
    return Pathway("event", start="free", states=[State("free", [event]), State("over", ends=True)])


def competing(laws: dict[str, Law]) -> Pathway:
    """Several clocks of one state, each into a terminal state of its name and `_first`."""
    clocks = [Clock(name, law, f"{name}_first") for name, law in laws.items()]
    ends = [State(f"{name}_first", ends=True) for name in laws]
    return Pathway("competing", start="at_risk", states=[State("at_risk", clocks), *ends])


def illness_death(progression: Law, death: Law, death_after: Law) -> Pathway:
    """Healthy, ill, dead; death of the ill is a clock of its own, counted from progression."""
    return Pathway(
        "illness and death",
        start="healthy",
        states=[
            State("healthy", [Clock("progression", progression, "ill"),
                              Clock("early_death", death, "dead")]),
            State("ill", [Clock("late_death", death_after, "dead")]),
            State("dead", ends=True),
        ],
    )  # fmt: skip


def markov_illness_death() -> Pathway:
    """Healthy to ill .1, healthy to dead .02, ill to dead .15."""
    return illness_death(Exponential(0.1), Exponential(0.02), Exponential(0.15))


def reset_illness_death() -> Pathway:
    """Weibull hazards, the clock of the ill reset at progression."""
    return illness_death(Weibull(1.3, 20.0), Weibull(0.8, 60.0), Weibull(1.5, 12.0))


def sick_sicker(slower: float) -> Pathway:
    """Healthy, sick, sicker, dead; rates a year; `slower` multiplies the hazard of sicker.

    Death is one clock that runs through all states at a hazard ratio of 1, 3 and 10.
    """

    def death(ratio: float) -> Clock:
        return Clock("death", Exponential(0.002), "dead", [ratio])

    return Pathway(
        "sick and sicker",
        start="healthy",
        states=[
            State("healthy", [Clock("falling_ill", Exponential(0.15), "sick"), death(1.0)]),
            State("sick", [Clock("recovery", Exponential(0.5), "healthy"), death(3.0),
                           Clock("worsening", Exponential(0.105), "sicker", [slower])]),
            State("sicker", [death(10.0)]),
            State("dead", ends=True),
        ],
    )  # fmt: skip


def delayed(wait: float, stay: float) -> Pathway:
    """Untreated, treated, over: each for so long."""
    return Pathway(
        "delayed",
        start="untreated",
        states=[
            State("untreated", [Clock("begin", Constant(wait), "treated")]),
            State("treated", [Clock("stop", Constant(stay), "over")]),
            State("over", ends=True),
        ],
    )
