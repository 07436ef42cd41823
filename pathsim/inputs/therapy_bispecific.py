"""A bispecific antibody as a person writes it, in the order of the patient's way.

Called by `therapy`; read by the pathway's bispecific. Knows no pathway.
"""

import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import model_validator

from pathsim.inputs.efficacy import TherapyCommon
from pathsim.inputs.evidence import (
    Duration,
    Probability,
    Rate,
    Ratio,
    Visits,
    WholeCount,
    Written,
)
from pathsim.inputs.forms import AtLeast
from pathsim.inputs.lawspec import LawSpec
from pathsim.inputs.safety import (
    Crs,
    Icans,
    Icu,
    Infections,
    LowImmunoglobulin,
    Outpatient,
    SecondCancer,
    SpecificToxicity,
)

PhaseName = Literal["weekly", "every_two_weeks", "every_four_weeks"]


class StepUp(Written):
    """First to first full dose: doses, days, hours watched after each, days in bed if admitted.

    Who is treated without a bed is seen once a day while watched.
    """

    doses: WholeCount
    days: Duration
    observed_doses: WholeCount
    observed_hours: Duration
    inpatient_stay: LawSpec
    completed: Probability


class MovesOn(Written):
    """To the next phase: not before `after` first dose, with a response held for `sustained`."""

    after: Duration
    response: Literal["pr", "vgpr", "cr", "any"]
    sustained: Duration


class Phase(Written):
    """A rhythm of doses; the last has no moves_on."""

    name: PhaseName
    visits: Visits
    moves_on: MovesOn | None = None

    @property
    def clinic_places(self) -> int:
        """The visits in four weeks that one patient takes of the clinic's."""
        return math.ceil(self.visits.base)


class Schedule(Written):
    """Step-up, then ever rarer doses."""

    step_up: StepUp
    phases: Annotated[tuple[Phase, ...], AtLeast(1)]

    @model_validator(mode="after")
    def _ever_rarer(self) -> Self:
        names = [phase.name for phase in self.phases]
        visits = [phase.visits.base for phase in self.phases]
        if len(set(names)) < len(names):
            raise ValueError(f"phases are {', '.join(names)}; give each rhythm once")
        for earlier, later in pairwise(visits):
            if later > earlier:
                raise ValueError(
                    f"visits rise from {earlier:g} to {later:g}; let them fall from phase to phase"
                )
        if not visits[-1]:
            raise ValueError(f"phase {names[-1]} has no visits; write more than 0")
        return self

    @model_validator(mode="after")
    def _ends(self) -> Self:
        for phase in self.phases[:-1]:
            if phase.moves_on is None:
                raise ValueError(f"phase {phase.name} does not end; give it moves_on")
        if self.phases[-1].moves_on is not None:
            raise ValueError(f"phase {self.phases[-1].name} is the last; remove its moves_on")
        return self


class PhaseRate(Written):
    """The rate of serious infection in one phase of dosing."""

    phase: PhaseName
    serious: Rate


class BispecificInfections(Infections):
    """Serious infections by phase of dosing; step-up counts as the first phase."""

    phases: Annotated[tuple[PhaseRate, ...], AtLeast(1)]


class DoseDelay(Written):
    """Doses held back for infection or low counts: how often, for how long."""

    rate: Rate
    duration: LawSpec


class FixedDuration(Written):
    """Stopping in response: from when, with which response; what it does; response on return.

    `progression_ratio` multiplies the hazard of progression while treatment is stopped.
    """

    min_response: Literal["pr", "vgpr", "cr"]
    after: Duration
    progression_ratio: Ratio
    resume_response: Probability


class Restart(Written):
    """After a gap: up to which no step-up is needed, from which on all of it is.

    Between the two the last step-up dose and the first full one are given again, both watched.
    """

    no_step_up_within: Duration
    full_step_up_after: Duration
    rules: str

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.full_step_up_after.base < self.no_step_up_within.base:
            raise ValueError(
                "full_step_up_after is shorter than no_step_up_within; exchange or correct them"
            )
        return self


class Bispecific(TherapyCommon):
    """Bed for the step-up, ever rarer doses, infections, delays, toxicity, relapse."""

    modality: Literal["bispecific"]
    schedule: Schedule
    outpatient: Outpatient
    crs: Crs
    icans: Icans
    icu: Icu
    infections: BispecificInfections
    immunoglobulin: LowImmunoglobulin
    dose_delay: DoseDelay
    specific: tuple[SpecificToxicity, ...] = ()
    second_cancer: SecondCancer | None = None
    toxicity_stop: Rate
    fixed_duration: FixedDuration | None = None
    restart: Restart

    @property
    def clinic_places(self) -> int:
        """The clinic's visits in four weeks that a patient takes from the first dose."""
        return self.schedule.phases[0].clinic_places

    @model_validator(mode="after")
    def _rates_for_phases(self) -> Self:
        rated = [rate.phase for rate in self.infections.phases]
        phases = [phase.name for phase in self.schedule.phases]
        if rated != phases:
            raise ValueError(
                f"infections.phases are {', '.join(rated)}, schedule.phases {', '.join(phases)}; "
                "give one rate for each phase, in the same order"
            )
        return self
