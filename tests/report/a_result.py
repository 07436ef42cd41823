"""A small comparison, run once and read back from its folder, for the tests of sections."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pathsim.inputs.places import scenarios_dir
from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
from pathsim.study.compare import compare, keep
from pathsim.study.kept import Result, read
from pathsim.study.plan import model_of, with_patients


@lru_cache
def small_result(*names: str, patients: int = 12, replications: int = 2, seed: int = 1) -> Result:
    """Shipped scenarios on a few patients, kept and read back."""
    models = []
    for name in names or ("cart_first", "standard_only"):
        scenario = with_patients(resolve(scenarios_dir() / f"{name}.yaml"), patients)
        models.append(model_of(build(scenario)))
    compared = compare(models, seed=seed, replications=replications, workers=1, engine="simpy")
    return read([keep(compared, Path(tempfile.mkdtemp()), pictures=False)])


def with_study(result: Result, study: object) -> Result:
    """The same with a study beside it."""
    return replace(result, studies=(study,))  # type: ignore[arg-type]
