"""Strategies: what a rule may say, and what is said of one that says it wrongly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathsim.inputs import conditions
from pathsim.inputs.conditions import When, contradiction, covers
from pathsim.inputs.efficacy import TherapyCommon
from pathsim.inputs.population import FEATURES, HIDDEN
from pathsim.inputs.strategy import SUPPORTIVE_CARE, Options, Strategy
from tests.unit.scenario_files import problems, read, rules, scenario


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathsim.inputs.load.read", read)


def rule(when: str, *, give: str = "late-line-salvage", rest: str = "") -> str:
    return f"{{name: first, give: {give}, when: {{{when}}}, because: sample{rest}}}"


def said_of(when: str, **more: str) -> str:
    """The one problem of a strategy whose first rule, on line 8, asks this."""
    (only,) = problems("", strategy=rules(rule(when, **more)))
    return only


class TestWriting:
    def test_every_condition_can_be_written(self) -> None:
        when = """
          sex: female, fitness: [fit, intermediate], risk: high, emd: no,
          functional_high_risk: yes, burden: low, renal: normal, refractory: [triple, penta],
          distance: near, caregiver: yes, centre_type: [academic, community], share: 56 %,
          age: {at_least: 18, below: 75},
          line: {at_least: 5}, lines_here: {below: 3},
          exposed: [{to: BCMA, ever: true}, {to: belantamab, ever: false}],
          refractory_to: {what: BCMA, is: false},
          antigen: [{target: BCMA, found: [lost, not_tested]}],
          since: [{what: BCMA, at_least: 6 months}, {what: arrival, below: 2 years}],
          last_response: [cr, not_assessed], last_therapy: cilta-cel,
          last_lasted: {at_least: 9 months}, stopped_in_response: true,
          given: {therapy: cilta-cel, at_least: 1},
          expected_wait: {resource: slots/cilta-cel, below: 60 days},
          queue: {resource: clinic, at_least: 3}, free: {resource: ward_bed, at_least: 1},
          calendar: {from: 2026-06-01, before: 2028-01-01},
          any_of: [{risk: high}, {not: {emd: yes}}], not: {burden: high, age: {at_least: 70}}
        """.replace("\n", " ")
        first = scenario("", strategy=rules(rule(when))).strategy.rules[0]
        assert set(first.when.asked) == set(When.model_fields)

    def test_quantities_are_read_in_days(self) -> None:
        first = scenario("", strategy=rules(rule("last_lasted: {below: 2 weeks}"))).strategy.rules[
            0
        ]
        assert first.when.last_lasted is not None
        assert first.when.last_lasted.bounds == (float("-inf"), 14.0)

    def test_the_last_rule_has_the_same_face_as_the_others(self) -> None:
        last = scenario("", strategy=rules()).strategy.rules[-1]
        assert (last.name, last.give, last.when) == ("otherwise", SUPPORTIVE_CARE, When())

    def test_a_rule_says_how_the_therapy_is_given_and_support_says_the_rest(self) -> None:
        options = "{bridging: talquetamab, washout: 3 weeks, site: outpatient}"
        written = rules(rule("sex: male", give="cilta-cel", rest=f", with: {options}"))
        found = scenario("support: {ivig: primary}", strategy=written)
        filled = found.options(found.strategy.rules[0])
        assert (filled.bridging, filled.site, filled.ivig) == (
            "talquetamab",
            "outpatient",
            "primary",
        )
        assert filled.washout is not None
        assert filled.washout.days == 21.0

    def test_options_that_are_not_said_are_those_of_the_scenario(self) -> None:
        found = scenario("")
        filled = found.options(found.strategy.rules[0])
        assert {name: getattr(filled, name) for name in Options.model_fields} == {
            name: getattr(found.support, name) for name in Options.model_fields
        }

    def test_level_features_are_those_of_a_population_that_can_be_seen(self) -> None:
        seen = {n for n, levels in FEATURES.items() if levels and n not in HIDDEN}
        asked_by_time = {"bcma_exposure", "gprc5d_exposure", "recent_alkylator"}
        assert set(conditions.LEVEL_FEATURES) == seen - asked_by_time

    def test_levels_are_those_of_the_population(self) -> None:
        for name in conditions.LEVEL_FEATURES:
            levels = list(FEATURES[name])
            assert getattr(When.model_validate({name: levels}), name) == tuple(levels)

    def test_targets_are_those_of_therapies(self) -> None:
        told = str(TherapyCommon.model_fields["targets"].annotation)
        assert [target for target in conditions.TARGETS if f"'{target}'" not in told] == []

    def test_a_strategy_lists_the_therapies_that_it_gives(self) -> None:
        strategy = Strategy.model_validate(
            {
                "strategy": "x",
                "title": "x",
                "rules": [
                    {"name": "a", "give": "b-two", "when": {"sex": "male"}, "because": "x"},
                    {"name": "c", "give": "a-one", "because": "x"},
                    {"otherwise": SUPPORTIVE_CARE, "because": "x"},
                ],
            }
        )
        assert strategy.gives == ("b-two", "a-one")


class TestMistakes:
    @pytest.mark.parametrize(
        ("when", "said"),
        [
            ("fitnes: fit", "unknown field: did you mean 'fitness'?"),
            ("fitness: fitt", "'fitt' is not one of the choices: did you mean 'fit'?"),
            ("age: {at_least: 70, below: 60}", "nothing is at least 70 and below 60"),
            ("age: {at_least: 70, below: 70}", "can never match: correct one of them"),
            ("age: {}", "no bound is given: write at_least, below or both"),
            ("line: {at_least: 1.5}", "1.5 is not a whole number"),
            ("last_lasted: {below: 9}", "9 is not a quantity: write it like '60 days'"),
            ("last_lasted: {below: 9 moons}", "unknown unit 'moons': did you mean 'months'?"),
            ("last_lasted: {below: 9 per month}", "'per month' is no unit of time"),
            ("exposed: {to: BMCA, ever: true}", "nothing named 'BMCA' in this scenario: did you"),
            ("last_therapy: ciltacel", "nothing named 'ciltacel' in this scenario: did you mean"),
            ("given: {therapy: CAR T, below: 1}", "nothing named 'CAR T'"),
            ("queue: {resource: slots/cilta, below: 3}", "did you mean 'slots/cilta-cel'?"),
            ("free: {resource: beds, at_least: 3}", "the centre does not limit 'beds'"),
            ("calendar: {from: 2027-01-01, before: 2026-01-01}", "no day is from 2027-01-01"),
            ("calendar: {from: 2027-02-30}", "2027-02-30 is not in the calendar"),
            ("any_of: [{risk: high}]", "fewer than 2 in the list: write 2 or more"),
            ("fitness: []", "fewer than 1 in the list"),
            ("risk: high, not: {risk: high}", "can never match, as it asks for what 'not'"),
            (
                "exposed: {to: BCMA, ever: false}, since: {what: BCMA, below: 1 year}",
                "can never match, as it asks for patients never exposed to BCMA and for ones",
            ),
            ("line: {below: 3}, lines_here: {at_least: 2}", "more lines given here"),
            (
                "since: [{what: relapse, below: 9 days}, {what: relapse, at_least: 1 month}]",
                "two bounds under 'since' exclude each other",
            ),
        ],
    )
    def test_a_condition_written_wrongly_is_told_at_its_line(self, when: str, said: str) -> None:
        only = said_of(when)
        assert only.startswith("sample.yaml:8  strategy.rules#1.when")
        assert said in only

    @pytest.mark.parametrize(
        ("give", "rest", "said"),
        [
            ("ciltacel", "", "has no therapy 'ciltacel': did you mean 'cilta-cel'?"),
            ("teclistamab", ", with: {bridging: none}", "this is for car_t; teclistamab is none"),
            ("cilta-cel", ", with: {fixed_duration: true}", "this is for bispecific"),
            ("cilta-cel", ", with: {bridging: talquet}", "did you mean 'talquetamab'?"),
            ("supportive_care", ", with: {site: inpatient}", "no therapy to do this with"),
            ("late-line-salvage", ", with: {ivig: none}", "car_t and bispecific"),
            ("teclistamab", ", with: {washout: two weeks}", "'two weeks' is not a quantity"),
        ],
    )
    def test_a_therapy_given_wrongly_is_told_at_its_line(
        self, give: str, rest: str, said: str
    ) -> None:
        only = said_of("sex: male", give=give, rest=rest)
        assert only.startswith("sample.yaml:8  strategy.rules#1.")
        assert said in only

    def test_a_rule_after_one_without_conditions_can_never_match(self) -> None:
        first = "{name: all, give: late-line-salvage, because: sample}"
        said = problems("", strategy=rules(first, rule("sex: male")))
        assert [line.split("  ")[0] for line in said] == ["sample.yaml:9", "sample.yaml:10"]
        assert all("as rule 'all' takes all of its patients" in line for line in said)

    def test_a_rule_narrower_than_an_earlier_one_can_never_match(self) -> None:
        wide, narrow = rule("age: {at_least: 60}"), rule("age: {at_least: 70}, sex: male")
        (only,) = problems("", strategy=rules(wide, narrow.replace("first", "second")))
        assert "as rule 'first' takes all of its patients: put it before that rule" in only

    def test_a_rule_with_the_conditions_of_an_earlier_one_can_never_match(self) -> None:
        once = rule("since: {what: BCMA, below: 1 year}, emd: yes")
        (only,) = problems("", strategy=rules(once, once.replace("first", "second")))
        assert only.startswith("sample.yaml:9  strategy.rules#2  can never match")

    def test_a_strategy_without_otherwise_is_told_where_it_ends(self) -> None:
        written = rules(rule("sex: male")).splitlines()[:-1]
        (only,) = problems("", strategy="\n".join(written))
        assert only.startswith("sample.yaml:8  strategy.rules#1  the last rule is no 'otherwise'")

    def test_an_otherwise_that_is_not_the_last_is_told(self) -> None:
        said = problems("", strategy=rules("{otherwise: supportive_care, because: x}"))
        assert said == ["sample.yaml:8  strategy.rules#1.otherwise  rules follow it: put it last"]

    def test_two_rules_of_one_name_are_told(self) -> None:
        (only,) = problems("", strategy=rules(rule("sex: male"), rule("sex: female")))
        assert "a second rule named 'first'" in only

    def test_a_rule_without_a_reason_is_told(self) -> None:
        (only,) = problems("", strategy=rules("{name: x, give: cilta-cel, when: {sex: male}}"))
        assert "because  missing: add 'because:'" in only

    def test_everything_wrong_is_told_at_once(self) -> None:
        said = problems("", strategy=rules(rule("fitnes: fit"), rule("sex: man"), rule("age: 3")))
        assert [line.split("  ")[0][-2:] for line in said] == [":8", ":9", "10"]


class TestLabels:
    def test_a_therapy_outside_its_label_must_say_so(self) -> None:
        (only,) = problems("region: UK", strategy=rules(rule("sex: male", give="cilta-cel")))
        assert "cilta-cel has no label in the UK: say 'off_label: true'" in only

    def test_a_rule_that_says_off_label_may_give_it(self) -> None:
        written = rules(rule("sex: male", give="cilta-cel", rest=", off_label: true"))
        assert scenario("region: UK", strategy=written).strategy.rules[0].off_label

    def test_a_label_is_judged_by_the_history_that_all_patients_share(self) -> None:
        written = rules(rule("sex: male", give="teclistamab"))
        (only,) = problems("history: {exposed_to: [proteasome inhibitor]}", strategy=written)
        assert "exposure to immunomodulatory drug and anti-CD38 antibody" in only

    def test_a_label_is_judged_by_the_fewest_lines_that_a_patient_may_have(self) -> None:
        written = rules(rule("sex: male", give="teclistamab"))
        (only,) = problems("population: cartitude-4", strategy=written)
        assert "the label of teclistamab asks for 4 or more earlier lines" in only

    def test_a_rule_for_later_lines_is_within_a_label_for_later_lines(self) -> None:
        written = rules(rule("line: {at_least: 5}", give="teclistamab"))
        assert scenario("population: cartitude-4", strategy=written).strategy.gives

    def test_a_label_is_judged_by_the_dates_at_which_the_rule_is_used(self) -> None:
        written = rules(rule("sex: male", give="talquetamab"))
        (only,) = problems("start_date: 2023-01-02", strategy=written)
        assert "talquetamab has no label in the US before 2023-08-09" in only
        later = rules(rule("calendar: {from: 2023-09-01}", give="talquetamab"))
        assert scenario("start_date: 2023-01-02", strategy=later).strategy.gives


levels = st.sets(st.sampled_from(["fit", "intermediate", "frail"]), min_size=1).map(sorted)
bounds = st.tuples(st.integers(0, 4), st.integers(5, 9)).map(
    lambda pair: {"at_least": pair[0], "below": pair[1]}
)
simple = st.fixed_dictionaries(
    {}, optional={"fitness": levels, "age": bounds, "line": bounds, "sex": st.just("male")}
)
whens = st.fixed_dictionaries(
    {}, optional={"fitness": levels, "age": bounds, "not": simple,
                  "any_of": st.lists(simple, min_size=2, max_size=2)}
).map(When.model_validate)  # fmt: skip


def holds(when: When, patient: dict[str, object]) -> bool:
    """Whether a patient meets simple conditions, worked out anew."""
    for name, asked in when.asked.items():
        if name == "negated":
            met = not holds(when.negated, patient)  # type: ignore[arg-type]
        elif name == "any_of":
            met = any(holds(way, patient) for way in when.any_of or ())
        elif isinstance(asked, tuple):
            met = patient[name] in asked
        else:
            low, high = asked.bounds  # type: ignore[attr-defined]
            met = low <= patient[name] < high
        if not met:
            return False
    return True


patients = st.fixed_dictionaries(
    {
        "fitness": st.sampled_from(["fit", "intermediate", "frail"]),
        "age": st.integers(0, 9),
        "line": st.integers(0, 9),
        "sex": st.sampled_from(["male", "female"]),
    }
)


@given(whens, whens, patients)
def test_what_one_rule_covers_no_patient_can_reach_another_by(
    earlier: When, later: When, patient: dict[str, object]
) -> None:
    if covers(earlier, later) and holds(later, patient):
        assert holds(earlier, patient)


@given(whens, patients)
def test_nobody_meets_conditions_that_are_called_contradictory(
    when: When, patient: dict[str, object]
) -> None:
    if contradiction(when):
        assert not holds(when, patient)
