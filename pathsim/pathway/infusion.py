"""CAR T from infusion on: the stay and its toxicity, the month near the centre, remission.

Part of the CAR T template; `car_t` calls `infusion_and_after`.
"""

from __future__ import annotations

import math

from pathsim.inputs.therapy_car_t import CarT
from pathsim.laws import Constant, PiecewiseExponential
from pathsim.pathway import words
from pathsim.pathway.bricks import Kit, Parts, cite, factors, law_of
from pathsim.pathway.chance import Ordered
from pathsim.pathway.course import assessment_clock, death_clock, progression_clock, start_sets
from pathsim.pathway.infections import infection, infection_clock, ivig_end, low_igg
from pathsim.pathway.late_toxicity import cytopenia, delayed_neurotoxicity, lymphocytes
from pathsim.pathway.pathway import Clock, Marks, State
from pathsim.pathway.reading import By, Factor
from pathsim.pathway.setting import Set
from pathsim.pathway.toxicity import Brick, crs_and_icans, rare_event, second_cancer

PRODUCT = "product"


"""Whether the product that is infused met its specification; read by the odds of response."""


def marks(therapy: CarT, phase: str, setting: str = "home", **more: object) -> Marks:
    return Marks(therapy.name, phase, setting, treated=phase == "bridging", **more)  # type: ignore[arg-type]


def infusion_and_after(kit: Kit, therapy: CarT) -> Parts:
    """The stay, the month near the centre, remission with and without immunoglobulin."""
    name = therapy.name
    parts, toxic, low, drawn = toxicities(kit, therapy)
    sets = [*start_sets(kit, therapy), Set(words.response(name), response_draw(therapy)), *drawn]
    near = Clock(
        f"{name} near the centre",
        Constant(near_days(therapy)),
        f"{name}: remission",
        since=words.start(name),
        note=cite(therapy.access.staying_near_centre),
    )
    stay = Clock(f"{name} stay", law_of(therapy.stay.inpatient), f"{name}: near the centre",
                 note=cite(therapy.stay.inpatient))  # fmt: skip
    lasting = [*remission_clocks(kit, therapy, ivig=False), *toxic]
    discharged = [Set(words.SITE, "outpatient")]  # what comes now finds the patient outside
    standing = tuple(c.name for c in parts.standing)
    begun = tuple(c for c in standing if not c.endswith(" end"))  # an end begins with its onset
    done = {"uses": {"infusion": 1.0}, "tags": ("infused", "first_dose", "line")}
    parts.states += [
        State(f"{name}: infusion stay", [stay, *lasting], holds={words.CELL_BED: 1},
              sets=sets, starts=begun, stops=standing,
              marks=marks(therapy, "infusion", "bed", **done)),
        State(f"{name}: infusion, outpatient", [near, *lasting],
              sets=sets, starts=begun, stops=standing,
              marks=marks(therapy, "infusion", "clinic", **done)),
        State(f"{name}: near the centre", [near, *lasting], sets=discharged,
              marks=marks(therapy, "monitoring", "clinic")),
        State(f"{name}: remission", [*lasting, *low],
              marks=marks(therapy, "remission")),
        State(f"{name}: remission on immunoglobulin",
              [*remission_clocks(kit, therapy, ivig=True), *toxic,
               ivig_end(name, therapy.immunoglobulin, f"{name}: remission")],
              marks=marks(therapy, "remission", per_day=ivig_doses(therapy))),
    ]  # fmt: skip
    return parts


def near_days(therapy: CarT) -> float:
    stay = therapy.access.staying_near_centre
    return 28.0 if stay is None else stay.base


def response_draw(therapy: CarT) -> Ordered:
    """Best response, better or worse by the patient, the bridging and the product."""
    worse = By(f"{therapy.name} {PRODUCT}", otherwise=1.0,
               levels={"out": therapy.manufacture.out_of_specification_odds.base})  # fmt: skip
    return Ordered(
        dict(therapy.response.shares.items()), [*factors(therapy.response.effects), worse]
    )


