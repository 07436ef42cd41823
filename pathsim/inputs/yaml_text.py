"""YAML text in; plain data, and the line of every entry, out.

Called by `load` alone. Knows no pathsim word: only what any careful file of parameters must be
(YAML 1.2, one mapping, no key twice, no alias, no tag, finite numbers). `no` and `on` are text.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pathsim.inputs.document import Where

DEEPEST = 40
"""Levels of nesting; real files have fewer than ten."""

_CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_WHOLE = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_REMEDIES = {
    "'\\t'": "indent with spaces, not tabs",
    "mapping values are not allowed": "check the indentation, and quote text that holds ': '",
    "block end": "line the keys up: those of one mapping start in the same column",
    "could not find expected ':'": "write 'key: value', with a space after the colon",
    "quoted scalar": "close the quotation mark",
    "flow": "close the bracket, and put commas between the entries",
    "special characters": "save the file as plain text in UTF-8",
}


@dataclass(frozen=True)
class Flaw:
    """One thing wrong with the text: at which entry and line, why, and how to mend it."""

    where: Where
    line: int
    cause: str
    remedy: str


@dataclass
class Parsed:
    """What a text holds: data (None if unreadable), the line of each entry, and all flaws."""

    data: Any = None
    lines: dict[Where, int] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


def parse(text: str) -> Parsed:
    """Everything in a text, and everything wrong with it; raises nothing."""
    with suppress(Exception):  # what is not sound is read again below, for better words
        if not (parsed := _read_fast(text)).flaws:
            return parsed
    builder = _Builder(YAML(typ="safe", pure=True).parse(text))
    parsed = builder.parsed
    try:
        builder.document()
    except _TooDeepError:
        remedy = "write it with fewer levels"
        builder.flaw((), f"nested more than {DEEPEST} levels deep", remedy)
    except YAMLError as error:
        parsed.flaws.append(_syntax_flaw(error, text, builder.line))
    except Exception as error:  # the parser trips over some nonsense with errors of its own
        builder.flaw((), f"not YAML ({error})", "check the line, and the one before it")
    return parsed


def _read_fast(text: str) -> Parsed:
    """What a sound text holds, read by ruamel's parser in C, ten times as fast as that in Python.

    Raises ImportError where it is not installed, and errors of its own where the text is not YAML.
    """
    from _ruamel_yaml import CParser

    builder = _Builder(iter(CParser(text).get_event, None))
    builder.document()
    return builder.parsed


class _TooDeepError(Exception):
    """The text is nested too deeply to be followed."""


class _Builder:
    """Walks the parser's events once, building data and noting lines and flaws."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events = events
        self.parsed = Parsed()
        self.line = 1

    def flaw(self, where: Where, cause: str, remedy: str) -> None:
        self.parsed.flaws.append(Flaw(where, self.line, cause, remedy))

    def next(self) -> Event:
        event = next(self.events)
        self.line = event.start_mark.line + 1
        return event

    def document(self) -> None:
        """The first document, which is to be the only one."""
        for event in iter(self.next, None):
            if isinstance(event, DocumentStartEvent):
                break
            if type(event).__name__ == "StreamEndEvent":
                return
        event = self.next()
        self.parsed.lines[()] = self.line
        self.parsed.data = self.value(event, ())
        self.next()
        if isinstance(self.next(), DocumentStartEvent):
            self.flaw((), "a second document starts here", "keep one to a file: remove the '---'")

    def value(self, event: Event, where: Where) -> Any:
        """The entry that starts with this event."""
        if len(where) > DEEPEST:
            raise _TooDeepError
        self.refuse_marks(event, where)
        if isinstance(event, MappingStartEvent):
            return self.mapping(where)
        if isinstance(event, SequenceStartEvent):
            return self.sequence(where)
        return self.scalar(event, where) if isinstance(event, ScalarEvent) else None

    def refuse_marks(self, event: Event, where: Where) -> None:
        if isinstance(event, NodeEvent) and event.anchor is not None:
            sign = "*" if isinstance(event, AliasEvent) else "&"
            cause = f"'{sign}{event.anchor}': anchors and aliases are not read"
            self.flaw(where, cause, "write the value out, or quote the text")
        if getattr(event, "tag", None) is not None:
            self.flaw(where, "tags ('!...') are not read", "remove the tag, or quote the text")

    def mapping(self, where: Where) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.next(), MappingEndEvent):
            key = self.key(event, where)
            line = self.line
            at = (*where, key)
            if key in found:
                first = self.parsed.lines[at]
                self.flaw(at, f"written twice, first on line {first}", "keep one of the two")
            self.parsed.lines[at] = line
            found[key] = self.value(self.next(), at)
        return found

    def key(self, event: Event, where: Where) -> str:
        if isinstance(event, ScalarEvent) and event.value and "\n" not in event.value:
            self.refuse_marks(event, where)
            return self.text(event.value, where)
        self.flaw(where, "a key is to be one line of text", "write 'key: value'")
        self.value(event, (*where, "?"))
        return "?"

    def sequence(self, where: Where) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self.next(), SequenceEndEvent):
            at = (*where, len(found))
            self.parsed.lines[at] = self.line
            found.append(self.value(event, at))
        return found

    def scalar(self, event: ScalarEvent, where: Where) -> Any:
        text = event.value
        if not event.implicit[0]:
            return self.text(text, where)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _NUMBER.fullmatch(text) or _NOT_FINITE.fullmatch(text):
            return self.number(text, where)
        return self.text(text, where)

    def number(self, text: str, where: Where) -> int | float | None:
        whole = _WHOLE.fullmatch(text)
        if whole and len(text) < 20 and abs(int(text)) < 2**63:
            return int(text)
        value = float("nan") if "n" in text.lower() else float(text)
        if not whole and isfinite(value):
            return value + 0.0  # minus zero is zero
        shown = text if len(text) < 25 else text[:20] + "..."
        self.flaw(
            where, f"{shown} is not a finite number", "write a number that can be reckoned with"
        )
        return None

    def text(self, text: str, where: Where) -> str:
        if _CONTROL.search(text):
            self.flaw(where, "holds a control character", "write plain text")
        return _CONTROL.sub("?", text)


def _syntax_flaw(error: YAMLError, text: str, line: int) -> Flaw:
    """The parser's complaint, with the line it points to and what usually mends it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        line = mark.line + 1
    elif isinstance(position, int):
        line = text.count("\n", 0, position) + 1
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    everything = f"{said} {getattr(error, 'context', '')}"
    remedies = (remedy for sign, remedy in _REMEDIES.items() if sign in everything)
    return Flaw((), line, f"not YAML ({said})", next(remedies, "check indentation and punctuation"))
