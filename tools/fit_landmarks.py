"""Fit progression laws to published landmarks, plainly: python tools/fit_landmarks.py [names].

Reads `params/fits/*.yaml` (landmarks with sources, which numbers are free) and the therapy of that
name, and prints the fitted numbers by their place in the therapy's file, and how far each landmark
is missed. Nobody imports it but its test. A plain fit: one average patient at each landmark, no
spread of frailty or tempo, no loss before infusion; the deaths of the therapy's file and of age
compete with progression throughout.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from ruamel.yaml import YAML
from scipy.optimize import least_squares

from pathsim.inputs.assemble import with_bridging
from pathsim.inputs.effects import HazardEffect
from pathsim.inputs.evidence import Duration, Number, Probability, Rate, Real, Written
from pathsim.inputs.lawspec import Piece, PiecewiseExponential
from pathsim.inputs.load import read, validate
from pathsim.inputs.therapy import Bispecific, CarT, Regimen, TherapyFile
from pathsim.units import DAYS_PER_MONTH

PARAMS = Path(__file__).parents[1] / "params"
STEP = 2.0  # days; halving it moves no landmark by more than .02 percentage points
Curve = NDArray[np.float64]
Form = Literal["weibull", "log_logistic"]
Group = Literal["all", "responders", "vgpr_or_better", "cr", "vgpr", "pr", "none"]
GROUPS: dict[str, tuple[str, ...]] = {
    "all": ("cr", "vgpr", "pr", "none"),
    "responders": ("cr", "vgpr", "pr"),
    "vgpr_or_better": ("cr", "vgpr"),
}


class Landmark(Written):
    """A share free of progression, or dead without it, at a time; no share means a median."""

    measure: Literal["progression_free", "dead_without_progression"]
    of: Group = "all"
    at: Duration
    since: Duration | None = None
    share: Probability | None = None
    patients: dict[str, int | float | str] = Field(default_factory=dict)
    known_miss: str | None = None


class Free(Written):
    """A number to be found: where to begin, and the bounds."""

    start: Real
    low: Real
    high: Real


class TrialDeaths(Written):
    """Deaths of the trial that the therapy's file leaves out: their rate, and until when."""

    rate: Rate
    until: Duration


