"""From a file that somebody wrote to checked data, with every problem reported at once.

Called by the modules that know what a therapy, a population or a scenario is; knows none of
them itself. `read` gives a `Document`, `read_extended` one laid over the base it extends, and
`validate` turns a document into a pydantic model, or raises an `InputError` that says for each
problem where it stands, what it is and how to mend it.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, overload

from pydantic import BaseModel, TypeAdapter, ValidationError

from pathsim.errors import InputError, Problem, did_you_mean
from pathsim.inputs.complaints import complaints
from pathsim.inputs.document import Document, Where, at, dotted, merge, shown
from pathsim.inputs.nulls import idle_nulls, keep_nulls
from pathsim.inputs.yaml_text import parse

__all__ = ["Document", "Where", "beside", "extended", "merge", "read", "read_extended", "validate"]

LARGEST = 1_000_000
"""Bytes; the largest file that is read. Real ones have a few thousand."""

LONGEST = 200
"""Bytes; the longest name of a file that another one names."""

_parsed = lru_cache(maxsize=64)(parse)
"""Every text is parsed once in a process, by which scenarios share the catalogue."""

Model = TypeVar("Model", bound=BaseModel)


def read(path: Path | str) -> Document:
    """The document in a YAML file; raises InputError with everything wrong with the file."""
    source = Path(path).absolute()
    file = shown(source)
    parsed = _parsed(_text(source))
    problems = [Problem(file, f.line, dotted(f.where), f.cause, f.remedy) for f in parsed.flaws]
    if not problems and not isinstance(parsed.data, dict):
        problems.append(_not_a_mapping(file, parsed.lines.get((), 1), parsed.data))
    if problems:
        raise InputError(problems)
    return Document(source, parsed.data, {w: (file, line) for w, line in parsed.lines.items()})


def read_extended(
    path: Path | str, bases: Mapping[str, Path], *, parts: Mapping[str, int] | None = None
) -> Document:
    """The document in a file, laid over the one its `extends` names, and so on down.

    `extends` is a name in `bases`, or a path relative to the file that says it; it is left out
    of the result. Raises InputError for a base that is missing or comes round in a circle, and
    for a null that deletes nothing. `parts` are entries that are laid over something else later,
    and how many levels below them their nulls begin to speak of that.
    """
    return extended(read(path), bases, parts=parts)


def extended(
    document: Document, bases: Mapping[str, Path], *, parts: Mapping[str, int] | None = None
) -> Document:
    """The same for a document that has been read, or that is part of one."""
    chain = [document]
    while (base := _base(chain[-1], bases)) is not None:
        chain.append(_next(chain, base))
    whole = _without_extends(chain.pop())
    while chain:
        change = _without_extends(chain.pop())
        for part, below in (parts or {}).items():
            change = _keeping_nulls(change, part, whole.data.get(part), below)
        if problems := idle_nulls(change, change.data, whole.data):
            raise InputError(problems)
        whole = whole.merged(change)
    return whole


@overload
def validate(document: Document, kind: type[Model], at: Where = ()) -> Model: ...
@overload
def validate(document: Document, kind: Any, at: Where = ()) -> Any: ...
def validate(document: Document, kind: Any, at: Where = ()) -> Any:
    """The model that a document (or its entry `at`) describes; raises InputError.

    `kind` is a pydantic model, or any type that pydantic validates, such as a discriminated
    union of models. A validator's ValueError reads "cause; remedy".
    """
    try:
        return TypeAdapter(kind).validate_python(_entry(document, at))
    except ValidationError as error:
        raise InputError(complaints(error, document, kind=kind, at=at)) from None


def _entry(document: Document, where: Where) -> Any:
    entry = at(document.data, where)
    if where and entry is None:
        raise InputError(document.problem(where, "missing", remedy=f"add '{where[-1]}:'"))
    return entry


def _text(source: Path) -> str:
    """A file's text, if it is text at all, and not too long."""
    try:
        with source.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise _unreadable(source, "no such file", "check the name") from None
    except IsADirectoryError:
        raise _unreadable(source, "a folder, not a file", "name a file in it") from None
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise _unreadable(source, f"cannot be read ({said})", "check the file") from None
    if len(content) > LARGEST:
        raise _unreadable(source, f"longer than {LARGEST:,} bytes", "split the file")
    if b"\0" in content:
        raise _unreadable(source, "a binary file, not text", "save it as plain text in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(source, "not UTF-8 text", "save it in UTF-8", line=line) from None


def _unreadable(source: Path, cause: str, remedy: str, *, line: int = 1) -> InputError:
    return InputError(Problem(shown(source), line, "", cause, remedy))


def _not_a_mapping(file: str, line: int, data: Any) -> Problem:
    if data is None:
        return Problem(file, line, "", "empty", "write at least one 'key: value'")
    found = "a list" if isinstance(data, list) else "a single value"
    return Problem(file, line, "", f"{found}, not a mapping", "start with 'key: value' lines")


def _without_extends(document: Document) -> Document:
    data = {key: value for key, value in document.data.items() if key != "extends"}
    return Document(document.source, data, document.places)


def _keeping_nulls(change: Document, part: str, base: Any, below: int) -> Document:
    """The change with the nulls of a part kept, if it has that part."""
    if change.data.get(part) is None:
        return change
    kept = keep_nulls(change.data[part], base, below=below)
    return Document(change.source, {**change.data, part: kept}, change.places)


def _base(document: Document, bases: Mapping[str, Path]) -> Path | None:
    """The file that a document extends; None if it extends nothing."""
    if "extends" not in document.data:
        return None
    name = document.data["extends"]
    if not isinstance(name, str) or not 0 < len(name.encode()) <= LONGEST:
        remedy = "write one name, such as 'extends: base'"
        raise InputError(document.problem(("extends",), "is to be one name", remedy=remedy))
    if name in bases:
        return bases[name].absolute()
    if path := beside(document, name):
        return path.resolve()
    near = did_you_mean(name, bases)
    remedy = f"did you mean '{near}'?" if near else f"choose from: {', '.join(sorted(bases))}"
    raise InputError(document.problem(("extends",), f"no base '{name}'", remedy=remedy))


def beside(document: Document, name: str) -> Path | None:
    """The YAML file of this name, seen from the file that names it; None if there is none."""
    path = document.source.parent / name
    try:
        found = path.suffix in {".yaml", ".yml"} and path.is_file()
    except OSError:  # the name is longer than the system allows
        return None
    return path if found else None


def _next(chain: list[Document], base: Path) -> Document:
    """The next document down the chain, unless the chain has come round to it before."""
    files = [document.source.resolve() for document in chain]
    if base.resolve() in files:
        circle = chain[files.index(base.resolve()) :]
        names = " -> ".join(document.file for document in [*circle, circle[0]])
        raise InputError(
            chain[-1].problem(
                ("extends",), f"bases go round in a circle: {names}", remedy="remove one 'extends'"
            )
        )
    return read(base)
