"""The second entry compared with the first: where they agree, where not, and how it was settled.

Called by `pathsim evidence --second-entry`. Two values agree when they differ by no more than
rounding does. A disagreement is open until `settled.yaml` says which entry is kept and why, and
until the first says what was settled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pathsim.errors import InputError, Problem
from pathsim.inputs.document import shown
from pathsim.inputs.evidence import Number
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.second_entry import SETTLED, Entry, SecondEntry, Settled, Settlement
from pathsim.inputs.stated import Stated, stated
from pathsim.study.blank_form import ENTERED, asked
from pathsim.study.check import Part, read_part
from pathsim.units import dimension, to_base

ROUNDING = 0.02
"""How far two values may lie apart, as a part of the larger, and still be the same."""

Outcome = Literal["agrees", "differs", "assumed twice", "not found", "gone", "not entered"]
OUTCOMES: dict[Outcome, str] = {
    "agrees": "the same value, kind and row",
    "differs": "another value, kind or row",
    "assumed twice": "both assume, and not the same",
    "not found": "assumed first, and left without a value the second time",
    "gone": "entered twice, and no longer asked for in the first",
    "not entered": "in the first alone",
}


@dataclass(frozen=True)
class Compared:
    """One number of a file, as entered first and second; how they differ; how that was settled."""

    name: str
    path: str
    words: str
    first: Number | None
    second: Entry | None
    differs: tuple[str, ...] = ()
    settlement: Settlement | None = None

    @property
    def outcome(self) -> Outcome:
        if self.second is None or self.second.blank:
            return "not entered"
        if self.first is None:
            return "gone"
        if self.second.value is None and not self.differs:
            return "not found"
        if "value" in self.differs and self.first.kind == self.second.kind == "assumption":
            return "assumed twice"
        return "differs" if self.differs else "agrees"

    @property
    def open(self) -> bool:
        """A disagreement that nobody has settled, or settled for the second and not carried out."""
        if self.outcome != "differs":
            return False
        return self.settlement is None or self.settlement.keep == "second"

    @property
    def within_spread(self) -> bool:
        """Whether the second value lies in the spread of the first."""
        if self.first is None or self.second is None or self.second.value is None:
            return False
        low, high = self.first.base_spread or (self.first.base, self.first.base)
        return low <= to_base(self.second.value, self.second.unit) <= high


@dataclass(frozen=True)
class Comparison:
    """All that was entered twice."""

    compared: tuple[Compared, ...]

    def only(self, names: Collection[str]) -> Comparison:
        """The same of some files alone."""
        return Comparison(tuple(each for each in self.compared if each.name in names))

    def of(self, *outcomes: Outcome) -> list[Compared]:
        return [each for each in self.compared if each.outcome in outcomes]

    @property
    def settled(self) -> list[Compared]:
        """What was settled, those included in which the first has been corrected since."""
        return [each for each in self.compared if each.settlement and not each.open]

    @property
    def open(self) -> list[Compared]:
        return [each for each in self.compared if each.open]

    def counts(self) -> dict[str, Counter[str]]:
        """For each file, how many numbers came to which outcome, and how many are open."""
        found: dict[str, Counter[str]] = {}
        for each in self.compared:
            counts = found.setdefault(each.name, Counter())
            counts[each.outcome] += 1
            counts["open"] += each.open
        return found


def compare(folder: Path | None = None) -> Comparison:
    """Every file of `params/second_entry/` (or another folder) against the first entry.

    Raises InputError with all that is wrong in the files, such as a settlement of what nobody
    entered.
    """
    folder = folder or params_dir() / "second_entry"
    firsts = {name: path for kind in ENTERED for name, path in named(params_dir() / kind).items()}
    files = named(folder)
    settled = _settled(files.pop(SETTLED, None))
    problems = [
        Problem(shown(path), 1, "", f"no therapy or population '{name}'", "name the file after one")
        for name, path in files.items() if name not in firsts
    ]  # fmt: skip
    seconds = {n: validate(read(p), SecondEntry).root for n, p in files.items() if n in firsts}
    problems += _idle(settled, seconds, folder)
    if problems:
        raise InputError(problems)
    found = [
        each for name, second in seconds.items()
        for each in compare_one(name, read_part(firsts[name]), second, settled.get(name, {}))
    ]  # fmt: skip
    return Comparison(tuple(found))


def compare_one(
    name: str, first: Part, second: dict[str, Entry], settled: dict[str, Settlement]
) -> Iterator[Compared]:
    """Each number of the first entry in its order, then what the second alone has."""
    wanted = {each.path: each for each in asked(first)}
    every = {each.path: each for each in stated(first.written)}
    for path in [*wanted, *(path for path in second if path not in wanted)]:
        entry = second.get(path)
        number = wanted[path].number if path in wanted else None
        words = _words(every[path]) if path in every else "no longer in the file"
        differs = _differences(number, entry) if number and entry else ()
        yield Compared(name, path, words, number, entry, differs, settled.get(path))


def _words(number: Stated) -> str:
    return f"{number.heading}, {number.words}"


def _settled(path: Path | None) -> dict[str, dict[str, Settlement]]:
    return {} if path is None else validate(read(path), Settled).root


def _idle(
    settled: dict[str, dict[str, Settlement]], seconds: dict[str, dict[str, Entry]], folder: Path
) -> Iterator[Problem]:
    """A problem for each settlement of something that was not entered twice."""
    if not settled:
        return
    document = read(folder / f"{SETTLED}.yaml")
    for name, paths in settled.items():
        for path in paths:
            if path not in seconds.get(name, {}):
                cause, remedy = "was not entered twice", "correct the path, or remove it"
                yield document.problem((name, path), cause, remedy=remedy)


def _differences(first: Number, second: Entry) -> tuple[str, ...]:
    """In what the two differ: value, kind, row; none where they agree."""
    if second.blank:
        return ()
    if second.value is None:
        return () if first.kind == "assumption" else ("value",)
    found = {
        "value": not _same_value(first, second),
        "kind": first.kind != second.kind,
        "row": not _same_row(first, second),
    }
    return tuple(what for what, differs in found.items() if differs)


def _same_value(first: Number, second: Entry) -> bool:
    assert second.value is not None
    if dimension(second.unit) != first.measures:
        return False
    a, b = first.base, to_base(second.value, second.unit)
    return abs(a - b) <= ROUNDING * max(abs(a), abs(b)) + 1e-12


def _same_row(first: Number, second: Entry) -> bool:
    """The same row, or one that the other's note names, or, where a row is lacking, one source."""
    if first.kind == second.kind == "assumption":
        return True
    one, other = f"{first.row} {first.note or ''}", f"{second.row} {second.note or ''}"
    if (first.row and first.row in other) or (second.row and second.row in one):
        return True
    lacking = first.row is None or second.row is None
    return lacking and second.source == first.source
