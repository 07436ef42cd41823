"""One block or many, and other orders of words: the same bytes."""

from __future__ import annotations

import gc
import pickle
import weakref

import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.events import WORDS, Log, join
from pathsim.laws import Constant, Exponential
from pathsim.outcomes import folds
from pathsim.outcomes.audit import audit
from pathsim.outcomes.block import Block
from pathsim.outcomes.catalogue import marking
from pathsim.outcomes.folds import TABLES, Measuring, measure
from pathsim.pathway.pathway import Clock, Detour, Marks, Pathway, Request, State
from pathsim.pathway.service import Every, Poisson, Resource, Service, Stream


def ward() -> Service:
    """Patients wait for a slot, then a bed; fall ill; progress; die. Others use the beds."""
    die = Clock("die", Exponential(0.002), "dead")
    ill = Clock("infect", Exponential(0.02), "infection")
    pathway = Pathway(
        "people",
        "referred",
        [
            State("referred", [die, ill], [Request("slot", "infusion")],
                  marks=Marks("cilta_cel", "waiting", "home", False, tags=["referred"])),
            State("infusion", [die, Clock("leave", Constant(14.0), "remission")],
                  marks=Marks("cilta_cel", "infusion", "bed", uses={"infusion": 1},
                              tags=["infused", "line"])),
            State("remission", [die, ill, Clock("progress", Exponential(0.01), "relapsed")],
                  marks=Marks("cilta_cel", "remission", "home", False,
                              per_day={"clinic_visit": 0.05})),
            State("relapsed", [Clock("die_relapsed", Exponential(0.02), "dead_of_it")],
                  marks=Marks(None, "between_lines", "home", False, tags=["progression"])),
            State("ill", [Clock("better", Exponential(0.1), "return")], [Request("bed", "in_bed")],
                  marks=Marks(phase="infection")),
            State("in_bed", [Clock("better", Exponential(0.1), "return")], holds={"bed": 1},
                  marks=Marks(phase="infection", setting="ward")),
            State("dead", ends=True, marks=Marks(phase="dead", tags=["dead", "excess_death"])),
            State("dead_of_it", ends=True, marks=Marks(phase="dead", tags=["dead"])),
        ],
        detours=[Detour("infection", "ill")],
    )  # fmt: skip
    others = Pathway(
        "others",
        "queueing",
        [
            State("queueing", [Clock("go", Exponential(0.05), "gone")], [Request("bed", "lying")]),
            State("lying", [Clock("leave_bed", Exponential(0.2), "gone")], holds={"bed": 1}),
            State("gone", ends=True),
        ],
    )
    return Service(
        [
            Stream(pathway, Poisson(0.3)),
            Stream(others, Poisson(0.5), name="other_users", first=1_000_000),
        ],
        [
            Resource("bed", places=[(0, 4), (100, 2)]),
            Resource("slot", allotments=Every(30.0, 8), carry=2),
        ],
    )


@pytest.fixture(scope="module")
def service() -> Service:
    return ward()


@pytest.fixture(scope="module")
def log(service: Service) -> Log:
    return simulate(service, horizon=300.5, seed=11, replications=5)


def cut(log: Log, numbers: set[int]) -> Log:
    """Only these replications, as an engine would give them."""
    tables = [t[t["replication"].isin(numbers)] for t in (log.log, log.patients, log.capacity)]
    rows, patients, steps = (t.reset_index(drop=True) for t in tables)
    words = {c: rows[c].cat.remove_unused_categories() for c in WORDS}
    return Log(rows.assign(**words), patients, steps, log.horizon)


def test_one_block_or_many_give_the_same_bytes(service, log):
    marks = marking(service)
    whole, many = Measuring(marks).add(log).finish(), Measuring(marks)
    for numbers in ({0, 1}, {2}, {3, 4}):
        many.add(cut(log, numbers))
    parts = many.finish()
    for name in TABLES:
        one, other = getattr(whole, name), getattr(parts, name)
        pd.testing.assert_frame_equal(one, other, check_exact=True, obj=name)


