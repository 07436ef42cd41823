"""Figures: each takes an `ax`, draws on it and returns it; `save` writes PNG and SVG.

Colours are those of Okabe and Ito, which the colour-blind can tell apart; every figure has units on
its axes and says how many patients and replications stand behind it. Called by run, compare, trace.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pathsim.outcomes.columns import Array, array
from pathsim.outcomes.folds import Measured
from pathsim.outcomes.intervals import t_interval
from pathsim.outcomes.resources import of_other_users
from pathsim.outcomes.survival import Event, Start, curve, curves, times
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7"),
    *("#E69F00", "#56B4E9", "#000000", "#F0E442"),
)
GREY, PALE = "#6E6E6E", "#D9D9D9"
STYLES = ("-", "--", "-.", ":")
SIZE = (9.0, 5.6)
_BAND = (10, 90)
_NAME, _MANY = 24, 4
"""How long a name may be, and above how many strategies bands and counts would hide the lines."""
STYLE: Any = {
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "pathsim",
    "svg.fonttype": "none",
    "savefig.dpi": 150,
}


def new_axes(*, width: float = SIZE[0], height: float = SIZE[1]) -> Axes:
    """Axes on a figure of their own, at the size of a slide, that no window shows."""
    with mpl.rc_context(STYLE):
        return Figure(figsize=(width, height), layout="constrained").add_subplot()


def save(figure: Figure, folder: Path, name: str) -> tuple[Path, Path]:
    """NAME.png and NAME.svg in a folder; the same figure gives the same SVG, byte for byte.

    The figure is laid out once for both, and drawn once for each: `Figure.savefig` does all of
    that twice over for each of them, and gives the same pixels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    layout, dpi = figure.get_layout_engine(), figure.dpi
    with mpl.rc_context(STYLE):
        figure.set_dpi(STYLE["savefig.dpi"])
        drawn: Any = FigureCanvasAgg(figure)
        drawn.print_png(png, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
        figure.set_layout_engine("none")
        drawn = FigureCanvasSVG(figure)
        drawn.print_svg(svg, metadata={"Date": None, "Creator": None})
    figure.set_layout_engine(layout)
    figure.set_dpi(dpi)
    return png, svg


def colour(number: int) -> str:
    return COLOURS[number % len(COLOURS)]


def style(number: int) -> str:
    """The dashes of a line; those that share a colour differ in them."""
    return STYLES[(number + number // len(COLOURS)) % len(STYLES)]


def _short(name: str) -> str:
    """A name that fits beside an axis: what is too long loses its middle."""
    return name if len(name) <= _NAME else f"{name[: _NAME // 2]}…{name[-(_NAME // 2 - 1) :]}"


def _counts(measured: Measured) -> str:
    n, replications = len(measured.patients), measured.replications
    return f"{n:,} patients in {replications} replication{'s' if replications != 1 else ''}"


def _banded(measured: Measured) -> str:
    n = measured.replications
    return f"band: middle 80 % of {n} replications" if n > 1 else "1 replication, no band"


# --- survival ----------------------------------------------------------------------------------


def survival(
    ax: Axes,
    strategies: Mapping[str, Measured],
    *,
    start: Start = "arrival",
    event: Event = "death",
    months: float | None = None,
) -> Axes:
    """Kaplan-Meier curves by strategy with a band over replications and the numbers at risk.

    The line pools all replications; the band is the middle 80 % of their own curves.
    """
    longest = max(m.horizon for m in strategies.values()) / DAYS_PER_MONTH
    end = min(longest, 60.0) if months is None else months
    grid = np.linspace(0.0, end, 241)
    ticks = np.arange(0.0, end + 1e-9, _step(end))
    risks: list[tuple[str, str, Array]] = []
    for number, (name, measured) in enumerate(strategies.items()):
        table, paint = times(measured.patients, start=start, event=event), colour(number)
        pooled = curve(table)
        ax.step(grid, 100 * pooled.at(grid * DAYS_PER_MONTH), where="post", color=paint, lw=2.2,
                ls=style(number), label=f"{_short(name)} (n = {pooled.n:,})")  # fmt: skip
        if len(strategies) <= _MANY:
            own = [100 * c.at(grid * DAYS_PER_MONTH) for c in curves(table).values()]
            _band(ax, grid, own, paint)
        risks.append((name, paint, pooled.at_risk(ticks * DAYS_PER_MONTH)))
    what = {"death": "Overall survival", "progression": "Progression-free survival",
            "next_line": "Free of next line and alive"}[event]  # fmt: skip
    ax.set(xlim=(0, end), ylim=(0, 100), xticks=ticks, ylabel=f"{what} (%)")
    ax.set_xlabel(f"Months since {'arrival' if start == 'arrival' else 'first infusion or dose'}")
    if len(strategies) <= _MANY:
        ax.legend(loc="upper right", frameon=False)
        ax.set_title(f"{what}; {_banded(next(iter(strategies.values())))}", loc="left")
    else:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=10)
        ax.set_title(f"{what}; all replications together", loc="left")
    _at_risk(ax, ticks, risks)
    return ax


def _months(ax: Axes, x: Array) -> None:
    """A time axis in months, from the start; the other axis from nought."""
    end = max(float(x[-1]), 1.0)
    ax.set(xlim=(0, end), xticks=np.arange(0.0, end + 1e-9, _step(end)))
    ax.set_xlabel("Months since the start")
    ax.set_ylim(0)


def _uncounted(ax: Axes, warm_up: float) -> None:
    """Marks the warm-up, if there is one: what outcomes do not count."""
    if warm_up > 0.0:
        end = warm_up / DAYS_PER_MONTH
        ax.axvspan(0.0, end, color=PALE, alpha=0.5, lw=0, zorder=0)
        ax.annotate("warm-up, not counted", (0.0, 0.0), (4, 4), xycoords="axes fraction",
                    textcoords="offset points", fontsize=10, color=GREY)  # fmt: skip


def _step(end: float) -> float:
    return next((s for s in (1, 2, 3, 6, 12, 24) if end / s <= 10), 60.0)


def _band(ax: Axes, x: Array, lines: list[Array], paint: str) -> None:
    """The 10th to 90th centile over replications; nothing where there is but one."""
    if len(lines) < 2:
        return
    stacked = np.array(lines, dtype=float)
    known = ~np.isnan(stacked).any(axis=0)
    low, high = np.percentile(stacked[:, known], _BAND, axis=0)
    ax.fill_between(x[known], low, high, color=paint, alpha=0.18, lw=0, step="post")


def _at_risk(ax: Axes, ticks: Array, risks: list[tuple[str, str, Array]]) -> None:
    """Below the axis: how many are followed at each tick, all replications together."""
    below = ax.get_xaxis_transform()
    ax.annotate("At risk, all replications", (0, 0), (-24, -52), xycoords="axes fraction",
                textcoords="offset points", ha="right", fontsize=10, color=GREY)  # fmt: skip
    for row, (name, paint, counts) in enumerate(risks):
        drop = -68 - 15 * row
        ax.annotate(_short(name), (0, 0), (-24, drop), xycoords="axes fraction",
                    textcoords="offset points", ha="right", fontsize=10, color=paint)  # fmt: skip
        for tick, count in zip(ticks, counts, strict=True):
            ax.annotate(f"{int(count):,}", (tick, 0), (0, drop), xycoords=below, color=paint,
                        textcoords="offset points", ha="center", fontsize=10)  # fmt: skip


# --- therapies ---------------------------------------------------------------------------------


def on_therapy(ax: Axes, measured: Measured, *, title: str = "") -> Axes:
    """Patients treated with each therapy, in remission after one, waiting or neither, over time.

    Stacked means over replications at midnight of every seventh day; dotted lines hold the middle
    80 % of the replications' totals.
    """
    present = measured.present.copy()
    present["what"] = _labels(present["kind"], present["therapy"])
    every = list(dict.fromkeys(present["what"]))
    sums = present.groupby(["what", "day"], sort=False)["number"].sum() / measured.replications
    wide = sums.unstack("day")
    wide = wide[wide.max(axis=1) > 0]
    totals = present.groupby(["replication", "day"])["number"].sum().unstack("day")
    # Colours go by all therapies of the scenario, so that scenarios that share them look alike.
    paints = [_paint(str(w), every) for w in wide.index]
    x = np.asarray(wide.columns, dtype=float) / DAYS_PER_MONTH
    if not len(wide):
        ax.set_title("no patients", loc="left")
        return ax
    ax.stackplot(x, wide.to_numpy(), labels=list(wide.index), colors=[p for p, _ in paints],
                 edgecolor="white", linewidth=0.4)  # fmt: skip
    for drawn, (_, hatch) in zip(ax.collections, paints, strict=True):
        if hatch:
            drawn.set_hatch(hatch)
    if measured.replications > 1:
        low, high = np.percentile(totals.to_numpy(), _BAND, axis=0)
        ax.plot(x, low, color="black", lw=0.9, ls=":", label="all: middle 80 % of replications")
        ax.plot(x, high, color="black", lw=0.9, ls=":")
    _months(ax, x)
    _uncounted(ax, measured.warm_up)
    ax.set_ylabel("Patients (mean of replications)")
    ax.set_title(f"{title}: where patients are; {_counts(measured)}".removeprefix(": "), loc="left")
    _legend_beside(ax)
    return ax


def _labels(kinds: pd.Series, therapies: pd.Series) -> list[str]:
    said = {"treated": "on {}", "free": "in remission after {}", "waiting": "waiting for a therapy",
            "off": "between lines, supportive care"}  # fmt: skip
    return [said[str(k)].format(t) for k, t in zip(kinds, therapies, strict=True)]


def _paint(label: str, labels: list[str]) -> tuple[str, str | None]:
    """Colour and hatch: one colour a therapy, hatched in remission; waiting and the rest grey."""
    if label.startswith("waiting"):
        return GREY, None
    if label.startswith("between"):
        return PALE, None
    names = list(dict.fromkeys(_therapy(each) for each in labels if _therapy(each)))
    return colour(names.index(_therapy(label))), "///" if "remission" in label else None


def _therapy(label: str) -> str:
    return next((label.removeprefix(p) for p in ("on ", "in remission after ")
                 if label.startswith(p)), "")  # fmt: skip


def _legend_beside(ax: Axes) -> None:
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5),
              fontsize=10, frameon=False)  # fmt: skip


