"""One patient's life, told and drawn: `pathsim trace`.

The whole replication is run, since patients share what there is; then one of them is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.outcomes import figures
from pathsim.outcomes.stays import stays
from pathsim.outcomes.story import story
from pathsim.outcomes.swimlane import swimlane
from pathsim.study.pictures import save
from pathsim.study.plan import Model


@dataclass(frozen=True)
class Traced:
    """A patient of a replication: sentences in order, and the stays to draw."""

    model: Model
    patient: int
    replication: int
    seed: int
    variables: dict[str, object]
    sentences: tuple[str, ...]
    stays: pd.DataFrame

    @property
    def words(self) -> str:
        """Who it is, then the story, a sentence a line."""
        who = ", ".join(f"{name} {_said(value)}" for name, value in self.variables.items())
        title = f"Patient {self.patient} of replication {self.replication}, {self.model.name}"
        return "\n".join([f"{title} (seed {self.seed})", f"On arrival: {who}.", *self.sentences])


def _said(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def trace(model: Model, patient: int, *, seed: int, replication: int = 0) -> Traced | None:
    """Run one replication and follow one patient; None if that patient never comes."""
    numbers = range(replication, replication + 1)
    log = simulate(model.service, horizon=model.horizon, seed=seed, replications=numbers)
    row = log.patients[log.patients["patient"] == patient].dropna(axis=1)
    if not len(row):
        return None
    names = _telling(model)
    variables = {str(k): v for k, v in row.iloc[0].items() if k in names}
    marks = model.marking
    mine = log.log[log.log["patient"] == patient]
    told = tuple(story(log, patient, marks, replication=replication))
    return Traced(model, patient, replication, seed, variables, told, stays(mine, marks))


def _telling(model: Model) -> set[str]:
    """The known variables in which patients differ on arrival; moments are left to the story."""
    return {
        variable.name
        for stream in model.service.streams
        for variable in stream.pathway.variables
        if variable.known and variable.kind != "moment"
        and not isinstance(variable.initial, float | int | str | None)
    }  # fmt: skip


def keep(traced: Traced, out: Path) -> Path:
    """Draw the swimlane into `out/<scenario>/traces/` beside the story; the picture's path."""
    folder = out / traced.model.name / "traces"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"patient_{traced.patient}_replication_{traced.replication}_seed_{traced.seed}"
    (folder / f"{name}.txt").write_text(traced.words + "\n", encoding="utf-8")
    ax = swimlane(figures.new_axes(), traced.stays, traced.patient)
    return save(ax, folder, name)
