"""What the disease does when no therapy does anything: waiting and between lines.

Part of a population's file; read by the pathway builder. Knows no therapy and no pathway. Every
death here is in excess of background mortality.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pathsim.inputs.effects import HazardEffect, OddsEffect
from pathsim.inputs.evidence import Probability, Rate, Ratio, Written
from pathsim.inputs.forms import AtLeast
from pathsim.inputs.lawspec import LawSpec


class WaitingEffects(Written):
    """What the features do to the hazards of waiting."""

    progression: tuple[HazardEffect, ...] = ()
    death: tuple[HazardEffect, ...] = ()
    loss_of_fitness: tuple[HazardEffect, ...] = ()


class Waiting(Written):
    """While a therapy is awaited: from the decision until it starts, or infusion.

    `progression` holds on bridging or holding treatment, and times `untreated` without any; with
    probability `progression_ends_plan` the awaited therapy can then no longer be given. `death`
    is in excess of background mortality. `loss_of_fitness` is one step, fit to intermediate to
    frail.
    """

    progression: Rate
    untreated: Ratio
    progression_ends_plan: Probability
    death: Rate
    loss_of_fitness: Rate
    effects: WaitingEffects = WaitingEffects()


class FurtherLine(Written):
    """Of those alive when this many lines have failed, the share who receive another."""

    after: Annotated[int, Field(strict=True, ge=1, le=100)]
    share: Probability


class BetweenLines(Written):
    """From progression to the next therapy: whether there is one, when, and who dies before.

    `further_line` holds from its `after` on, until the next entry. `death` is in excess.
    """

    gap: LawSpec
    death: Rate
    further_line: Annotated[tuple[FurtherLine, ...], AtLeast(1)]
    further_line_effects: tuple[OddsEffect, ...] = ()
    death_effects: tuple[HazardEffect, ...] = ()

    @model_validator(mode="after")
    def _rising(self) -> Self:
        after = [entry.after for entry in self.further_line]
        if after[0] != 1 or after != sorted(set(after)):
            shown = ", ".join(map(str, after))
            raise ValueError(f"further_line is after {shown} lines; begin with 1 and let it rise")
        return self

    def share_receiving(self, lines: int) -> float:
        """The share who receive another line when `lines` (1 or more) have failed."""
        return [entry.share.base for entry in self.further_line if entry.after <= lines][-1]


class PerSd(Written):
    """Hazard ratios for one standard deviation of a hidden feature."""

    death: Ratio
    infection: Ratio
    progression: Ratio


class Dependence(Written):
    """How the hidden features tie a patient's clocks together, under every therapy.

    That progression, death and infection are independent given what is seen is an assumption, as
    is any other strength: ratios of 1 switch the dependence off.
    """

    frailty: PerSd
    tempo: PerSd
