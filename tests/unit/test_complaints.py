"""What is wrong in a document is told in plain words; no nonsense brings anything else."""

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from pathsim.errors import InputError
from pathsim.inputs.load import read, read_extended, validate


class Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Number(Written):
    value: Annotated[float, Field(strict=True, ge=0)]
    unit: str

    @model_validator(mode="after")
    def _measured(self) -> "Number":
        if self.unit == "furlong":
            raise ValueError("'furlong' is no unit of time; write days")
        if self.unit == "mile":
            raise PydanticCustomError("unit", "'mile' is no unit of time; write days")
        return self


class CarT(Written):
    modality: Literal["car_t"]
    manufacture: Number
    slots: Annotated[int, Field(strict=True)] = 1
    outpatient: Annotated[bool, Field(strict=True)] = False


class Bispecific(Written):
    modality: Literal["bispecific"]
    doses: tuple[Number, ...]
    dosing: Literal["weekly", "monthly"] = "weekly"
    pause: Number | Annotated[float, Field(strict=True)] | None = None


Therapy = Annotated[CarT | Bispecific, Field(discriminator="modality")]


class Catalogue(Written):
    name: str
    therapies: dict[str, Therapy]


SAMPLE = """\
name: sample
therapies:
  cilta-cel:
    modality: car_t
    manufacture: {value: 28, unit: days}
    slots: 2
    outpatient: false
  teclistamab:
    modality: bispecific
    doses:
      - value: 0.06
        unit: mg/kg
      - {value: 1.5, unit: mg/kg}
    dosing: weekly
    pause: 7.0
"""


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str | bytes, name: str = "a.yaml") -> Path:
    """A file in the current directory that holds the text."""
    path = Path(name)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def complaints(text: str, kind: Any = Catalogue) -> list[str]:
    """What is said of a file that can be read but does not describe the model."""
    document = read(written(text))
    with pytest.raises(InputError) as caught:
        validate(document, kind)
    return str(caught.value).splitlines()


def changed(old: str, new: str) -> str:
    assert SAMPLE.count(old) == 1
    return SAMPLE.replace(old, new)


class TestValidating:
    def test_a_right_file_becomes_its_model(self) -> None:
        catalogue = validate(read(written(SAMPLE)), Catalogue)
        assert catalogue.therapies["cilta-cel"].manufacture.value == 28  # type: ignore[union-attr]

    def test_an_entry_can_be_validated_by_itself(self) -> None:
        document = read(written(SAMPLE))
        therapy = validate(document, Therapy, ("therapies", "teclistamab"))
        assert isinstance(therapy, Bispecific)

    def test_a_problem_in_an_entry_validated_by_itself_has_its_whole_name(self) -> None:
        document = read(written(changed("dosing: weekly", "dosing: daily")))
        with pytest.raises(InputError, match=r"a.yaml:14  therapies\.teclistamab\.dosing"):
            validate(document, Therapy, ("therapies", "teclistamab"))

    def test_an_entry_that_is_not_there_is_missing(self) -> None:
        with pytest.raises(InputError, match=r"a.yaml:2  therapies\.x  missing: add 'x:'"):
            validate(read(written(SAMPLE)), Therapy, ("therapies", "x"))

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                "name: sample",
                "nam: sample",
                "a.yaml:1  name  missing; found 'nam': did you mean 'name'?",
            ),
            ("name: sample", "", "a.yaml:2  name  missing: add 'name:'"),
            ("name: sample", "name:", "a.yaml:1  name  has no value: write text after the colon"),
            (
                "unit: days",
                "units: days",
                "a.yaml:5  therapies.cilta-cel.manufacture.unit  "
                "missing; found 'units': did you mean 'unit'?",
            ),
            (
                "    slots: 2",
                "    slot: 2",
                "a.yaml:6  therapies.cilta-cel.slot  unknown field: did you mean 'slots'? "
                "(choose from: modality, manufacture, slots, outpatient)",
            ),
            (
                "    slots: 2",
                "    colour: 2",
                "a.yaml:6  therapies.cilta-cel.colour  unknown field: "
                "choose from: modality, manufacture, slots, outpatient",
            ),
            (
                "slots: 2",
                "slots: two",
                "a.yaml:6  therapies.cilta-cel.slots  'two' is text, not a whole number: "
                "write a whole number, such as 3",
            ),
            (
                "slots: 2",
                "slots: true",
                "a.yaml:6  therapies.cilta-cel.slots  true is not a whole number: "
                "write a whole number, such as 3",
            ),
            (
                "slots: 2",
                "slots: 2.5",
                "a.yaml:6  therapies.cilta-cel.slots  2.5 is not a whole number: "
                "write a whole number, such as 3",
            ),
            (
                "outpatient: false",
                "outpatient: no",
                "a.yaml:7  therapies.cilta-cel.outpatient  'no' is text, not true or false: "
                "write true or false",
            ),
            (
                "value: 28",
                "value: -28",
                "a.yaml:5  therapies.cilta-cel.manufacture.value  -28 is out of range: "
                "it must be at least 0",
            ),
            (
                "{value: 28, unit: days}",
                "28",
                "a.yaml:5  therapies.cilta-cel.manufacture  28 is not a mapping: "
                "write 'key: value' lines below it",
            ),
            (
                "unit: days",
                "unit: furlong",
                "a.yaml:5  therapies.cilta-cel.manufacture  'furlong' is no unit of time: "
                "write days",
            ),
            (
                "unit: days",
                "unit: mile",
                "a.yaml:5  therapies.cilta-cel.manufacture  'mile' is no unit of time: write days",
            ),
            (
                "modality: car_t",
                "modality: cart",
                "a.yaml:4  therapies.cilta-cel.modality  'cart' is not one of the choices: "
                "did you mean 'car_t'? (choose from: car_t, bispecific)",
            ),
            (
                "modality: car_t",
                "modalty: car_t",
                "a.yaml:4  therapies.cilta-cel.modality  "
                "missing; found 'modalty': did you mean 'modality'?",
            ),
            (
                "    modality: car_t\n",
                "",
                "a.yaml:3  therapies.cilta-cel.modality  missing: "
                "add 'modality:' with one of: car_t, bispecific",
            ),
            (
                "dosing: weekly",
                "dosing: daily",
                "a.yaml:14  therapies.teclistamab.dosing  'daily' is not one of the choices: "
                "choose from: weekly, monthly",
            ),
            (
                "value: 0.06",
                "value: '0.06'",
                "a.yaml:11  therapies.teclistamab.doses#1.value  '0.06' is text, not a number: "
                "write a number, such as 12.5",
            ),
            (
                "pause: 7.0",
                "pause: {value: 7}",
                "a.yaml:15  therapies.teclistamab.pause.unit  missing: add 'unit:'",
            ),
        ],
    )
    def test_a_wrong_entry_is_told_with_place_cause_and_remedy(
        self, old: str, new: str, said: str
    ) -> None:
        assert complaints(changed(old, new)) == [said]

    def test_every_wrong_entry_is_told_at_once(self) -> None:
        text = SAMPLE.replace("unit: days", "units: d").replace("weekly", "x").replace("0.06", "z")
        assert [line.split("  ")[0] for line in complaints(text)] == [
            "a.yaml:5",
            "a.yaml:11",
            "a.yaml:14",
        ]

    def test_a_problem_in_the_base_is_told_at_its_own_file_and_line(self) -> None:
        base = written(changed("slots: 2", "slots: two"), "base.yaml")
        document = read_extended(written("extends: base\nname: mine\n"), {"base": base})
        with pytest.raises(InputError, match=r"base.yaml:6  therapies.cilta-cel.slots"):
            validate(document, Catalogue)


