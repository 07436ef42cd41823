"""What only a run can find broken: each stops it, in words, on its day (docs/law.md, 3 to 6).

The witness must stop on the same model. What a run refuses is not refused when the model is made:
another way through the same choice is lawful.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pathsim import (
    HERE,
    NOW,
    PLUS_ONE,
    RETURN,
    AtLeast,
    Choice,
    Clock,
    Constant,
    Detour,
    Option,
    Pathway,
    PathwayError,
    Request,
    Resource,
    Rule,
    Service,
    Set,
    State,
    Variable,
    simulate,
)
from tests import witness
from tests.engines.written import after, alone, ends

pytestmark = pytest.mark.usefixtures("each_engine")


def either(wrong: str, right: str = "home") -> Choice:
    """A choice that always goes the wrong way."""
    return Choice("way", [Option("wrong", wrong, 1.0), Option("right", right, 0.0)])


def model(
    wrong: str,
    *,
    start: str = "home",
    home: Sequence[Clock] = (),
    ward: Sequence[Clock] = (),
    requests: Sequence[Request] = (),
    standing: Sequence[Clock] = (),
    moves: Sequence[str] = (),
) -> Service:
    """At home; from day 1 in the ward, a detour; somebody's way leads wrong by a choice."""
    pathway = Pathway(
        "broken",
        start,
        [
            State("home", [after(1.0, "infection", "infected"), *home], requests),
            State("ward", ward),
            State("in_bed", [after(1.0, "stay", "done")], holds={"bed": 1}),
            *ends("done"),
        ],
        [either(wrong, "in_bed" if requests else "home")],
        [Detour("infected", "ward", moves=moves)],
        standing=standing,
    )
    return alone(pathway, Resource("bed", places=1))


late = after(3.0, "late", "way")
BROKEN = {
    "an arrival into a detour": model("infected", start="way"),
    "an arrival that goes back": model(RETURN, start="way"),
    "an arrival that stays where it is not": model(HERE, start="way"),
    "a grant that goes back": model(RETURN, requests=[Request("bed", "way")]),
    "a grant that stays": model(HERE, requests=[Request("bed", "way")]),
    "a standing clock that goes back": model(RETURN, standing=[late]),
    "a clock of the lowest level that goes back": model(RETURN, home=[late]),
    "a clock that moves and goes back": model(RETURN, home=[late], moves=["late"]),
    "a clock of the lowest level that goes back and in again": model("return_again", home=[late]),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_way_that_leads_nowhere_stops_the_run(what: str) -> None:
    with pytest.raises(PathwayError, match=r"patient 0, day \d .*'way' leads to .*; ") as refusal:
        simulate(BROKEN[what], horizon=9.0)
    assert "nothing to go back to" in str(refusal.value)
    with pytest.raises((PathwayError, StopIteration, KeyError, IndexError)):
        witness.run(BROKEN[what], horizon=9.0, seed=0, replication=0)


def test_the_same_model_that_goes_the_right_way_runs() -> None:
    """So each of the above stops for where its choice leads."""
    log = simulate(model("home", home=[late]), horizon=9.0)
    assert (log.log["state"] == "way").any()


def test_an_origin_that_is_not_yet_set_stops_the_run() -> None:
    pathway = Pathway(
        "origins",
        start="home",
        states=[
            State("home", [after(2.0, "wait", "watched")]),
            State("watched", [Clock("relapse", Constant(9.0), "over", since="infused")]),
            *ends("over"),
        ],
        variables=[Variable("infused", "moment")],
    )
    assert len(simulate(alone(pathway), horizon=1.0).log) == 3
    with pytest.raises(PathwayError, match=r"patient 0, day 2 .*'relapse'.*'infused'.*not yet set"):
        simulate(alone(pathway), horizon=3.0)


def rings_in_one_instant(most: int) -> Service:
    """The first ring is on day 1; the clock is then over as often as it is started."""
    tick = Clock("tick", Constant(1.0), "more", since="began", sets=[Set("n", PLUS_ONE)])
    rules = [Rule("enough", "over", [AtLeast("n", most)]), Rule("more", HERE)]
    pathway = Pathway(
        "instant",
        start="home",
        states=[State("home", [tick], sets=[Set("began", NOW)]), *ends("over")],
        choices=[Choice("more", rules=rules)],
        variables=[Variable("n"), Variable("began", "moment")],
    )
    return alone(pathway)


def test_ten_thousand_rings_in_one_instant_are_allowed_and_one_more_is_not() -> None:
    log = simulate(rings_in_one_instant(10_000), horizon=2.0).log
    assert log["time"].max() == 1.0
    assert (log["kind"] == "end").sum() == 1
    with pytest.raises(PathwayError, match="patient 0 rings without end on day 1"):
        simulate(rings_in_one_instant(10_001), horizon=2.0)