def time_on_therapy(ax: Axes, strategies: Mapping[str, Measured]) -> Axes:
    """Mean time a patient spends treated, in remission, waiting and neither: a bar a strategy.

    The whisker is the 95 % interval of the whole over replications.
    """
    rows = {name: _mean_days(measured.patients) for name, measured in strategies.items()}
    table = pd.DataFrame(rows).fillna(0.0)
    every = [str(label) for label in table.index]
    table = table[table.max(axis=1) > 0]
    names = [_short(name) for name in rows]
    left = np.zeros(len(rows))
    for label in table.index:
        paint, hatch = _paint(str(label), every)
        length = table.loc[label].to_numpy() / DAYS_PER_MONTH
        ax.barh(names, length, left=left, color=paint, hatch=hatch, edgecolor="white",
                height=0.6, label=str(label))  # fmt: skip
        left = left + length
    for row, measured in enumerate(strategies.values()):
        _, low, high, n = t_interval(_days_followed(measured) / DAYS_PER_MONTH).within(0.0, np.inf)
        if n > 1:
            ax.plot([low, high], [row, row], color="black", lw=1.4, marker="|", ms=9)
    ax.invert_yaxis()
    ax.set_xlabel("Months a patient (mean, from arrival to death or the horizon)")
    ax.set_title(f"Time by therapy; {_counts(next(iter(strategies.values())))} each", loc="left")
    _legend_beside(ax)
    return ax


