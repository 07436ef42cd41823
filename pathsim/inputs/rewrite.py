"""Numbers put into a file of the catalogue in place of those that stand there, all else untouched.

Called by `study.fit`. A number stands on one line, as a mapping in braces; its place comes from
the document. Knows no fit and no therapy.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pathsim.errors import InputError
from pathsim.inputs.document import Document, Where, at
from pathsim.inputs.load import read

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def where(path: str) -> Where:
    """The way to an entry from its path: `progression.effects[0].hazard_ratio`."""
    return tuple(int(place) if place else name for name, place in _STEP.findall(path))


def number_at(document: Document, path: str) -> dict[str, object]:
    """The number that stands at a path, as written; raises InputError if there is none."""
    found = at(document.data, where(path))
    if not isinstance(found, dict) or "value" not in found or "unit" not in found:
        remedy = "name the path of a number that stands in this very file"
        raise InputError(document.problem(where(path), f"no number at {path}", remedy=remedy))
    return found


def rewrite(path: Path, numbers: Mapping[str, str]) -> None:
    """Put each text, such as `{value: 3, unit: days, ...}`, at its path in the file.

    Raises InputError, and writes nothing, if one of the paths holds no number on one line.
    """
    document = read(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    for place, text in numbers.items():
        number_at(document, place)
        index = document.line(where(place)) - 1
        lines[index] = _put(lines[index], document, place, text)
    finished = path.with_suffix(".tmp")
    finished.write_text("\n".join(lines), encoding="utf-8")
    finished.replace(path)


def _put(line: str, document: Document, place: str, text: str) -> str:
    key = str(where(place)[-1])
    start = line.find(f"{key}: {{")
    begin = line.find("{", start + len(key))
    end = _closing(line, begin)
    if start < 0 or end < 0:
        remedy = f"write '{key}: {{value: ..., unit: ...}}' on one line"
        raise InputError(document.problem(where(place), "no number on one line", remedy=remedy))
    return line[:begin] + text + line[end + 1 :]


def _closing(line: str, begin: int) -> int:
    """The place of the brace that closes the one at `begin`, quoted text apart; -1 if none."""
    depth, quoted = 0, False
    for index in range(begin, len(line)):
        quoted ^= line[index] == '"'
        if not quoted:
            depth += {"{": 1, "}": -1}.get(line[index], 0)
            if depth == 0:
                return index
    return -1
