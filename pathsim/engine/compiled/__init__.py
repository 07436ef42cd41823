"""The compiled engine: runs Tables with numba, and gives what the SimPy engine gives, bit for bit.

`simulate` calls `run` of `replication`. Files and functions bear the names of the SimPy engine's:
`instants` and `arriving` (there `reference`), `calendar`, `transition`, `change`, `patient`,
`setting`, `pool`. Beside them stand `replication` (chunks and what is handed over), `live` and
`memory` (the arrays), `kernels` and `parts` (machine code), `order` (from rows to tables) and
`broken` (errors). It knows no therapy, no file and no outcome.
"""
