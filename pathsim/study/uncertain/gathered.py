"""The values of a study's outcomes over all its sets, as they come: a row a set, a column a
replication.

Called by the accounts of uncertainty and of sensitivity. Keeps eight bytes a value and no tables.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from pathsim.inputs.study import AS_WRITTEN
from pathsim.study.cells import Cells, unless_told
from pathsim.study.cells import Values as OfCell
from pathsim.study.uncertain.apart import Values


@dataclass(frozen=True)
class Label:
    """What an outcome is, and of which cell; `minus` is the scenario that it is a difference to."""

    scenario: str
    minus: str
    structure: str
    group: str
    outcome: str
    unit: str

    @property
    def cell(self) -> str:
        """The scenario, what it is a difference to and the structure, as a reader needs them."""
        minus = f" minus {self.minus}" if self.minus else ""
        structure = "" if self.structure == AS_WRITTEN else f", {self.structure}"
        return f"{self.scenario}{minus}{structure}"


@dataclass
class Gathered:
    """Given the cells of each set in order. `unreached` counts sets in which a median was not."""

    replications: int
    sets: int = 0
    unreached: dict[Label, int] = field(default_factory=dict)
    _values: dict[Label, array[float]] = field(default_factory=dict)

    def add(self, cells: Cells, *, differences: bool = True) -> None:
        """The cells of the next set; what each scenario differs by from the first, besides."""
        first = next(iter(cells))[0]
        for (scenario, structure), cell in cells.items():
            for each in cell.values():
                self._keep(scenario, "", structure, each)
            base = cells[first, structure]
            if differences and scenario != first:
                for name, each in cell.items():
                    if name in base:
                        self._keep(scenario, first, structure, each.minus(base[name]))
        self.sets += 1

    def _keep(self, scenario: str, minus: str, structure: str, each: OfCell) -> None:
        label = Label(scenario, minus, structure, each.group, each.outcome, each.unit)
        kept = self._values.setdefault(label, array("d"))
        missing = self.sets * self.replications - len(kept)
        kept.extend([unless_told(each.outcome)] * missing)  # sets in which it could not be told
        kept.extend(each.values if each.reached else np.full(self.replications, np.nan))
        if not each.reached:
            self.unreached[label] = self.unreached.get(label, 0) + 1

    def __iter__(self) -> Iterator[tuple[Label, Values]]:
        """Each outcome and its values in all sets: of scenarios first, then of differences."""
        for label in sorted(self._values, key=lambda label: bool(label.minus)):
            yield label, self.of(label)

    def of(self, label: Label) -> Values:
        """A row a set, a column a replication; NaN where it is not known.

        What stands in a set only where it occurred is 0 elsewhere.
        """
        none = unless_told(label.outcome)
        base = replace(label, scenario=label.minus, minus="")
        if not np.isnan(none) and label.minus and base in self._values:
            return self.of(replace(label, minus="")) - self.of(base)
        kept = np.asarray(self._values[label], dtype=float)
        whole = np.full(self.sets * self.replications, none)
        whole[: len(kept)] = kept
        return whole.reshape(self.sets, self.replications)
