"""A model stays as it was made: no list or mapping inside it can be changed from outside."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pathsim import (
    By,
    Clock,
    Constant,
    Levels,
    Marks,
    Ordered,
    Pathway,
    Per,
    Request,
    Resource,
    Score,
    Service,
    State,
    simulate,
)
from pathsim.pathway.frozen import Fixed
from tests.engines.generated import service_from

FIXED = Fixed({"bed": 1})
CHANGES: dict[str, Callable[[Any], object]] = {
    "an entry": lambda held: held.__setitem__("bed", 2),
    "one less": lambda held: held.__delitem__("bed"),
    "update": lambda held: held.update(bed=2),
    "or": lambda held: held.__ior__({"bed": 2}),
    "clear": lambda held: held.clear(),
    "pop": lambda held: held.pop("bed"),
    "popitem": lambda held: held.popitem(),
    "setdefault": lambda held: held.setdefault("chair", 1),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "mapping",
    [
        State("s", holds={"bed": 1}).holds,
        Marks(uses={"bed": 1}).uses,
        Marks(per_day={"bed": 1}).per_day,
        By("sex", {"bed": 1}).levels,
        Levels({"bed": 1.0}).probabilities,
        Levels({"bed": 1.0}, {"bed": [2.0]}).odds,
        Ordered({"bed": 1.0}).probabilities,
    ],
)
def test_a_mapping_inside_a_model_refuses_every_change(mapping: Any, change: str) -> None:
    before = dict(mapping)
    with pytest.raises(TypeError, match="stays as it is"):
        CHANGES[change](mapping)
    assert dict(mapping) == before


def test_what_a_model_was_made_of_may_change_without_it() -> None:
    holds, clocks, levels = {"bed": 1}, [Clock("stay", Constant(1.0), "over")], {"a": [1.0]}
    state, drawn = State("s", clocks, holds=holds), Levels({"a": 1.0}, levels)
    holds["bed"], levels["a"] = 2, [9.0]
    levels.setdefault("b", []).append(3.0)
    clocks.clear()
    assert state.holds == {"bed": 1}
    assert len(state.clocks) == 1
    assert drawn.odds == {"a": (1.0,)}


def test_steps_given_as_lists_are_kept_as_tuples() -> None:
    places, terms = [(0.0, 1)], [Per("age", 1.0)]
    bed = Resource("bed", places=places, discipline=Score(terms))
    places.append((5.0, 9))
    terms.clear()
    assert bed.places == ((0.0, 1),)
    assert bed.discipline == Score([Per("age", 1.0)])


@pytest.mark.parametrize("through", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_model_that_was_sent_to_another_process_is_the_same(
    through: Callable[[Service], Service],
) -> None:
    service = service_from(4)
    again = through(service)
    assert again == service
    assert simulate(again, horizon=30.0).equals(simulate(service, horizon=30.0))
    with pytest.raises(TypeError, match="stays as it is"):
        again.streams[0].pathway.states[0].holds["bed"] = 9  # type: ignore[index]


def test_equal_models_have_equal_hashes() -> None:
    def made() -> Pathway:
        waiting = State("s", requests=[Request("bed", "in")])
        into = State("in", [Clock("stay", Constant(1.0), "over")], holds={"bed": 1})
        return Pathway("p", "s", [waiting, into, State("over", ends=True)])

    assert hash(made()) == hash(made())
    assert hash(FIXED) == hash(Fixed({"bed": 1}))
    assert replace(made(), name="q") != made()
