"""The forms of text, truth and lists that people write, and what is said of any other.

Called by the models of `inputs`. Each says its form to the JSON Schema as well, so that an editor
knows it. Knows no unit, no source and no file.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import core_schema

T = TypeVar("T")


@dataclass(frozen=True)
class Spelt:
    """Text of a form: a pattern for all of it, and what is said of any other text.

    `wrong` reads "cause; remedy", `{}` in it is the text as written.
    """

    pattern: str
    wrong: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), "pattern": self.pattern}

    def check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            shown = repr(text if len(text) <= 60 else f"{text[:57]}...")
            raise ValueError(self.wrong.format(shown))
        return text


@dataclass(frozen=True)
class AtLeast:
    """A list of so many entries or more; told alone, where pydantic also counts wrong entries."""

    least: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), "minItems": self.least}

    def check(self, written: object) -> object:
        if isinstance(written, list | tuple) and len(written) < self.least:
            raise ValueError(f"fewer than {self.least} in the list; write {self.least} or more")
        return written


class _OneOrList:
    """Says in the JSON Schema that one entry may stand without its list."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        listed: dict[str, Any] = handler(core)
        return {"anyOf": [listed["items"], listed]}


def _listed(written: object) -> object:
    return written if isinstance(written, list | tuple) else [written]


OneOrMore = Annotated[tuple[T, ...], AtLeast(1), BeforeValidator(_listed), _OneOrList()]
"""One, or a list of one or more; always read as a tuple."""

Flag = Annotated[bool, Field(strict=True)]
"""true or false, and no word or number that may stand for it."""

Sentence = Annotated[str, Spelt(r"^\s*\S[\s\S]*$", "is empty; write a line of words")]
"""A line of words."""

Slug = Annotated[
    str,
    Field(max_length=60),
    Spelt(
        r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$",
        "{} is no name; write small letters, digits, _ and -, and begin with a letter",
    ),
]
"""A name of small letters, digits, hyphens and underscores."""

Name = Annotated[
    str,
    Spelt(
        r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        "{} is no name; write small letters, digits and -, and begin with a letter",
    ),
]
"""A name of small letters, digits and hyphens: that of a therapy, which is a word of states."""
