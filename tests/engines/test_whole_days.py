"""R6: a whole-day service, 600 patients for 2 slots and 2 beds, where nearly everything is a tie.

Every delay is a constant number of days and arrivals come three at a time, so the log hangs on the
order of one instant (docs/law.md, section 9) alone.
"""

from __future__ import annotations

from random import Random

import pytest

from pathsim.engine.simulate import simulate
from pathsim.laws import Constant
from pathsim.pathway.chance import Levels
from pathsim.pathway.conditions import AtLeast, Queue
from pathsim.pathway.pathway import (
    HERE,
    RETURN,
    Choice,
    Clock,
    Detour,
    Option,
    Pathway,
    Request,
    Rule,
    State,
    Variable,
)  # fmt: skip
from pathsim.pathway.reading import By
from pathsim.pathway.service import At, Every, Resource, Score, Service, Steady, Stream
from pathsim.pathway.setting import PLUS_ONE, Set
from tests import witness
from tests.engines.changes import shuffled
from tests.engines.differences import Tables, difference, tables

HORIZON = 300.0
HOME = "at home"
pytestmark = pytest.mark.usefixtures("each_engine")


def day(name: str, days: float | By, enters: str) -> Clock:
    return Clock(name, days if isinstance(days, By) else Constant(days), enters)


PATIENCE = By("risk", {"low": Constant(21.0), "high": Constant(14.0)})
FEVER = Clock("fever", Constant(5.0), "ill", sets=[Set("fevers", PLUS_ONE)])


def pathway() -> Pathway:
    """Referred, collected at a slot, made, treated in a bed, watched; ill and back on the way."""
    drop = day("drop", PATIENCE, "lost")
    states = [
        State("referred", [drop, FEVER], [Request("slot", "making")]),
        State("making", [day("made", 2.0, "released")], holds={"slot": 1}),
        State("ready", [drop, FEVER], [Request("bed", "treated", rank=1), Request("kit", HOME)]),
        State("treated", [day("stay", 3.0, "watched")], holds={"bed": 1}),
        State(HOME, [day("stay", 4.0, "watched")]),
        State("watched", [day("relapse", 10.0, "again"), day("visit", 2.0, HERE)]),
        State("in fever", [day("well", 2.0, RETURN), day("worse", 1.0, "how bad")],
              [Request("bed", "on the ward", rank=2)]),
        State("on the ward", [day("well", 2.0, RETURN)], holds={"bed": 1}),
        State("lost", ends=True), State("dead", ends=True),
    ]  # fmt: skip
    choices = [
        Choice("released", [Option("good", "ready", 0.8), Option("failed", "referred", 0.2)]),
        Choice("again", rules=[
            Rule("queue is long", "dead", [AtLeast(Queue("slot"), 20.0)]),
            Rule("too often ill", "lost", [AtLeast("fevers", 3.0)]),
            Rule("otherwise", "referred"),
        ]),
        Choice("how bad", [Option("no better", HERE, 0.7), Option("death", "dead", 0.3)]),
    ]  # fmt: skip
    risk = Variable("risk", "level", Levels({"low": 0.5, "high": 0.5}), ("low", "high"))
    ill = Detour("ill", "in fever", moves=["drop"], pauses=["relapse", "kit"])
    return Pathway("whole days", "referred", states, choices, [ill], [risk, Variable("fevers")])


def service(discipline: str | Score) -> Service:
    """600 patients in three streams; a bed may be closed, and kits come every week."""
    shared = pathway()
    streams = [
        Stream(shared, Steady(1.0), "daily", patients=250, first=1000),
        Stream(shared, Steady(2.0), "every other day", patients=150, first=0),
        Stream(shared, At([float(d // 4) for d in range(200)]), "bursts", patients=200, first=5000),
    ]
    resources = [
        Resource("slot", places=2, discipline=discipline, closed=(5, 6)),
        Resource("bed", places=[(0.0, 2), (100.0, 1), (120.0, 2)], discipline=discipline),
        Resource("kit", allotments=Every(7.0, 1), carry=1),
    ]
    return Service(streams, resources)


def told(made: Service) -> Tables:
    return tables(simulate(made, horizon=HORIZON, seed=5))


@pytest.fixture(scope="module", params=["first_come", "random", "score"])
def model(request: pytest.FixtureRequest) -> Service:
    score = Score([By("risk", {"low": 0.0, "high": 7.0})], per_day_waited=1.0)
    return service(score if request.param == "score" else request.param)


def test_whole_days_give_the_same_tables_in_the_witness_and_the_engine(model: Service) -> None:
    ours = witness.run(model, horizon=HORIZON, seed=5, replication=0)
    theirs = told(model)
    assert difference(ours, theirs) == ""
    assert len(theirs[1]) == 600
    assert (theirs[0]["time"] % 1.0 == 0.0).all()


def test_whole_days_give_the_same_tables_in_any_order_of_writing(model: Service) -> None:
    told_once = told(model)
    for order in range(3):
        again = told(shuffled(model, Random(order)))
        assert difference(told_once, again, of="as written", to=f"order {order}") == ""
