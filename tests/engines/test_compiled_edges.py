"""Where the compiled engine might part from the SimPy engine: what generated services do not reach.

Broken laws found out of order, memory that is used again after an error or by several threads,
sizes at both ends, four detours deep with clocks of every fate, and many requests of one patient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

import pytest

from pathsim.engine.simulate import blocks, simulate
from pathsim.errors import PathwayError
from pathsim.events import Log, join
from pathsim.laws import Constant, Exponential, Weibull
from pathsim.pathway.chance import Ago, Levels, Normal
from pathsim.pathway.conditions import AnyOf, AtLeast, Below, ExpectedWait, Free, Not, Queue, Since
from pathsim.pathway.pathway import (
    Choice,
    Clock,
    Detour,
    Option,
    Pathway,
    Request,
    Rule,
    State,
    Variable,
)
from pathsim.pathway.reading import By, Per
from pathsim.pathway.service import At, Every, Poisson, Resource, Score, Service, Steady, Stream
from pathsim.pathway.setting import NOW, PLUS_ONE, Set
from tests.engines.differences import difference, tables
from tests.engines.test_compiled import assert_same, told

INF = math.inf
DEAD = State("dead", ends=True)
DEATH = Clock("death", Exponential(0.1), "dead")
MOMENT = Variable("m", "moment")


def service(
    states: Sequence[State],
    *,
    start: str = "a",
    arrivals: At | Poisson | None = None,
    patients: int = 20,
    resources: Sequence[Resource] = (),
    **more: Any,
) -> Service:
    """One stream of patients, one a day, through these states and death."""
    pathway = Pathway("p", start, [*states, DEAD], **more)
    return Service([Stream(pathway, arrivals or Steady(1.0), patients=patients)], resources)


# --- broken laws ---


def breaking(resources: Sequence[Resource] = ()) -> Service:
    """Patients break the law one after another, not in order of their numbers."""
    states = [State("a", [Clock("go", Exponential(0.1), "b")]),
              State("b", [Clock("x", Exponential(1.0), "dead", since="m")])]  # fmt: skip
    return service(states, variables=[MOMENT], resources=resources)


@pytest.mark.parametrize(("rows", "threads"), [(1, 1), (10**6, 4)])
def test_what_breaks_the_law_first_in_time_is_said(rows: int, threads: int) -> None:
    said = told(breaking(), "simpy", seed=1)
    assert isinstance(said, str)
    assert "patient 2, day 3" in said
    assert told(breaking(), "compiled", seed=1) == said
    with pytest.raises(PathwayError) as error:
        list(blocks(breaking(), horizon=40.0, seed=1, rows=rows, threads=threads))
    assert str(error.value) == said


@pytest.mark.parametrize("back", ["return", "return_again"])
def test_a_way_back_where_there_is_none_is_called_the_same(back: str) -> None:
    assert_same(service([State("a", [Clock("go", Constant(1.0), back)])]), seed=1)


def test_who_breaks_the_law_is_known_though_the_patient_would_be_gone() -> None:
    standing = [Clock("s", Exponential(1.0), "dead", since="m")]
    broken = service([State("a", [DEATH])], start="dead", variables=[MOMENT], standing=standing)
    assert_same(broken, seed=1)


def test_the_slope_that_is_asked_first_is_the_one_that_is_not_set() -> None:
    wait = By("n", bands=[(0.5, Constant(5.0)), (INF, Constant(50.0))])
    states = [State("a", [Clock("gone", wait, "dead")], [Request("r", "b")]),
              State("b", [DEATH], holds={"r": 1})]  # fmt: skip
    variables = [Variable("n"), Variable("m", "moment"), Variable("o", "moment")]
    pathway = Pathway("p", "a", [*states, DEAD], variables=variables)
    sets = [[], [Set("n", 1.0), Set("o", NOW)], [Set("n", 1.0), Set("m", NOW)]]
    streams = [Stream(pathway, At([float(k)]), f"s{k}", 1, k, None, s) for k, s in enumerate(sets)]
    score = Score([Per("m", 1.0), Per("o", 1.0)])
    assert_same(Service(streams, [Resource("r", [(10.0, 1)], discipline=score)]), seed=1)


@pytest.mark.parametrize("law", [Exponential(0.1), By("x", bands=[(INF, Exponential(0.1))])])
def test_a_band_to_infinity_has_what_is_infinite_too(law: Any) -> None:
    clock = Clock("d", law, "dead", [By("x", bands=[(3.0, 0.0), (INF, 2.0)])])
    endless = service([State("a", [clock])], variables=[Variable("x", initial=INF)])
    assert_same(endless, seed=1)
    assert (simulate(endless, horizon=90.0).log["state"] == "dead").any()


# --- what is listed and never matters ---


def test_the_score_of_a_resource_that_nobody_asks_for_may_read_anything() -> None:
    score = Score([By("x", {"no such level": 1.0}), Per("no such variable", 1.0)])
    level = Variable("x", "level", "low", ("low", "high"))
    idle = [Resource("r", places=1, discipline=score)]
    assert_same(service([State("a", [DEATH])], variables=[level], resources=idle), seed=1)


# --- wide, deep and crossed ---


def wide() -> Service:
    """Forty clocks in a state, half of them in another."""
    clocks = [Clock(f"c{i:02}", Exponential(0.02 * i), "a" if i % 3 else "b") for i in range(40)]
    return service([State("a", [*clocks, DEATH]), State("b", [*clocks[20:], DEATH])])


def long_way() -> Service:
    """Sixty choices in one instant, the last of a single option, with weights of 0."""
    ways = [Choice(f"k{i}", [Option("on", f"k{i + 1}", 0.99), Option("out", "dead", 0.01)])
            for i in range(59)]  # fmt: skip
    nothing = Choice("k59", [Option("again", "a", 1.0, [0.0])])
    level = Variable("l", "level", Levels({"x": 0.0, "y": 1.0}, {"y": [0.0]}), ("x", "y"))
    state = State("a", [Clock("on", Constant(1.0), "k0"), DEATH])
    return service([state], choices=[*ways, nothing], variables=[level])


def deep() -> Service:
    """Detours in detours, entered again, with standing clocks stopped and started at once."""
    detours = [Detour("d0", "e0", moves=("m",), pauses=("pz",)), Detour("d1", "e1", ends=("m",)),
               Detour("d2", "e2", moves=("m", "back"))]  # fmt: skip
    rate = Exponential(1.0)
    states = [
        State("a", [Clock("in", rate, "d0"), Clock("m", rate, "b"), Clock("pz", rate, "here"),
                    Clock("in2", rate, "d1"), Clock("in3", rate, "d2"), DEATH],
              starts=("s1",), stops=("s2",)),
        State("b", [Clock("m", rate, "a"), Clock("in", rate, "d2"), Clock("bx", rate, "d1")],
              starts=("s2",), stops=("s1",)),
        State("e0", [Clock("back", rate, "return"), Clock("deeper", rate, "d0"),
                     Clock("in2", rate, "d1"), Clock("pz", rate, "return_again")],
              starts=("s1",), stops=("s1",)),
        State("e1", [Clock("e1b", rate, "return_again"), Clock("e1d", rate, "d2")], starts=("s2",)),
        State("e2", [Clock("e2b", rate, "return"), Clock("out", Exponential(0.1), "leave:b"),
                     Clock("back", rate, "return_again"), Clock("e2d", rate, "d2")],
              stops=("s2", "s1")),
    ]  # fmt: skip
    ratio = [By("n", bands=[(3.0, 0.5), (INF, 2.0)])]
    standing = [Clock("s1", Weibull(2.0, 4.0), "d1", ratio, sets=[Set("n", PLUS_ONE)]),
                Clock("s2", rate, "here"), Clock("s3", Exponential(0.1), "b")]  # fmt: skip
    return service(states, detours=detours, standing=standing, variables=[Variable("n")])


def crossed(order: str | Score = "first_come", skip: bool = False, carry: int = 0) -> Service:
    """Three resources asked for at once and at several levels, by pathways that share names."""
    rate = Exponential(0.3)
    states = [
        State("a", [Clock("t", Exponential(0.1), "b"), Clock("x", rate, "d"),
                    Clock("re", rate, "here")],
              [Request("bed", "in", rank=2), Request("al", "h", 2), Request("r1", "in1", 3)]),
        State("b", [Clock("t2", Exponential(0.1), "a"), Clock("x", rate, "d")],
              [Request("bed", "in"), Request("al", "h")]),
        State("in", [Clock("o", rate, "a"), DEATH, Clock("x", rate, "d")], holds={"bed": 1}),
        State("in1", [Clock("o1", rate, "a"), Clock("x2", rate, "g")], [Request("bed", "both")],
              {"r1": 3}),
        State("both", [Clock("o2", rate, "in1"), Clock("o3", rate, "a")], (), {"r1": 3, "bed": 1}),
        State("h", [Clock("x", rate, "d"), Clock("o4", rate, "used")], [Request("bed", "hb")],
              {"al": 1}),
        State("hb", [Clock("o6", rate, "used"), Clock("x", rate, "d")], (), {"al": 1, "bed": 1}),
        State("used", [Clock("o7", rate, "a"), DEATH]),
        State("w", [Clock("wr", rate, "return"), Clock("wa", rate, "return_again"),
                    Clock("ww", rate, "d")]),
        State("w2", [Clock("w2r", rate, "return")]),
    ]  # fmt: skip
    rules = [
        Rule("soon", "b", [Below(ExpectedWait("bed"), 0.8)], [Set("n", PLUS_ONE)]),
        Rule("full", "a", [AtLeast(ExpectedWait("al"), 0.5), Not(AtLeast(Free("r1"), 1.0))]),
        Rule("long", "a", [AnyOf(AtLeast(Queue("al"), 3.0), Below(Since("m"), 2.0))]),
        Rule("otherwise", "b", sets=[Set("m", NOW)]),
    ]
    detours = [Detour("d", "w", ends=("al",), pauses=("r1",)), Detour("g", "w2", pauses=("bed",))]
    one = Pathway("one", "k", [*states, DEAD], [Choice("k", rules=rules)], detours,
                  [Variable("n"), MOMENT])  # fmt: skip
    asks = State("a", [Clock("t", Constant(7.0), "dead")], [Request("bed", "in")])
    held = State("in", [Clock("u", Constant(3.0), "dead")], holds={"bed": 1})
    others = [Variable("m", "moment", Ago(3.0)), Variable("z"),
              Variable("n", initial=Normal(2.0, 1.0, 2.0, 2.0))]  # fmt: skip
    two = Pathway("two", "a", [asks, held, DEAD], variables=others)
    three = Pathway("three", "a", [State("a", [DEATH]), DEAD])
    served: dict[str, Any] = {"discipline": order, "skip": skip}
    places = [(0.0, 1), (5.0, 0), (9.0, 3), (20.0, 1)]
    resources = [Resource("bed", places, closed=(5, 6), typical_stay=3.0, **served),
                 Resource("al", None, Every(2.0, 3), carry, "used", **served),
                 Resource("r1", 4, **served)]  # fmt: skip
    gaps = Poisson([(0.0, 2.0), (3.0, 0.0), (10.0, 0.5)])
    return Service([Stream(one, gaps, "x", 60, 1000), Stream(two, Steady(1.0), "y", 40, 0),
                    Stream(three, At([0, 0, 3, 3, 3, 9, 50]), "z", 4, 100)], resources)  # fmt: skip


@pytest.mark.parametrize("made", [wide, long_way, deep])
def test_many_clocks_choices_and_detours_give_the_same_tables(made: Callable[[], Service]) -> None:
    assert_same(made(), seed=4, horizon=60.0)


SCORE = Score([Per("n", 1.0), By("m", bands=[(5.0, 1.0), (INF, 0.0)], never=0.5)], 0.3)


@pytest.mark.parametrize("discipline", ["first_come", "random", SCORE])
@pytest.mark.parametrize(("skip", "carry"), [(False, 0), (True, 1), (True, 2)])
def test_several_requests_of_one_patient_give_the_same_tables(
    discipline: str | Score, skip: bool, carry: int
) -> None:
    assert_same(crossed(discipline, skip, carry), seed=7, horizon=250.0)


# --- both ends ---


@pytest.mark.parametrize("made", [wide, long_way, deep, crossed])
def test_a_run_of_no_time_gives_the_same_tables(made: Callable[[], Service]) -> None:
    assert_same(made(), seed=5, horizon=0.0)


def test_few_events_in_a_thousand_million_days_give_the_same_tables() -> None:
    states = [State("a", [Clock("d", Weibull(2.0, 1e8), "b")]),
              State("b", [Clock("back", Exponential(1e-8), "a", since="calendar")])]  # fmt: skip
    assert_same(service(states, arrivals=Poisson(1e-7)), seed=6, horizon=1e9)


@pytest.mark.parametrize("many", [0, 2000])
def test_nobody_and_thousands_at_once_give_the_same_tables(many: int) -> None:
    states = [State("a", [DEATH, Clock("y", Exponential(0.05), "a")], [Request("r", "b")]),
              State("b", [Clock("o", Exponential(1.0), "a")], holds={"r": 1})]  # fmt: skip
    crowd = At([0.0] * many)
    assert_same(service(states, arrivals=crowd, patients=many, resources=[Resource("r", 500)]),
                seed=8, horizon=4.0)  # fmt: skip


# --- memory that is used again ---


def same(whole: Log, found: Log) -> bool:
    return difference(tables(whole), tables(found)) == ""


def test_memory_is_clean_after_an_error_and_after_blocks_that_were_not_all_taken() -> None:
    broken, said = breaking([Resource("r", 1)]), told(breaking(), "simpy", seed=3)
    for made in (crossed(), deep()):
        whole = {h: simulate(made, horizon=h, seed=3, engine="simpy") for h in (20.0, 60.0)}
        for horizon in (20.0, 60.0, 20.0):
            next(blocks(made, horizon=horizon, seed=3, rows=1, engine="compiled"))
            parts = []
            for part in blocks(made, horizon=horizon, seed=3, rows=7, threads=4):
                parts.append(tables(part))
                if len(parts) == 2:
                    assert told(broken, "compiled", seed=3) == said
            assert same(whole[horizon], join(parts, horizon))


def test_services_run_at_once_from_several_threads_do_not_meet() -> None:
    made = [crossed(), deep(), wide()]
    whole = [simulate(s, horizon=40.0, seed=3, engine="simpy") for s in made]
    good: list[bool] = []

    def work(first: int) -> None:
        for k in (first, first + 1, first, first + 2):
            found = simulate(made[k % 3], horizon=40.0, seed=3, threads=1 + k, engine="compiled")
            good.append(same(whole[k % 3], found))

    threads = [Thread(target=work, args=(first,)) for first in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert good == 12 * [True]
