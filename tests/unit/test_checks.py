"""Each refusal of docs/law.md, section 11: a PathwayError that names the place and the remedy.

The base pathway is sound; each case changes it in one way. The words asked for are loose: the names
that the author wrote, and that something to do is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from math import inf

import pytest

from pathsim import (
    HERE,
    At,
    AtLeast,
    Below,
    By,
    Choice,
    Clock,
    Constant,
    Detour,
    Exponential,
    Free,
    Is,
    Levels,
    Option,
    Pathway,
    PathwayError,
    Per,
    Request,
    Resource,
    Rule,
    Score,
    Service,
    Set,
    State,
    Stream,
    Test,
    Variable,
    draws,
    leave,
    simulate,
)
from pathsim.pathway.checks import warnings_of

EVENT = Clock("event", Exponential(0.1), "over")
HOME, OVER = State("home", [EVENT]), State("over", ends=True)


def pathway(*states: State, start: str = "home", **more: object) -> Pathway:
    own = {s.name for s in states}
    base = [s for s in (HOME, OVER) if s.name not in own]
    return Pathway("path", start=start, states=[*base, *states], **more)  # type: ignore[arg-type]


def home(*clocks: Clock, **more: object) -> State:
    return State("home", clocks or (EVENT,), **more)  # type: ignore[arg-type]


def to(target: str, name: str = "event", **more: object) -> Clock:
    return Clock(name, Exponential(0.1), target, **more)  # type: ignore[arg-type]


def service(path: Pathway, *resources: Resource, **more: object) -> Service:
    return Service([Stream(path, At([0.0]), **more)], resources)  # type: ignore[arg-type]


def rules(*conditions: object) -> Choice:
    return Choice("choice", rules=[Rule("one", "over", conditions), Rule("other", "over")])  # type: ignore[arg-type]


def with_state(name: str) -> Pathway:
    return pathway(State(name, [EVENT]))


def with_clock(name: str) -> Pathway:
    return pathway(home(to("over", name)))


def with_variable(name: str) -> Pathway:
    return pathway(variables=[Variable(name)])


BED = Resource("bed", places=1)
RISK = Variable("risk", "level", "low", levels=("low", "high"))
HIDDEN = Variable("frailty", initial=1.0, known=False)
IN_BED = State("in_bed", [to("over", "stay")], holds={"bed": 1})
ASKS = home(requests=[Request("bed", "in_bed")])

REFUSED: dict[str, tuple[Callable[[], object], list[str]]] = {
    # undefined names
    "a start that is no state": (lambda: pathway(start="hoem"), ["hoem"]),
    "a clock into nothing": (lambda: pathway(home(to("ovr"))), ["event", "ovr"]),
    "a leave of nothing": (lambda: pathway(home(to(leave("ovr")))), ["event", "ovr"]),
    "a request into nothing": (
        lambda: pathway(home(requests=[Request("bed", "in_bed")])), ["bed", "in_bed"]),
    "an option into nothing": (
        lambda: pathway(choices=[Choice("choice", [Option("one", "nowhere", 1.0)])]),
        ["choice", "nowhere"]),
    "a rule into nothing": (
        lambda: pathway(choices=[Choice("choice", rules=[Rule("one", "nowhere")])]),
        ["choice", "nowhere"]),
    "a detour into nothing": (
        lambda: pathway(detours=[Detour("ill", "ward")]), ["ill", "ward"]),
    "a ratio of no variable": (
        lambda: pathway(home(to("over", ratio=[Per("age", 2.0)]))), ["event", "age"]),
    "an origin of no variable": (
        lambda: pathway(home(to("over", since="infused"))), ["event", "infused"]),
    "a set of no variable": (lambda: pathway(home(sets=[Set("age", 1.0)])), ["home", "age"]),
    "a rule of no variable": (
        lambda: pathway(choices=[rules(AtLeast("age", 1.0))]), ["choice", "age"]),
    "a start of no standing clock": (lambda: pathway(home(starts=["late"])), ["home", "late"]),
    "a stop of no standing clock": (lambda: pathway(home(stops=["late"])), ["home", "late"]),
    "a request for no resource": (lambda: service(pathway(ASKS, IN_BED)), ["bed"]),
    "a rule on no resource": (
        lambda: service(pathway(choices=[rules(AtLeast(Free("bed"), 1))], start="choice")),
        ["bed"]),
    "a stream into nothing": (lambda: service(pathway(), enters="ward"), ["ward"]),
    # doubled names
    "two states of one name": (
        lambda: Pathway("path", start="home", states=[HOME, HOME, OVER]), ["home"]),
    "two clocks of one name in a state": (lambda: pathway(home(EVENT, to("home"))), ["event"]),
    "two requests for one resource in a state": (
        lambda: service(pathway(home(requests=[Request("bed", "in_bed")] * 2), IN_BED), BED),
        ["home", "bed"]),
    "a choice called as a state": (
        lambda: pathway(choices=[Choice("home", [Option("one", "over", 1.0)])]), ["home"]),
    "a variable called as a clock": (
        lambda: pathway(variables=[Variable("event")]), ["event"]),
    "two variables of one name": (
        lambda: pathway(variables=[Variable("age"), Variable("age")]), ["age"]),
    "two resources of one name": (lambda: service(pathway(), BED, BED), ["bed"]),
    "two streams of overlapping numbers": (
        lambda: Service([Stream(pathway(), At([0.0, 0.0]), "one"),
                         Stream(pathway(), At([0.0]), "two", first=1)]),
        ["one", "two"]),
    # reserved names
    **{f"a state called {name}": (partial(with_state, name), [name])
       for name in ("here", "return", "leave:home")},
    **{f"a clock called {name}": (partial(with_clock, name), [name])
       for name in ("arrival", "horizon", "queue:bed")},
    **{f"a variable called {name}": (partial(with_variable, name), [name])
       for name in ("calendar", "start")},
    # loops and delays
    "a loop of choices": (
        lambda: pathway(home(to("one")), choices=[
            Choice("one", [Option("next", "two", 1.0)]),
            Choice("two", [Option("back", "one", 1.0)]),
        ]), ["one", "two"]),
    "a loop of zero delays": (
        lambda: pathway(home(Clock("tick", Constant(0.0), "away")),
                        State("away", [Clock("tock", Constant(0.0), "home")])), ["home", "away"]),
    "a zero delay that rings here": (
        lambda: pathway(home(Clock("tick", Constant(0.0), HERE))), ["home"]),
    "a delay with a ratio": (
        lambda: pathway(home(Clock("wait", Constant(3.0), "over", [0.7]))), ["wait", "ratio"]),
    # choices
    "rules without a last that always holds": (
        lambda: pathway(choices=[Choice("choice", rules=[
            Rule("only", "over", [AtLeast("calendar", 3.0)])])]), ["choice"]),
    "rules that read a hidden variable": (
        lambda: pathway(choices=[rules(Below("frailty", 2.0))], variables=[HIDDEN]),
        ["choice", "frailty", "hidden"]),
    "a score that reads a hidden variable": (
        lambda: service(pathway(ASKS, IN_BED, variables=[HIDDEN]),
                        Resource("bed", places=1, discipline=Score([Per("frailty", 1.0)]))),
        ["bed", "frailty", "hidden"]),
    # levels and tables
    "a condition on a level that is none": (
        lambda: pathway(choices=[rules(Is("risk", "hgih"))], variables=[RISK]), ["risk", "hgih"]),
    "a set to a level that is none": (
        lambda: pathway(home(sets=[Set("risk", "hgih")]), variables=[RISK]), ["risk", "hgih"]),
    "a set of the calendar": (
        lambda: pathway(home(sets=[Set("calendar", 1.0)])), ["home", "calendar"]),
    "a test of the calendar": (
        lambda: pathway(home(sets=[Set("age", Test("calendar"))]), variables=[Variable("age")]),
        ["home", "calendar"]),
    "a test that misses with a level that is none": (
        lambda: pathway(home(sets=[Set("risk", Test("risk", 0.5, "hgih"))]), variables=[RISK]),
        ["risk", "hgih"]),
    "a test that misses with a number for a level": (
        lambda: pathway(home(sets=[Set("risk", Test("risk", 0.5, 3.0))]), variables=[RISK]),
        ["risk", "3.0"]),
    "a set to nothing": (
        lambda: pathway(home(sets=[Set("age", None)]), variables=[Variable("age")]), ["age"]),  # type: ignore[arg-type]
    "a moment set to nothing": (
        lambda: pathway(home(sets=[Set("infused", None)]),  # type: ignore[arg-type]
                        variables=[Variable("infused", "moment")]), ["infused"]),
    "a draw of no level": (
        lambda: pathway(home(sets=[Set("risk", Levels({}))]), variables=[RISK]), ["risk"]),
    "a rank that is not whole": (
        lambda: service(pathway(home(requests=[Request("bed", "in_bed", rank=1.5)]), IN_BED), BED),  # type: ignore[arg-type]
        ["home", "bed", "1.5"]),
    "a draw of a level that is none": (
        lambda: pathway(variables=[Variable("risk", "level", Levels({"hgih": 1.0}),
                                            levels=("low", "high"))]), ["risk", "hgih"]),
    "a table without an entry for a level": (
        lambda: pathway(home(to("over", ratio=[By("risk", {"low": 1.0})])), variables=[RISK]),
        ["event", "risk", "high"]),
    "a table with an entry for a level that is none": (
        lambda: pathway(
            home(to("over", ratio=[By("risk", {"low": 1.0, "hgih": 2.0}, otherwise=1.0)])),
            variables=[RISK],
        ), ["risk", "hgih"]),
    "a table that ends too early": (
        lambda: pathway(home(to("over", ratio=[By("age", bands=[(70.0, 1.0)])])),
                        variables=[Variable("age")]), ["event", "age"]),
    "a table of a moment without an entry for never": (
        lambda: pathway(home(to("over", ratio=[By("infused", bands=[(inf, 2.0)])])),
                        variables=[Variable("infused", "moment")]), ["event", "infused", "never"]),
    # what is held
    "a place granted into a state that does not hold it": (
        lambda: service(pathway(home(requests=[Request("bed", "over")])), BED), ["bed", "over"]),
    "a state that holds what no way into it brings": (
        lambda: service(pathway(home(to("in_bed")), IN_BED), BED), ["bed", "in_bed"]),
    "a state that holds more than is granted": (
        lambda: service(pathway(ASKS, State("in_bed", [to("over", "stay")], holds={"bed": 2})),
                        Resource("bed", places=3)), ["bed", "in_bed"]),
    "a terminal state with a clock": (
        lambda: pathway(State("over", [to("home", "wake")], ends=True)), ["over"]),
    "a terminal state that holds": (
        lambda: service(pathway(State("over", ends=True, holds={"bed": 1})), BED), ["over"]),
    # waiting for each other
    "two states that hold what the other waits for, without a clock": (
        lambda: service(
            pathway(
                home(requests=[Request("bed", "a"), Request("chair", "b")]),
                State("a", requests=[Request("chair", "both")], holds={"bed": 1}),
                State("b", requests=[Request("bed", "both")], holds={"chair": 1}),
                State("both", [to("over", "stay")], holds={"bed": 1, "chair": 1}),
            ), BED, Resource("chair", places=1)), ["bed", "chair"]),
    "an amount that rises, without a clock": (
        lambda: service(
            pathway(
                ASKS,
                State("in_bed", requests=[Request("bed", "in_two")], holds={"bed": 1}),
                State("in_two", [to("over", "stay")], holds={"bed": 2}),
            ), Resource("bed", places=3)), ["bed", "in_bed"]),
    # resources
    "a resource that is neither places nor allotments": (
        lambda: service(pathway(), Resource("bed")), ["bed"]),
    "a resource that is both": (
        lambda: service(pathway(), Resource("bed", places=1, allotments=[(0.0, 1)])), ["bed"]),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_law_refuses_is_refused_with_its_place_and_a_remedy(what: str) -> None:
    build, words = REFUSED[what]
    with pytest.raises(PathwayError) as refusal:
        build()
    said = str(refusal.value)
    assert [word for word in words if word not in said] == [], said
    assert re.search("; | needs | must | may ", said), f"no remedy: {said}"


def test_the_base_is_sound() -> None:
    """So every case above is refused for what it changes."""
    log = simulate(service(pathway(ASKS, IN_BED, variables=[RISK, HIDDEN]), BED), horizon=9.0)
    assert len(log.log) > 2


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(PathwayError) as refusal:
        pathway(home(to("nowhere"), to("elsewhere", "other")), start="hoem")
    assert all(word in str(refusal.value) for word in ("nowhere", "elsewhere", "hoem"))


def test_names_whose_keys_collide_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No two words are known that collide, so the hash is made short."""
    monkeypatch.setattr(draws, "key_of", lambda name: len(name))
    with pytest.raises(PathwayError, match="event"):
        pathway(home(EVENT, to("home", "tnvee")))


