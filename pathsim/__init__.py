"""pathsim: what a sequence of myeloma therapies gives the patients, and costs the service.

What is public is listed in `_PUBLIC` and loaded only when first asked for, so that
`import pathsim` stays light.
"""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {}
"""Public name -> the module that defines it."""


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'pathsim' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*_PUBLIC, "__version__"])
