"""The numbers of a therapy as a clinician reads them."""

from pathsim.inputs.places import params_dir
from pathsim.study.evidence import catalogue
from pathsim.study.told import Line, lines


def told(therapy: str = "cilta-cel") -> dict[tuple[str, str], Line]:
    found = catalogue([params_dir() / "therapies" / f"{therapy}.yaml"])
    (part,) = found.parts
    return {(line.heading, line.words): line for line in lines(part.numbers, found.sources)}


def test_every_number_is_told_in_some_line() -> None:
    found = catalogue([params_dir() / "therapies" / "cilta-cel.yaml"])
    numbers = found.parts[0].numbers
    wholes = {id(each.whole.written) for each in numbers if each.whole}
    alone = [each for each in numbers if each.whole is None]
    assert len(lines(numbers, found.sources)) == len(wholes) + len(alone)


def test_a_delay_is_told_by_its_median_and_middle_half_in_the_unit_written() -> None:
    onset = told()["Cytokine release syndrome (CRS)", "time to onset"]
    assert onset.figure == "median 7 days, half of them 5.5 to 8.9"  # 7 exp(-+ .6745 x .35)
    assert onset.range == "5 to 8 (middle\u00a0half)"
    assert onset.evidence == "trial (secondary)"
    assert onset.source == "Berdeja 2021 (E0162)"


def test_a_law_of_progression_is_told_by_who_is_still_free_of_it() -> None:
    line = told()["Progression", "time to it after a complete response"]
    assert line.figure == "median 51 months; 89, 75, 44 % free of it at 1, 2 and 5 years"
    assert line.evidence == "calibrated"


def test_an_effect_is_told_with_what_it_is_against() -> None:
    line = told()["Progression", "effect of extramedullary disease (yes)"]
    assert line.figure == "hazard × 1.59, against an average of 13 % who have it"
    assert line.range == "1 to 3"


def test_what_nobody_has_read_says_so() -> None:
    found = told().values()
    assert {line.evidence for line in found if "not read" in line.evidence}
    assert {line.source for line in found if line.evidence == "assumption"} == {""}
