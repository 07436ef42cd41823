"""The numbers of a therapy as a clinician reads them."""

from typing import Any

from pathsim.inputs.effects import HazardEffect, OddsEffect
from pathsim.inputs.evidence import Probability, Source, Written
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.places import params_dir
from pathsim.inputs.stated import stated
from pathsim.study.evidence import catalogue
from pathsim.study.told import Line, lines

SOURCES = {"here": Source(citation="Smith 2021, Blood 1:2, a trial: its title", read="no")}


class Small(Written):
    share: Probability | None = None
    onset: LawSpec | None = None
    effects: tuple[OddsEffect | HazardEffect, ...] = ()


def number(value: float, unit: str, **more: object) -> dict[str, Any]:
    plain = {"value": value, "unit": unit, "source": "here", "where": "page 1"}
    return plain | {"kind": "trial", "verified": "abstract"} | more


def told(**written: object) -> Line:
    (line,) = lines(stated(Small.model_validate(written)), SOURCES)
    return line


def test_every_number_of_a_therapy_is_told_in_some_line() -> None:
    found = catalogue([params_dir() / "therapies" / "cilta-cel.yaml"])
    numbers = found.parts[0].numbers
    wholes = {id(each.whole.written) for each in numbers if each.whole}
    alone = [each for each in numbers if each.whole is None]
    assert len(lines(numbers, found.sources)) == len(wholes) + len(alone) < len(numbers)


def test_a_number_is_told_with_its_range_its_kind_and_its_source_in_short() -> None:
    spread = {"low": 0.66, "high": 0.84, "of": "95ci"}
    line = told(share=number(0.75, "probability", spread=spread, row="E0001"))
    assert (line.figure, line.range) == ("75 %", "66 to 84 (CI)")
    assert (line.evidence, line.source) == ("trial (abstract)", "Smith 2021 (E0001)")


def test_what_nobody_has_read_says_so_and_an_assumption_names_no_source() -> None:
    assert told(share=number(75, "%", verified="no")).evidence == "trial (not read)"
    assumed = {"kind": "assumption", "verified": "no", "source": "assumption", "note": "a guess"}
    line = told(share=number(75, "%", spread={"low": 1, "high": 99, "of": "assumed"}, **assumed))
    assert (line.evidence, line.source, line.range) == ("assumption", "", "1 to 99")


def test_a_delay_is_told_by_its_median_and_middle_half_in_the_unit_written() -> None:
    median = number(2, "weeks")
    line = told(onset={"law": "lognormal", "median": median, "sigma": number(0.35, "log sd")})
    assert line.figure == "median 2 weeks, half of them 1.6 to 2.5"  # 2 exp(-+ 0.6745 x 0.35)


def test_a_law_with_a_long_tail_is_told_by_who_is_still_free_of_it() -> None:
    scale = number(2, "years", kind="calibrated")
    line = told(onset={"law": "log_logistic", "shape": number(1, "shape"), "scale": scale})
    assert line.figure == "median 24 months; 67, 50, 29 % free of it at 1, 2 and 5 years"
    assert line.evidence == "trial (abstract) + calibrated"


def test_a_law_in_pieces_is_told_piece_by_piece() -> None:
    pieces = [{"until": number(100, "days"), "rate": number(0.02, "per month")},
              {"until": None, "rate": number(0.01, "per month")}]  # fmt: skip
    line = told(onset={"law": "piecewise_exponential", "pieces": pieces})
    assert line.figure == "until 100 days 0.02 per month; then 0.01 per month"


def test_an_effect_is_told_with_what_it_is_against() -> None:
    emd = {"variable": "emd", "level": "yes", "centre": number(13, "%")}
    line = told(effects=[{**emd, "odds_ratio": number(0.24, "ratio")}])
    assert line.words == "effect of extramedullary disease (yes)"
    assert line.figure == "odds × 0.24, against an average of 13 % who have it"
    age = {"variable": "age", "per": 10, "centre": number(62, "years")}
    line = told(effects=[{**age, "hazard_ratio": number(1.5, "ratio")}])
    assert line.figure == "hazard × 1.5, counted from 62 years"
