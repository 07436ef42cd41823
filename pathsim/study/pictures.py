"""The figures of a run or a comparison, into a folder.

Called when results are kept and when they are reported. What a figure shows, `pathsim.figures`
says; here is only which, a line each, and who draws it: figures are independent, so a process
beside this one may draw some of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pathsim.outcomes.folds import TABLES, Measured, therapies_of
from pathsim.outcomes.lives import first_to_differ
from pathsim.study.plan import Model

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.study.beside import Hand

Part = Literal["strategies", "patients", "service", "differences", "lives"]
"""The part of a report in which a figure of a run stands."""

WORTH = 4
"""So many figures take as long to draw as matplotlib takes to load: .1 s and .4 s, measured."""

MOST = 200_000_000
"""Bytes of tables that are sent to another process; more would cost memory twice."""


@dataclass(frozen=True)
class Picture:
    """One figure: its name, which function of `pathsim.figures` draws it, and of what.

    `drawn_by` is "module.function"; `part` is where a report shows it, `says` what it shows and how
    it is read.
    """

    name: str
    drawn_by: str
    of: tuple[Any, ...]
    part: Part
    title: str
    says: str
    more: Mapping[str, Any] = field(default_factory=dict)
    size: tuple[float, float] | None = None

    @property
    def shown(self) -> tuple[Measured, ...]:
        """What was measured of each strategy in it."""
        return tuple(self.of[0].values()) if isinstance(self.of[0], Mapping) else (self.of[0],)

    def axes(self) -> Axes:
        """The figure, drawn on axes of its own."""
        from pathsim.figures.style import draw

        module, _, function = self.drawn_by.partition(".")
        drawn = getattr(import_module(f"pathsim.figures.{module}"), function)
        return draw(drawn, *self.of, size=self.size, **self.more)

    def draw(self, folder: Path) -> None:
        """Its PNG and SVG in a folder."""
        from pathsim.figures.saving import save

        save(self.axes(), folder, self.name)


def pictures_of(models: Mapping[str, Model], measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """Every figure of a run or a comparison, in the order of a report: a line each."""
    yield Picture("survival_death", "survival.survival", (measured,), "patients",
                  "Overall survival", "Share still alive, from arrival.")  # fmt: skip
    yield Picture("survival_progression", "survival.survival", (measured,), "patients",
                  "Progression-free survival", "Share alive without progression, from the first "
                  "infusion or dose.", {"start": "treatment", "event": "progression"})  # fmt: skip
    yield Picture("survival_next_line", "survival.survival", (measured,), "patients",
                  "Time to next treatment or death", "Share alive and not yet on a further line, "
                  "from the first infusion or dose.",
                  {"start": "treatment", "event": "next_line"})  # fmt: skip
    page = {"therapies": therapies_of(measured.values())}
    yield Picture("time", "patients.time_on_therapy", (measured,), "patients",
                  "Time on therapy and off", "Mean months a patient spends in each, until death or "
                  "the end of the run.", page)  # fmt: skip
    if any(len(one.cohort) for one in measured.values()):
        yield Picture("cohort", "patients.cohort", (measured,), "patients",
                      "Where patients are after they came", "Of 100 patients who come, how many "
                      "are in what, so many months after each came; a column holds all, the "
                      "dead too.", page)  # fmt: skip
    for name, one in measured.items():
        yield Picture(f"flow_{name}", "flow.flow", (one,), "patients",
                      f"From therapy to therapy: {name}", "Which therapy patients begin first, "
                      "second, third and fourth. Who goes no further died, or is alive at the "
                      "end of the run, whatever they are in. Begun again at once counts once.",
                      {"title": name, **page})  # fmt: skip
    for name, one in measured.items():
        yield Picture(f"patients_{name}", "patients.on_therapy", (one,), "patients",
                      f"Where patients are over the run: {name}", "Patients of the service by what "
                      "they are in, on each day of the run: what planners see.",
                      {"title": name, **page})  # fmt: skip
    if any((m.waits["outcome"] == "granted").any() for m in measured.values()):
        yield Picture("waits", "waits.waits", (measured,), "service",
                      "Waits", "Days from request to grant.")  # fmt: skip
    yield from _places(models, measured)
    yield from _differences(measured)
    yield from _lives(measured)


def _differences(measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """What each strategy differs by from the first, where there are several."""
    if len(measured) > 1:
        base = next(iter(measured))
        yield Picture("differences", "forest.forest", (measured,), "differences",
                      f"Paired differences to {base}", "What each strategy gives more (right of 0) "
                      f"or less (left of 0) than {base} with the same patients; each outcome has "
                      "its own scale. Bars are 95 % intervals over replications; an open "
                      "mark is a difference that chance alone may have made.")  # fmt: skip


def _places(models: Mapping[str, Model], measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """Occupancy against capacity of each resource that has places, all models in one figure."""
    starts = list(dict.fromkeys(model.day_0 for model in models.values()))
    header = f"On day 0 {starts[0]}" if len(starts) == 1 else "On day 0: as each scenario says"
    pools = {name: [p.name for p in m.marking.pools if p.places] for name, m in models.items()}
    for resource in dict.fromkeys(pool for mine in pools.values() for pool in mine):
        having = {name: measured[name] for name, mine in pools.items() if resource in mine}
        said = resource.replace("_", " ")
        yield Picture(f"occupancy_{resource}", "resources.occupancy", (having, resource), "service",
                      f"Occupancy: {said}", "Places held against places there are.",
                      {"header": header})  # fmt: skip


def _lives(measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """One patient under every strategy, and the first twenty under each."""
    some = any(len(each.lives) for each in measured.values())
    one = first_to_differ(measured.values())
    if one is not None:
        yield Picture("life", "swimlane.under_each", (measured, one), "lives",
                      f"One patient under every strategy: patient {one}",
                      "The first patient who is not given the same therapies under all strategies: "
                      "the same person, and the same luck.",
                      size=(9.0, 3.0 + 0.5 * len(measured)))  # fmt: skip
    for name in measured if some else ():
        yield Picture(f"lives_{name}", "swimlane.panel", (measured, name), "lives",
                      f"The first patients: {name}", "A bar a patient, the first to arrive in "
                      "replication 0, not chosen; the same patients in the same order under every "
                      "strategy.", size=(9.0, 7.6))  # fmt: skip


# --- who draws ---------------------------------------------------------------------------------


@contextmanager
def drawing(drawn: Iterable[Picture], folder: Path, *, hand: Hand | None = None) -> Iterator[None]:
    """`with drawing(pictures, folder, hand=hand): write_tables()`: at the end all are drawn.

    A hand, if there is one and the pictures are not too large to send, draws while the block does
    other things; this process then draws what is left, all of it where the hand is lost. Where the
    block fails nothing more is drawn.
    """
    each = tuple(drawn)
    sent = [] if hand is None or _bytes(each) > MOST else _sent(each, folder, hand)
    try:
        yield
        _finish(each, folder, sent)
    finally:
        wait([future for future in sent if not future.cancel()])


def _sent(each: tuple[Picture, ...], folder: Path, hand: Hand) -> list[Future[None]]:
    try:
        hand.submit(_take, each)
        return [hand.submit(_draw, number, folder) for number in range(len(each))]
    except BrokenExecutor:
        return []


def _finish(each: tuple[Picture, ...], folder: Path, sent: list[Future[None]]) -> None:
    """Draw what is not sent, and of what is sent the last that are not begun, while it saves time.

    Raises what went wrong in the other process.
    """
    for number in reversed(range(len(each))):
        if not sent or (sum(not f.done() for f in sent) > WORTH and sent[number].cancel()):
            each[number].draw(folder)
    for picture, future in zip(each, sent, strict=False):
        if not future.cancelled():
            try:
                future.result()
            except BrokenExecutor:
                picture.draw(folder)


def _bytes(each: tuple[Picture, ...]) -> int:
    """How large the tables are that these pictures show, each counted once."""
    shown = {id(m): m for picture in each for m in picture.shown}
    tables = (getattr(measured, name) for measured in shown.values() for name in TABLES)
    return int(sum(table.memory_usage(index=False).sum() for table in tables))


_taken: list[Picture] = []
"""In a process that draws: its pictures, which come all at once since they share tables."""


def _take(pictures: tuple[Picture, ...]) -> None:
    _taken[:] = pictures


def _draw(number: int, folder: Path) -> None:
    _taken[number].draw(folder)
