"""The named Pathway as flat arrays, and back to names: what the compiled engine runs.

Each kind of noun is an array of records; what a noun lists stands in another array, from `first_…`
on. A name is its place in `words` (in order), a level too; `NEVER` is a moment that is not yet.
`tabulate.py` fills the arrays; nothing here runs, and nothing here knows a therapy.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

NEVER = -sys.float_info.max
"""The value of a variable that has none yet."""

NONE = -1
"""No such thing: no table, no detour, no limit."""

FROM_START, CALENDAR = -1, -2
"""Where a variable's number would stand: the clock's own start; now."""


def record(integers: str, floats: str = "", words: str = "") -> np.dtype[np.void]:
    """A record of 64-bit numbers; `words` are unsigned."""
    kinds = (("i8", integers), ("f8", floats), ("u8", words))
    return np.dtype([(name, kind) for kind, names in kinds for name in names.split()])


# --- a pathway ---
PATHWAY = record("start first_name names clocks first_variable variables first_standing standings")
STATE = record(
    "word ends first_clock clocks first_request requests first_hold holds first_set sets "
    "first_start starts first_stop stops"
)
CLOCK = record("name law law_table first_factor factors since target first_set sets from_arrival")
REQUEST = record("resource target amount rank")
HOLD = record("resource amount")
CHOICE = record("word name by_rules first_way ways")
WAY = record("word target first_factor factors first_condition first_set sets", "probability")
DETOUR = record("word target first_fate")
TARGET = record("kind thing leaves word")
STATES, CHOICES, DETOURS, HERE, RETURN, AGAIN = range(6)
NAME = record("word", words="key")
VARIABLE = record("word initial is_level")
PAUSES, MOVES, ENDS = 1, 2, 4
"""What a detour does to an inherited clock or request: a sum of these."""

# --- what reads and what is given ---
FACTOR = record("kind thing moment", "number each centre")
NUMBER, TABLE, SLOPE = range(3)
BY = record("variable moment by_levels first_entry entries")
ENTRY = record("thing", "bound number")
GIVEN = record("kind thing ago", "number")
NOTHING, CONSTANT, BY_TABLE, BY_SLOPE, DRAWN, NOW, PLUS_ONE, TESTED = range(8)
DRAW = record(
    "kind first_level levels first_factor factors law has_low has_high", "expected sd low high"
)
LEVELS, ORDERED, NORMAL, FROM_LAW = range(4)
LEVEL = record("first_factor factors", "level probability")
SET = record("variable given")
TEST = record("of", "sensitivity otherwise")
LAW = record("code first_parameter")

# --- conditions: a leaf leads on to the next one by whether it holds ---
CONDITION = record("kind measure thing moment first_level levels yes no", "number")
IS, AT_LEAST, BELOW, HAS_NOT = range(4)
VALUE, QUEUE, FREE, EXPECTED_WAIT = range(4)
HOLDS, FAILS = -1, -2

# --- a service ---
STREAM = record(
    "word pathway target first_set sets first most kind first_time times law", "interval start"
)
AT, STEADY, POISSON = range(3)
RESOURCE = record(
    "word returned carry until discipline skip remembers", "per_day_waited typical_stay", "key"
)
FIRST_COME, RANDOM, SCORE = range(3)
TERMS = record("first_factor factors")


@dataclass(frozen=True)
class Tables:
    """A Service as flat arrays; the records' fields are named above.

    `words` gives the names back; `terms` has a row for each resource and pathway, `fates` one for
    each detour with an entry for each clock and resource. The last fields are the sizes that a
    patient needs.
    """

    words: tuple[str, ...]
    pathways: npt.NDArray[np.void]
    states: npt.NDArray[np.void]
    clocks: npt.NDArray[np.void]
    requests: npt.NDArray[np.void]
    holds: npt.NDArray[np.void]
    choices: npt.NDArray[np.void]
    ways: npt.NDArray[np.void]
    detours: npt.NDArray[np.void]
    targets: npt.NDArray[np.void]
    names: npt.NDArray[np.void]
    variables: npt.NDArray[np.void]
    factors: npt.NDArray[np.void]
    tables: npt.NDArray[np.void]
    entries: npt.NDArray[np.void]
    givens: npt.NDArray[np.void]
    draws: npt.NDArray[np.void]
    levels: npt.NDArray[np.void]
    sets: npt.NDArray[np.void]
    tests: npt.NDArray[np.void]
    laws: npt.NDArray[np.void]
    conditions: npt.NDArray[np.void]
    streams: npt.NDArray[np.void]
    resources: npt.NDArray[np.void]
    terms: npt.NDArray[np.void]
    fates: npt.NDArray[np.int64]
    links: npt.NDArray[np.int64]
    codes: npt.NDArray[np.float64]
    times: npt.NDArray[np.float64]
    parameters: npt.NDArray[np.float64]
    most_clocks: int
    most_started: int
    most_names: int
    most_clock_names: int
    most_variables: int
    most_choices: int
    depth: int

    def name(self, word: int) -> str:
        """Back to the name."""
        return self.words[word]

    @property
    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """The arrays by name."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: array for name, array in named.items() if isinstance(array, np.ndarray)}


RECORDS = {
    "pathways": PATHWAY, "states": STATE, "clocks": CLOCK, "requests": REQUEST, "holds": HOLD,
    "choices": CHOICE, "ways": WAY, "detours": DETOUR, "targets": TARGET, "names": NAME,
    "variables": VARIABLE, "factors": FACTOR, "tables": BY, "entries": ENTRY, "givens": GIVEN,
    "draws": DRAW, "levels": LEVEL, "sets": SET, "tests": TEST, "laws": LAW,
    "conditions": CONDITION, "streams": STREAM, "resources": RESOURCE, "terms": TERMS,
    "fates": np.dtype("i8"), "links": np.dtype("i8"), "codes": np.dtype("f8"),
    "times": np.dtype("f8"), "parameters": np.dtype("f8"),
}  # fmt: skip
"""The arrays of `Tables` and what each is made of."""
