"""A scenario's file and all the files that it names, put together into one document.

Called by `resolve`. Knows where each kind of part is kept, and nothing of what is in it. Every
entry keeps the file and line where it was written.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pathsim.errors import InputError, Problem, did_you_mean
from pathsim.inputs.background import load_background
from pathsim.inputs.centre import choose
from pathsim.inputs.document import Document, Where, at
from pathsim.inputs.load import beside, extended, read, read_extended
from pathsim.inputs.nulls import IDLE, idle_nulls, plain_nulls, without_kept
from pathsim.inputs.places import named, params_dir, scenarios_dir
from pathsim.inputs.plain import plain
from pathsim.inputs.scenario import Mortality

FOLDERS = {
    "population": "populations",
    "supportive": "supportive",
    "best_supportive_care": "best_supportive_care",
    "centre": "centres",
    "strategy": "strategies",
}
"""Part of a scenario -> the folder of `params/` in which a name of one is looked up."""

DEFAULTS = {"supportive": "supportive-care", "best_supportive_care": "best-supportive-care"}
"""Part of a scenario -> the name that holds where none is written."""

UNREADABLE = object()
"""Stands in a document for a part that could not be read, as has been reported."""


def assembled(name: str | Path) -> tuple[Document, list[Problem]]:
    """A scenario by name or path, as one document, and what could not be put in.

    Raises InputError if the scenario's own files cannot be read.
    """
    return put_together(read(_found(name)), named(scenarios_dir()))


def put_together(document: Document, bases: Mapping[str, Path]) -> tuple[Document, list[Problem]]:
    """The same for a scenario that has been read, which may extend one of the bases."""
    parts = {**dict.fromkeys(FOLDERS, 1), "therapies": 2}
    document = extended(document, bases, parts=parts)
    document = _put(document, ("name",), document.data.get("name", document.source.stem))
    document = Document(document.source, {**DEFAULTS, **document.data}, document.places)
    problems: list[Problem] = []
    for part, folder in FOLDERS.items():
        step = partial(_part, where=(part,), folder=folder)
        document = _tried(step, document, (part,), problems)
    problems += _nameless(document, ("therapies",), "therapies", "a therapy")
    document = _as_mapping(document, ("therapies",))
    therapies = document.data.get("therapies")
    for therapy in therapies if isinstance(therapies, dict) else ():
        step = partial(_therapy, name=therapy)
        document = _tried(step, document, ("therapies", therapy), problems)
    document = _tried(_background, document, ("background",), problems)
    return document, problems


def _found(name: str | Path) -> Path:
    """The file of a scenario; a name is one of those that come with pathsim."""
    shipped = named(scenarios_dir())
    path = Path(name)
    if str(name) in shipped:
        return shipped[str(name)]
    if path.suffix in {".yaml", ".yml"}:
        return path
    near = did_you_mean(str(name), shipped)
    remedy = f"did you mean '{near}'" if near else f"choose from {', '.join(shipped)}"
    shown = str(name)[:80]
    raise InputError(
        Problem(shown, 1, "", "no scenario of this name", f"{remedy}, or name a .yaml file")
    )


def _tried(
    step: Callable[[Document], Document], document: Document, where: Where, problems: list[Problem]
) -> Document:
    """The document after a step that puts in a part; if it fails, the part is marked so."""
    try:
        return step(document)
    except InputError as error:
        problems.extend(error.problems)
        return _put(document, where, UNREADABLE)


def _part(document: Document, where: Where, folder: str) -> Document:
    """The document with a named or extended part put in."""
    entry = at(document.data, where)
    if isinstance(entry, str):
        return _grafted(document, where, _catalogued(document, where, folder, entry))
    if isinstance(entry, dict) and "extends" in entry:
        base = _catalogued(document, (*where, "extends"), folder, entry["extends"])
        return _grafted(document, where, _changed(document, where, base))
    if isinstance(entry, dict):
        if problems := idle_nulls(document, entry, {}, where=where, nulls=(IDLE,)):
            raise InputError(problems)
        return _put(document, where, without_kept(entry))
    return document


def _changed(document: Document, where: Where, base: Document) -> Document:
    """A part of the catalogue with an entry laid over it; InputError for idle nulls."""
    change = _below(document, where)
    if problems := idle_nulls(document, change.data, base.data, where=where, nulls=(None, IDLE)):
        raise InputError(problems)
    change = Document(change.source, plain_nulls(change.data), change.places)
    return base.merged(change)


def with_bridging(document: Document, where: Where = ()) -> Document:
    """A therapy, or the one at an entry, with its ways to bridge put in, each as therapies are.

    Raises InputError if one cannot be. A therapy without bridging is left as it is.
    """
    where = (*where, "bridging", "options")
    problems = _nameless(document, where, "bridging", "a way to bridge")
    document = _as_mapping(document, where)
    options = at(document.data, where)
    for name in options if isinstance(options, dict) else ():
        step = partial(_named, where=(*where, name), folder="bridging", sign="name")
        document = _tried(step, document, (*where, name), problems)
    if problems:
        raise InputError(problems)
    return document


def _therapy(document: Document, name: str) -> Document:
    """The document with one therapy put in, and its ways to bridge."""
    where: Where = ("therapies", name)
    return with_bridging(_named(document, where, "therapies", sign="modality"), where)


def _named(document: Document, where: Where, folder: str, *, sign: str) -> Document:
    """The document with one entry put in: whole, by name, or as changes to that in the catalogue.

    Only a whole one has the key `sign`.
    """
    name, entry = where[-1], at(document.data, where)
    entry = {} if entry is None else entry
    if not isinstance(entry, dict) or sign in entry:
        return _part(document, where, folder)
    changes = {"extends": name, "name": name, **entry}
    return _part(_put(document, where, changes), where, folder)


def _nameless(document: Document, where: Where, folder: str, kind: str) -> list[Problem]:
    """A problem for each entry in a list of parts that is no name."""
    entries = at(document.data, where)
    remedy = f"write one of {', '.join(named(params_dir() / folder))}"
    return [
        document.problem((*where, index), f"no name of {kind}", remedy=remedy)
        for index, entry in enumerate(entries if isinstance(entries, list) else ())
        if not isinstance(entry, str) or not entry
    ]


def _as_mapping(document: Document, where: Where) -> Document:
    """The document with a list of names turned into a mapping of names to no changes."""
    entries = at(document.data, where)
    if not isinstance(entries, list):
        return document
    entries = [entry if isinstance(entry, str) else "" for entry in entries]
    depth = len(where)
    places = {w: p for w, p in document.places.items() if w[:depth] != where or len(w) == depth}
    for index, name in reversed(list(enumerate(entries))):
        places[(*where, name)] = document.place((*where, index))
    whole = _put(document, where, {name: {} for name in entries if name})
    return Document(document.source, whole.data, places)


def _background(document: Document) -> Document:
    """The document with the life table written out; without one it is the population's."""
    where: Where = ("background",)
    named_here = "background" in document.data
    population = document.data.get("population")
    if not named_here and isinstance(population, dict):
        where = ("population", "background")
    entry = at(document.data, where)
    if not isinstance(entry, str):
        return document
    path = _file(document, where, "background", entry)
    return _put(document, ("background",), plain(Mortality.of(load_background(path))))


