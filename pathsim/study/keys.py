"""Content keys: what a result rests on, as 64 hex digits; the same key is the same result.

Called by jobs. A key holds what is simulated (the resolved document), the chance it is dealt (seed
and numbers of replications), what is kept of it, and `software`: a result of other sources or of
other libraries is another result. How many workers there are, where, and when, stands in no key.
"""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pathsim import sources

Part = bytes | str | int | float | bool | None

PACKAGES = ("numpy", "pandas", "scipy", "numba", "llvmlite", "pyarrow")
"""Libraries that reckon or write what is kept; the others read and print."""

PACKAGE = Path(__file__).parents[1]
FACES = ("cli", "report", "figures")
"""The folders of pathsim whose sources cannot change a result."""


def key(*parts: Part) -> str:
    """64 hex digits of these parts, in this order; no two lists of parts run into each other."""
    made = hashlib.sha256()
    for part in parts:
        text = part if isinstance(part, bytes) else repr(part).encode()
        made.update(f"{type(part).__name__}:{len(text)}:".encode() + text)
    return made.hexdigest()


@cache
def software() -> str:
    """Of all sources of pathsim that can change a result, and of what they rest on.

    Read once in a process: what is loaded does not change when a file does.
    """
    files = [
        path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in FACES
    ]
    versions = [f"{name} {installed(name)}" for name in PACKAGES]
    named = [path.relative_to(PACKAGE).as_posix() for path in sorted(files)]
    return sources.digest(sorted(files), platform.python_version(), *versions, *named)


def installed(package: str) -> str:
    """The version of a package, or `not installed`."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
