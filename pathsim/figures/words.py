"""A figure in words: for those who do not see it, and for the files that hold it.

Made from what is on the axes: what each measures, and each labelled series with some of its
values. A figure whose shapes say more than its series do tells itself, with `told`. Called by
saving and by reports; knows no outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PolyCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from pathsim.outcomes.columns import Array

MOST = 600
"""Letters of a description, more or less: so much is still listened to."""

_TOLD: WeakKeyDictionary[Figure, str] = WeakKeyDictionary()


def told(ax: Axes, text: str) -> None:
    """Say what these axes show; the title stands before it."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    _TOLD[figure] = text


def title_of(figure: Figure) -> str:
    """The title of the figure, or of its first axes; of none the name of an axis."""
    titles = [figure.get_suptitle(), *(_title(ax) for ax in figure.axes)]
    axes = [ax.get_ylabel() or ax.get_xlabel() for ax in figure.axes]
    return _line(next((each for each in (*titles, *axes) if each), "A figure"))


def in_words(figure: Figure) -> str:
    """Title, axes with their units, and series with some values: about 600 letters.

    The more series there are, the fewer values each is told with.
    """
    if figure in _TOLD:
        return _cut(f"{_stopped(title_of(figure))} {_TOLD[figure]}", 2 * MOST)
    shown = [ax for ax in figure.axes if ax.axison and (ax.get_xlabel() or ax.has_data())]
    texts = [" ".join(_told(figure, shown, values)) for values in (3, 2, 1, 0)]
    return next((text for text in texts if len(text) <= MOST), _cut(texts[-1]))


def _told(figure: Figure, shown: Sequence[Axes], values: int) -> Iterator[str]:
    yield _stopped(title_of(figure))
    axes_before = ""
    for ax in shown:
        if _title(ax) and _line(_title(ax)) != title_of(figure):
            yield _stopped(_line(_title(ax)))
        axes = _axes(ax)
        if axes != axes_before:
            yield axes
        axes_before = axes
        series = list(_series(ax, values))
        yield from [_stopped("; ".join(series))] if series else []


def _axes(ax: Axes) -> str:
    """What the axes measure, and what stands along one that has names."""
    said = []
    figure = ax.get_figure(root=True)
    over = (figure.get_supxlabel(), figure.get_supylabel()) if figure else ("", "")
    for way, axis, above in zip(("Across", "Up"), (ax.xaxis, ax.yaxis), over, strict=True):
        names = _names(axis)
        label = _line(axis.get_label().get_text() or above)
        if names:
            listed = ", ".join(names[:12]) + (" and more" if len(names) > 12 else "")
            said.append(f"{way}: {label + ': ' if label else ''}{listed}")
        elif label:
            said.append(f"{way}: {label}")
    return _stopped("; ".join(said)) if said else ""


def _names(axis: Axis) -> list[str]:
    """The words along an axis; none where it has numbers."""
    words = [_line(label.get_text()) for label in axis.get_ticklabels()]
    named = any(letter.isalpha() for word in words for letter in word)
    return [word for word in words if word] if named else []


# --- series --------------------------------------------------------------------------------------


def _series(ax: Axes, values: int) -> Iterator[str]:
    """What each labelled series shows, with so many of its values."""
    for container in ax.containers:
        if isinstance(container, BarContainer) and _said(container.get_label()):
            lengths = _bars(container)
            yield _with(container.get_label(), map(number, lengths[: 4 * values]), values)
        elif isinstance(container, ErrorbarContainer) and _said(container.get_label()):
            yield _points(ax, container.get_label(), container.lines[0], values)
    for line in ax.get_lines():
        if _said(line.get_label()) and len(np.atleast_1d(line.get_xdata())):
            yield _points(ax, line.get_label(), line, values)
    for layer in ax.collections:
        if isinstance(layer, PolyCollection) and _said(layer.get_label()):
            yield _layer(str(layer.get_label()), layer, values)


def _said(label: object) -> bool:
    return bool(label) and not str(label).startswith("_")


def _bars(bars: BarContainer) -> list[float]:
    across = bars.orientation == "horizontal"
    return [bar.get_width() if across else bar.get_height() for bar in bars.patches]


def _points(ax: Axes, label: object, line: Line2D, values: int) -> str:
    x, y = (np.asarray(data, dtype=float) for data in line.get_data(orig=False))
    low, high = sorted(ax.get_xlim())
    kept = np.flatnonzero(~np.isnan(y) & (x >= low) & (x <= high))
    at = [int(kept[k]) for k in _spread(len(kept), values)]
    return _with(label, (f"{number(y[k])} at {number(x[k])}" for k in at), values)


def _layer(label: str, layer: PolyCollection, values: int) -> str:
    """How thick a layer is at some places."""
    corners = np.asarray(layer.get_paths()[0].vertices)
    places = np.unique(corners[:, 0])
    at = [places[k] for k in _spread(len(places), values)]
    return _with(label, (f"{number(_thick(corners, x))} at {number(x)}" for x in at), values)


def _thick(corners: Array, x: float) -> float:
    heights = corners[corners[:, 0] == x, 1]
    return float(heights.max() - heights.min())


def _spread(n: int, values: int) -> list[int]:
    """The first, the last, and one in the middle; the last alone if but one is asked for."""
    wanted: list[int] = [[], [n - 1], [0, n - 1], [0, (n - 1) // 2, n - 1]][values]
    return list(dict.fromkeys(wanted)) if n else []


def _with(label: object, said: Iterable[str], values: int) -> str:
    listed = ", ".join(said) if values else ""
    return f"{_line(str(label))}: {listed}" if listed else _line(str(label))


# --- letters -------------------------------------------------------------------------------------


def number(value: float) -> str:
    """A number as it is said: about three figures, thousands apart."""
    if not np.isfinite(value):
        return "none"
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{places}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-0", "0", text == "-0")


def _title(ax: Axes) -> str:
    return ax.get_title(loc="left") or ax.get_title() or ax.get_title(loc="right")


def _line(text: str) -> str:
    return " ".join(text.split())


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _cut(text: str, most: int = MOST) -> str:
    """No longer than may be, ended at a word."""
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"
