"""A CAR T product as a person writes it, in the order of the patient's way.

Called by `therapy`; read by the pathway's car_t. Knows no pathway.
"""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import model_validator

from pathsim.inputs.effects import OddsEffect
from pathsim.inputs.efficacy import TherapyCommon
from pathsim.inputs.evidence import (
    Duration,
    Probability,
    Rate,
    Ratio,
    VisitsAboveZero,
    WholeCount,
    Written,
)
from pathsim.inputs.forms import AtLeast, Flag, Name
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.quantity import CalendarDay
from pathsim.inputs.safety import (
    Crs,
    Cytopenia,
    DelayedNeurotoxicity,
    EarlyDeath,
    Icans,
    Icu,
    Infections,
    LowImmunoglobulin,
    LymphocytePeak,
    Outpatient,
    RareEvent,
    SecondCancer,
)


class Waiting(Written):
    """While a slot is awaited: how long without drugs before cells."""

    washout: Duration


class Apheresis(Written):
    """Collection of the cells."""

    chair_days: WholeCount


class ManufacturePeriod(Written):
    """How the product was made from one date on, until the next period."""

    since: CalendarDay
    duration: LawSpec
    failure: Probability
    out_of_specification: Probability

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        total = self.failure.base + self.out_of_specification.base
        if total > 1 + 1e-9:
            raise ValueError(
                f"failure and out_of_specification add up to {total:.3f}; both are shares of all "
                "products: correct one of them"
            )
        return self


class Manufacture(Written):
    """Vein to product at the site, by calendar period; what may go wrong with it.

    `second_attempt` is the share of failures in whom cells are collected again, `second_failure`
    the share of those in whom it fails again. `out_of_specification_odds` works on the odds of
    each response or better.

    `effects` work on the odds that the first product fails, and that it misses its specification,
    against one that is in order. `recent_bispecific_within` and `recent_alkylator_within` say how
    long before apheresis such a drug counts as recent.
    """

    periods: Annotated[tuple[ManufacturePeriod, ...], AtLeast(1)]
    second_attempt: Probability
    second_failure: Probability
    out_of_specification_infused: Probability
    out_of_specification_odds: Ratio
    recent_bispecific_within: Duration | None = None
    recent_alkylator_within: Duration | None = None
    effects: tuple[OddsEffect, ...] = ()

    @model_validator(mode="after")
    def _windows_given(self) -> Self:
        for name in ("recent_bispecific", "recent_alkylator"):
            used = any(effect.variable == name for effect in self.effects)
            if used and getattr(self, f"{name}_within") is None:
                raise ValueError(f"an effect of {name} without its window; add {name}_within")
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(later.since <= earlier.since for earlier, later in pairwise(self.periods)):
            raise ValueError("periods are not in the order of their dates; put the earliest first")
        return self


class BridgingResponse(Written):
    """Response to bridging among the bridged; the rest have less than a partial response."""

    vgpr: Probability
    pr: Probability
    effects: tuple[OddsEffect, ...] = ()

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        total = self.vgpr.base + self.pr.base
        if total > 1 + 1e-9:
            raise ValueError(
                f"vgpr and pr add up to {total:.3f}; give each level alone, not 'or better'"
            )
        return self


class BridgingOption(Written):
    """One file of `params/bridging/`: a way to hold the disease until the product is there.

    `progression_ratio` multiplies the hazard of progression of a patient who waits unbridged. What
    it hits, `targets`, and a `bispecific` count as exposure from the day on which it is given.
    """

    name: Name
    title: str
    basis: str
    therapy: str | None = None
    targets: tuple[Literal["BCMA", "GPRC5D"], ...] = ()
    bispecific: Flag = False
    response: BridgingResponse
    duration: Duration
    visits: VisitsAboveZero
    progression_ratio: Ratio
    serious_infection: Rate


class Bridging(Written):
    """Who is bridged unless the strategy says otherwise, and the ways to do it.

    In a file `options` are names of `params/bridging/`, or names with what differs from it.
    """

    share_high_burden: Probability
    share_low_burden: Probability
    default: str
    options: dict[str, BridgingOption]

    @model_validator(mode="after")
    def _names_free(self) -> Self:
        for name in ("none", "default"):
            if name in self.options:
                raise ValueError(f"{name!r} is no name for an option; give it another")
        return self

    @model_validator(mode="after")
    def _by_their_names(self) -> Self:
        for name, option in self.options.items():
            if option.name != name:
                raise ValueError(f"option {name!r} calls itself {option.name!r}; write {name!r}")
        return self

    @model_validator(mode="after")
    def _default_exists(self) -> Self:
        if self.default not in self.options:
            raise ValueError(
                f"default {self.default!r} is none of the options; "
                f"write one of {', '.join(self.options)}"
            )
        return self


class BeforeInfusion(Written):
    """Product at the site to infusion."""

    recovery: Duration
    postponed: Probability
    postponement: LawSpec
    lymphodepletion: Duration


class Stay(Written):
    """In a cell-therapy bed from infusion, or at home with admission on CRS."""

    inpatient: LawSpec
    outpatient: Outpatient


class InfectionPeriod(Written):
    """The rate of serious infection until a time since infusion; the last has no end."""

    until: Duration | None
    serious: Rate


class CarTInfections(Infections):
    """Serious infections by time since infusion."""

    periods: Annotated[tuple[InfectionPeriod, ...], AtLeast(1)]

    @model_validator(mode="after")
    def _open_end(self) -> Self:
        ends = [period.until.base if period.until else None for period in self.periods]
        known = [end for end in ends[:-1] if end is not None]
        rising = all(earlier < later for earlier, later in pairwise([0.0, *known]))
        if ends[-1] is not None or len(known) < len(ends) - 1 or not rising:
            raise ValueError(
                "until does not rise from 0 to an open end; order the periods, and write "
                "until: null in the last alone"
            )
        return self


class CarT(TherapyCommon):
    """Slot, cells, product, bridging, infusion, stay, remission without treatment, relapse."""

    modality: Literal["car_t"]
    waiting: Waiting
    apheresis: Apheresis
    manufacture: Manufacture
    bridging: Bridging
    before_infusion: BeforeInfusion
    stay: Stay
    crs: Crs
    icans: Icans
    icu: Icu
    early_death: EarlyDeath
    iec_hs: RareEvent
    infections: CarTInfections
    immunoglobulin: LowImmunoglobulin
    cytopenia: Cytopenia | None = None
    lymphocyte_peak: LymphocytePeak | None = None
    cranial_nerve_palsy: DelayedNeurotoxicity | None = None
    delayed_neurotoxicity: DelayedNeurotoxicity
    enterocolitis: RareEvent
    second_cancer: SecondCancer
