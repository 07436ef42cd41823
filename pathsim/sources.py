"""A digest of source files: it tells one state of the program from another.

Called where something that the program made is kept and must not outlive it: machine code by
`engine.compiled.kernels`, results by `study.keys`. Knows nothing of either.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(paths: Iterable[Path], *more: str) -> str:
    """64 hex digits of what these files hold, in this order, and of more words before them."""
    made = hashlib.sha256("".join(more).encode())
    for path in paths:
        made.update(path.read_bytes())
    return made.hexdigest()
