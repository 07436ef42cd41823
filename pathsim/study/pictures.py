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
    """Save survival, waits and time by therapy of all, and each one's patients; places of all."""
    starts: tuple[tuple[Start, Event], ...] = (("arrival", "death"), ("treatment", "progression"))
    for start, event in starts:
        ax = figures.survival(figures.new_axes(), measured, start=start, event=event)
        save(ax, folder, f"survival_{event}")
    save(figures.time_on_therapy(figures.new_axes(), measured), folder, "time")
    if any((m.waits["outcome"] == "granted").any() for m in measured.values()):
        save(figures.waits(figures.new_axes(), measured), folder, "waits")
    for name, one in measured.items():
        save(figures.on_therapy(figures.new_axes(), one, title=name), folder, f"patients_{name}")
    _places(models, measured, folder)


def _places(models: Mapping[str, Model], measured: Mapping[str, Measured], folder: Path) -> None:
    """Occupancy against capacity of each resource that has places, all models in one figure."""
    starts = list(dict.fromkeys(model.day_0 for model in models.values()))
    header = f"On day 0 {starts[0]}" if len(starts) == 1 else "On day 0: as each scenario says"
    pools = {name: [p.name for p in m.marking.pools if p.places] for name, m in models.items()}
    for resource in dict.fromkeys(pool for mine in pools.values() for pool in mine):
        having = {name: measured[name] for name, mine in pools.items() if resource in mine}
        ax = figures.occupancy(figures.new_axes(), having, resource, header=header)
        save(ax, folder, f"occupancy_{resource}")


def save(ax: Axes, folder: Path, name: str) -> Path:
    """The figure of these axes as PNG and SVG; the PNG's path."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figures.save(figure, folder, name.replace("/", "_"))[0]