def _days_followed(measured: Measured) -> Array:
    return measured.patients.groupby("replication")["days"].mean().to_numpy()


def _mean_days(patients: pd.DataFrame) -> dict[str, float]:
    """Label -> mean days, in the order of a legend."""
    names = [c.removeprefix("on.") for c in patients.columns if c.startswith("on.")]
    found: dict[str, float] = {}
    free = 0.0
    for name in names:
        found[f"on {name}"] = float(patients[f"on.{name}"].mean())
        found[f"in remission after {name}"] = float(patients[f"free.{name}"].mean())
        free += found[f"in remission after {name}"]
    found["waiting for a therapy"] = float(patients["waiting_days"].mean())
    found["between lines, supportive care"] = float(patients["off_days"].mean()) - free
    return found


# --- resources ---------------------------------------------------------------------------------


def occupancy(
    ax: Axes, strategies: Mapping[str, Measured], resource: str, *, header: str = ""
) -> Axes:
    """Places held against the capacity, by strategy: mean over replications and middle 80 %.

    By week, in runs of more than a year by four weeks. `header` says what the service held on day
    0; it stands below the title.
    """
    longest = max(measured.horizon for measured in strategies.values())
    each = 28 if longest > DAYS_PER_YEAR else 7
    steps: list[Array] = []
    for number, (name, measured) in enumerate(strategies.items()):
        held, capacity = _periods(measured, resource, each)
        x = np.asarray(held.columns, dtype=float) * each / DAYS_PER_MONTH
        steps.append(x)
        ax.step(x, held.mean().to_numpy(), where="post", color=colour(number), lw=1.6,
                ls=style(number), label=f"{_short(name)} (mean)")  # fmt: skip
        if len(strategies) <= _MANY:
            _band(ax, x, list(held.to_numpy()), colour(number))
        # One line where all have the same places; one each where they differ.
        ax.step(x, capacity.mean().to_numpy(), where="post", color=GREY, lw=1.8, ls="--",
                label="capacity" if number == 0 else None)  # fmt: skip
    _months(ax, max(steps, key=len))
    _uncounted(ax, max(measured.warm_up for measured in strategies.values()))
    ax.set_ylabel(f"{resource.replace('_', ' ')}: places")
    often = "four weeks" if each == 28 else "week"
    first = next(iter(strategies.values()))
    several = " each" if len(strategies) > 1 else ""
    title = f"{resource.replace('_', ' ')} by {often}, all users; {_counts(first)}{several}"
    under = textwrap.wrap(header, 95, break_on_hyphens=False)
    ax.set_title("\n".join([title, *under]), loc="left", fontsize=11 if under else 13)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=10)
    return ax


