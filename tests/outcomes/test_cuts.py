"""Wherever a log is cut between patients, what is measured is the same, byte for byte."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.errors import PathwayError
from pathsim.events import WORDS, Log
from pathsim.inputs.resolve import resolve
from pathsim.outcomes import folds
from pathsim.outcomes.catalogue import Marking, marking
from pathsim.outcomes.folds import TABLES, Measured, Measuring, measure
from pathsim.pathway.build import build
from tests.outcomes.test_generated import first_pathway

SCENARIO = Path(__file__).parents[2] / "scenarios" / "cart_first.yaml"


def blocks(log: Log, chance: Random, most: int) -> Iterator[Log]:
    """The log in at most so many blocks of whole patients, as an engine may hand it over."""
    who = log.log[["replication", "patient"]].drop_duplicates()
    cuts = sorted(chance.sample(range(len(who) + 1), min(most, len(who))))
    last = who.groupby("replication", sort=False).tail(1)
    for start, end in zip([0, *cuts], [*cuts, len(who)], strict=True):
        mine = who.iloc[start:end]
        over = last.merge(mine)["replication"]
        steps = log.capacity[log.capacity["replication"].isin(over)].reset_index(drop=True)
        rows = log.log.merge(mine)
        words = {c: rows[c].astype(str).astype("category") for c in WORDS}
        yield Log(rows.assign(**words), log.patients.merge(mine), steps, log.horizon)


def added(parts: Iterator[Log], marks: Marking) -> Measured:
    measuring = Measuring(marks)
    for part in parts:
        measuring.add(part)
    return measuring.finish()


def assert_same(one: Measured, other: Measured) -> None:
    for name in TABLES:
        a, b = getattr(one, name), getattr(other, name)
        pd.testing.assert_frame_equal(a, b, check_exact=True, obj=name)


@pytest.mark.parametrize("seed", range(100, 130))
def test_a_generated_log_may_be_cut_between_any_patients(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        service = first_pathway(seed)
        try:
            log = simulate(service, horizon=40.0, seed=seed, replications=3)
        except PathwayError:
            pytest.skip("the model breaks its own law")
    marks, chance = marking(service), Random(seed)
    whole = measure(log, marks)
    for most in (1, 4, 12):
        assert_same(added(blocks(log, chance, most), marks), whole)


def test_a_shipped_scenario_may_be_cut_between_any_patients(monkeypatch):
    built = build(resolve(SCENARIO), patients=80)
    log = simulate(built.service, horizon=built.horizon, seed=5, replications=2)
    marks = marking(built.service, off_label=built.off_label)
    whole = measure(log, marks)
    for name in TABLES:
        assert len(getattr(whole, name)) > 20
    for most in (3, 40):
        assert_same(added(blocks(log, Random(most), most), marks), whole)
    for rows in (700, len(log.log) - 1):
        monkeypatch.setattr(folds, "AT_ONCE", rows)
        assert_same(measure(log, marks), whole)
