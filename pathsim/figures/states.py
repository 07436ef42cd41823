"""What patients can be in, and how figures paint it: a therapy has one colour in all of them.

In remission after a therapy its colour is hatched. Called by the figures of patients.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from pathsim.figures.style import (
    GREY,
    INK,
    PALE,
    ink_on,
    short,
)

SAID = {
    "treated": "on {}", "free": "in remission after {}", "waiting": "waiting for a therapy",
    "off": "between lines, supportive care", "left": "left alive", "dead": "dead",
}  # fmt: skip
PLAIN = {"waiting": GREY, "off": PALE, "left": "#9FB3B3", "dead": "#F6F6F6"}
"""What is no therapy -> its colour; the dead are nearly white, since they are most in the end."""
FREE = "////"


@dataclass(frozen=True)
class What:
    """One thing that patients can be in: a kind of day, and the therapy if it is of one."""

    kind: str
    therapy: str = ""

    @property
    def label(self) -> str:
        return SAID[self.kind].format(self.therapy)

    def paint(self, colours: Mapping[str, str]) -> str:
        return PLAIN.get(self.kind) or colours[self.therapy]

    @property
    def hatch(self) -> str | None:
        return FREE if self.kind == "free" else None


def surface(patch: PolyCollection | Patch, what: What, colours: Mapping[str, str]) -> None:
    """A white rim; in remission hatched, in white or black as is better seen."""
    patch.set_linewidth(0.0 if what.hatch else 0.4)
    patch.set_edgecolor(_rim(what, colours))
    if what.hatch:
        patch.set_hatch(what.hatch)


def _rim(what: What, colours: Mapping[str, str]) -> str:
    light = what.hatch and ink_on(what.paint(colours)) == "black"
    return INK if light else "white"


def order_of(therapies: Iterable[str]) -> Iterator[What]:
    for therapy in therapies:
        yield from (What("treated", therapy), What("free", therapy))
    yield from map(What, PLAIN)


def handles_of(whats: Iterable[What], colours: Mapping[str, str]) -> list[Any]:
    """One a therapy, one for all that is hatched, one for each of the rest; the last on top."""
    shown = list(whats)
    names = list(dict.fromkeys(what.therapy for what in shown if what.therapy))
    handles = [Patch(facecolor=colours[name], label=short(name)) for name in names]
    if any(what.hatch for what in shown):
        handles.append(Patch(facecolor="white", edgecolor=INK, hatch=FREE, lw=0.5,
                             label="hatched: in remission\nafter it"))  # fmt: skip
    handles += [Patch(facecolor=PLAIN[what.kind], edgecolor=GREY, lw=0.5, label=what.label)
                for what in shown if not what.therapy]  # fmt: skip
    return handles
