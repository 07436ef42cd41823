"""Scenarios: what a planner states, and what is said of mistakes."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pathsim.inputs.accrual import Accrual
from pathsim.inputs.background import SEXES, load_background
from pathsim.inputs.places import params_dir
from pathsim.inputs.quantity import Pace, Span, TimeSpan, day_of
from pathsim.inputs.scenario import Mortality
from tests.unit.scenario_files import STRATEGY, problems, read, scenario

SPAN: TypeAdapter[Span] = TypeAdapter(TimeSpan)


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pathsim.inputs.load.read", read)


class TestQuantities:
    @pytest.mark.parametrize(
        ("text", "days"),
        [("60 days", 60.0), ("1 month", 30.4375), ("5 years", 1826.25), ("1.5 weeks", 10.5)],
    )
    def test_a_stretch_of_time_is_read_in_days(self, text: str, days: float) -> None:
        assert SPAN.validate_python(text).days == days

    @given(st.floats(0, 1e8))
    def test_what_is_printed_is_read_as_the_same(self, days: float) -> None:
        assert SPAN.validate_python(str(Span(days))) == Span(days)

    @given(st.floats(0, 1e4))
    def test_a_pace_is_printed_as_it_is_read(self, per_day: float) -> None:
        accrual = {"patients": 1, "process": "steady", "rate": str(Pace(per_day)), "because": "x"}
        if per_day > 0:
            assert Accrual.model_validate(accrual).paces == (per_day,)

    def test_a_day_is_a_date_or_a_time_after_the_start(self) -> None:
        start = datetime.date(2026, 1, 5)
        assert day_of(datetime.date(2026, 1, 12), start) == day_of(Span(7.0), start) == 7.0


class TestAccrual:
    def accrual(self, **pace: object) -> Accrual:
        fields = {"patients": 120, "process": "poisson", "because": "sample", **pace}
        return Accrual.model_validate(fields)

    def test_a_pace_is_a_rate_or_the_time_in_which_all_come(self) -> None:
        assert self.accrual(rate="12 per day").paces == (12.0,)
        assert self.accrual(over="60 days").paces == (2.0,)
        assert self.accrual(process="at_once").paces == ()


class TestParts:
    def test_a_therapy_may_differ_in_one_number_from_that_of_the_catalogue(self) -> None:
        text = "therapies: {cilta-cel: {response: {cr: {value: 50, note: sample}}}}"
        found = scenario(text)
        assert found.therapies["cilta-cel"].response.cr.base == 0.5
        usual = scenario("").therapies["cilta-cel"].response
        assert found.therapies["cilta-cel"].response.vgpr == usual.vgpr

    def test_a_therapy_may_be_a_variation_of_another_under_its_own_name(self) -> None:
        found = scenario("therapies: {cilta-fast: {extends: cilta-cel}}")
        assert found.therapies["cilta-fast"].name == "cilta-fast"
        assert list(found.therapies)[-1] == "cilta-fast"

    def test_therapies_may_be_a_plain_list_of_names(self) -> None:
        text = Path("alone.yaml")
        from pathsim.inputs.places import scenarios_dir
        from pathsim.inputs.resolve import resolve

        base = (scenarios_dir() / "base.yaml").read_text(encoding="utf-8")
        head, tail = base.split("therapies:\n")
        rest = tail[tail.index("centre:") :]
        listed = f"{head}therapies: [late-line-salvage, cilta-cel]\n{rest}\n{STRATEGY}"
        text.write_text(listed, encoding="utf-8")
        assert list(resolve(text).therapies) == ["late-line-salvage", "cilta-cel"]

    def test_a_centre_may_differ_in_one_number_from_that_of_the_catalogue(self) -> None:
        text = "centre: {extends: large-us-centre, resources: {icu_bed: {places: 9}}}"
        found = scenario(text).centre.resources
        assert found["icu_bed"].places == 9
        assert found["clinic"].places == scenario("").centre.resources["clinic"].places

    def test_a_life_table_is_the_populations_unless_the_scenario_names_another(self) -> None:
        assert scenario("").background.about.name == "us-2023"
        german = scenario("background: germany-2023-2025").background
        assert german.about.name == "germany-2023-2025"

    def test_a_life_table_written_out_gives_the_same_law(self) -> None:
        table = load_background(params_dir() / "background" / "us-2023.yaml")
        again = Mortality.of(table).table
        assert [again.law(sex) for sex in SEXES] == [table.law(sex) for sex in SEXES]

    def test_a_scenario_is_named_by_its_file(self) -> None:
        assert scenario("", name="my_question").name == "my_question"


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "line", "said"),
        [
            ("region: USA", 3, "'USA' is not one of the choices: did you mean 'US'?"),
            (
                "start_date: 2026-01-07",
                3,
                "2026-01-07 is no Monday, and day 0 is one: write 2026-01-05",
            ),
            ("start_date: 2026", 3, "2026 is not a date: write it like 2025-01-31"),
            ("start_date: soon", 3, "'soon' is not a date"),
            ("horizon: 5", 3, "5 is not a quantity: write it like '60 days'"),
            ("horizon: 0 days", 3, "out of range: write more than 0"),
            ("horizon: 5 light years", 3, "unknown unit 'light years'"),
            ("horizont: 5 years", 3, "unknown field: did you mean 'horizon'?"),
            ("accrual: {patients: 0}", 3, "0 is out of range: it must be at least 1"),
            ("accrual: {rate: 8 months}", 3, "'months' is no unit of rate"),
            ("accrual: {rate: 0 per month}", 3, "the pace is zero or without end"),
            ("accrual: {over: 3 years}", 3, "both rate and over are given: give one of"),
            ("accrual: {rate: null}", 3, "no pace is given: give one of rate and over"),
            ("accrual: {process: at_once}", 3, "all come at once: remove rate"),
            ("history: {refractory_to: [lenalidomid]}", 3, "did you mean 'lenalidomide'?"),
            ("population: us-late-line", 3, "nothing named 'us-late-line' in params/populations"),
            ("background: us-2032", 3, "did you mean 'us-2023'?"),
            ("therapies: cilta-cel", 3, "'cilta-cel' is not a mapping"),
            ("therapies: {cilta: {extends: ciltacel}}", 3, "did you mean 'cilta-cel'?"),
            ("therapies: {cilta-cel: {name: x}}", 3, "the therapy calls itself 'x'"),
            ("therapies: {cilta-cel: {crs: {any: {value: 120}}}}", 3, "120 % is out of range"),
            ("centre: large-uk-centre", 3, "did you mean 'large-us-centre'?"),
            ("centre: {extends: 7}", 3, "nothing named '7' in params/centres"),
            ("support: {ivig: always}", 3, "'always' is not one of the choices"),
            ("dependence: no", 3, "'no' is not one of the choices"),
            ("run: {seed: -1}", 3, "-1 is out of range"),
            ("name: My Question", 3, "name"),
        ],
    )
    def test_a_scenario_written_wrongly_is_told_at_its_line(
        self, text: str, line: int, said: str
    ) -> None:
        told = problems(text)
        assert [each for each in told if f"sample.yaml:{line}  " in each and said in each]

    def test_one_mistake_gives_one_problem(self) -> None:
        assert len(problems("population: us-late-line")) == 1
        assert len(problems("centre: {extends: large-uk-centre}")) == 1
        assert len(problems("therapies: {cilta-cel: {crs: {any: {value: 120}}}}")) == 1
