"""Sets of values for the uncertain numbers of a scenario, drawn so that every set is sound.

A draw is fixed by the seed, the number of the set and what the number says of itself: its place in
its part, its source, value and spread. So one statement has one value in a set, in whichever
therapies and scenarios it stands, and nothing that is added changes the draws of the rest. Called
by the designs; knows no engine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby

from pathsim.draws import key_of, uniform
from pathsim.errors import InputError
from pathsim.inputs.evidence import Number
from pathsim.inputs.paths import is_below
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.spreads import Entry, Whole, entries, ordered, wholes
from pathsim.inputs.vary import varied
from pathsim.study.uncertain import joint
from pathsim.study.uncertain.distributions import Reading, Shares, half_width, of_entry
from pathsim.study.uncertain.pieces import Alone, Fitted, Parted, Piece

MOST_TRIES = 1000
"""Redraws of one part in one set, beyond which its numbers contradict each other."""
_PART = re.compile(r"(therapies\.[^.]+|[a-z_]+)\.(.+)")


@dataclass(frozen=True)
class Uncertain:
    """The uncertain numbers of one scenario; made once, drawn from for every set.

    `numbers` counts all numbers of the scenario. `held` are numbers with a spread that cannot vary:
    a share that is all there is of its whole.
    """

    scenario: Scenario
    pieces: tuple[Piece, ...]
    numbers: int
    held: tuple[str, ...] = ()
    redrawn: Counter[str] = field(default_factory=Counter)
    """Part that was refused -> how often it was drawn again; counted by `drawn`."""

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every number that varies, in the order of the scenario."""
        return tuple(path for piece in self.pieces for path in piece.paths)

    def drawn(self, seed: int, number: int) -> dict[str, float]:
        """Path -> value in its written unit, of one set (from 0); sound together.

        Parts that contradict themselves (an order broken) are drawn again as a whole, which is
        drawing from what the rest allows. Raises ValueError if that never ends.
        """
        tries: Counter[int] = Counter()
        values = {
            path: value  # in the order of `paths`
            for place in range(len(self.pieces))
            for path, value in self._piece(place, seed, number, 0)
        }
        for _ in range(MOST_TRIES):
            refused = self.refused(values)
            if not refused:
                return values
            for part in refused:
                self.redrawn[part] += 1
            for place in self._below(refused):
                tries[place] += 1
                values |= self._piece(place, seed, number, tries[place])
        raise ValueError(
            f"set {number}: {', '.join(refused)} refused {MOST_TRIES} draws in a row; narrow the "
            "spreads of the numbers in it"
        )

    def refused(self, values: Mapping[str, float]) -> tuple[str, ...]:
        """The parts, by path, that these values contradict."""
        try:
            varied(self.scenario, values)
        except InputError as error:
            return tuple(dict.fromkeys(problem.path for problem in error.problems))
        return ()

    def _piece(self, place: int, seed: int, number: int, tried: int) -> Iterable[tuple[str, float]]:
        piece = self.pieces[place]

        def uniforms(name: str) -> float:
            own = f"uncertain:{name}" if not tried else f"uncertain:{name}@{piece.paths[0]}"
            return uniform(seed, number, 0, key_of(own), tried)

        return zip(piece.paths, piece.values(uniforms), strict=True)

    def _below(self, refused: Sequence[str]) -> list[int]:
        """The pieces with a number in one of the parts."""
        found = [
            place
            for place, piece in enumerate(self.pieces)
            if any(not part or is_below(path, part) for path in piece.paths for part in refused)
        ]
        if not found:
            raise ValueError(f"{', '.join(refused)}: refused, though nothing in it varies")
        return found


