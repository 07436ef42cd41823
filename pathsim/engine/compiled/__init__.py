"""The compiled engine: runs Tables with numba, and gives what the SimPy engine gives, bit for bit.

`simulate` calls `run`. Files and functions bear the names of the SimPy engine's: `instants` (there
`reference`), `calendar`, `transition`, `change`, `patient`, `setting`, `pool`. Beside them stand
`replication` (chunks and what is handed over), `live` and `memory` (the arrays), `kernels` and
`parts` (machine code), `order` (from rows to tables) and `broken` (errors). It knows no therapy, no
file and no outcome.
"""

from __future__ import annotations

from pathsim.engine.compiled.replication import run

__all__ = ["run"]
"""What `simulate` calls."""
