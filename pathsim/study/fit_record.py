"""What a fit found, kept: a file that names targets, method and residuals; numbers in their places.

Called by `pathsim fit`. `params/calibrated/NAME.yaml` is the record, with the covariance for later
uncertainty analysis; the numbers themselves are put into the files of the catalogue, where their
readers look for them.
"""

from __future__ import annotations

import datetime
import io
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from pathsim import __version__
from pathsim.inputs.evidence import Read
from pathsim.inputs.load import read
from pathsim.inputs.places import params_dir
from pathsim.inputs.rewrite import number_at, rewrite
from pathsim.study.fit import Fitted, Met, values_of
from pathsim.study.store import Results
from pathsim.study.validate import beside
from pathsim.units import to_base

METHOD = (
    "Trials simulated with common random numbers; lognormal priors; weighted least squares "
    "(scipy.optimize.least_squares, trf); covariance by Laplace's approximation, of the logarithms"
)
WEAKEST: tuple[Read, ...] = ("no", "secondary", "abstract", "full text")
DIGITS = 4


def keep(found: Fitted, *, write: bool) -> list[Path]:
    """With `write`, the numbers put in their places and the record written; the files written."""
    if not write:
        return []
    params = params_dir()
    written = [_put(found, params, file) for file in _files(found)]
    record = params / "calibrated" / f"{found.fit.fit}.yaml"
    record.parent.mkdir(exist_ok=True)
    finished = record.with_suffix(".tmp")
    finished.write_text(text(found), encoding="utf-8")
    finished.replace(record)
    return [*written, record]


def text(found: Fitted) -> str:
    """The record as YAML."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 10_000
    yaml.default_flow_style = None
    stream = io.StringIO()
    yaml.dump(record(found), stream)
    head = f"# Written by `pathsim fit {found.fit.fit}`: run that again rather than edit this.\n"
    return head + stream.getvalue()


def record(found: Fitted) -> dict[str, Any]:
    """The record as plain data: numbers with their 95 % intervals, targets with their residuals."""
    solution, free = found.solution, found.fit.free
    deviation = np.sqrt(np.diag(solution.covariance))
    correlation = solution.covariance / np.outer(deviation, deviation)
    numbers = {
        name: {
            "value": short(value),
            "low": short(found.intervals[name][0]),
            "high": short(found.intervals[name][1]),
            "sd_of_logarithm": round(float(sd) * free[name].sd, 4),
            "narrowed_to": round(float(sd), 2),
        }
        for (name, value), sd in zip(found.values.items(), deviation, strict=True)
    }
    return {
        "fit": found.fit.fit,
        "title": found.fit.title,
        "method": METHOD,
        "made": datetime.date.today().isoformat(),
        "pathsim": __version__,
        "scipy": version("scipy"),
        "seed": found.seed,
        "patients_in_each_arm": found.patients,
        "simulations": solution.calls,
        "settled": solution.settled,
        "numbers": numbers,
        "correlation": [[round(float(r), 3) for r in row] for row in correlation],
        "targets": [target_record(met) for met in found.met],
    }


def target_record(met: Met) -> dict[str, Any]:
    """A target, what was published and what the fitted model gives, in the published unit."""
    target, published = met.aim.target, met.aim.target.published
    one = to_base(1.0, published.unit)
    low, high, kind = met.aim.interval
    return {
        "target": met.aim.name,
        "published": published.value,
        "low": short(low / one),
        "high": short(high / one),
        "interval": kind,
        "unit": published.unit,
        "row": published.row,
        "simulated": short(met.simulated.value / one),
        "residual_in_se": round(met.aim.miss(met.simulated.value), 2),
        "inside": met.inside,
        "kind": published.kind,
        **({} if target.n is None else {"n": target.n}),
    }


def short(value: float) -> float:
    """A number to four significant digits; whole if it is whole."""
    if not math.isfinite(value) or value == 0:
        return value
    rounded = round(value, DIGITS - 1 - math.floor(math.log10(abs(value))))
    return int(rounded) if rounded == int(rounded) else rounded


def _files(found: Fitted) -> list[str]:
    return sorted({file for free in found.fit.free.values() for file, _ in free.places})


def _put(found: Fitted, params: Path, file: str) -> Path:
    """The numbers that stand in one file put there; its path."""
    path = params / f"{file}.yaml"
    document = read(path)
    verified = min((m.aim.target.published.verified for m in found.met), key=WEAKEST.index)
    texts = {}
    for name, free in found.fit.free.items():
        for place in free.sets.get(file, ()):
            unit = str(number_at(document, place)["unit"])
            texts[place] = _number(found, name, unit, verified)
    rewrite(path, texts)
    return path


def _number(found: Fitted, name: str, unit: str, verified: Read) -> str:
    """A calibrated number as it is written in a file of the catalogue."""
    low, high = found.intervals[name]
    said = f'"{verified}"' if verified == "no" else verified
    unit = f'"{unit}"' if unit.startswith("%") else unit
    where = f'"params/calibrated/{found.fit.fit}.yaml, {name}"'
    return (
        f"{{value: {short(found.values[name])}, unit: {unit}, source: simulated-trial, "
        f"where: {where}, kind: calibrated, verified: {said}, "
        f"spread: {{low: {short(low)}, high: {short(high)}, of: 95ci}}}}"
    )


def draw(
    found: Fitted,
    folder: Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    store: Results | None = None,
) -> None:
    """Simulated curves of the trials over their published landmarks, as PNG and SVG."""
    from pathsim.figures import calibration
    from pathsim.figures.saving import save

    asked = {
        trial: [target for target in trial.targets if target.role == "calibration"]
        for trial in dict.fromkeys(met.aim.trial for met in found.met)
    }
    table, curves = beside(asked, patients=found.patients, seed=found.seed,
                           values=values_of(found.fit, found.solution.z), workers=workers,
                           scheduler=scheduler, store=store)  # fmt: skip
    if len(curves):
        save(calibration.landmarks(table, curves), folder, "curves")
