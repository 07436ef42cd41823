"""What is drawn together: one number, the shares of one whole, the numbers of one fit.

A piece makes its values of uniform numbers that it names. Made by `draw`; knows no seed and no set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pathsim.inputs.evidence import Number
from pathsim.inputs.spreads import Entry
from pathsim.study.uncertain import joint
from pathsim.study.uncertain.distributions import Distribution, Shares

Uniforms = Callable[[str], float]
"""Name of a draw -> its number between 0 and 1."""


class Piece(Protocol):
    """Numbers that are drawn together; in one part of the scenario."""

    @property
    def paths(self) -> tuple[str, ...]: ...

    @property
    def names(self) -> tuple[str, ...]:
        """The draws that it asks for."""

    def values(self, uniforms: Uniforms) -> tuple[float, ...]: ...


@dataclass(frozen=True)
class Alone:
    """A number with a distribution of its own."""

    path: str
    name: str
    distribution: Distribution

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path,)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def values(self, uniforms: Uniforms) -> tuple[float, ...]:
        return (self.distribution.quantile(uniforms(self.name)),)


@dataclass(frozen=True)
class Parted:
    """Shares of one whole. `names` and `shares` may have one more: the rest."""

    paths: tuple[str, ...]
    names: tuple[str, ...]
    shares: Shares
    total: float
    units: tuple[float, ...]

    def values(self, uniforms: Uniforms) -> tuple[float, ...]:
        found = self.shares.at([uniforms(name) for name in self.names])
        return tuple(
            self.total * share * unit for share, unit in zip(found, self.units, strict=False)
        )


@dataclass(frozen=True)
class Fitted:
    """The numbers of one fit that stand in one part."""

    fit: str
    entries: tuple[Entry, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(entry.path for entry in self.entries)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"{self.fit}/{name}" for name in joint.record(self.fit).numbers)

    def values(self, uniforms: Uniforms) -> tuple[float, ...]:
        drawn = joint.standard(self.fit, [uniforms(name) for name in self.names])
        return tuple(self._value(entry.number, drawn) for entry in self.entries)

    def _value(self, number: Number, drawn: Mapping[str, float]) -> float:
        place = joint.place_of(number)
        assert place is not None
        return joint.value_at(number, joint.record(self.fit).numbers[place.name], drawn[place.name])