fuzzed = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NONSENSE = [
    *("", "  x: 1", "- 1", "\t", "'", '"', "[", "{a: ", "*a", "&b", "!c", "@", "? ", ": ", "---"),
    *("...", "%X", "|", ">", "null", "1e999", "-", "a: b: c", "\u2028", "\x85", "\x00", "<<: {}"),
]


def loads_or_says_why(text: str | bytes) -> None:
    """Reads and validates, expecting a model or an InputError with lines, and nothing else."""
    path = written(text)
    try:
        said = str(validate(read(path), Catalogue))
    except InputError as error:
        said = str(error)
        wrong = [problem for problem in error.problems if problem.line < 1 or not problem.cause]
        said = said if error.problems and not wrong else ""
    assert said.encode()


class TestNonsense:
    @fuzzed
    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        loads_or_says_why(content)

    @fuzzed
    @given(st.text(alphabet="ab:-[]{},'\"#&*!|>%@?\\ \n\t01.e", max_size=60))
    def test_any_text_of_yaml_signs_is_read_or_refused(self, text: str) -> None:
        loads_or_says_why(text)

    @fuzzed
    @given(st.data())
    def test_a_file_with_lines_lost_doubled_or_turned_to_nonsense_is_read_or_refused(
        self, data: st.DataObject
    ) -> None:
        lines = SAMPLE.splitlines()
        for _ in range(data.draw(st.integers(1, 4))):
            here = data.draw(st.integers(0, len(lines) - 1))
            other = data.draw(st.sampled_from([*NONSENSE, lines[here], lines[here][:-3]]))
            lines[here : here + data.draw(st.integers(0, 1))] = [other]
        loads_or_says_why("\n".join(lines))

    @fuzzed
    @given(st.data())
    def test_a_file_with_signs_changed_is_read_or_refused(self, data: st.DataObject) -> None:
        signs = list(SAMPLE)
        for _ in range(data.draw(st.integers(1, 5))):
            signs[data.draw(st.integers(0, len(signs) - 1))] = data.draw(st.characters())
        loads_or_says_why("".join(signs).encode("utf-8", "surrogatepass"))
