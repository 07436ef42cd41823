"""The figures that a run or a comparison leaves behind, all at once. Called by run and compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from matplotlib.axes import Axes

from pathsim.outcomes import figures
from pathsim.outcomes.folds import Measured

Drawing = tuple[str, Callable[[Axes], Axes]]


def draw(strategies: Mapping[str, Measured], folder: Path, *, day_0: str) -> list[Path]:
    """Every standard figure of one or more strategies, as PNG and SVG; the paths of the PNGs.

    `day_0` says what the service held at the start: it stands on every figure of occupancy.
    """
    return [_saved(folder, name, drawing) for name, drawing in drawings(strategies, day_0=day_0)]


def drawings(strategies: Mapping[str, Measured], *, day_0: str) -> Iterator[Drawing]:
    """(file name, what draws it on an ax), one after another."""
    yield "survival", lambda ax: figures.survival(ax, strategies)
    yield (
        "progression_free_survival",
        lambda ax: figures.survival(ax, strategies, start="treatment", event="progression"),
    )
    yield "time_on_therapy", lambda ax: figures.time_on_therapy(ax, strategies)
    if any((each.waits["outcome"] == "granted").any() for each in strategies.values()):
        yield "waits", lambda ax: figures.waits(ax, strategies)
    for name, measured in strategies.items():
        yield from _of_one(name, measured, day_0)


def _of_one(name: str, measured: Measured, day_0: str) -> Iterator[Drawing]:
    yield f"on_therapy_{_file(name)}", lambda ax: figures.on_therapy(ax, measured, title=name)
    places = measured.daily[measured.daily["capacity_mean"].notna()]
    for resource in dict.fromkeys(places["resource"]):

        def occupancy(ax: Axes, resource: str = str(resource)) -> Axes:
            return figures.occupancy(ax, measured, resource, header=f"{name}; on day 0 {day_0}")

        yield f"occupancy_{_file(str(resource))}_{_file(name)}", occupancy


def _file(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)


def _saved(folder: Path, name: str, drawing: Callable[[Axes], Axes]) -> Path:
    ax = drawing(figures.new_axes())
    figure = ax.get_figure(root=True)
    assert figure is not None
    png, _ = figures.save(figure, folder, name)
    return png