class Fit(Written):
    """One file of `params/fits/`. Both parts name numbers of `Laws`."""

    therapy: str
    about: str
    form: Form = "weibull"
    background: Rate
    trial_deaths: TrialDeaths | None = None
    free: dict[str, Free]
    fixed: dict[str, Number] = Field(default_factory=dict)
    landmarks: Annotated[tuple[Landmark, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Laws:
    """The numbers of a fit, in days.

    One shape for all who respond, the scale that of CR; ratios of VGPR and PR against CR, of
    cumulative hazards (weibull) or of odds (log_logistic); an exponential with this median for the
    rest. The
    hazard ratio of one more prior line; the second rate of the therapy's other deaths, a day.
    """

    form: Form = "weibull"
    scale: float
    shape: float
    vgpr_ratio: float
    pr_ratio: float
    none_median: float
    per_line: float = 1.0
    other_deaths: float | None = None

    def hazard(self, level: str, days: Curve) -> Curve:
        """Cumulative hazard of progression at one level of response."""
        if level == "none":
            return np.asarray(np.log(2) * days / self.none_median)
        ratio = {"cr": 1.0, "vgpr": self.vgpr_ratio, "pr": self.pr_ratio}[level]
        once = ratio * (days / self.scale) ** self.shape
        return np.asarray(np.log1p(once) if self.form == "log_logistic" else once)

    def places(self) -> Iterator[tuple[str, float, str]]:
        """Place in the therapy's file, value, unit."""
        for level, ratio in (("cr", 1.0), ("vgpr", self.vgpr_ratio), ("pr", self.pr_ratio)):
            yield f"progression.{level}.shape", self.shape, "shape"
            yield f"progression.{level}.scale", self.scale * ratio ** (-1 / self.shape), "days"
        yield "progression.none.median", self.none_median, "days"
        if self.per_line != 1.0:
            yield "progression.effects[0].hazard_ratio", self.per_line, "ratio"
        if self.other_deaths is not None:
            yield "death.after.pieces[1].rate", DAYS_PER_MONTH * self.other_deaths, "per month"


def read_fit(name: str) -> tuple[Fit, CarT | Bispecific | Regimen]:
    """The fit of this name and its therapy."""
    yaml = YAML(typ="safe")
    fit = Fit.model_validate(yaml.load(PARAMS / "fits" / f"{name}.yaml"))
    written = with_bridging(read(PARAMS / "therapies" / f"{fit.therapy}.yaml"))
    therapy: TherapyFile = validate(written, TherapyFile)
    return fit, therapy.root


def solve(fit: Fit, therapy: CarT | Bispecific | Regimen) -> Laws:
    """The laws nearest to the landmarks, all of the same weight."""
    names = list(fit.free)
    fixed = {name: number.base for name, number in fit.fixed.items()}

    def laws(numbers: Curve) -> Laws:
        sought = dict(zip(names, map(float, numbers), strict=True))
        return Laws(form=fit.form, **fixed, **sought)

    def residuals(numbers: Curve) -> list[float]:
        return misses(fit, therapy, laws(numbers))

    found = least_squares(
        residuals,
        [fit.free[name].start for name in names],
        bounds=([fit.free[n].low for n in names], [fit.free[n].high for n in names]),
        x_scale=[abs(fit.free[name].start) for name in names],
        xtol=1e-12,
        ftol=1e-12,
    )
    return laws(found.x)


def misses(fit: Fit, therapy: CarT | Bispecific | Regimen, laws: Laws) -> list[float]:
    """Fitted less published share, for each landmark."""
    return [
        _model(fit, therapy, laws, mark) - (mark.share.base if mark.share else 0.5)
        for mark in fit.landmarks
    ]


def _model(fit: Fit, therapy: CarT | Bispecific | Regimen, laws: Laws, mark: Landmark) -> float:
    since = mark.since.base if mark.since else 0.0
    days = np.arange(0.0, since + mark.at.base + STEP, STEP)
    dead = _excess(therapy, laws, mark, days) + fit.background.base * days
    if fit.trial_deaths:
        dead += fit.trial_deaths.rate.base * np.minimum(days, fit.trial_deaths.until.base)
    free = _free(therapy, laws, mark, days) * np.exp(-dead)
    if mark.measure == "dead_without_progression":
        free = 1 - np.concatenate(([0.0], np.cumsum((free[1:] + free[:-1]) / 2 * np.diff(dead))))
        return float(1 - np.interp(mark.at.base, days, free))
    at_end, at_start = np.interp([since + mark.at.base, since], days, free)
    return float(at_end / at_start)


def _free(therapy: CarT | Bispecific | Regimen, laws: Laws, mark: Landmark, days: Curve) -> Curve:
    levels = GROUPS.get(mark.of, (mark.of,))
    shares = {level: share for level, share in therapy.response.shares.items() if level in levels}
    effects = therapy.progression.effects
    ratio = _ratio(effects, mark) * _line_ratio(effects, laws, mark)
    curves = [s * np.exp(-ratio * laws.hazard(level, days)) for level, s in shares.items()]
    return np.asarray(sum(curves) / sum(shares.values()))


def _ratio(effects: tuple[HazardEffect, ...], mark: Landmark, skip: str = "prior_lines") -> float:
    known = [e for e in effects if e.variable in mark.patients and e.variable != skip]
    return float(np.prod([e.ratio ** _steps(e, mark.patients[e.variable]) for e in known]))


def _steps(effect: HazardEffect, value: float | str) -> float:
    """As `Effect.steps`; a number for a variable with levels is the share at the level."""
    if effect.level is not None and not isinstance(value, str):
        return value - effect.centred_at
    return effect.steps(value)


def _line_ratio(effects: tuple[HazardEffect, ...], laws: Laws, mark: Landmark) -> float:
    """The ratio for prior lines, which may itself be sought."""
    for effect in effects:
        if effect.variable == "prior_lines" and "prior_lines" in mark.patients:
            ratio = laws.per_line if laws.per_line != 1.0 else effect.ratio
            return float(ratio ** effect.steps(mark.patients["prior_lines"]))
    return 1.0


def _excess(therapy: CarT | Bispecific | Regimen, laws: Laws, mark: Landmark, days: Curve) -> Curve:
    """Cumulative hazard of the deaths in the therapy's file."""
    total = _ratio(therapy.infections.effects, mark, skip="") * _infections(therapy, days)
    if isinstance(therapy, CarT):
        total = total + _rare_deaths(therapy, days)
    if therapy.death is None:
        return total
    ratio = _ratio(therapy.death.effects, mark, skip="")
    return total + ratio * _other_deaths(therapy, laws, days)


def _other_deaths(therapy: CarT | Bispecific | Regimen, laws: Laws, days: Curve) -> Curve:
    assert therapy.death is not None
    spec = therapy.death.after
    if laws.other_deaths is not None and isinstance(spec, PiecewiseExponential):
        spec = spec.model_copy(update={"pieces": _with_second(spec.pieces, laws.other_deaths)})
    law = spec.build()
    return np.array([law.cumulative_hazard(day) for day in days])


def _with_second(pieces: tuple[Piece, ...], rate: float) -> tuple[Piece, ...]:
    sought = pieces[1].rate.model_copy(update={"value": rate, "unit": "per day"})
    return (pieces[0], pieces[1].model_copy(update={"rate": sought}), *pieces[2:])


def _infections(therapy: CarT | Bispecific | Regimen, days: Curve) -> Curve:
    """Deaths of infection; immunoglobulin is given to half of those who need it."""
    fatality = therapy.infections.fatality.base
    if isinstance(therapy, Regimen):
        return fatality * therapy.infections.serious.base * days
    globulin = therapy.immunoglobulin
    given = globulin.low_igg.base / 2
    fatality *= 1 - given * (1 - globulin.infection_ratio.base)
    if isinstance(therapy, Bispecific):
        return fatality * therapy.infections.phases[0].serious.base * days
    total, begin = np.zeros_like(days), 0.0
    for period in therapy.infections.periods:
        end = period.until.base if period.until else np.inf
        total = total + period.serious.base * np.clip(days - begin, 0, end - begin)
        begin = end
    return fatality * total


def _rare_deaths(therapy: CarT, days: Curve) -> Curve:
    """Early deaths, IEC-HS, enterocolitis, delayed neurotoxicity, second cancers."""
    rare = (therapy.iec_hs, therapy.enterocolitis, therapy.delayed_neurotoxicity)
    total = therapy.second_cancer.rate.base * therapy.second_cancer.death.base * days
    early = therapy.early_death
    total = total + early.probability.base * np.minimum(days / early.by.base, 1)
    for event in rare:
        onset = event.onset.build()
        come = np.array([1 - np.exp(-onset.cumulative_hazard(day)) for day in days])
        total = total + event.probability.base * event.death.base * come
    return total


def _report(name: str) -> None:
    fit, therapy = read_fit(name)
    laws = solve(fit, therapy)
    print(f"{name}: {fit.about}")
    for place, value, unit in laws.places():
        print(f"  {place:42} {value:10.4g} {unit}")
    for mark, miss in zip(fit.landmarks, misses(fit, therapy, laws), strict=True):
        published = mark.share.base if mark.share else 0.5
        at = f"{mark.at.value:g} {mark.at.unit}"
        print(f"  {mark.measure} {mark.of} {at}: {100 * published:.1f} %, {100 * miss:+.1f} points")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or sorted(path.stem for path in (PARAMS / "fits").glob("*.yaml")):
        _report(wanted)
