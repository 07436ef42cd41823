"""The figures of a run or a comparison, into a folder.

Called when results are kept and when they are reported. What a figure shows, `pathsim.figures`
says; here is only which, a line each, and who draws it: figures are independent, so a process
beside this one may draw some of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pathsim.outcomes.days import plainly
from pathsim.outcomes.folds import TABLES, Measured, therapies_of
from pathsim.outcomes.lives import first_to_differ
from pathsim.outcomes.pressure import pressures
from pathsim.pathway.centre import UNLIMITED
from pathsim.study.plan import Model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.study.beside import Hand

Part = Literal["strategies", "patients", "service", "differences", "lives"]
"""The part of a report in which a figure of a run stands."""

WORTH = 4
"""So many figures take as long to draw as matplotlib takes to load: .1 s and .4 s, measured."""
SOON = 1.0
"""Seconds after which a hand that says nothing is asked whether it is still there."""
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


def pictures_of(
    models: Mapping[str, Model], measured: Mapping[str, Measured], by: pd.DataFrame | None = None
) -> Iterator[Picture]:
    """Every figure of a run or a comparison, a line each; `by`: its differences, if known."""
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
    yield Picture("time", "durations.time_on_therapy", (measured,), "patients",
                  "Time on therapy and off", "Mean months a patient spends in each, until death or "
                  "the end of the run.", page)  # fmt: skip
    if any(len(one.cohort) for one in measured.values()):
        yield Picture("cohort", "patients.cohort", (measured,), "patients",
                      "Where patients are after they came", "Of 100 patients who come, how many "
                      "are in what, so many months after each came; a column holds all, the "
                      "dead too. Later columns are of those who came early enough.",
                      page)  # fmt: skip
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
    yield from _of_service(models, measured)
    yield from _differences(measured, by)
    yield from _lives(measured)


def _differences(measured: Mapping[str, Measured], by: pd.DataFrame | None) -> Iterator[Picture]:
    """What each strategy differs by from the first, where there are several."""
    if len(measured) > 1:
        base = next(iter(measured))
        yield Picture("differences", "forest.forest", (measured, by), "differences",
                      f"Paired differences to {base}", "What each strategy gives more (right of 0) "
                      f"or less (left of 0) than {base}; scales differ. Bars: 95 % intervals, "
                      "each of one difference; an open mark may be chance alone.")  # fmt: skip


def _of_service(models: Mapping[str, Model], measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """What the service holds, gives and lacks, all models in one figure each."""
    dates = {model.start for model in models.values()}
    start = {"start": dates.pop() if len(dates) == 1 else None}
    days_0 = list(dict.fromkeys(model.day_0 for model in models.values()))
    header = f"on day 0 {days_0[0]}" if len(days_0) == 1 else "on day 0 as each scenario says"
    for resource, places in _limited(models).items():
        having = {name: measured[name] for name, m in models.items() if resource in _names(m)}
        said, size, file = plainly(resource), _panels(len(having)), resource.replace("/", "_")
        if places:
            more = {"header": header, **start}
            yield Picture(f"occupancy_{file}", "resources.occupancy", (having, resource), "service",
                          f"Places held: {said}", PLACES, more, size)  # fmt: skip
        else:
            yield Picture(file, "resources.slots", (having, resource), "service",
                          f"Used and waited for: {said}", SLOTS, start, size)  # fmt: skip
    waited = queues(measured)
    if waited:
        yield Picture("waits", "waits.waits", (measured, waited[:3]), "service", "Waits", WAITS)
    for resource in waited[:2]:
        yield Picture(f"waits_by_month_{resource.replace('/', '_')}", "waits.by_month",
                      (measured, resource), "service", f"Waits by month: {plainly(resource)}",
                      BY_MONTH, start, _panels(len(measured)))  # fmt: skip
    if any(m.patients["referred"].notna().any() for m in measured.values()):
        yield Picture("losses", "losses.losses", (measured,), "service", "Losses before infusion",
                      LOSSES, size=(9.0, 2.5 + 0.45 * len(measured)))  # fmt: skip


PLACES = (
    "Places held by all users against the places there are. Where the band meets the dashed line "
    "all places are held the whole week in one replication of ten or more."
)
SLOTS = "Upwards the slots used a month, against those released; downwards how many requests wait."
WAITS = (
    "The higher a curve begins, the more are served at once; what it leaves below 100 % are those "
    "who withdrew or wait still."
)
BY_MONTH = (
    "How long those waited who asked then, or would have waited had they stayed. The band is the "
    "spread among patients, not what is not known. A gap: fewer than 20 asked."
)
LOSSES = "Of those referred for CAR T, who never had it, and why. n: all replications together."


def _panels(n: int) -> tuple[float, float]:
    """How large a figure of so many panels is, in inches: a slide's for four and fewer."""
    across = 2 if n <= 6 else 3
    return (9.0, 5.6) if n <= 4 else (9.0, 1.4 + 1.7 * -(-n // across))


def _limited(models: Mapping[str, Model]) -> dict[str, bool]:
    """The resources that are not without limit -> whether they are places."""
    return {
        resource.name: resource.places is not None
        for model in models.values()
        for resource in model.service.resources
        if resource.places != UNLIMITED
    }


def _names(model: Model) -> set[str]:
    return {resource.name for resource in model.service.resources}


WAITED = 1.0
"""Resources for which one in ten of the granted waits a day or more have a figure of waits."""


def queues(measured: Mapping[str, Measured]) -> list[str]:
    """The resources that patients wait for, the hardest pressed under any strategy first."""
    each = [pressure for one in measured.values() for pressure in pressures(one)]
    waited = sorted((p for p in each if p.p90 >= WAITED), key=lambda p: p.rank, reverse=True)
    return list(dict.fromkeys(pressure.resource for pressure in waited))


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
        _finish(each, folder, sent, hand)
    finally:
        for future in sent:
            if not future.cancel():
                with suppress(Exception):
                    _awaited(future, hand)


def _sent(each: tuple[Picture, ...], folder: Path, hand: Hand) -> list[Future[None]]:
    try:
        hand.submit(_take, each)
        return [hand.submit(_draw, number, folder) for number in range(len(each))]
    except BrokenExecutor:
        return []


def _finish(
    each: tuple[Picture, ...], folder: Path, sent: list[Future[None]], hand: Hand | None = None
) -> None:
    """Draw what is not sent, and of what is sent the last that are not begun, while it saves time.

    Raises what went wrong in the other process.
    """
    for number in reversed(range(len(each))):
        if not sent or (sum(not f.done() for f in sent) > WORTH and sent[number].cancel()):
            each[number].draw(folder)
    for picture, future in zip(each, sent, strict=False):
        if not future.cancelled():
            try:
                _awaited(future, hand)
            except BrokenExecutor:
                picture.draw(folder)


def _awaited(future: Future[None], hand: Hand | None) -> None:
    """Wait for what a hand draws. Raises what went wrong there, BrokenExecutor where it is lost.

    A pool that breaks just when one of its futures is cancelled tells some of the others nothing:
    so it is asked now and then whether it still takes anything.
    """
    while hand is not None:
        try:
            return future.result(timeout=SOON)
        except TimeoutError:
            if future.done():
                raise
            hand.submit(int)
    return future.result()


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
