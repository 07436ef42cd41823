"""The shipped scenarios as a haematologist would read them: what must hold in and between them.

Each is run once at one seed: the five strategies with 200 patients by 4 replications, the many
others with fewer. All that have one population have the same patients, so that they are compared
within patients.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from pathsim.engine.simulate import simulate
from pathsim.events import Log
from pathsim.inputs.resolve import resolve
from pathsim.outcomes.audit import audit
from pathsim.outcomes.catalogue import Marking, marking
from pathsim.outcomes.folds import Measured, measure
from pathsim.pathway.build import build
from pathsim.pathway.centre import FIRST_OTHER

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.yaml") if path.stem != "base")
STRATEGIES = [
    "bispecific_first", "cart_first", "cart_if_slot_within_60_days", "gprc5d_then_cart",
    "standard_only",
]  # fmt: skip
"""The scenarios that differ from the base in their strategy alone, and are compared at length."""
PATIENTS, REPLICATIONS, SEED = 200, 4, 20260105
FEWER = (100, 1)
"""Patients and replications of the other scenarios."""
WITHOUT_REDIRECTION = ("standard_only", "standard_of_care_before")
KEY = ["replication", "patient"]


STARTS = (": infusion stay", ": infusion, outpatient", ": step-up", ": step-up, outpatient")
ONCE = (": CRS", ": ICANS", ": IEC-HS")


class Row(NamedTuple):
    kind: str
    state: str
    cause: str
    option: str


@dataclass(frozen=True)
class Ran:
    log: Log
    marking: Marking
    measured: Measured

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The log of the cohort, without other users and without those of day 0."""
        rows = self.log.log[self.log.log["patient"] < FIRST_OTHER // 2]
        return rows.astype(dict.fromkeys(("kind", "state", "cause", "option"), str))

    @property
    def drawn(self) -> pd.DataFrame:
        """The cohort's variables as they were at arrival."""
        return self.log.patients.set_index(KEY)

    def lives(self) -> list[list[Row]]:
        """The rows of each patient of the cohort, in order."""
        rows = self.rows
        each = rows.groupby(KEY, sort=False)
        columns = ("kind", "state", "cause", "option")
        return [[Row(*r) for r in zip(*(of[c] for c in columns), strict=True)] for _, of in each]

    def infusions(self) -> pd.DataFrame:
        rows = self.rows
        stays = rows["state"].str.endswith((": infusion stay", ": infusion, outpatient"))
        return rows[stays & rows["kind"].eq("enter")]

    def chosen(self, rule: str) -> pd.DataFrame:
        """The passings of the strategy in which a rule was taken."""
        rows = self.rows
        return rows[rows["state"].eq("strategy") & rows["option"].eq(rule)]


@cache
def ran(name: str) -> Ran:
    patients, replications = (PATIENTS, REPLICATIONS) if name in STRATEGIES else FEWER
    built = build(resolve(SCENARIOS / f"{name}.yaml"), patients=patients)
    log = simulate(built.service, horizon=built.horizon, seed=SEED, replications=replications)
    marks = marking(built.service, off_label=built.off_label)
    return Ran(log, marks, measure(log, marks))


def difference(name: str, base: str, column: str) -> tuple[float, float]:
    """The 95 % interval of the mean difference between two strategies, patient by patient."""
    mine, theirs = (ran(n).measured.patients.set_index(KEY)[column] for n in (name, base))
    pairs = (mine - theirs).dropna()
    assert len(pairs) == PATIENTS * REPLICATIONS
    half = 1.96 * pairs.std() / np.sqrt(len(pairs))
    return float(pairs.mean() - half), float(pairs.mean() + half)


# --- in every scenario ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
class TestEveryScenario:
    def test_breaks_no_law_of_conservation(self, name: str) -> None:
        assert audit(ran(name).log, ran(name).marking) == []

    def test_lets_nobody_wait_negative_days(self, name: str) -> None:
        waits = ran(name).measured.waits
        assert len(waits) > 100
        assert waits["days"].ge(0).all()

    def test_ends_or_censors_every_patient_once_and_at_last(self, name: str) -> None:
        rows = ran(name).rows
        over = rows["kind"].isin(["end", "censor"])
        assert over.groupby([rows[k] for k in KEY]).sum().eq(1).all()
        assert rows.groupby(KEY)["kind"].last().isin(["end", "censor"]).all()

    def test_never_runs_back_in_time(self, name: str) -> None:
        steps = ran(name).rows.groupby(KEY)["time"].diff().dropna()
        assert steps.ge(0).all()

    def test_infuses_nobody_twice_within_180_days(self, name: str) -> None:
        apart = ran(name).infusions().sort_values([*KEY, "time"]).groupby(KEY)["time"].diff()
        assert (apart.dropna() >= 180).all()

    def test_brings_crs_icans_and_iec_hs_once_a_course_at_most(self, name: str) -> None:
        came = 0
        for rows in ran(name).lives():
            had: set[str] = set()
            for row in rows:
                if row.kind == "enter" and row.state.endswith(STARTS):
                    had = set()
                elif row.kind == "detour" and row.option.endswith(ONCE):
                    assert row.option not in had, row
                    had.add(row.option)
                    came += 1
        assert came > (300 if name in STRATEGIES else 20) or name in WITHOUT_REDIRECTION

    def test_offers_as_many_lines_as_its_rules_say(self, name: str) -> None:
        """Salvage ends with the fifth line here; a drug begun once may come a second time later."""
        most = 9 if name.endswith(("_in_line_2", "_in_line_5")) else 7
        assert 1 < ran(name).measured.patients["lines"].max() <= most


# --- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n in STRATEGIES if n != "standard_only"])
def test_car_t_is_planned_only_for_the_fit_with_a_caregiver(name: str) -> None:
    found = ran(name)
    rules = ["car_t", "car_t_after_earlier_bcma", "car_t_after_response", "car_t_soon"]
    planned = pd.concat([found.chosen(rule) for rule in [*rules, "other_car_t_soon"]])
    patients = found.drawn.loc[pd.MultiIndex.from_frame(planned[KEY])]
    assert len(patients) > 5
    assert patients["fitness"].isin(["fit", "intermediate"]).all()
    assert patients["caregiver"].eq("yes").all()


def test_car_t_comes_first_only_where_bcma_is_untouched_or_long_past() -> None:
    found = ran("cart_first")
    first = found.chosen("car_t")
    patients = found.drawn.loc[pd.MultiIndex.from_frame(first[KEY])]
    assert patients["bcma exposure"].eq("never").all()
    later = found.chosen("car_t_after_earlier_bcma")
    them = pd.MultiIndex.from_frame(later[KEY])
    before = found.drawn["bcma exposure"].reindex(them).ne("never")
    here = found.measured.patients.set_index(KEY)["first_dose.teclistamab"].reindex(them)
    assert len(later) > 5
    assert (before | here.lt(later["time"].to_numpy())).all()


def test_the_triplet_is_given_in_the_first_line_to_disease_that_is_not_refractory() -> None:
    found = ran("standard_only")
    chosen = found.chosen("triplet")
    patients = found.drawn.loc[pd.MultiIndex.from_frame(chosen[KEY])]
    assert len(patients) > 20
    assert patients["refractory"].eq("less").all()
    assert chosen.groupby(KEY).size().eq(1).all()


@pytest.mark.parametrize("drug", ["teclistamab", "talquetamab"])
def test_no_bispecific_is_planned_again_after_progression_on_it(drug: str) -> None:
    on = tuple(f"{drug}: {rhythm}" for rhythm in ("step-up", "weekly", "every"))
    failures = 0
    for rows in ran("bispecific_first").lives():
        failed, state = False, ""
        for row in rows:
            if row.cause == f"{drug} progression":
                failed = failed or state.startswith(on)
                failures += failed
            assert not (failed and row.state == f"{drug}: authorisation"), row
            state = state if row.kind in ("choice", "detour") else row.state
    assert failures > 100


def test_only_those_for_whom_it_was_chosen_wait_for_a_slot_of_cilta_cel() -> None:
    found = ran("cart_if_slot_within_60_days")
    waits = found.measured.waits
    waited = waits[waits["resource"].eq("slots/cilta-cel")]
    chosen = pd.MultiIndex.from_frame(found.chosen("car_t_soon")[KEY])
    assert len(waited) > 100
    assert pd.MultiIndex.from_frame(waited[KEY]).isin(chosen).all()
    assert not waits["resource"].eq("slots/ide-cel").any() or len(found.chosen("other_car_t_soon"))


def test_without_redirection_nobody_uses_a_slot_or_a_step_up_bed() -> None:
    use = ran("standard_only").measured.use
    asked = use[use["item"].isin(["slots/cilta-cel", "cell_therapy_bed", "step_up_bed"])]
    assert len(asked) >= REPLICATIONS
    assert asked["amount"].eq(0).all()


# --- what the evidence says of the directions ----------------------------------------------------

REDIRECTED = [name for name in STRATEGIES if name != "standard_only"]


@pytest.mark.parametrize("name", REDIRECTED)
def test_standard_regimens_alone_give_fewer_days_of_life(name: str) -> None:
    assert difference(name, "standard_only", "days")[0] > 180  # half a year, of six


@pytest.mark.parametrize("name", ["bispecific_first", "gprc5d_then_cart", "standard_only"])
def test_car_t_first_gives_most_time_off_treatment(name: str) -> None:
    assert difference(name, "cart_first", "off_days")[1] < 0


@pytest.mark.parametrize("name", [n for n in STRATEGIES if n != "bispecific_first"])
def test_a_bispecific_first_asks_most_of_the_clinic(name: str) -> None:
    def clinic(strategy: str) -> pd.Series:
        use = ran(strategy).measured.use
        mine = use[use["item"].eq("clinic") & use["kind"].eq("place days")]
        return mine.set_index("replication")["amount"]

    more = clinic("bispecific_first") - clinic(name)
    assert len(more) == REPLICATIONS
    assert more.mean() > 3.18 * more.std() / np.sqrt(REPLICATIONS)  # t, three degrees of freedom


def test_car_t_waits_longer_than_a_bispecific() -> None:
    assert difference("bispecific_first", "cart_first", "waiting_days")[1] < 0


def test_a_stay_for_car_t_lasts_as_long_as_published_admissions() -> None:
    found = ran("cart_first")
    use = found.measured.use
    held = use[use["item"].eq("cell_therapy_bed") & use["kind"].eq("place days")]["amount"].sum()
    per_infusion = held / len(found.infusions())
    assert 12 <= per_infusion <= 17  # medians 11 and 13.2 days, sd of the logarithm .5: 12.5 and 15
