"""One patient's life, told and drawn: `pathsim trace`.

The whole replication is run, since patients share what there is; then one of them is followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pathsim.engine.simulate import simulate
from pathsim.figures.saving import save
from pathsim.figures.style import new_axes
from pathsim.figures.swimlane import swimlane
from pathsim.outcomes.folding import folded
from pathsim.outcomes.stays import stays
from pathsim.outcomes.story import story, told
from pathsim.pathway.phrases import a_number_of
from pathsim.study.jobs import Progress
from pathsim.study.plan import Model
from pathsim.study.simulation import moved


@dataclass(frozen=True)
class Traced:
    """A patient of a replication: the short story, every step of it, and the stays to draw."""

    model: Model
    patient: int
    replication: int
    seed: int
    variables: dict[str, object]
    short: tuple[str, ...]
    steps: tuple[str, ...]
    stays: pd.DataFrame

    @property
    def about(self) -> str:
        """Which patient this is, and who."""
        title = f"Patient {self.patient} of replication {self.replication}, {self.model.name}"
        return "\n".join([f"{title} (seed {self.seed})", *who(self.variables)])

    @property
    def words(self) -> str:
        """Who it is, the short story, and every step, a sentence a line."""
        return "\n".join([self.about, "", *self.short, "", "EVERY STEP", *self.steps])


FIRST = ("fitness", "risk")
ABSENT = ("no", "never", "none")
CALLED = {"emd": "extramedullary disease", "bcma exposure": "exposure to BCMA",
          "gprc5d exposure": "exposure to GPRC5D"}  # fmt: skip
"""Names of features that need more words."""


def who(variables: dict[str, object]) -> Iterator[str]:
    """Who somebody is: age, sex, lines, fitness and risk; then all else; then what is absent."""
    left = dict(variables)
    title = {"male": "A man", "female": "A woman"}.get(str(left.pop("sex", "")), "A patient")
    age = f" of {float(str(left.pop('age'))):.0f}" if "age" in left else ""
    lines = ""
    if "prior lines" in left:
        left.pop("line", None)  # it is one more
        lines = f" with {a_number_of(int(float(str(left.pop('prior lines')))), 'earlier line')}"
    first = [f"{name} {left.pop(name)}" for name in FIRST if name in left]
    yield ", ".join([f"{title}{age}{lines}", *first]) + "."
    absent = [name for name, value in left.items() if value in ABSENT]
    there = [f"{CALLED.get(n, n)} {_said(v)}" for n, v in left.items() if n not in absent]
    if there:
        yield f"On arrival: {', '.join(there)}."
    if absent:
        yield f"None of: {', '.join(CALLED.get(name, name) for name in absent)}."


def _said(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def trace(
    model: Model,
    patient: int,
    *,
    seed: int,
    replication: int = 0,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Traced | None:
    """Run one replication and follow one patient; None if that patient never comes."""
    numbers = range(replication, replication + 1)
    log = simulate(model.service, horizon=model.horizon, seed=seed, replications=numbers,
                   engine=engine, progress=moved(progress, numbers))  # fmt: skip
    row = log.patients[log.patients["patient"] == patient].dropna(axis=1)
    if not len(row):
        return None
    names = telling(model)
    variables = {str(k): v for k, v in row.iloc[0].items() if k in names}
    marks = model.marking
    mine = log.log[log.log["patient"] == patient]
    sentences = told(log, patient, marks, replication=replication)
    steps = tuple(story(log, patient, marks, replication=replication))
    short = tuple(folded(sentences, marks))
    return Traced(model, patient, replication, seed, variables, short, steps, stays(mine, marks))


def telling(model: Model) -> tuple[str, ...]:
    """The known variables in which patients differ on arrival; moments are left to the story."""
    return tuple(dict.fromkeys(
        variable.name
        for stream in model.service.streams
        for variable in stream.pathway.variables
        if variable.known and variable.kind != "moment"
        and not isinstance(variable.initial, float | int | str | None)
    ))  # fmt: skip


def keep(traced: Traced, out: Path) -> Path:
    """Draw the swimlane into `out/<scenario>/traces/` beside the story; the picture's path."""
    folder = out / traced.model.name / "traces"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"patient_{traced.patient}_replication_{traced.replication}_seed_{traced.seed}"
    (folder / f"{name}.txt").write_text(traced.words + "\n", encoding="utf-8")
    ax = swimlane(new_axes(), traced.stays, traced.patient)
    return save(ax, folder, name)
