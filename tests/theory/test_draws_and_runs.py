"""Common luck, and what holds in every run whatever its model.

The first test compares variances: 40 replications, seed chosen before the first run, 4 standard
errors of .4 % or less; a right simulation fails either of its 2 comparisons with probability
.00027. The test of intervals fails with probability .01, by chance. All others are exact.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pathsim import (
    At,
    Choice,
    Clock,
    Constant,
    Detour,
    Exponential,
    FromLaw,
    Log,
    LogNormal,
    Option,
    Pathway,
    Poisson,
    Request,
    Resource,
    Service,
    State,
    Stream,
    Variable,
    Weibull,
    simulate,
)
from pathsim.outcomes.intervals import t_interval
from tests.theory import measure, models
from tests.theory.measure import REPLICATIONS, SEED, TIGHT, agree, replicated

# --- common draws ---


def event_days(ratio: float, seed: int) -> np.ndarray:
    """Times of the events, one row a replication."""
    service = models.cohort(models.one_event(Exponential(1.0), ratio=ratio), 15_000)
    log = simulate(service, horizon=1e6, seed=seed, replications=REPLICATIONS, engine="compiled")
    return measure.time_of(log, "over")["time"].to_numpy().reshape(REPLICATIONS, -1)


@pytest.mark.theory
def test_common_draws_reduce_the_variance_of_a_difference_sixteenfold() -> None:
    """Hazard ratio .7 against 1 on a mean of 1: (1/h - 1)**2 paired, 1 + 1/h**2 independent."""
    h = 0.7
    plain, treated = event_days(1.0, SEED), event_days(h, SEED)
    np.testing.assert_allclose(treated, plain / h, rtol=1e-12)
    paired = (treated - plain).var(axis=1, ddof=1)
    independent = (treated - event_days(1.0, SEED + 1)).var(axis=1, ddof=1)
    agree(paired, (1 / h - 1) ** 2, within=TIGHT)
    agree(independent, 1 + 1 / h**2, within=TIGHT)
    assert independent.mean() / paired.mean() == pytest.approx(16.6, rel=0.03)


@pytest.mark.theory
def test_intervals_cover_the_truth_in_93_to_97_of_100_experiments() -> None:
    """1,000 experiments of 20 groups of 50 patients, who live a day on average."""

    def covered(log: Log) -> pd.DataFrame:
        days = measure.time_of(log, "over")["time"].to_numpy().reshape(20, 50)
        found = t_interval(days.mean(axis=1))
        return pd.DataFrame({"covered": [found.low <= 1.0 <= found.high]})

    service = models.cohort(models.one_event(Exponential(1.0)), 1000)
    figures = replicated(service, covered, horizon=1e6, replications=1000)
    assert 0.93 <= figures["covered"].mean() <= 0.97


def clinic(
    *, clocks: tuple[Clock, ...] = (), states: tuple[State, ...] = (), **more: object
) -> Pathway:
    """Treated, then relapsed, then dead; a choice by draw at the start and a drawn variable."""
    return Pathway(
        "clinic",
        start="arm",
        states=[
            State("a", [Clock("relapse", Weibull(1.3, 20.0), "relapsed"), *clocks]),
            State("b", [Clock("relapse", Weibull(1.3, 20.0), "relapsed", ratio=[0.6]), *clocks]),
            State("relapsed", [Clock("death", Exponential(0.05), "dead"), *clocks]),
            State("dead", ends=True),
            *states,
        ],
        choices=[Choice("arm", [Option("a", "a", 0.5), Option("b", "b", 0.5)])],
        **more,  # type: ignore[arg-type]
    )


def clinic_rows(service: Service, replications: int | range = 3) -> pd.DataFrame:
    """The rows of the first thirty patients."""
    log = simulate(service, horizon=1000.0, seed=5, replications=replications).log
    rows = log[log["patient"] < 30].astype(dict.fromkeys(("kind", "state", "cause", "option"), str))
    return rows.reset_index(drop=True)


BASE = Service([Stream(clinic(), At([0.0] * 30), patients=30)])


def same_as_base(service: Service) -> None:
    pd.testing.assert_frame_equal(clinic_rows(service), clinic_rows(BASE))


def test_more_patients_change_no_other_patients_draws() -> None:
    same_as_base(Service([Stream(clinic(), At([0.0] * 50), patients=50)]))
    others = models.customer(Exponential(1.0), name="others")
    more = Stream(others, Poisson(2.0), "others", patients=50, first=1000)
    same_as_base(Service([*BASE.streams, more], [Resource("server", places=2)]))


def test_another_resource_variable_choice_state_or_clock_changes_nobodys_draws() -> None:
    never = Clock("never", Exponential(1e-12), "aside")
    aside = State("aside", [Clock("and_then", Exponential(1.0), "dead")])
    draw = Variable("frailty", initial=FromLaw(LogNormal(0.0, 1.0)))
    pathway = clinic(clocks=(never,), states=(aside,), variables=[draw])
    stream = Stream(pathway, At([0.0] * 30), patients=30)
    same_as_base(Service([stream], [Resource("bed", places=3)]))


def test_another_strategy_changes_only_what_it_decides() -> None:
    """All into arm b: who was in b lives the same life; who was in a has the same budgets."""
    everyone = replace(
        clinic(), choices=[Choice("arm", [Option("a", "a", 0.0), Option("b", "b", 1.0)])]
    )
    ours = clinic_rows(Service([Stream(everyone, At([0.0] * 30), patients=30)]))
    base = clinic_rows(BASE)
    keys = ["replication", "patient"]
    in_b = base[base["option"] == "b"][keys]
    assert 20 < len(in_b) < 70
    pd.testing.assert_frame_equal(ours.merge(in_b), base.merge(in_b))
    deaths = [t[t["kind"] == "end"].set_index(keys)["time"] for t in (ours, base)]
    relapses = [t[t["state"] == "relapsed"].set_index(keys)["time"] for t in (ours, base)]
    np.testing.assert_allclose(deaths[0] - relapses[0], deaths[1] - relapses[1], rtol=1e-9)


def test_a_replication_is_the_same_in_whatever_company_it_is_run() -> None:
    whole = clinic_rows(BASE, range(6))
    parts = pd.concat([clinic_rows(BASE, range(4, 6)), clinic_rows(BASE, range(4))])
    parts = parts.sort_values(["replication", "patient", "step"], ignore_index=True)
    pd.testing.assert_frame_equal(parts, whole)


# --- every run ---

STEPS = [(0.0, 6), (30.0, 3), (60.0, 8), (90.0, 0), (97.0, 5)]
HOLDS = {"in_bed": 1, "large": 2}


def busy_ward() -> Service:
    """Beds that come and go, two amounts, patience, a place that some hand back, and deaths."""
    pathway = Pathway(
        "ward",
        start="size",
        states=[
            State("asks", [Clock("patience", Exponential(0.2), "left")],
                  [Request("bed", "in_bed")]),
            State("asks_large", [Clock("patience", Exponential(0.1), "left")],
                  [Request("bed", "large", amount=2, rank=2)]),
            State("in_bed", [Clock("stay", LogNormal(1.2, 0.8), "home"),
                             Clock("infection", Exponential(0.1), "infected")], holds={"bed": 1}),
            State("large", [Clock("shrink", Exponential(0.5), "in_bed")], holds={"bed": 2}),
            State("isolation", [Clock("settle", Constant(2.0), "return")]),
            State("home", ends=True),
            State("left", ends=True),
            State("dead", ends=True),
        ],
        choices=[Choice("size", [Option("small", "asks", 0.7), Option("big", "asks_large", 0.3)])],
        detours=[Detour("infected", "isolation", pauses=["stay"])],
        standing=[Clock("background_death", Exponential(0.01), "dead")],
    )  # fmt: skip
    return Service([Stream(pathway, Poisson(1.2))], [Resource("bed", places=STEPS)])


@pytest.fixture(scope="module")
def run() -> Log:
    return simulate(busy_ward(), horizon=150.0, seed=8, replications=5)


def last_rows(log: Log) -> pd.DataFrame:
    return log.log.groupby(["replication", "patient"]).tail(1)


def test_arrivals_are_exits_and_those_still_present(run: Log) -> None:
    kinds = run.log["kind"].value_counts()
    assert kinds["arrive"] == kinds["end"] + kinds["censor"] == len(run.patients)
    assert kinds["censor"] > 0
    assert (run.log.groupby(["replication", "patient"]).head(1)["kind"] == "arrive").all()
    assert set(last_rows(run)["kind"]) == {"end", "censor"}


def test_a_patients_stays_add_up_to_the_time_from_entry_to_exit(run: Log) -> None:
    keys = ["replication", "patient"]
    table = measure.stays(run)
    days = (table["end"] - table["start"]).groupby([table[k] for k in keys]).sum()
    times = run.log.groupby(keys)["time"]
    np.testing.assert_allclose(days, times.max() - times.min(), atol=1e-9)
    assert (run.log["time"].diff()[run.log["step"] > 0] >= 0.0).all()


def held_and_waiting(log: Log) -> pd.DataFrame:
    """By replication and time: changes of beds held and of requests, and the beds granted."""
    keys = ["replication", "patient"]
    rows = log.log[~log.log["kind"].isin(["arrive", "choice"])].copy()
    stays_in = rows["state"].astype(str).where(rows["kind"] != "detour")
    base = stays_in.where(rows["kind"] != "censor").groupby([rows[k] for k in keys]).ffill()
    rows["held"] = base.map(lambda s: HOLDS.get(s, 0)).astype(float)
    rows["waits"] = base.isin(["asks", "asks_large"]).astype(float)
    for column in ("held", "waits"):
        rows[f"d_{column}"] = rows[column] - rows.groupby(keys)[column].shift(1, fill_value=0.0)
    rows["granted"] = (rows["cause"] == "bed").astype(int)
    changes = ["d_held", "d_waits", "granted"]
    return rows.groupby(["replication", "time"])[changes].sum().reset_index()


def capacity_at(times: pd.Series) -> np.ndarray:
    days, places = zip(*STEPS, strict=True)
    return np.array(places)[np.searchsorted(days, times, side="right") - 1]


def test_nothing_is_granted_beyond_capacity_and_more_is_held_only_after_it_fell(run: Log) -> None:
    """After an instant with a grant held is within capacity, and without a grant it never rises."""
    changes = held_and_waiting(run)
    changes["held"] = changes.groupby("replication")["d_held"].cumsum()
    room = capacity_at(changes["time"]) - changes["held"]
    assert (room[changes["granted"] > 0] >= 0).all()
    assert (changes["held"] >= 0).all()
    assert (changes["granted"][changes["d_held"] > 0] > 0).all()
    assert (room < 0).any()


def test_what_all_have_waited_is_the_integral_of_the_queue(run: Log) -> None:
    """Little's law, exact over a run that starts empty."""
    changes = held_and_waiting(run)
    table = measure.stays(run)
    waiting = measure.of_state(table, "asks", "asks_large")
    for number, own in changes.groupby("replication"):
        length = own["d_waits"].cumsum().to_numpy()
        widths = np.diff(np.append(own["time"].to_numpy(), run.horizon))
        mine = waiting[waiting["replication"] == number]
        waited = (mine["end"] - mine["start"]).sum()
        assert np.dot(length, widths) == pytest.approx(waited, rel=1e-9)
