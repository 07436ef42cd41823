"""Which fit sets a number, and which published figures that fit was made to meet.

Called by `study.evidence`. A fit (`params/fits/`) says in `free.NAME.sets` which paths of which
files it sets; a target (`params/targets/`) says in `informs` which fits use it. Read as plain data:
what they must be is checked where they are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pathsim.inputs.load import read
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.stated import Stated

_FITS_FILE = re.compile(r"params/(?:fits|calibrated)/([\w-]+)\.yaml")


@dataclass(frozen=True)
class Target:
    """A published figure: where it stands, what it is of, what it cites, which fits use it."""

    file: str
    name: str
    outcome: str
    role: str
    published: Mapping[str, Any]
    informs: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.file}: {self.name}"


@dataclass(frozen=True)
class Informing:
    """All fits and targets of the catalogue."""

    sets: Mapping[tuple[str, str], tuple[str, ...]]
    targets: tuple[Target, ...]

    def fits_of(self, file: str, number: Stated) -> tuple[str, ...]:
        """The fits that set a number: by their list of paths, or as the number itself says.

        `file` is the file's place in `params/` without ending, such as `therapies/cilta-cel`.
        """
        said = self.sets.get((file, number.position), ())
        return said or tuple(_FITS_FILE.findall(number.number.where))

    def targets_of(self, fits: tuple[str, ...]) -> list[Target]:
        """The targets that any of these fits was made to meet."""
        return [target for target in self.targets if set(target.informs) & set(fits)]


def informing() -> Informing:
    """What the catalogue says now; nothing where it has no fits or no targets."""
    sets: dict[tuple[str, str], tuple[str, ...]] = {}
    for fit, path in named(params_dir() / "fits").items():
        for place in _set_by(read(path).data):
            sets[place] = (*sets.get(place, ()), fit)
    targets = [
        target for path in named(params_dir() / "targets").values()
        for target in _targets(path)
    ]  # fmt: skip
    return Informing(sets, tuple(targets))


def _set_by(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(file, path) of each number that a fit sets."""
    for free in data.get("free", {}).values():
        for file, paths in free.get("sets", {}).items():
            yield from ((file, str(path)) for path in paths)


def _targets(path: Path) -> Iterator[Target]:
    for written in read(path).data.get("targets", ()):
        yield Target(
            path.stem,
            str(written["name"]),
            str(written.get("outcome", "")),
            str(written.get("role", "")),
            written.get("published", {}),
            tuple(written.get("informs", ())),
        )
