"""A regimen of drugs in cycles: the comparator, bridging, salvage.

Called by `therapy`; read by the pathway's regimen. Knows no pathway.
"""

import math
from typing import Literal

from pathsim.inputs.efficacy import TherapyCommon
from pathsim.inputs.evidence import Count, DurationAboveZero, Rate, WholeCount, Written
from pathsim.inputs.safety import Infections, SpecificToxicity


class Cycle(Written):
    """Its length, and the visits to the clinic in each."""

    length: DurationAboveZero
    visits: Count


class RegimenInfections(Infections):
    """Serious infections on treatment."""

    serious: Rate


class Regimen(TherapyCommon):
    """Cycles until progression, or a fixed number of them; stop for toxicity; relapse.

    Fewer doses for a specific toxicity are half as many.
    """

    modality: Literal["regimen"]
    cycle: Cycle
    fixed_cycles: WholeCount | None = None
    infections: RegimenInfections
    specific: tuple[SpecificToxicity, ...] = ()
    toxicity_stop: Rate

    @property
    def clinic_places(self) -> int:
        """The clinic's visits in four weeks that a patient takes, one or more."""
        return max(1, math.ceil(28.0 * self.cycle.visits.value / self.cycle.length.base))
