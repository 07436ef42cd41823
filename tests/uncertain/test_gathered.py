"""Values of outcomes over sets: what a set has no row of, and what that means."""

import numpy as np

from pathsim.study.cells import Values
from pathsim.study.uncertain.gathered import Gathered

LOST, WAIT = "lost before infusion by death", "wait for slots, median"


def of(name, *values):
    return {name: Values("access", name, "%", np.array(values), 10)}


def gathered(*sets):
    """From the cells of two scenarios in each set, of two replications."""
    found = Gathered(2)
    for a, b in sets:
        found.add({("a", ""): a, ("b", ""): b})
    return {(label.outcome, label.scenario, label.minus): v.tolist() for label, v in found}


def test_a_loss_that_did_not_occur_in_a_set_is_0_there_and_in_differences():
    """Those sets alone in which it occurred would be a choice of them."""
    found = gathered(
        ({}, of(LOST, 4.0, 0.0)), (of(LOST, 2.0, 1.0), of(LOST, 1.0, 1.0)), (of(LOST, 6.0, 0.0), {})
    )
    assert found[LOST, "a", ""] == [[0, 0], [2, 1], [6, 0]]
    assert found[LOST, "b", ""] == [[4, 0], [1, 1], [0, 0]]
    assert found[LOST, "b", "a"] == [[4, 0], [-1, 0], [-6, 0]]


def test_a_wait_that_nobody_had_in_a_set_is_not_known_there():
    found = gathered((of(WAIT, 3.0, 5.0), of(WAIT, 4.0, 5.0)), ({}, of(WAIT, 1.0, 1.0)))
    assert np.isnan(found[WAIT, "a", ""]).tolist() == [[False, False], [True, True]]
    assert np.isnan(found[WAIT, "b", "a"]).tolist() == [[False, False], [True, True]]
