"""What can befall a patient on a therapy: CRS, ICANS, infections, low IgG, and rarer things.

Called by the models of the modalities. Every share is of all who are treated, unless it says
otherwise. Knows no modality.
"""

from typing import Self

from pydantic import model_validator

from pathsim.inputs.effects import HazardEffect, OddsEffect
from pathsim.inputs.evidence import (
    Count,
    Duration,
    DurationAboveZero,
    Probability,
    ProbabilityBelowOne,
    Rate,
    Ratio,
    Visits,
    Written,
)
from pathsim.inputs.lawspec import LawSpec


class Graded(Written):
    """Something that is mild in most and severe (grade 3 or more) in a few."""

    any: Probability
    grade3plus: Probability
    onset: LawSpec
    duration: LawSpec
    effects: tuple[OddsEffect, ...] = ()

    @model_validator(mode="after")
    def _nested(self) -> Self:
        if self.grade3plus.base > self.any.base:
            raise ValueError("grade3plus exceeds any; grade 3 or more is counted in any grade")
        return self


class Crs(Graded):
    """Cytokine release syndrome; shares given tocilizumab or steroids are of those who have it.

    `with_tocilizumab_prophylaxis` is the share of all treated who still have it; without that
    field the therapy is not given with prophylaxis.
    """

    tocilizumab: Probability
    steroids: Probability
    with_tocilizumab_prophylaxis: Probability | None = None


class Icans(Graded):
    """Neurotoxicity of the first weeks."""


class Icu(Written):
    """Intensive care: the share of those with grade 3 or more of CRS or ICANS, and their stay."""

    admission: Probability
    stay: LawSpec


class Outpatient(Written):
    """Treated without a bed: who is admitted on CRS after all, and for how long."""

    admission_on_crs: Probability
    stay: LawSpec


class Infections(Written):
    """Serious (grade 3 or more) infections: what each one costs, and who has more.

    The rates stand with the modality, by time since infusion or by phase of dosing, and are those
    without immunoglobulin. `recurrence` multiplies the rate after a first one.
    """

    fatality: Probability
    ward_stay: LawSpec
    recurrence: Ratio
    effects: tuple[HazardEffect, ...] = ()


class LowImmunoglobulin(Written):
    """Low IgG: who has it and when, and what replacement does while it is given.

    `treated` is the share of those with low IgG to whom it is given where that is the policy;
    without it, everybody is.
    """

    low_igg: Probability
    treated: Probability | None = None
    onset: LawSpec
    replacement: Duration
    doses: Visits
    infection_ratio: Ratio


class RareEvent(Written):
    """Something that happens to a few, once: the share, when, the days in bed, who dies."""

    probability: Probability
    onset: LawSpec
    stay: LawSpec
    death: Probability
    effects: tuple[OddsEffect, ...] = ()


class DelayedNeurotoxicity(Written):
    """Cranial nerve palsy, or parkinsonism and the like: who never recovers, who dies of it."""

    probability: Probability
    onset: LawSpec
    duration: LawSpec
    permanent: Probability
    death: Probability
    effects: tuple[OddsEffect, ...] = ()


class LymphocytePeak(Written):
    """The peak of lymphocytes after infusion: above 3 x 10^9/L (`high`) or not, once `measured`.

    The ratios multiply the share with delayed neurotoxicity of either kind. `still_comes` is the
    share of it that dexamethasone for a high peak does not prevent.
    """

    high: Probability
    measured: Duration
    risk_ratio_high: Ratio
    risk_ratio_low: Ratio
    still_comes: Probability


class Cytopenia(Written):
    """Grade 3 or more cytopenia that has not recovered when it is looked for (`found`).

    While it lasts it multiplies serious infections; transfusions are those of one episode.
    """

    probability: Probability
    found: Duration
    duration: LawSpec
    infection_ratio: Ratio
    transfusions: Count
    effects: tuple[OddsEffect, ...] = ()


class SpecificToxicity(Written):
    """A toxicity of the drug itself: of those who have it, some take fewer doses, some stop."""

    title: str
    probability: Probability
    onset: LawSpec
    resolution: LawSpec
    fewer_doses: Probability
    stop: Probability


class SecondCancer(Written):
    """A second cancer, in excess of what the age brings, and the share that it kills."""

    rate: Rate
    death: Probability


class EarlyDeath(Written):
    """Deaths of the first weeks from the therapy itself that are not listed elsewhere."""

    probability: ProbabilityBelowOne
    by: DurationAboveZero
    effects: tuple[OddsEffect, ...] = ()
