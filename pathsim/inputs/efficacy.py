"""What all therapies have in common: for whom they are, who responds, how long it holds.

Called by the models of the modalities, which extend `TherapyCommon`. Knows no modality.
"""

from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pathsim.inputs.effects import HazardEffect, OddsEffect
from pathsim.inputs.evidence import Duration, Probability, WholeCount, Written
from pathsim.inputs.forms import Name
from pathsim.inputs.lawspec import HazardSpec, LawSpec
from pathsim.inputs.quantity import CalendarDay

Response = Literal["cr", "vgpr", "pr", "none"]
"""Best response: complete or better, very good partial, partial, less than partial."""

Fitness = Literal["fit", "intermediate", "frail"]
Target = Literal["BCMA", "GPRC5D"]
"""A target that the disease may lose."""

DrugClass = Literal["proteasome inhibitor", "immunomodulatory drug", "anti-CD38 antibody"]


class Indication(Written):
    """What the label allows, in one region, from one date on, until the next entry there."""

    region: Literal["US", "EU", "UK"]
    since: CalendarDay
    min_prior_lines: WholeCount
    exposed_to: tuple[DrugClass, ...] = ()
    refractory_to: tuple[str, ...] = ()
    note: str | None = None


class Access(Written):
    """From the decision to treat to being ready for a slot or a bed."""

    authorisation: LawSpec
    work_up: LawSpec
    min_fitness: Fitness
    staying_near_centre: Duration | None = None


class BestResponse(Written):
    """Shares by best response among the treated; the rest respond less than partially.

    An odds ratio works on the odds of each level or better. `assessed` is when it is known.
    """

    cr: Probability
    vgpr: Probability
    pr: Probability
    assessed: Duration
    effects: tuple[OddsEffect, ...] = ()

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        total = self.cr.base + self.vgpr.base + self.pr.base
        if total > 1 + 1e-9:
            raise ValueError(
                f"cr, vgpr and pr add up to {total:.3f}; give each level alone, not 'or better'"
            )
        return self

    @property
    def shares(self) -> dict[Response, float]:
        """Each level's share, the rest included; adds up to one."""
        known: dict[Response, float] = {
            "cr": self.cr.base,
            "vgpr": self.vgpr.base,
            "pr": self.pr.base,
        }
        return {**known, "none": max(0.0, 1 - sum(known.values()))}


class Progression(Written):
    """Time to progression by best response, from infusion or first dose; hazard ratios."""

    cr: HazardSpec
    vgpr: HazardSpec
    pr: HazardSpec
    none: HazardSpec
    effects: tuple[HazardEffect, ...] = ()


class Death(Written):
    """Death from the therapy that is neither progression nor listed elsewhere, in excess of age."""

    after: HazardSpec
    effects: tuple[HazardEffect, ...] = ()


class TherapyCommon(Written):
    """The first and the last part of every therapy's file.

    `antigen_loss` is, by target, the share of progressions on or after the therapy at which the
    disease no longer carries that target.
    """

    name: Name
    title: str
    brand: str | None = None
    targets: tuple[Literal["BCMA", "GPRC5D", "FcRH5", "CD38"], ...] = ()
    classes: tuple[str, ...]
    indication: tuple[Indication, ...] = ()
    access: Access
    response: BestResponse
    progression: Progression
    antigen_loss: dict[Target, Probability] = Field(default={})
    death: Death | None = None
    basis: str

    @field_validator("antigen_loss", mode="after")
    @classmethod
    def _loses_its_own(
        cls, loss: dict[Target, Probability], info: ValidationInfo
    ) -> dict[Target, Probability]:
        targets: tuple[str, ...] = info.data.get("targets", tuple(loss))  # unsound: told there
        for target in loss:
            if target not in targets:
                raise ValueError(
                    f"antigen_loss of {target}, which is none of the targets; remove it, "
                    f"or write one of {', '.join(targets) or 'none'}"
                )
        return loss
