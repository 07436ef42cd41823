"""The figures of a run or a comparison, into a folder.

Called when results are kept. What a figure shows, `outcomes.figures` says; here is only which, and
who draws it: figures are independent, so a process beside this one may draw some of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.outcomes.folds import TABLES, Measured
from pathsim.study.plan import Model

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.study.beside import Hand

WORTH = 4
"""So many figures take as long to draw as matplotlib takes to load: .1 s and .4 s, measured."""

MOST = 200_000_000
"""Bytes of tables that are sent to another process; more would cost memory twice."""


@dataclass(frozen=True)
class Picture:
    """One figure: its name, which function of `outcomes.figures` draws it, and of what."""

    name: str
    drawn_by: str
    of: tuple[Any, ...]
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[Measured, ...]:
        """What was measured of each strategy in it."""
        return tuple(self.of[0].values()) if isinstance(self.of[0], Mapping) else (self.of[0],)

    def draw(self, folder: Path) -> None:
        from pathsim.outcomes import figures

        ax = getattr(figures, self.drawn_by)(figures.new_axes(), *self.of, **self.more)
        save(ax, folder, self.name)


def pictures_of(models: Mapping[str, Model], measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """Survival, waits and time by therapy of all, and each one's patients; places of all."""
    yield Picture("survival_death", "survival", (measured,))
    treated = {"start": "treatment", "event": "progression"}
    yield Picture("survival_progression", "survival", (measured,), treated)
    yield Picture("time", "time_on_therapy", (measured,))
    if any((m.waits["outcome"] == "granted").any() for m in measured.values()):
        yield Picture("waits", "waits", (measured,))
    for name, one in measured.items():
        yield Picture(f"patients_{name}", "on_therapy", (one,), {"title": name})
    yield from _places(models, measured)


def _places(models: Mapping[str, Model], measured: Mapping[str, Measured]) -> Iterator[Picture]:
    """Occupancy against capacity of each resource that has places, all models in one figure."""
    starts = list(dict.fromkeys(model.day_0 for model in models.values()))
    header = f"On day 0 {starts[0]}" if len(starts) == 1 else "On day 0: as each scenario says"
    pools = {name: [p.name for p in m.marking.pools if p.places] for name, m in models.items()}
    for resource in dict.fromkeys(pool for mine in pools.values() for pool in mine):
        having = {name: measured[name] for name, mine in pools.items() if resource in mine}
        yield Picture(f"occupancy_{resource}", "occupancy", (having, resource), {"header": header})


def save(ax: Axes, folder: Path, name: str) -> Path:
    """The figure of these axes as PNG and SVG; the PNG's path."""
    from pathsim.outcomes import figures

    figure = ax.get_figure(root=True)
    assert figure is not None
    return figures.save(figure, folder, name.replace("/", "_"))[0]


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
