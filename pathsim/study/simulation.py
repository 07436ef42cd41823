"""The job that most studies are made of: some replications of one model, simulated and measured.

Made by `run`, `compare` and whatever varies a model; carried out by `execute` wherever there is a
processor. The event log is let go block by block, unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import pandas as pd

from pathsim.engine import simulate as engines
from pathsim.engine.simulate import DEFAULT, blocks
from pathsim.events import Log, join
from pathsim.outcomes.columns import joined
from pathsim.outcomes.folds import TABLES, Measured, Measuring
from pathsim.study.jobs import Progress
from pathsim.study.keys import key, software

if TYPE_CHECKING:
    from pathsim.study.jobs import Tables
    from pathsim.study.plan import Model

AT_ONCE = 250_000
"""Rows of the log that are measured at once: with more or fewer it takes longer, with more it takes
more memory; measured on 20 replications of scenario cart_first and on a clinic of 100,000."""

ABOUT = "about"
"""The table of one row: how far the run went and what of it was not counted (`horizon`, `warm_up`,
days), and how many `events`."""

LOG = {name: f"log/{name}" for name in ("log", "patients", "capacity")}
"""A table of the event log -> its name among the tables of a job."""

Keep = Literal["measured", "outcomes"]


class Simulated(Protocol):
    """What can be simulated: a Model, or whatever can be made into one where it is needed."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> str:
        """Everything that its results rest on, as text or as the digest of it."""

    @property
    def document(self) -> str:
        """The resolved document; empty where it was written in Python."""

    def model(self) -> Model: ...


@dataclass(frozen=True)
class Simulation:
    """Replications `first` to `last` of one model.

    It keeps what was `measured`, with the tables of the log if asked, or nothing but the `outcomes`
    by name: a row a replication and outcome.
    """

    of: Simulated
    seed: int
    first: int
    last: int
    engine: str = DEFAULT
    keep: Keep = "measured"
    log: bool = False

    @property
    def replications(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def key(self) -> str:
        return key("simulation", self.of.content, self.seed, self.first, self.last, self.engine,
                   self.keep, self.log, software())  # fmt: skip

    @property
    def name(self) -> str:
        many = f"{self.first} to {self.last}" if self.last > self.first else f"{self.first}"
        plural = "s" if self.last > self.first else ""
        return f"{self.of.name}, seed {self.seed}, replication{plural} {many}"

    @property
    def size(self) -> float:
        return float(len(self.replications))

    def carry_out(self, *, threads: int = 1, progress: Progress | None = None) -> Tables:
        """Simulate and measure; raises PathwayError where the model breaks its own law."""
        model = self.of.model()
        measuring, kept, events = self._measuring(model), list[Log](), 0
        for block in blocks(
            model.service, horizon=model.horizon, seed=self.seed, replications=self.replications,
            engine=self.engine, threads=threads, rows=AT_ONCE, patients=self.log,
            progress=moved(progress, self.replications),
        ):  # fmt: skip
            measuring.add(block)
            events += len(block.log)
            if self.log:
                kept.append(block)
        return self._kept(measuring.finish(), events, kept)

    def _measuring(self, model: Model) -> Measuring:
        if self.keep == "outcomes":
            from pathsim.study.by_name import NEEDED, OF_WAITS

            return Measuring(model.marking, tables=NEEDED, columns={"waits": OF_WAITS})
        return Measuring(model.marking)

    def _kept(self, measured: Measured, events: int, kept: list[Log]) -> Tables:
        if self.keep == "outcomes":
            from pathsim.study.by_name import by_name

            return {"outcomes": by_name(measured)}
        about = pd.DataFrame({
            "horizon": [measured.horizon], "warm_up": [measured.warm_up], "events": [events]
        })  # fmt: skip
        tables = {ABOUT: about, **{name: getattr(measured, name) for name in TABLES}}
        if self.log:
            log = one_log(kept)
            tables |= {called: getattr(log, name) for name, called in LOG.items()}
        return tables

    def keep_alone(self, folder: Path) -> str:
        """The resolved document in a folder; the command that simulates it.

        It asks for all replications up to the last: those before it that were carried out are in
        the store.
        """
        document = self.of.document
        if not document:
            asked = f"seed={self.seed}, replications={self.last + 1}, engine={self.engine!r}"
            return f"pathsim.study.run.run(model, {asked}), with the model written in Python"
        stem = self.of.name.replace(", ", "-").replace(" ", "_")
        path = folder / f"{stem}-{key(document)[:8]}.yaml"
        path.write_text(document, encoding="utf-8")
        engine = "" if self.engine == DEFAULT else f" --engine {self.engine}"
        return (f"pathsim run {path} --seed {self.seed} --replications {self.last + 1}"
                f"{engine} --workers 1")  # fmt: skip


def simulations(
    of: Simulated,
    *,
    seed: int,
    replications: int | range,
    block: int = 1,
    engine: str = DEFAULT,
    keep: Keep = "measured",
    log: bool = False,
) -> Iterator[Simulation]:
    """The replications of a model in blocks, in order; `replications` is how many or which."""
    numbers = range(replications) if isinstance(replications, int) else replications
    for first in range(numbers.start, numbers.stop, block):
        last = min(first + block, numbers.stop) - 1
        yield Simulation(of, seed, first, last, engine, keep, log)


def moved(progress: Progress | None, numbers: range) -> engines.Progress | None:
    """What tells `progress` of each step forward when an engine says how far it is."""
    if progress is None:
        return None
    done = 0.0

    def heard(replication: int, share: float) -> None:
        nonlocal done
        now = numbers.index(replication) + share
        progress(now - done)
        done = now

    return heard


def together(parts: list[Tables]) -> tuple[Measured, Log | None, int]:
    """What all jobs of one model measured as one, their log if each has one, rows of the log.

    The parts lose their tables as they are joined.
    """
    about = pd.concat([part.pop(ABOUT) for part in parts])
    horizon, warm_up = (float(about[name].iloc[0]) for name in ("horizon", "warm_up"))
    events = int(about["events"].sum())
    measured = Measured(**{name: _one([p.pop(name) for p in parts]) for name in TABLES},
                        horizon=horizon, warm_up=warm_up)  # fmt: skip
    if not all(called in part for part in parts for called in LOG.values()):
        return measured, None, events
    logs = [
        Log(**{name: part.pop(called) for name, called in LOG.items()}, horizon=horizon)
        for part in parts
    ]
    return measured, one_log(logs), events


def _one(tables: list[pd.DataFrame]) -> pd.DataFrame:
    return tables[0] if len(tables) == 1 else joined(tables)


def one_log(logs: list[Log]) -> Log:
    """The log whose parts these are, in order."""
    return join([(log.log, log.patients, log.capacity) for log in logs], logs[0].horizon)
