"""Supportive care as a person writes it: what stands beside every therapy, and after the last.

Called by the scenario loader. Knows no therapy.
"""

from pathsim.inputs.effects import HazardEffect
from pathsim.inputs.evidence import (
    Concentration,
    Duration,
    Probability,
    Ratio,
    WholeCount,
    Written,
)
from pathsim.inputs.forms import Name
from pathsim.inputs.lawspec import HazardSpec


class Immunoglobulin(Written):
    """The IgG that counts as low, and when it is begun in those who have it from the start.

    How often it is given and what infections fall to stands with each therapy.
    """

    trigger: Concentration
    first_dose: Duration


class TocilizumabProphylaxis(Written):
    """A dose before step-up: the share with CRS with it and without."""

    crs_with: Probability
    crs_without: Probability
    doses: WholeCount


class InfectionProphylaxis(Written):
    """Aciclovir, co-trimoxazole, vaccines: what serious infections are multiplied by.

    `infection_ratio` holds where they are given, as in the cohorts behind the rates; `without`
    where they are not.
    """

    infection_ratio: Ratio
    without: Ratio


class AntigenTest(Written):
    """A test for a lost target: the share of losses found, and of targets present so found."""

    sensitivity: Probability
    specificity: Probability


class SupportiveCareFile(Written):
    """One file of `params/supportive/`."""

    name: Name
    title: str
    basis: str
    immunoglobulin: Immunoglobulin
    tocilizumab_prophylaxis: TocilizumabProphylaxis
    infection_prophylaxis: InfectionProphylaxis
    antigen_test: AntigenTest | None = None


class BestSupportiveCare(Written):
    """One file of `params/best_supportive_care/`: what is left when no therapy is.

    `survival` is the time to death of the disease, in excess of background mortality.
    """

    name: Name
    title: str
    basis: str
    survival: HazardSpec
    effects: tuple[HazardEffect, ...] = ()
