"""What a person in Python may get wrong is told in a plain sentence, at once and without a run."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from pathsim import (
    Ago,
    At,
    By,
    Clock,
    Constant,
    Every,
    Exponential,
    FromLaw,
    Levels,
    Normal,
    Pathway,
    PathwayError,
    Per,
    Poisson,
    Request,
    Resource,
    Service,
    Set,
    State,
    Steady,
    Stream,
    Test,
    Variable,
    simulate,
)

NAN, INF = math.nan, math.inf
HOME = State("home", [Clock("event", Exponential(0.1), "over")])
OVER = State("over", ends=True)
PATHWAY = Pathway("path", "home", [HOME, OVER])
SERVICE = Service([Stream(PATHWAY, At([0.0]))])


def run(**how: object) -> object:
    return simulate(SERVICE, **{"horizon": 9.0, **how})  # type: ignore[arg-type]


def pathway(
    *, ratio: object = (), law: object = None, variables: object = (), holds: object = None
) -> Pathway:
    """The base with a clock of this law and ratio, with these variables."""
    clock = Clock("event", law or Exponential(0.1), "over", ratio)  # type: ignore[arg-type]
    home = State("home", [clock], holds=holds or {})  # type: ignore[arg-type]
    return Pathway("path", "home", [home, OVER], variables=variables)  # type: ignore[arg-type]


AGE = [Variable("age", initial=60.0)]
WRONG: dict[str, tuple[Callable[[], object], str]] = {
    # a run
    "a negative horizon": (lambda: run(horizon=-1.0), "horizon is -1.0"),
    "a horizon that is no number": (lambda: run(horizon=NAN), "horizon is nan"),
    "a horizon without end": (lambda: run(horizon=INF), "finite number of days"),
    "half a replication": (lambda: run(replications=1.5), "replications is 1.5"),
    "no replication": (lambda: run(replications=0), "1 or more"),
    "an empty range of replications": (lambda: run(replications=range(3, 3)), "range"),
    "a replication below 0": (lambda: run(replications=range(-1, 2)), "from 0 on"),
    "a negative seed": (lambda: run(seed=-4), "seed is -4"),
    "half a seed": (lambda: run(seed=0.5), "seed is 0.5"),
    "an engine that there is not": (lambda: run(engine="simpi"), "engines are: simpy"),
    # laws
    "a law without a number": (lambda: Constant(NAN), "nan"),
    "a rate that is no number": (lambda: Exponential(NAN), "rate is nan"),
    "a quantile above 1": (lambda: Exponential(0.1).quantile(1.5), "p is 1.5"),
    # arrivals
    "a negative rate of arrivals": (lambda: Poisson(-0.5), "Poisson arrivals"),
    "a rate of arrivals that is no number": (lambda: Poisson(NAN), "nan"),
    "a first rate that is not of day 0": (lambda: Poisson([(3.0, 0.5)]), "first start is 3"),
    "an interval of 0": (lambda: Steady(0.0), "interval is 0.0"),
    "an interval below 0": (lambda: Steady(-2.0), "interval is -2.0"),
    "a steady start that is no number": (lambda: Steady(1.0, start=NAN), "start is nan"),
    "an arrival at no time": (lambda: At([1.0, NAN]), "arrivals at"),
    "an arrival before the start": (lambda: At([-3.0]), "-3.0"),
    "fewer patients than none": (lambda: Stream(PATHWAY, At([]), patients=-1), "patients is -1"),
    "half a patient": (lambda: Stream(PATHWAY, At([]), patients=2.5), "2.5"),  # type: ignore[arg-type]
    "a negative first number": (lambda: Stream(PATHWAY, At([]), first=-1), "first is -1"),
    # resources
    "a period of 0": (lambda: Every(0.0, 1), "period is 0.0"),
    "a period below 0": (lambda: Every(-7.0, 1), "period is -7.0"),
    "a negative release": (lambda: Every(7.0, -1), "amount is -1"),
    "releases from before the start": (lambda: Every(7.0, 1, start=-1.0), "start is -1.0"),
    "half a place": (lambda: Resource("bed", places=1.5), "places is 1.5"),  # type: ignore[arg-type]
    "negative places": (lambda: Resource("bed", places=-1), "places is -1"),
    "negative places in a step": (lambda: Resource("bed", places=[(0.0, -2)]), "-2"),
    "steps out of order": (
        lambda: Resource("bed", places=[(5.0, 1), (0.0, 2)]), "later than the one before"),
    "two releases at once": (
        lambda: Resource("slot", allotments=[(5.0, 1), (5.0, 2)]), "later than the one before"),
    "a release before the start": (
        lambda: Resource("slot", allotments=[(-5.0, 1)]), "none is before 0"),
    "a release on no day": (lambda: Resource("slot", allotments=[(NAN, 1)]), "finite days"),
    "a negative carry": (lambda: Resource("slot", allotments=[(0.0, 1)], carry=-1), "carry"),
    "a weekday that is none": (lambda: Resource("bed", places=1, closed=[7]), "0 to 6"),
    "a typical stay of 0": (lambda: Resource("bed", places=1, typical_stay=0.0), "typical_stay"),
    "a resource called as an arrival": (
        lambda: Service([Stream(PATHWAY, At([]))], [Resource("arrival", places=1)]), "reserved"),
    # draws, slopes, tests
    "a spread of 0": (lambda: Normal(1.0, 0.0), "sd is 0.0"),
    "a mean that is no number": (lambda: Normal(NAN, 1.0), "mean is nan"),
    "a range upside down": (lambda: Normal(1.0, 1.0, low=3.0, high=2.0), "low"),
    "a slope that is no number": (lambda: Per("age", NAN), "each is nan"),
    "a sensitivity above 1": (lambda: Test("risk", 1.2), "sensitivity is 1.2"),
    # pathways
    "a number for a law": (lambda: pathway(law=3.0), "3.0 for a law"),
    "a number in a table of laws": (
        lambda: pathway(law=By("age", bands=[(INF, 3.0)]), variables=AGE), "3.0 for a law"),
    "a negative ratio": (lambda: pathway(ratio=[-1.0]), "0 or more"),
    "a ratio without end": (lambda: pathway(ratio=[INF]), "finite"),
    "a ratio that is no number": (lambda: pathway(ratio=[NAN]), "give a number"),
    "a negative factor in a table": (
        lambda: pathway(ratio=[By("age", bands=[(INF, -2.0)])], variables=AGE), "0 or more"),
    "words in a table of factors": (
        lambda: pathway(ratio=[By("age", bands=[(INF, "high")])], variables=AGE), "be numbers"),
    "a slope of a negative factor": (
        lambda: pathway(ratio=[Per("age", -1.1)], variables=AGE), "must be above 0"),
    "bands that do not rise": (
        lambda: pathway(ratio=[By("age", bands=[(70.0, 1.0), (70.0, 2.0), (INF, 3.0)])],
                        variables=AGE), "must rise"),
    "a band of no number": (
        lambda: pathway(ratio=[By("age", bands=[(NAN, 1.0), (INF, 2.0)])], variables=AGE), "rise"),
    "bands of a variable with levels": (
        lambda: pathway(ratio=[By("risk", bands=[(INF, 1.0)], otherwise=1.0)],
                        variables=[Variable("risk", "level", "low", ("low", "high"))]), "levels"),
    "levels of a number": (
        lambda: pathway(ratio=[By("age", levels={"old": 2.0}, otherwise=1.0)], variables=AGE),
        "bands"),
    "half a bed held": (lambda: pathway(holds={"bed": 0.5}), "whole and positive"),
    "one word for a list": (
        lambda: State("home", starts="late"), r"give a list: \['late'\]"),
    "one factor for a list": (
        lambda: Clock("event", Exponential(0.1), "over", 0.7), r"give a list: \[0.7\]"),  # type: ignore[arg-type]
    # what variables start with
    "an initial table of no variable": (
        lambda: pathway(variables=[Variable("weight", initial=By("sxe", {"male": 80.0}))]), "sxe"),
    "an initial slope on what is declared later": (
        lambda: pathway(variables=[Variable("dose", initial=Per("age", 1.0)), *AGE]),
        "before it"),
    "an initial table that leaves a number open": (
        lambda: pathway(variables=[*AGE, Variable("w", initial=By("age", bands=[(50.0, 1.0)]))]),
        "inf"),
    "an initial level in a table that is none": (
        lambda: pathway(variables=[
            *AGE,
            Variable("risk", "level", By("age", bands=[(INF, "hgih")]), ("low", "high"))]),
        "hgih"),
    "a time ago that is a word": (
        lambda: pathway(variables=[Variable("seen", "moment", Ago("long"))]), "long"),  # type: ignore[arg-type]
    "a draw from no law": (
        lambda: pathway(variables=[Variable("x", initial=FromLaw(3.0))]), "3.0"),  # type: ignore[arg-type]
    "an initial value that is no number": (
        lambda: pathway(variables=[Variable("x", initial=NAN)]), "nan"),
    "probabilities that do not add up": (
        lambda: pathway(variables=[
            Variable("risk", "level", Levels({"low": 0.5, "high": 0.4}), ("low", "high"))]),
        "0.9"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_wrong_use_is_told_in_a_sentence(what: str) -> None:
    attempt, words = WRONG[what]
    with pytest.raises((ValueError, PathwayError), match=words) as refusal:
        attempt()
    assert len(str(refusal.value).split()) > 4


def test_a_rate_of_0_brings_nobody() -> None:
    log = simulate(Service([Stream(PATHWAY, Poisson(0.0))]), horizon=100.0)
    assert log.log.empty
    assert log.patients.empty


def test_no_places_may_be_given_before_the_start_but_they_count_from_then_on() -> None:
    bed = Resource("bed", places=[(-400.0, 3), (-2.0, 1), (5.0, 2)])
    assert bed.steps(10.0) == [(0.0, 1), (5.0, 2)]


def test_numbers_of_numpy_are_numbers() -> None:
    bed = Resource("bed", places=np.int64(2))  # type: ignore[arg-type]
    waiting = State("home", requests=[Request("bed", "in_bed")])
    in_bed = State("in_bed", [Clock("stay", Constant(np.float64(3.0)), "over")], holds={"bed": 1})
    service = Service(
        [Stream(Pathway("p", "home", [waiting, in_bed, OVER]), At(list(np.zeros(3))))], [bed]
    )
    ours = simulate(service, horizon=np.float64(9.0), seed=np.int64(1), replications=np.int64(2))  # type: ignore[arg-type]
    assert ours.equals(simulate(service, horizon=9.0, seed=1, replications=2))


def test_a_slope_on_a_moment_that_is_not_yet_is_told_when_it_is_read() -> None:
    made = pathway(ratio=[Per("infused", 1.1)], variables=[Variable("infused", "moment")])
    with pytest.raises(PathwayError, match="not yet set"):
        simulate(Service([Stream(made, At([0.0]))]), horizon=1.0)


@pytest.mark.parametrize("entry", [By("age", bands=[(INF, 1.0)]), Test("age")])
def test_a_table_to_be_set_from_holds_constants_and_draws_alone(entry: object) -> None:
    home = State("home", HOME.clocks, sets=[Set("age", By("age", bands=[(INF, entry)]))])
    with pytest.raises(PathwayError, match="constants or draws"):
        Pathway("path", "home", [home, OVER], variables=AGE)