def test_the_order_of_the_words_changes_nothing(service, log):
    words = {c: log.log[c].cat.set_categories(log.log[c].cat.categories[::-1]) for c in WORDS}
    other = Log(log.log.assign(**words), log.patients, log.capacity, log.horizon)
    marks = marking(service)
    one, two = measure(log, marks), measure(other, marks)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)


def test_everybody_present_is_counted_once(service, log):
    measured = measure(log, marking(service))
    there = measured.present.groupby(["replication", "day"], as_index=False)["number"].sum()
    people = measured.patients
    for replication, day, number in there.itertuples(index=False, name=None):
        mine = people[people["replication"] == replication]
        gone = mine["exit"].fillna(1e9)
        assert number == ((mine["arrival"] <= day) & (gone > day)).sum()


def test_nothing_measured_is_said_so(service):
    with pytest.raises(ValueError, match="add at least one block"):
        Measuring(marking(service)).finish()


def test_only_the_tables_and_columns_that_are_wanted_are_made(service, log):
    marks = marking(service)
    wanted = Measuring(marks, tables=("waits", "use"), columns={"waits": ["resource", "days"]})
    found, whole = wanted.add(log).finish(), measure(log, marks)
    pd.testing.assert_frame_equal(found.waits, whole.waits[["resource", "days"]], check_exact=True)
    pd.testing.assert_frame_equal(found.use, whole.use, check_exact=True)
    for name in ("patients", "daily", "stock", "present"):
        assert getattr(found, name).shape == (0, 0)


def test_a_table_that_there_is_not_is_refused(service):
    with pytest.raises(ValueError, match="there is no table costs; the tables are: patients,"):
        Measuring(marking(service), tables=("patients", "costs"))


def test_a_replication_that_is_over_does_not_come_again(service, log):
    measuring = Measuring(marking(service)).add(cut(log, {0, 1}))
    with pytest.raises(ValueError, match="replication 0 was over: add blocks in order"):
        measuring.add(cut(log, {0}))


def test_replications_that_do_not_stand_in_order_are_refused(service, log):
    first, second = cut(log, {0}), cut(log, {1})
    rows = pd.concat([second.log, first.log], ignore_index=True)
    words = {c: rows[c].astype("category") for c in WORDS}
    mixed = Log(rows.assign(**words), log.patients, log.capacity, log.horizon)
    with pytest.raises(ValueError, match="replications do not stand in order"):
        measure(mixed, marking(service))


@pytest.mark.parametrize("least", [0, 1_000_000])
def test_a_block_is_let_go_once_it_is_added(monkeypatch, service, log, least):
    seen = []

    class Watched(Block):
        def __init__(self, *given):
            super().__init__(*given)
            seen.append(weakref.ref(self))

    monkeypatch.setattr(folds, "Block", Watched)
    rows = log.log[log.log["patient"] < 1_000_000 + least].reset_index(drop=True)
    gc.disable()
    try:
        kept = Measuring(marking(service)).add(Log(rows, log.patients, log.capacity, log.horizon))
        assert [each() for each in seen] == [None]
    finally:
        gc.enable()
    assert len(kept.finish().patients)


def test_of_a_replication_that_goes_on_what_is_kept_does_not_grow_with_its_patients(service, log):
    one = cut(log, {0})
    half = one.log["patient"] < one.log["patient"].median()
    measuring = Measuring(marking(service), tables=("daily", "use", "present"))
    sizes = []
    for rows in (one.log[half], one.log[~half]):
        measuring.add(Log(rows.reset_index(drop=True), one.patients, one.capacity[:0], one.horizon))
        sizes.append(len(pickle.dumps(measuring)))
    assert sizes[0] == sizes[1]


def test_logs_joined_or_added_one_by_one_measure_alike(service):
    from pathsim.engine.reference import run

    parts = [next(run(service, horizon=50.0, seed=2, replication=k)) for k in (0, 1)]
    marks, added = marking(service), Measuring(marking(service))
    for part in parts:
        added.add(join([part], 50.0))
    whole = measure(join(parts, 50.0), marks)
    pd.testing.assert_frame_equal(added.finish().patients, whole.patients, check_exact=True)


def test_a_simulated_log_passes_the_audit(service, log):
    assert audit(log, marking(service)) == []
