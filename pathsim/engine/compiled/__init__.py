"""The compiled engine: runs Tables with numba, and gives what the SimPy engine gives, bit for bit.

`simulate` calls `run`. The files bear the names of the SimPy engine's and so do their functions:
`instants` (there `reference`), `calendar`, `transition`, `change`, `patient`, `setting`, `pool`; beside
them `memory` and `live` (the arrays), `kernels` (the doors to machine code), `order` (from rows to
tables) and `broken` (errors). It knows no therapy, no file and no outcome.
"""

from __future__ import annotations

from pathsim.engine.compiled.replication import run

__all__ = ["run"]
"""What `simulate` calls."""
