"""Follows pydantic's report of an error down the types, to the entry that the writer knows.

Called by `complaints` alone. Pydantic puts names of union members into the way to an error;
here they are taken out again, and the fields that would have been right are found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, RootModel, Tag
from pydantic.fields import FieldInfo

from pathsim.inputs.document import Where, at


@dataclass(frozen=True)
class Complaint:
    """One of pydantic's errors, at the entry that it is about."""

    kind: str
    where: Where
    value: Any
    message: str
    context: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    """The fields known to the mapping that holds the entry."""
    tags: tuple[str, ...] = ()
    """What the discriminator of the union found at the entry may say."""
    unions: tuple[tuple[Where, str], ...] = ()
    """The plain unions on the way: where each stands, and which member was tried."""


def located(raw: Mapping[str, Any], kind: Any, data: Any) -> Complaint:
    """One entry of pydantic's `errors()`, its `loc` told in terms of the document."""
    walk = _Walk(kind, data, missing=raw["type"] == "missing")
    walk.go(list(raw["loc"]))
    context = raw.get("ctx", {})
    return Complaint(
        raw["type"],
        walk.where,
        raw["input"],
        raw["msg"],
        context,
        _fields(walk.holder),
        tuple(_tags(walk.shape, context.get("discriminator", "").strip("'"))),
        tuple(walk.unions),
    )


class _Walk:
    """A way down the types and the data at once."""

    def __init__(self, shape: Any, data: Any, *, missing: bool) -> None:
        self.shape, self.data, self.missing = shape, data, missing
        self.holder: Any = None
        self.where: Where = ()
        self.unions: list[tuple[Where, str]] = []

    def go(self, way: list[str | int]) -> None:
        for count, part in enumerate(way, start=1):
            shape, discriminator = _bare(self.shape)
            if part == "[key]":
                continue
            if _is_union(shape):
                if discriminator is None:
                    self.unions.append((self.where, str(part)))
                self.shape = _member(shape, str(part))
            else:
                self.enter(shape, part, last=count == len(way))

    def enter(self, shape: Any, part: str | int, *, last: bool) -> None:
        """One entry further down, unless the part is no entry but a name of pydantic's."""
        known = _below(shape, part)
        if known is None and not (last and self.missing) and not self.written(part):
            return
        self.holder, self.shape = shape, known
        self.where = (*self.where, part)

    def written(self, part: str | int) -> bool:
        around = at(self.data, self.where)
        if isinstance(around, dict):
            return part in around
        return isinstance(around, list) and isinstance(part, int)


def _bare(shape: Any) -> tuple[Any, Any]:
    """A type without its annotations, None or root model, and its discriminator if any."""
    discriminator = None
    while True:
        if get_origin(shape) is Annotated:
            shape, *notes = get_args(shape)
            discriminator = discriminator or _discriminator(notes)
        elif isinstance(shape, FieldInfo):
            discriminator = discriminator or shape.discriminator or _discriminator(shape.metadata)
            shape = shape.annotation
        elif isinstance(shape, type) and issubclass(shape, RootModel):
            shape = shape.model_fields["root"]
        elif _is_union(shape) and len(_members(shape)) == 1:
            shape = _members(shape)[0]
        else:
            return shape, discriminator


def _discriminator(notes: list[Any]) -> Any:
    found = (
        n if isinstance(n, Discriminator) else getattr(n, "discriminator", None) for n in notes
    )
    return next((each for each in found if each is not None), None)


def _is_union(shape: Any) -> bool:
    return get_origin(shape) in (Union, UnionType)


def _members(union: Any) -> list[Any]:
    return [member for member in get_args(union) if member is not NoneType]


def _member(union: Any, name: str) -> Any:
    """The member that pydantic calls by this name or tag; None if it cannot be told."""
    for member in _members(union):
        if any(_is_called(model, name) for model in _models(member)) or _tag(member) == name:
            return member
    return None


def _tag(member: Any) -> str | None:
    notes = get_args(member)[1:] if get_origin(member) is Annotated else ()
    return next((note.tag for note in notes if isinstance(note, Tag)), None)


def _is_called(model: type[BaseModel], name: str) -> bool:
    told = (_literals(known) for known in model.model_fields.values())
    return (
        name == model.__name__
        or any(name in values for values in told)
        or (f", {model.__name__}]" in name)
    )


def _models(shape: Any) -> Iterator[type[BaseModel]]:
    """Every model that an entry of this type may be."""
    shape, _ = _bare(shape)
    if _is_union(shape):
        for member in _members(shape):
            yield from _models(member)
    elif isinstance(shape, type) and issubclass(shape, BaseModel):
        yield shape


def _literals(known: FieldInfo) -> tuple[str, ...]:
    values = get_args(known.annotation) if get_origin(known.annotation) is Literal else ()
    return tuple(value for value in values if isinstance(value, str))


def _tags(shape: Any, discriminator: str) -> Iterator[str]:
    """What the field that tells the members of a union apart may say."""
    for model in _models(shape):
        if discriminator in model.model_fields:
            yield from _literals(model.model_fields[discriminator])


def _fields(shape: Any) -> tuple[str, ...]:
    """The names that a mapping of this type may have."""
    models = _models(shape) if shape is not None else ()
    return tuple(
        dict.fromkeys(
            known.alias or name for model in models for name, known in model.model_fields.items()
        )
    )


def _below(shape: Any, part: str | int) -> Any:
    """The type of an entry of a mapping or list of this type; None if it is not known."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        known = (f for name, f in shape.model_fields.items() if part in (f.alias, name))
        return next(known, None)
    args = [arg for arg in get_args(shape) if arg is not Ellipsis]
    if get_origin(shape) is tuple and isinstance(part, int) and part < len(args):
        return args[part]
    return args[-1] if args and get_origin(shape) is not Literal else None