def _catalogued(document: Document, where: Where, folder: str, name: Any) -> Document:
    path = _file(document, where, folder, name)
    found = read_extended(path, named(params_dir() / folder))
    return with_bridging(found) if folder == "therapies" else found


def _file(document: Document, where: Where, folder: str, name: Any) -> Path:
    """The file of a part: a name in its folder, or a path from the scenario's file."""
    known = named(params_dir() / folder)
    if isinstance(name, str) and name in known:
        return known[name]
    if isinstance(name, str) and (path := beside(document, name)):
        return path
    remedy = choose(str(name), list(known))
    if not known:
        remedy = f"none is kept there; write the {where[0]} out here"
    cause = f"nothing named '{str(name)[:80]}' in params/{folder}"
    raise InputError(document.problem(where, cause, remedy=remedy))


def _below(document: Document, where: Where) -> Document:
    """One entry as a document of its own, without its `extends`."""
    entry = {key: value for key, value in at(document.data, where).items() if key != "extends"}
    depth = len(where)
    places = {w[depth:]: p for w, p in document.places.items() if w[:depth] == where}
    return Document(document.source, entry, places)


def _grafted(document: Document, where: Where, part: Document) -> Document:
    """The document with another in place of an entry; each entry keeps its place."""
    depth = len(where)
    kept = {w: p for w, p in document.places.items() if w[:depth] != where}
    grafted = {(*where, *w): p for w, p in part.places.items()}
    whole = _put(document, where, part.data)
    return Document(document.source, whole.data, {**kept, **grafted})


def _put(document: Document, where: Where, value: Any) -> Document:
    """The document with one entry set; entries on the way are mappings."""
    data = _with(document.data, where, value)
    return Document(document.source, data, document.places)


def _with(data: dict[str, Any], where: Where, value: Any) -> dict[str, Any]:
    first, *rest = where
    inner = _with(data[str(first)], tuple(rest), value) if rest else value
    return {**data, str(first): inner}


def sourced(document: Document) -> Iterator[tuple[Where, str]]:
    """Every citation in a document: where it stands, and the source's name."""
    yield from _sourced((), document.data)


def _sourced(where: Where, entry: Any) -> Iterator[tuple[Where, str]]:
    if isinstance(entry, dict):
        if isinstance(source := entry.get("source"), str):
            yield (*where, "source"), source
        for key, value in entry.items():
            yield from _sourced((*where, key), value)
    elif isinstance(entry, list) and entry and isinstance(entry[0], dict):
        for index, value in enumerate(entry):
            yield from _sourced((*where, index), value)
