"""Each rule of sequencing can be stated: two strategies that differ in it alone, and a patient.

The patients are named here after their numbers, which the seed deals; where numbers of the
catalogue change so that one no longer meets the rule, the failure names others who do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from tests.rules import signs
from tests.rules.pairs import MONTH, Life, differences, lives, scenario

RULES = {
    1: "CAR T before a BCMA bispecific where the patient is fit and the disease can wait.",
    2: "Redirection before a BCMA antibody-drug conjugate.",
    3: "Bispecific first on rapid progression, no slot, no caregiver or too far.",
    4: "BCMA bispecific to BCMA CAR T only after >= 6 months, short bridging excepted.",
    5: "After BCMA CAR T, another target first if relapse came within 9 months.",
    6: "Change target on progression.",
    7: "No same-target rechallenge when refractory or antigen negative.",
    8: "Rechallenge allowed after stopping in response.",
    9: "Two weeks' washout before apheresis or bispecific.",
    10: "Hold a bispecific before apheresis by a named interval.",
    11: "Bridge if burden is high; talquetamab or a standard regimen.",
    12: "EMD: two targets at once where available.",
    13: "Step-up inpatient, or outpatient with tocilizumab prophylaxis, admission on CRS.",
    14: "Restart rules after a gap, by drug.",
    15: "Fewer doses by drug, depth and duration of response.",
    16: "Stop at >= VGPR after 6-9 months, watch, resume at relapse.",
    17: "IVIG: from month 1-2, or IgG < 400, or after a severe infection.",
    18: "Delay doses in infection or neutropenia.",
    19: "Talquetamab toxicity: fewer doses, then stop.",
    20: "Slots, beds and chairs shared, with a stated order of priority.",
    21: "Choose by expected wait: CAR T only if the slot comes within N days.",
}
"""The rules in their own words."""


@dataclass(frozen=True)
class Case:
    """A pair, what it differs in, and a patient who meets the rule.

    `sign` is true of a life in which the rule was followed. `who` is what makes the patient one
    whom it concerns; `spared` the number of one whom it does not, and whose log stays as it is.
    """

    rule: int
    folder: str
    differs: Sequence[str]
    number: int
    story: str
    sign: Callable[[Life], bool]
    who: dict[str, str] = field(default_factory=dict)
    file: str = "with"
    spared: int | None = None

    @property
    def pair(self) -> str:
        return f"{self.rule:02d}_{self.folder}"

    @property
    def name(self) -> str:
        return self.story.split(",")[0]

    @property
    def changed(self) -> set[str]:
        """The entries that the two sides differ in."""
        short = {"@": "strategy.rules.", "#": "centre.resources."}
        return {short.get(entry[0], entry[0]) + entry[1:] for entry in self.differs}

    def life(self, file: str) -> Life:
        return lives(self.pair, file)[self.number]

    def shown_by(self) -> list[int]:
        """The patients who meet the rule with it and not without it."""
        without, with_it = lives(self.pair, "without"), lives(self.pair, self.file)
        shown = [n for n, life in with_it.items() if "age" in life.features and self.sign(life)]
        return [n for n in shown if not self.sign(without[n])]


GAP = partial(signs.stepped_up_again_after, own=56.0)
OWN_GAPS = "@bispecific.with.step_up_again_after", "@other_target.with.step_up_again_after"
BED = partial(signs.goes_before_others, wait="waiting for bed", got="infusion stay",
              users=("transplants", "cell_therapy_bed"))  # fmt: skip
CHAIR = partial(signs.goes_before_others, wait="waiting for apheresis", got="apheresis",
                users=("stem-cell-collections", "apheresis_chair"))  # fmt: skip
ALONE = {"functional high risk": "no", "caregiver": "yes", "distance": "near"}
"""None of the reasons for a bispecific first that lie with the patient."""

BRIDGED = 0
"""One who has CAR T six months after a bispecific, and another against BCMA while it is made."""

CASES = [
    Case(1, "car_t_before_bispecific", ["@car_t_first"], 10,
         "Adam, fit, whose disease is slow", signs.car_t_comes_first,
         {"fitness": "fit", "functional high risk": "no", "burden": "low"}, spared=4),
    Case(2, "redirection_before_conjugate", ["order"], 0,
         "Bernard, who has time for both", signs.redirection_comes_first),
    Case(3, "bispecific_first", ["@bispecific_first"], 2,
         "Carl, who relapsed early after his first line", signs.bispecific_comes_first,
         ALONE | {"functional high risk": "yes"}),
    Case(3, "bispecific_first", ["@bispecific_first"], 52,
         "Dora, fit, who comes when all slots are taken", signs.bispecific_comes_first,
         ALONE, spared=4),
    Case(3, "bispecific_first", ["@bispecific_first"], 24,
         "Emil, whom nobody can look after", signs.bispecific_comes_first,
         ALONE | {"caregiver": "no"}),
    Case(3, "bispecific_first", ["@bispecific_first"], 0,
         "Felix, who lives far away", signs.bispecific_comes_first,
         ALONE | {"distance": "far"}),
    Case(4, "six_months_between", ["@car_t_later.when.since"], 0,
         "Gustav, whose bispecific fails after half a year", signs.six_months_lie_between,
         spared=4),
    Case(5, "other_target_after_early_relapse", ["@other_target_after_early_relapse"], 69,
         "Hanna, whose CAR T holds for half a year", signs.another_target_follows_early_relapse,
         spared=0),
    Case(6, "change_target_on_progression", ["@same_target.when.refractory_to"], 0,
         "Ivan, who progresses on teclistamab", signs.the_target_is_changed, spared=4),
    Case(7, "no_rechallenge_of_a_lost_target",
         ["@same_target.when.refractory_to", "@same_target.when.antigen"], 346,
         "Julia, whose disease comes back without BCMA", signs.a_lost_target_is_not_met_again,
         spared=0),
    Case(7, "no_rechallenge_of_a_lost_target",
         ["@same_target.when.refractory_to", "@same_target.when.antigen"], 61,
         "Karl, frail, who progressed on therapy against BCMA before",
         signs.a_refractory_target_is_not_met_again, {"fitness": "frail"}, spared=0),
    Case(8, "rechallenge_after_response", ["@rechallenge"], 22,
         "Leo, who stopped for toxicity while it worked",
         signs.what_was_stopped_is_given_again, spared=0),
    Case(9, "two_weeks_washout", ["@car_t.with.washout", "@bispecific.with.washout"], 10,
         "Martin, who has CAR T and later a bispecific", signs.two_weeks_without_anything),
    Case(10, "hold_before_apheresis", ["@car_t.with.hold_before_apheresis"], 36,
         "Nora, fit, who has CAR T after talquetamab", signs.ten_weeks_without_bispecific,
         {"fitness": "fit"}, spared=1),
    Case(11, "bridge_if_burden_is_high", ["@car_t_high_burden.with.bridging"], 16,
         "Olga, with much disease", partial(signs.bridged, option="talquetamab"),
         {"burden": "high"}, spared=3),
    Case(11, "bridge_if_burden_is_high", ["@car_t_high_burden.with.bridging"], 1,
         "Paula, with much disease", partial(signs.bridged, option="standard"),
         {"burden": "high"}, file="with_standard", spared=3),
    Case(12, "two_targets_in_emd", ["@two_targets"], 21,
         "Quentin, with disease outside the marrow", signs.two_targets_come_first,
         {"emd": "yes"}, spared=0),
    Case(13, "step_up_outpatient",
         ["@bispecific.with.site", "@bispecific.with.tocilizumab_prophylaxis"], 56,
         "Rosa, who has CRS in spite of tocilizumab", signs.stepped_up_outside),
    Case(14, "restart_after_a_gap", OWN_GAPS, 42,
         "Simon, who has no teclistamab for more than three weeks",
         partial(GAP, drug=signs.BCMA, days=21.0), spared=4),
    Case(14, "restart_after_a_gap", OWN_GAPS, 22,
         "Silvia, who has no talquetamab for more than four weeks",
         partial(GAP, drug=signs.OTHER, days=28.0), spared=4),
    Case(15, "fewer_doses", ["@bispecific.with.fewer_doses"], 24,
         "Tom, in a deep response that lasts", signs.doses_become_fewer, spared=0),
    Case(16, "stop_watch_resume", ["@bispecific.with.fixed_duration"], 22,
         "Urs, in a deep response", signs.stopped_watched_and_resumed, spared=0),
    Case(17, "immunoglobulin", ["@bispecific.with.ivig"], 0,
         "Viktor, who has no infection yet", signs.immunoglobulin_from_the_second_month,
         spared=11),
    Case(17, "immunoglobulin", ["@bispecific.with.ivig"], 12,
         "Walter, whose IgG is found low", signs.immunoglobulin_at_low_igg,
         file="with_low_igg", spared=15),
    Case(17, "immunoglobulin", ["@bispecific.with.ivig"], 3,
         "Xaver, who has a severe infection", signs.immunoglobulin_after_infection,
         file="with_after_infection", spared=7),
    Case(18, "doses_delayed", ["@bispecific.with.hold_doses"], 9,
         "Yvonne, whose counts fall", signs.doses_are_held_back, spared=0),
    Case(19, "toxicity_of_talquetamab", ["@bispecific.with.on_toxicity"], 5,
         "Zita, who has two toxicities of talquetamab", signs.fewer_doses_then_stop,
         spared=15),
    Case(20, "order_of_priority", ["#slots/cilta-cel.discipline", "#slots/cilta-cel.score"], 59,
         "Agnes, who has much disease", signs.worse_disease_overtakes),
    Case(20, "order_of_priority",
         ["#cell_therapy_bed.ranks.infusion", "#cell_therapy_bed.ranks.other_users"], 213,
         "Berta, whose cells are ready", BED, file="with_beds"),
    Case(20, "order_of_priority", ["#apheresis_chair.ranks.other_users"], 12,
         "Clemens, whose cells are to be collected", CHAIR, file="with_chairs"),
    Case(21, "choose_by_expected_wait", ["@car_t.when.expected_wait"], 64,
         "Daniel, who could have CAR T, but comes when the wait is long",
         signs.bispecific_comes_first, {"fitness": "intermediate"}, spared=1),
]  # fmt: skip
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.rule:02d}-{c.name}")


def test_every_rule_has_a_pair() -> None:
    assert sorted({case.rule for case in CASES}) == sorted(RULES) == list(range(1, 22))


@EVERY
def test_the_pair_differs_in_the_rule_alone(case: Case) -> None:
    found = differences(scenario(case.pair, "without"), scenario(case.pair, case.file))
    assert found == case.changed


@EVERY
def test_the_rule_shows_in_the_log_of_the_named_patient(case: Case) -> None:
    assert case.sign(case.life(case.file)), f"{case.name} no longer shows it: {case.shown_by()}"


@EVERY
def test_it_does_not_where_the_rule_is_left_out(case: Case) -> None:
    assert not case.sign(case.life("without")), f"others than {case.name}: {case.shown_by()}"


@EVERY
def test_the_named_patient_is_one_whom_the_rule_concerns(case: Case) -> None:
    features = case.life(case.file).features
    assert {name: features[name] for name in case.who} == case.who


@pytest.mark.parametrize("case", [c for c in CASES if c.spared is not None],
                         ids=lambda c: f"{c.rule:02d}-{c.name}")  # fmt: skip
def test_whom_the_rule_does_not_concern_has_the_same_log(case: Case) -> None:
    assert case.spared is not None
    rows = [lives(case.pair, file)[case.spared].rows for file in ("without", case.file)]
    assert rows[0].reset_index(drop=True).equals(rows[1].reset_index(drop=True))


def test_a_short_bridge_against_bcma_does_not_put_car_t_off() -> None:
    life = lives("04_six_months_between", "with")[BRIDGED]
    [bridged] = life.days("cilta-cel: manufacture, bridging (teclistamab)")
    [infused] = [day for day, therapy in life.begun if therapy == signs.CAR_T]
    assert 0.0 < infused - bridged < 6 * MONTH
