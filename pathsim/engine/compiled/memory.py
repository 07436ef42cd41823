"""The arrays of a run behind one address, and what makes functions of this folder machine code.

numba hands an array to a function as seven words; a run has fifty arrays. So the functions here are
handed one `Run`, an address: `run.states[s].word` reads the array whose address stands in the
header, `run.now` a number of the header itself. Interpreted (NUMBA_DISABLE_JIT=1) a `Run` is a
plain object with the same names. This module must never know what the arrays are for.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, override"
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, models, register_model
from numba.np.arrayobj import make_array, populate_array

LONG = 1 << 40
"""The length of an array that nobody asks for its length."""


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
    named = {name: types.Array(numba.from_dtype(kind), 1, "C") for name, kind in arrays.items()}
    named |= {name: numba.from_dtype(np.dtype(kind)) for name, kind in numbers.items()}
    MEMBERS.update((name, (8 * i, kind)) for i, (name, kind) in enumerate(named.items()))
    return np.dtype([(name, numbers.get(name, "i8")) for name in named])


@infer_getattr
class Members(AttributeTemplate):
    """What `run.name` is."""

    key = RunType

    def generic_resolve(self, typ, attr):
        return MEMBERS[attr][1] if attr in MEMBERS else None


def _place(context, builder, address, at, kind):
    place = cgutils.pointer_add(builder, address, at)
    return builder.bitcast(place, context.get_data_type(kind).as_pointer())


@lower_getattr_generic(RunType)
def _get(context, builder, _, address, attr):
    at, kind = MEMBERS[attr]
    if not isinstance(kind, types.Array):
        return context.unpack_value(builder, kind, _place(context, builder, address, at, kind))
    data = context.get_data_type(kind.dtype).as_pointer()
    where = builder.bitcast(cgutils.pointer_add(builder, address, at), data.as_pointer())
    size = context.get_constant(types.intp, context.get_abi_sizeof(data.pointee))
    array = make_array(kind)(context, builder)
    populate_array(
        array,
        data=builder.load(where),
        shape=cgutils.pack_array(builder, [context.get_constant(types.intp, LONG)]),
        strides=cgutils.pack_array(builder, [size]),
        itemsize=size,
        meminfo=None,
    )
    return array._getvalue()


@lower_setattr_generic(RunType)
def _set(context, builder, signature, args, attr):
    at, kind = MEMBERS[attr]
    number = context.cast(builder, args[1], signature.args[1], kind)
    context.pack_value(builder, kind, number, _place(context, builder, args[0], at, kind))


@intrinsic
def run_at(_, address):
    """The run whose header is at this address."""

    def code(context, builder, signature, args):
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return RUN(types.intp), code
