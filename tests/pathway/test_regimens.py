"""Regimens of the catalogue: what they hit counts as exposure, whichever way they are given."""

import pytest

from pathsim.inputs.therapy_regimen import Regimen
from pathsim.pathway import words
from pathsim.pathway.build import build
from tests.unit.scenario_files import scenario

BELANTAMAB = "belantamab-mafodotin"
ADDED = [BELANTAMAB, "karmma-3-control", "locommotion-standard-of-care"]
TEXT = f"therapies: {{{', '.join(f'{name}: {{}}' for name in ADDED)}}}"


def moments_set(name: str) -> set[str]:
    """What is noted when the first dose of a regimen is given."""
    states = {state.name: state for state in build(scenario(TEXT)).pathway.states}
    return {each.variable for each in states[f"{name}: on treatment"].sets}


def test_an_antibody_drug_conjugate_against_bcma_counts_as_exposure_to_it() -> None:
    assert words.last("BCMA") in moments_set(BELANTAMAB)
    assert words.last(words.BISPECIFIC) not in moments_set(BELANTAMAB)


@pytest.mark.parametrize("name", ADDED[1:])
def test_regimens_of_old_drugs_are_no_exposure_to_bcma(name: str) -> None:
    assert words.last("BCMA") not in moments_set(name)


def test_the_standard_of_care_of_locommotion_is_late_line_salvage_but_for_what_it_says() -> None:
    therapies = scenario(TEXT).therapies
    own, other = therapies["locommotion-standard-of-care"], therapies["late-line-salvage"]
    assert isinstance(own, Regimen)
    assert isinstance(other, Regimen)
    assert (own.infections, own.response) == (other.infections, other.response)
    assert own.progression.cr != other.progression.cr
