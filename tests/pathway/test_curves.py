"""The structural switch of curves: laws of progression, and no others, are of another family."""

import pytest

from pathsim.engine.simulate import simulate
from pathsim.laws import Gompertz, LogNormal, Weibull
from pathsim.laws.families import matched
from pathsim.pathway.build import build
from pathsim.pathway.pathway import Pathway
from pathsim.study.showing import scenario_overview
from pathsim.study.variant import Base
from tests.unit.scenario_files import scenario

KINDS = {"weibull": Weibull, "lognormal": LogNormal, "gompertz": Gompertz}


def laws(pathway: Pathway) -> dict[tuple[str, str], object]:
    """(state, clock) -> its law or table of laws."""
    return {(s.name, c.name): c.law for s in pathway.states for c in s.clocks}


def of_cr(pathway: Pathway, therapy: str = "cilta-cel") -> object:
    return laws(pathway)[f"{therapy}: remission", f"{therapy} progression"].levels["cr"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("family", KINDS)
def test_laws_of_progression_are_of_the_family_and_all_others_stay(family: str) -> None:
    fitted = laws(build(scenario("")).pathway)
    switched = laws(build(scenario(f"curves: {family}")).pathway)
    changed = {clock for (state, clock), law in fitted.items() if switched[state, clock] != law}
    assert changed
    assert all(clock.endswith(" progression") for clock in changed)
    for (_, clock), law in switched.items():
        if clock.endswith(" progression"):
            kinds = {type(each) for each in law.levels.values()}  # type: ignore[attr-defined]
            assert kinds == {KINDS[family]}


def test_survival_is_the_same_where_it_was_seen_and_another_beyond() -> None:
    fitted, other = (
        of_cr(build(scenario(f"curves: {c}")).pathway) for c in ("as_fitted", "weibull")
    )
    for day in matched(fitted):  # type: ignore[arg-type]
        assert other.survival(day) == pytest.approx(fitted.survival(day))  # type: ignore[attr-defined]
    assert other.survival(3652.5) < 0.6 * fitted.survival(3652.5)  # type: ignore[attr-defined]


def test_a_changed_number_is_transformed_too() -> None:
    base = Base.of(scenario("curves: weibull"))
    change = {"therapies.cilta-cel.progression.cr.scale": 3000.0}
    one, longer = (base.variant(c).model().service.streams[0].pathway for c in ({}, change))
    assert of_cr(longer).survival(1096.0) > of_cr(one).survival(1096.0) + 0.1  # type: ignore[attr-defined]
    assert isinstance(of_cr(longer), Weibull)


def test_the_switch_can_be_swept_by_its_path() -> None:
    variant = Base.of(scenario("")).variant({"curves": "gompertz"})
    assert isinstance(of_cr(variant.model().service.streams[0].pathway), Gompertz)


def test_both_engines_give_the_same_log() -> None:
    ready = build(scenario("curves: gompertz\naccrual: {patients: 40}"))
    one, other = (
        simulate(ready.service, horizon=ready.horizon, seed=2, engine=engine).log
        for engine in ("simpy", "compiled")
    )
    assert one.equals(other)


def test_it_is_said_in_words_and_stands_in_the_document() -> None:
    made = scenario("curves: log_logistic")
    assert made.document()["curves"] == "log_logistic"
    assert "every law of progression is log-logistic" in scenario_overview(build(made))
