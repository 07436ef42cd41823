"""The arrays of a run behind one address.

numba hands an array to a function as seven words; a run has sixty arrays. So the functions here are
handed one `Run`, an address: `run.states[s].word` reads the array that begins at an address in the
header, `run.now` a number of the header itself. Nothing is counted or checked on the way.
Interpreted (NUMBA_DISABLE_JIT=1) a `Run` is a plain object with the same names. This module must
never know what the arrays are for.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, override"
from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_builtin, lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import (
    AbstractTemplate,
    AttributeTemplate,
    infer_getattr,
    infer_global,
)
from numba.core.typing.templates import signature as types_of_call
from numba.extending import intrinsic, models, register_model


class Stretch(types.Type):
    """The type of an array that is known by where it begins."""

    def __init__(self, of: types.Type) -> None:
        self.of = of
        super().__init__(f"Stretch({of})")


register_model(Stretch)(models.OpaqueModel)


class RunType(types.Type):
    """The type of a run's address."""

    def __init__(self) -> None:
        super().__init__("Run")


RUN = RunType()
MEMBERS: dict[str, tuple[int, types.Type]] = {}
"""Name -> where in the header it stands, in bytes, and its type."""

register_model(RunType)(models.OpaqueModel)


def lay_out(arrays: Mapping[str, np.dtype[Any]], numbers: Mapping[str, str]) -> np.dtype[np.void]:
    """Say what a run has; the header's type. To be called once, before anything is compiled."""
    named: dict[str, types.Type]
    named = {name: Stretch(numba.from_dtype(kind)) for name, kind in arrays.items()}
    named |= {name: numba.from_dtype(np.dtype(kind)) for name, kind in numbers.items()}
    MEMBERS.update((name, (8 * i, kind)) for i, (name, kind) in enumerate(named.items()))
    return np.dtype([(name, numbers.get(name, "i8")) for name in named])


# --- what `run.name` and `run.name = x` are ---


@infer_getattr
class Members(AttributeTemplate):
    """The type of `run.name`."""

    key = RunType

    def generic_resolve(self, typ, attr):
        return MEMBERS[attr][1] if attr in MEMBERS else None


def _place(context, builder, address, at, kind):
    place = cgutils.pointer_add(builder, address, at)
    return builder.bitcast(place, context.get_data_type(kind).as_pointer())


@lower_getattr_generic(RunType)
def _get(context, builder, _, address, attr):
    at, kind = MEMBERS[attr]
    return context.unpack_value(builder, kind, _place(context, builder, address, at, kind))


@lower_setattr_generic(RunType)
def _set(context, builder, signature, args, attr):
    at, kind = MEMBERS[attr]
    number = context.cast(builder, args[1], signature.args[1], kind)
    context.pack_value(builder, kind, number, _place(context, builder, args[0], at, kind))


# --- what `array[i]`, `array[i] = x` and `array[i:]` are ---


@infer_global(operator.getitem)
class Read(AbstractTemplate):
    """A record is referred to, a number read; a slice begins later."""

    def generic(self, args, _):
        array, i = args
        if isinstance(array, Stretch) and isinstance(i, types.Integer):
            return types_of_call(array.of, array, types.intp)
        if isinstance(array, Stretch) and isinstance(i, types.SliceType):
            return types_of_call(array, array, i)
        return None


@infer_global(operator.setitem)
class Write(AbstractTemplate):
    """A number is written."""

    def generic(self, args, _):
        array, i, _ = args
        if isinstance(array, Stretch) and isinstance(i, types.Integer):
            return types_of_call(types.none, array, types.intp, array.of)
        return None


def _element(context, builder, array, i, kind):
    size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind)))
    place = cgutils.pointer_add(builder, array, builder.mul(i, size))
    return builder.bitcast(place, context.get_data_type(kind).as_pointer())


@lower_builtin(operator.getitem, Stretch, types.Integer)
def _read(context, builder, signature, args):
    kind = signature.return_type
    place = _element(context, builder, args[0], args[1], kind)
    return place if isinstance(kind, types.Record) else context.unpack_value(builder, kind, place)


@lower_builtin(operator.setitem, Stretch, types.Integer, types.Any)
def _write(context, builder, signature, args):
    kind = signature.args[0].of
    place = _element(context, builder, args[0], args[1], kind)
    context.pack_value(builder, kind, args[2], place)
    return context.get_dummy_value()


@lower_builtin(operator.getitem, Stretch, types.SliceType)
def _begin_later(context, builder, signature, args):
    start = context.make_helper(builder, signature.args[1], args[1]).start
    place = _element(context, builder, args[0], start, signature.return_type.of)
    return builder.bitcast(place, args[0].type)


@intrinsic
def run_at(_, address):
    """The run whose header is at this address."""

    def code(context, builder, signature, args):
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return RUN(types.intp), code