def uncertain(
    scenario: Scenario,
    reading: Reading | None = None,
    *,
    of: Sequence[str] = (),
    correlated: bool = True,
) -> Uncertain:
    """What is uncertain in a scenario: every number that has a spread of some width.

    `of` are beginnings of paths: only numbers below one of them vary. Unless `correlated`, the
    numbers of a fit are drawn each by itself.
    """
    reading = reading or Reading()
    everything = list(entries(scenario))
    with_spread = {e.path: e for e in everything if _spread(e.number) and _meant(e.path, of)}
    found: list[Piece] = []
    left = dict(with_spread)
    if correlated:
        found += _fitted(left)
    held = []
    for whole in wholes(scenario):
        piece, lone = _parted(whole, left, {e.path: e.number for e in everything}, reading)
        found += [piece] if piece else []
        held += lone
    names = {path: _name(entry) for path, entry in left.items()}
    for paths in ordered(scenario):  # with one luck they keep their order, and each its spread
        if bound := [path for path in paths if path in names]:
            names |= dict.fromkeys(bound, names[bound[0]])
    found += [Alone(path, names[path], of_entry(entry, reading)) for path, entry in left.items()]
    order = {entry.path: place for place, entry in enumerate(everything)}
    found.sort(key=lambda piece: order[piece.paths[0]])
    return Uncertain(scenario, tuple(found), len(everything), tuple(held))


def _spread(number: Number) -> bool:
    return number.spread is not None and number.spread.low < number.spread.high


def _meant(path: str, of: Sequence[str]) -> bool:
    return not of or any(is_below(path, head) for head in of)


def _fitted(left: dict[str, Entry]) -> list[Fitted]:
    """The numbers of fits, by fit and part; they are taken out of those left."""
    places = {path: place for path, e in left.items() if (place := joint.place_of(e.number))}

    def kind(path: str) -> tuple[str, str]:
        return places[path].fit, part_of(path)

    return [
        Fitted(fit, tuple(left.pop(path) for path in group))
        for (fit, _), group in groupby(sorted(places, key=kind), kind)
    ]


def _parted(
    whole: Whole, left: dict[str, Entry], numbers: Mapping[str, Number], reading: Reading
) -> tuple[Parted | None, list[str]]:
    """The shares of one whole, taken out of those left; and those that have nothing to vary with.

    Shares without a spread stay as they are, and the others share what these leave.
    """
    free = [path for path in whole.shares if path in left]
    fixed = sum(numbers[path].base for path in whole.shares if path not in left)
    shares = [left[path].number.base for path in free]
    others = [1 - fixed - sum(shares)] if whole.rest else []
    if len(free) == 1 and not whole.rest:
        return None, [left.pop(free[0]).path]
    if len(free) <= 1:  # alone beside a rest: like any other probability
        for path in free:
            most = (1 - fixed) * left[path].number.value / left[path].number.base
            left[path] = replace(left[path], high=most)
        return None, []
    taken = [left.pop(path) for path in free]
    total = sum(shares) + sum(others)
    sds = [_sd(entry, reading) / total for entry in taken]
    names = (*(_name(entry) for entry in taken), f"{_inner(whole.path)}:rest")
    means = [max(share, 0.0) / total for share in (*shares, *others)]
    units = tuple(entry.number.value / entry.number.base if entry.number.base else 1.0
                  for entry in taken)  # fmt: skip
    return Parted(tuple(free), names[: len(means)], Shares.of(means, sds), total, units), []


def _sd(entry: Entry, reading: Reading) -> float:
    """The standard deviation of a share, as a fraction."""
    low, high = entry.number.base_spread or (0.0, 0.0)
    return (high - low) / 2 / half_width(entry, reading)


def part_of(path: str) -> str:
    """The part of the scenario that a path leads into: `therapies.cilta-cel`, `population`."""
    found = _PART.fullmatch(path)
    return found[1] if found else path


def _inner(path: str) -> str:
    """The path below a part: that of one therapy as of another."""
    found = _PART.fullmatch(path)
    if found is None:
        return path
    return f"{found[1].partition('.')[0]}.{found[2]}"


def _name(entry: Entry) -> str:
    """What a number says of itself: by this its draw is known.

    A number of a fit is that of the fit, wherever it stands.
    """
    number, spread = entry.number, entry.number.spread
    if place := joint.place_of(number):
        return f"{place.fit}/{place.name}"
    assert spread is not None
    told = (number.source, number.row, number.where, number.kind, number.value, number.unit)
    return "|".join(map(str, (_inner(entry.path), *told, spread.low, spread.high, spread.of)))
