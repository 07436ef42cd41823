"""A number and its source; laws made of numbers; effects of a patient's variables."""

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from pathsim.inputs.effects import HazardEffect, OddsEffect
from pathsim.inputs.evidence import Duration, Number, Probability, Rate, Ratio, Source, numbers
from pathsim.inputs.lawspec import LawSpec

LAW: TypeAdapter[Any] = TypeAdapter(LawSpec)


def number(value: object = 10, unit: str = "days", **more: object) -> dict[str, Any]:
    plain = {"value": value, "unit": unit, "source": "here", "where": "page 1"}
    return plain | {"kind": "trial", "verified": "abstract"} | more


def said(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(problem["msg"] for problem in error.value.errors())


def test_a_number_knows_its_value_and_spread_in_base_units() -> None:
    spread = {"low": 1, "high": 3, "of": "95ci"}
    two_weeks = Number.model_validate(number(2, "weeks", spread=spread))
    assert two_weeks.base == 14
    assert two_weeks.base_spread == (7, 21)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "10", True])
def test_a_value_that_is_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Number.model_validate(number(value))


def test_a_value_outside_its_spread_is_refused() -> None:
    with pytest.raises(ValidationError) as error:
        Number.model_validate(number(10, spread={"low": 11, "high": 12, "of": "range"}))
    assert "lies outside its spread" in said(error)


def test_a_spread_upside_down_is_refused() -> None:
    with pytest.raises(ValidationError) as error:
        Number.model_validate(number(10, spread={"low": 12, "high": 9, "of": "range"}))
    assert "exchange them" in said(error)


@pytest.mark.parametrize("given", [{}, {"note": "a guess"}])
def test_an_assumption_needs_a_spread_and_a_note(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as error:
        Number.model_validate(number(kind="assumption", **given))
    assert "needs a spread and a note" in said(error)


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError):
        Number.model_validate(number(units="days"))


@pytest.mark.parametrize(
    ("kind", "value", "unit", "message"),
    [
        (Duration, 10, "%", "measures probability, a time is needed; write one of hours, days"),
        (Duration, -1, "days", "-1 days is out of range; write 0 to"),
        (Probability, 120, "%", "120 % is out of range; write 0 to 100 %"),
        (Rate, -0.1, "per month", "-0.1 per month is out of range; write 0 to"),
        (Ratio, 0, "ratio", "0 is out of range; write 0.001 to 1000"),
    ],
)
def test_a_number_of_the_wrong_kind_is_refused_with_a_remedy(
    kind: Any, value: float, unit: str, message: str
) -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(kind).validate_python(number(value, unit))
    assert message in said(error)


def test_a_spread_must_lie_in_the_bounds_too() -> None:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Probability).validate_python(
            number(0.9, "probability", spread={"low": 0.5, "high": 1.2, "of": "assumed"})
        )
    assert "1.2 is out of range; did you mean 1.2 %?" in said(error)


def test_an_exponential_law_takes_exactly_one_parameter() -> None:
    with pytest.raises(ValidationError) as error:
        LAW.validate_python({"law": "exponential", "median": number(), "mean": number()})
    assert "give exactly one of median, mean and rate" in said(error)


def test_laws_are_built_in_days() -> None:
    weeks = number(2, "weeks")
    shape = number(0.5, "log sd")
    assert LAW.validate_python({"law": "exponential", "median": weeks}).build().quantile(
        0.5
    ) == pytest.approx(14)
    assert LAW.validate_python({"law": "constant", "delay": weeks}).build().quantile(0.5) == 14
    lognormal = {"law": "lognormal", "median": weeks, "sigma": shape}
    assert LAW.validate_python(lognormal).build().quantile(0.5) == pytest.approx(14)


def test_a_piecewise_law_steps_where_its_pieces_end() -> None:
    pieces = [
        {"until": number(10), "rate": number(0.1, "per day")},
        {"until": None, "rate": number(0.2, "per day")},
    ]
    law = LAW.validate_python({"law": "piecewise_exponential", "pieces": pieces}).build()
    assert law.cumulative_hazard(20) == pytest.approx(3.0)


@pytest.mark.parametrize("pieces", [[10], [None, None], [10, 5, None], [0, None]])
def test_pieces_that_do_not_follow_one_another_are_refused(pieces: list[int | None]) -> None:
    rate = number(0.1, "per day")
    written = [{"until": end and number(end), "rate": rate} for end in pieces]
    if pieces[0] == 0:
        written[0]["until"] = number(0)
    with pytest.raises(ValidationError):
        LAW.validate_python({"law": "piecewise_exponential", "pieces": written})


def test_a_product_cannot_be_made_faster_than_its_minimum() -> None:
    law = {"law": "manufacturing", "minimum": number(30), "median": number(20)}
    with pytest.raises(ValidationError) as error:
        LAW.validate_python(law | {"sigma": number(0.5, "log sd")})
    assert "no longer than the minimum" in said(error)


def test_an_effect_counts_from_its_centre() -> None:
    ratio = number(2, "ratio")
    emd = HazardEffect.model_validate(
        {"variable": "emd", "level": "yes", "centre": number(25, "%"), "hazard_ratio": ratio}
    )
    lines = OddsEffect.model_validate(
        {"variable": "prior_lines", "per": 2, "centre": number(3, "count"), "odds_ratio": ratio}
    )
    assert (emd.steps("yes"), emd.steps("no")) == (0.75, -0.25)
    assert lines.steps(7) == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"variable": "emdd", "level": "yes"}, "did you mean 'emd'?"),
        ({"variable": "emd", "level": "maybe"}, "write one of no, yes"),
        ({"variable": "emd"}, "give level, one of no, yes"),
        ({"variable": "age", "level": "old"}, "is a number; give per"),
        ({"variable": "age", "per": 0}, "is a number; give per"),
    ],
)
def test_an_effect_on_something_unknown_is_refused_with_a_remedy(
    given: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError) as error:
        HazardEffect.model_validate(given | {"hazard_ratio": number(2, "ratio")})
    assert message in said(error)


def test_a_source_that_was_read_can_be_found_again() -> None:
    with pytest.raises(ValidationError) as error:
        Source.model_validate({"citation": "A paper", "read": "abstract"})
    assert "neither doi nor url" in said(error)
    assert Source.model_validate({"citation": "From memory", "read": "no"}).doi is None


def test_numbers_are_found_at_any_depth_with_their_places() -> None:
    class Inner(BaseModel):
        item: Number

    class Outer(BaseModel):
        many: tuple[Inner, ...]
        named: dict[str, Inner]

    inner = {"item": number()}
    outer = Outer.model_validate({"many": [inner, inner], "named": {"x": inner}})
    assert [path for path, _ in numbers(outer)] == ["many[0].item", "many[1].item", "named.x.item"]
