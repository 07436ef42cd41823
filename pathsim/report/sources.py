"""The list of sources: each once, numbered in the order in which it is first cited.

Called by `evidence` for numbers and by `methods` for its checklists. Citations are those of the
catalogue that came with this pathsim; a key that it does not know is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pathsim.inputs.evidence import Source, Sources
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import params_dir
from pathsim.study.evidence import address

UNKNOWN = "its citation is not in the catalogue of the pathsim that made this page"


@dataclass(frozen=True)
class Reference:
    """A source as it stands in the list."""

    number: int
    citation: str
    address: str
    read: str


@dataclass
class References:
    """Numbers are given as sources are cited."""

    known: Mapping[str, Source]
    order: dict[str, int] = field(default_factory=dict)

    def cite(self, keys: Iterable[str]) -> tuple[int, ...]:
        """The numbers of these sources, in the order given."""
        return tuple(self.order.setdefault(key, len(self.order) + 1) for key in keys)

    def every(self) -> tuple[Reference, ...]:
        """All that was cited so far."""
        return tuple(self._one(key, number) for key, number in self.order.items())

    def _one(self, key: str, number: int) -> Reference:
        source = self.known.get(key)
        if source is None:
            return Reference(number, f"{key}: {UNKNOWN}", "", "not known")
        read = "not read" if source.read == "no" else f"read: {source.read}"
        return Reference(number, source.citation, address(source), read)


def catalogue_sources() -> dict[str, Source]:
    """The sources of the catalogue, by key."""
    return dict(validate(read(params_dir() / "sources.yaml"), Sources).root)
