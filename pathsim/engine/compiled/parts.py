"""What makes functions of this folder parts of one piece of machine code.

Left to itself numba makes each function ready to be called from Python: optimised, compiled and
wrapped by itself, once for each constant that it is called with. Of ours only one is called from
Python (`kernels.enter`); a `jitted` function is but a part of it, typed once, optimised where it
ends up. That makes compiling several times quicker and changes nothing else.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, misc, call-overload"
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numba
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass


class NoEnvironment:
    """A code generator for what has no Python objects: there is nothing to set."""

    def __init__(self, codegen):
        self._codegen = codegen

    def __getattr__(self, name):
        return getattr(self._codegen, name)

    def set_env(self, name, environment):
        pass


class PartLibrary(JITCodeLibrary):
    """Machine code that is made only within what calls it."""

    @property
    def codegen(self):
        return NoEnvironment(self._codegen)

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name):
        del name
        return 0


@register_pass(mutates_CFG=False, analysis_only=True)
class IntoPartLibrary(FunctionPass):
    """The function goes to a library that is a part."""

    _name = "into_part_library"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        state.library = PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return False


class PartCompiler(CompilerBase):
    """numba's own passes, into a library that is a part."""

    def define_pipelines(self):
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes.insert(1, (IntoPartLibrary, "into a part"))
        passes.finalize()
        return [passes]


def jitted(function: Callable[..., Any], words: bool = False, *, inline: bool = False) -> Any:
    """The function as a part, of unsigned words alone if that is said.

    As it is where NUMBA_DISABLE_JIT is set.
    """
    part = numba.njit(
        error_model="numpy",
        nogil=True,
        pipeline_class=PartCompiler,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
        forceinline=inline,
    )(function)
    if part is not function:
        kind = (lambda _: types.uint64) if words else types.unliteral
        template = part.get_call_template
        part.get_call_template = lambda args, kws: template(tuple(map(kind, args)), kws)
    return part


inlined = partial(jitted, inline=True)
"""For what is called once for each clock of each event: a tenth of the time of a run."""