def toxicities(kit: Kit, therapy: CarT) -> tuple[Parts, list[Clock], list[Clock], list[Set]]:
    """Their parts, their clocks until relapse, those that call for IVIG, what is drawn."""
    name = therapy.name
    rare = rare_event(name, "IEC-HS", therapy.iec_hs)
    acute = crs_and_icans(name, therapy.crs, therapy.icans, therapy.icu, therapy.stay.outpatient)
    colitis = rare_event(name, "enterocolitis", therapy.enterocolitis)
    cancer = second_cancer(name, therapy.second_cancer)
    late = late_toxicities(therapy)
    low, (calls,) = low_igg(
        kit, name, therapy.immunoglobulin, [f"{name}: remission on immunoglobulin"]
    )
    parts, bricks = Parts(), [acute, rare, colitis, *late, cancer, low]
    for brick in bricks:
        parts.add(brick.parts)
    parts.add(infection(name, therapy.infections))
    clocks = [c for brick in (acute, rare, colitis, *late) for c in brick.clocks]
    drawn = [s for brick in bricks for s in brick.sets]
    return parts, [*clocks, early_death(kit, therapy)], calls, drawn


def late_toxicities(therapy: CarT) -> list[Brick]:
    """Lymphocytes before what depends on them; low counts; delayed neurotoxicity of both kinds."""
    name, peak = therapy.name, therapy.lymphocyte_peak
    palsy, other = therapy.cranial_nerve_palsy, therapy.delayed_neurotoxicity
    return [
        *([] if peak is None else [lymphocytes(name, peak)]),
        *([] if therapy.cytopenia is None else [cytopenia(name, therapy.cytopenia)]),
        *([] if palsy is None else
          [delayed_neurotoxicity(name, "cranial nerve palsy", palsy, peak)]),
        delayed_neurotoxicity(name, "delayed neurotoxicity", other, peak),
    ]  # fmt: skip


def early_death(kit: Kit, therapy: CarT) -> Clock:
    """Deaths of the first weeks from the product, at an even hazard until their day."""
    early = therapy.early_death
    hazard = -math.log1p(-early.probability.base) / early.by.base
    return Clock(
        f"{therapy.name} early death",
        PiecewiseExponential((0.0, early.by.base), (hazard, 0.0)),
        words.OF_TREATMENT,
        [*factors(early.effects), *kit.dependence("death")],
        since=words.start(therapy.name),
        note=cite(early),
    )


def remission_clocks(kit: Kit, therapy: CarT, *, ivig: bool) -> list[Clock]:
    """Progression, excess death, infections, assessment: from infusion until relapse."""
    return [
        progression_clock(kit, therapy, on_treatment=False),
        *death_clock(kit, therapy),
        infection_clock(
            kit, therapy.name, therapy.infections, infection_law(therapy),
            ivig=therapy.immunoglobulin if ivig else None, more=low_counts(therapy),
        ),
        assessment_clock(therapy),
    ]  # fmt: skip


def low_counts(therapy: CarT) -> list[Factor]:
    """More serious infections while counts are low."""
    spec = therapy.cytopenia
    if spec is None:
        return []
    ratio = {"yes": spec.infection_ratio.base}
    return [By(words.low_counts(therapy.name), levels=ratio, otherwise=1.0)]


def infection_law(therapy: CarT) -> PiecewiseExponential:
    """Serious infections by time since infusion."""
    periods = therapy.infections.periods
    starts = [0.0, *(p.until.base for p in periods[:-1] if p.until is not None)]
    return PiecewiseExponential(tuple(starts), tuple(p.serious.base for p in periods))


def ivig_doses(therapy: CarT) -> dict[str, float]:
    doses = therapy.immunoglobulin.doses.base / 28.0
    return {"ivig_dose": doses, "clinic_visit": doses}