def _periods(measured: Measured, resource: str, each: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Places held and capacity: a row a replication, a column each so many days."""
    mine = measured.daily[measured.daily["resource"] == resource]
    by = mine.assign(period=mine["day"] // each).groupby(["replication", "period"])
    means = by[["held_mean", "capacity_mean"]].mean()
    return means["held_mean"].unstack("period"), means["capacity_mean"].unstack("period")


def waits(ax: Axes, strategies: Mapping[str, Measured], *, most: int = 6) -> Axes:
    """Days from request to grant: median, middle half and 10th to 90th centile, by resource.

    The `most` resources with the longest waits; over our own patients' granted requests.
    """
    granted = {name: _granted(measured.waits) for name, measured in strategies.items()}
    longest = pd.concat(granted.values()).groupby("resource", observed=True)["days"].quantile(0.9)
    names = list(longest.sort_values(ascending=False, kind="stable").index[:most])
    height = 0.8 / len(strategies)
    for number, (strategy, table) in enumerate(granted.items()):
        for row, resource in enumerate(names):
            days = array(table[table["resource"] == resource], "days")
            at = row + (number - (len(strategies) - 1) / 2) * height
            _wait_bar(ax, days, at, colour(number), height)
            if len(days) and len(strategies) <= _MANY:
                _count(ax, days, at)
        ax.plot([], [], color=colour(number), lw=6, label=_short(strategy))
    ax.set_yticks(range(len(names)), [str(name).replace("_", " ") for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set(xlabel="Days from request to grant", xlim=(0, None))
    ax.set_title("Waits of the granted: 10th to 90th centile, middle half, median", loc="left")
    ax.legend(loc="lower right", frameon=False)
    return ax


def _granted(waits: pd.DataFrame) -> pd.DataFrame:
    return waits[(waits["outcome"] == "granted") & ~of_other_users(waits)]


def _wait_bar(ax: Axes, days: Array, at: float, paint: str, height: float) -> None:
    if not len(days):
        return
    low, first, middle, third, high = np.percentile(days, [10, 25, 50, 75, 90])
    ax.plot([low, high], [at, at], color=paint, lw=1.5, solid_capstyle="butt")
    ax.barh(at, third - first, left=first, height=0.6 * height, color=paint, alpha=0.5)
    ax.plot([middle], [at], "o", color=paint, ms=6)


def _count(ax: Axes, days: Array, at: float) -> None:
    """How many were granted, at the end of the bar."""
    ax.annotate(f"n = {len(days):,}", (float(np.percentile(days, 90)), at), (6, 0),
                textcoords="offset points", va="center", fontsize=9, color=GREY)  # fmt: skip
