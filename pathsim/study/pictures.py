"""The figures of a run or a comparison, into a folder.

Called when results are kept. What a figure shows, `outcomes.figures` says; here is only which.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matplotlib.axes import Axes

from pathsim.outcomes import figures
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.survival import Event, Start
from pathsim.study.plan import Model


def draw_all(models: Mapping[str, Model], measured: Mapping[str, Measured], folder: Path) -> None:
    """Save survival, waits and time by therapy of all, and each one's patients and places."""
    starts: tuple[tuple[Start, Event], ...] = (("arrival", "death"), ("treatment", "progression"))
    for start, event in starts:
        ax = figures.survival(figures.new_axes(), measured, start=start, event=event)
        save(ax, folder, f"survival_{event}")
    save(figures.time_on_therapy(figures.new_axes(), measured), folder, "time")
    if any((m.waits["outcome"] == "granted").any() for m in measured.values()):
        save(figures.waits(figures.new_axes(), measured), folder, "waits")
    for name, one in measured.items():
        save(figures.on_therapy(figures.new_axes(), one, title=name), folder, f"patients_{name}")
        _places(models[name], one, folder)


def _places(model: Model, measured: Measured, folder: Path) -> None:
    """Occupancy against capacity of each resource that has places."""
    header = f"On day 0: {model.day_0}"
    for pool in model.marking.pools:
        if pool.places:
            ax = figures.occupancy(figures.new_axes(), measured, pool.name, header=header)
            save(ax, folder, f"occupancy_{model.name}_{pool.name}")


def save(ax: Axes, folder: Path, name: str) -> Path:
    """The figure of these axes as PNG and SVG; the PNG's path."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figures.save(figure, folder, name.replace("/", "_"))[0]
