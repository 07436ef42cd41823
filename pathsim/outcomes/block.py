"""A block of stays as folds see it: bare columns, and what is worked out of them once for all.

Made of `stretches` by `folds`, or of a table of stays. A column of some of the patients alone is
taken when it is first asked for. Knows no outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd

from pathsim.outcomes.catalogue import OTHER_USERS, Marking
from pathsim.outcomes.columns import (
    Array,
    Flags,
    by_column,
    entries,
    is_any,
    numbered,
    runs,
    words,
)
from pathsim.outcomes.configurations import Configurations


class Block:
    """The stays of whole patients, in order of replication, patient, date."""

    def __init__(
        self, columns: Mapping[str, Any], marking: Marking, chosen: Array | None = None
    ) -> None:
        """`chosen` are the rows that are meant, all where it says nothing."""
        self.marking = marking
        self._columns, self._chosen = columns, chosen
        self._taken: dict[str, Any] = {}

    @classmethod
    def of(cls, stays: pd.DataFrame, marking: Marking) -> Block:
        return cls({str(name): stays[name].array for name in stays.columns}, marking)

    def __len__(self) -> int:
        return len(self["patient"])

    def __getitem__(self, name: str) -> Array:
        """A column as a bare array; words as their codes, in the order of their categories."""
        values = self.column(name)
        return cast(Array, values.codes if isinstance(values, pd.Categorical) else values)

    def column(self, name: str) -> Any:
        """A column: an array, or a categorical of words."""
        if name not in self._taken:
            values = self._columns[name]
            if not isinstance(values, np.ndarray | pd.Categorical):
                values = values.to_numpy()
            self._taken[name] = values if self._chosen is None else values.take(self._chosen)
        return self._taken[name]

    @property
    def ours(self) -> Block:
        """The same without other users; itself where there are none."""
        return self if self._ours is None else self._ours

    @cached_property
    def _ours(self) -> Block | None:
        # Not itself: a block that held itself would stay in memory until it is looked for.
        others = other_users(self.column("stream"))
        return Block(self._columns, self.marking, np.flatnonzero(~others)) if others.any() else None

    @cached_property
    def counted(self) -> Block:
        """Ours who arrive after the warm-up."""
        ours = self.ours
        arrived = ours["from"].take(ours.starts)
        late = np.flatnonzero((arrived >= self.marking.warm_up)[ours.where])
        chosen = late if ours._chosen is None else ours._chosen.take(late)
        return Block(self._columns, self.marking, chosen)

    # --- patients ------------------------------------------------------------------------------

    @cached_property
    def first(self) -> Flags:
        """True at the first row of each patient."""
        return runs(self["patient"]) | runs(self["replication"])

    @cached_property
    def starts(self) -> Array:
        """The number of the first row of each patient."""
        return np.flatnonzero(self.first)

    @cached_property
    def ends(self) -> Array:
        """The number of the last row of each patient."""
        return np.append(self.starts[1:], len(self))[: len(self.starts)] - 1

    @cached_property
    def where(self) -> Array:
        """For each row the running number of its patient."""
        return np.repeat(np.arange(len(self.starts)), self.ends - self.starts + 1)

    # --- what is true there --------------------------------------------------------------------

    @cached_property
    def found(self) -> Configurations:
        """The configurations that occur."""
        return Configurations.of(self.column("configuration").categories, self.marking)

    @cached_property
    def configuration(self) -> Array:
        """For each row the number of its configuration."""
        return self["configuration"].astype(np.intp)

    @cached_property
    def _into(self) -> Array:
        """The state that each row is an entry into, or -1."""
        return np.where(self["entry"], self["entered"], -1)

    @cached_property
    def _tagged(self) -> tuple[Array, Array]:
        """The rows that are entries into a state with tags, and the states."""
        tagged = np.array([bool(mark.tags) for mark in self.marking.states] + [False])
        rows = np.flatnonzero(tagged[self._into])
        return rows, self._into.take(rows)

    def entries(self, *tags: str) -> Array:
        """The numbers of the rows that are entries into a state with any of the tags."""
        rows, states = self._tagged
        return rows.take(np.flatnonzero(self.marking.tagged(*tags)[states]))

    @cached_property
    def used(self) -> tuple[Array, Array, Array]:
        """(row, place among the marking's things, amount) of what is used, in order of rows.

        On entry into a state, and per day of the state that is on top.
        """
        things, n = self.marking.things, len(self.marking.states) + 1
        on_entry = by_column([self.marking.amounts("uses", t) for t in things], n)
        per_day = by_column([self.marking.amounts("per_day", t) for t in things], n)
        per_day = per_day[self.found.top]
        some = np.flatnonzero(
            np.any(per_day, axis=1)[self.configuration] | np.any(on_entry, axis=1)[self._into]
        )
        way = self.configuration.take(some) * n + self._into.take(some) + 1
        way, ways = numbered(way, len(per_day) * n)
        on_entry, per_day = on_entry[ways % n - 1], per_day[ways // n]
        at, thing, _ = entries((on_entry != 0) | (per_day != 0), way)
        row, way = some.take(at), way.take(at)
        return row, thing, on_entry[way, thing] + per_day[way, thing] * self["days"].take(row)


def other_users(streams: Any) -> Flags:
    """True for streams that are not ours: whose name begins with "other_users"."""
    streams = words(streams)
    others = [name for name in streams.categories if str(name).startswith(OTHER_USERS)]
    return is_any(streams, *others)
