"""A model as plain data, as YAML text, and as a fingerprint.

What comes out can be read in again and gives the same model, and the same text, to the last
byte. Called by `scenario` and `resolve`, and by whoever keeps a resolved document. Knows no
scenario.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from pathsim.inputs.effects import Effect
from pathsim.inputs.evidence import Number
from pathsim.inputs.population import TruncatedNormal
from pathsim.inputs.quantity import Growth, Pace, Span
from pathsim.units import BASE, UNITS, to_base

_BARE = re.compile(
    r"[A-Za-z][\w/.-]*( [A-Za-z0-9][\w/.-]*)*|[0-9][0-9.e-]* (days|per day)", re.ASCII
)
_TAKEN = {"null", "true", "false"}
_WIDTH = 100


def plain(value: Any) -> Any:
    """The value as mappings, lists, text and numbers, with every default filled in.

    Sourced numbers are in the model's own units, but for those whose unit is that of a feature.
    """
    if isinstance(value, Number):
        return _written_out(_in_base(value))
    if isinstance(value, TruncatedNormal):
        return _written_out(value, convert=False)
    if isinstance(value, Effect):
        return _effect(value)
    if isinstance(value, BaseModel):
        return _written_out(value)
    if isinstance(value, Span | Pace | Growth | datetime.date):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def dump(document: dict[str, Any]) -> str:
    """A document as YAML text, in its own order."""
    return "\n".join(_mapping(document, 0)) + "\n"


def digest(document: dict[str, Any]) -> str:
    """The document's fingerprint: SHA-256, in hexadecimal, of its JSON in its own order."""
    text = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _written_out(model: BaseModel, *, convert: bool = True) -> dict[str, Any]:
    """A model's fields. One that is None is left out, unless None had to be written."""
    found: dict[str, Any] = {}
    for name, known in type(model).model_fields.items():
        value = getattr(model, name)
        if value is not None or known.is_required():
            whole = not convert and isinstance(value, Number)
            found[known.alias or name] = _written_out(value) if whole else plain(value)
    return found


def _effect(effect: Effect) -> dict[str, Any]:
    """An effect; a centre on the scale of a feature keeps that feature's unit."""
    found = _written_out(effect)
    if effect.centre is not None and effect.level is None:
        found["centre"] = _written_out(effect.centre)
    return found


def _in_base(number: Number) -> Number:
    """The same number in the model's own unit."""
    measure, worth = UNITS[number.unit]
    if worth == 1:
        return number
    changes: dict[str, Any] = {"value": number.base, "unit": BASE[measure]}
    if number.spread is not None:
        low, high = (to_base(v, number.unit) for v in (number.spread.low, number.spread.high))
        changes["spread"] = number.spread.model_copy(update={"low": low, "high": high})
    return number.model_copy(update=changes)


# --- YAML ----------------------------------------------------------------------------------------


def _mapping(data: dict[str, Any], depth: int) -> Iterator[str]:
    """Lines of a mapping: small entries on the line of their key, others below it."""
    for key, value in data.items():
        head = f"{'  ' * depth}{_scalar(key)}:"
        line = f"{head} {_flow(value)}"
        if _is_small(value) or len(line) <= _WIDTH:
            yield line
        else:
            yield head
            yield from _block(value, depth + 1)


def _block(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _mapping(value, depth)
        return
    for entry in value:
        if _is_small(entry) or not isinstance(entry, dict):
            yield f"{'  ' * depth}- {_flow(entry)}"
        else:
            first, *rest = _mapping(entry, depth + 1)
            yield f"{'  ' * depth}- {first.lstrip()}"
            yield from rest


def _is_small(value: Any) -> bool:
    """Whether it stands on one line: a scalar, nothing, a list of scalars, a sourced number."""
    if isinstance(value, dict):
        return not value or ("value" in value and "unit" in value)
    return not isinstance(value, list) or not any(isinstance(v, dict | list) for v in value)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        bare = _BARE.fullmatch(value) and value.lower() not in _TAKEN
        return value if bare else _quoted(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value)


def _quoted(text: str) -> str:
    """The text in quotes; YAML takes for line breaks what JSON takes for text."""
    quoted = json.dumps(text, ensure_ascii=False)
    for separator in "\x85\u2028\u2029":
        quoted = quoted.replace(separator, f"\\u{ord(separator):04x}")
    return quoted