def test_waiting_in_a_circle_with_a_clock_to_leave_is_a_warning_that_shows_the_circle() -> None:
    give_up = [to("over", "gives_up")]
    states = [
        home(requests=[Request("bed", "a"), Request("chair", "b")]),
        State("a", give_up, [Request("chair", "both")], holds={"bed": 1}),
        State("b", give_up, [Request("bed", "both")], holds={"chair": 1}),
        State("both", [to("over", "stay")], holds={"bed": 1, "chair": 1}),
    ]
    found = "\n".join(warnings_of(service(pathway(*states), BED, Resource("chair", places=1))))
    assert "bed" in found
    assert "chair" in found


def test_waiting_for_what_the_holders_never_wait_for_gives_no_warning() -> None:
    assert warnings_of(service(pathway(ASKS, IN_BED), BED)) == []


def test_a_loop_with_some_delay_in_it_is_no_loop() -> None:
    away = State("away", [Clock("back", Constant(0.0), "home")])
    pathway(home(Clock("out", Constant(1.0), "away")), away)


def test_a_return_at_the_bottom_is_refused_when_built_or_run() -> None:
    def build_and_run() -> None:
        simulate(service(pathway(home(to("return")))), horizon=1e6)

    with pytest.raises(PathwayError, match="return"):
        build_and_run()
