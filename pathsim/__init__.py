"""pathsim: what a sequence of myeloma therapies gives the patients, and costs the service.

What is public is listed in `_PUBLIC` and loaded only when first asked for, so that
`import pathsim` stays light.
"""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {
    name: module
    for module, names in {
        "pathsim.pathway.pathway": (
            "Choice Clock Detour HERE Marks Option Pathway RETURN Request Rule State Variable leave"
        ),
        "pathsim.pathway.service": (
            "At Every FIRST_COME Poisson RANDOM Resource Score Service Steady Stream"
        ),
        "pathsim.pathway.reading": "By Per",
        "pathsim.pathway.chance": "Ago FromLaw Levels Normal Ordered",
        "pathsim.pathway.setting": "NOW PLUS_ONE Set Test",
        "pathsim.pathway.conditions": (
            "AllOf AnyOf AtLeast Below ExpectedWait Free Is Never Not Queue Since"
        ),
        "pathsim.laws": (
            "Constant CuredMixture Empirical Exponential Gompertz LogLogistic LogNormal"
            " Manufacturing PiecewiseExponential Weibull"
        ),
        "pathsim.engine.simulate": ("simulate"),
        "pathsim.events": ("Log"),
        "pathsim.errors": ("InputError PathwayError Problem"),
    }.items()
    for name in names.split()
}
"""Public name -> the module that defines it."""


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'pathsim' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*_PUBLIC, "__version__"])
