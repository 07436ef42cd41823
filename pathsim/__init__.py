"""pathsim: what a sequence of myeloma therapies gives the patients, and costs the service.

What a model is made of can be imported from here: `from pathsim import Pathway, State, simulate`.
Each name is loaded only when first asked for, so that `import pathsim` stays light; type checkers
see them all.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_PUBLIC: dict[str, str] = {
    name: module
    for module, names in {
        "pathsim.engine.simulate": "simulate",
        "pathsim.errors": "InputError PathwayError Problem",
        "pathsim.events": "Log",
        "pathsim.laws": (
            "Constant CuredMixture Empirical Exponential Gompertz Law LogLogistic LogNormal "
            "Manufacturing PiecewiseExponential Weibull"
        ),
        "pathsim.pathway.chance": "Ago FromLaw Levels Normal Ordered",
        "pathsim.pathway.conditions": (
            "AllOf AnyOf AtLeast Below ExpectedWait Free Is Never Not Queue Since"
        ),
        "pathsim.pathway.describe": "describe",
        "pathsim.pathway.pathway": (
            "AGAIN HERE RETURN START Choice Clock Detour Marks Option Pathway Request Rule "
            "State Variable leave"
        ),
        "pathsim.pathway.reading": "CALENDAR By Per",
        "pathsim.pathway.service": (
            "FIRST_COME RANDOM At Every Poisson Resource Score Service Steady Stream"
        ),
        "pathsim.pathway.setting": "NOW PLUS_ONE Set Test",
    }.items()
    for name in names.split()
}
"""Public name -> the module that defines it."""

if TYPE_CHECKING:  # the same names once more, since type checkers run nothing
    # isort: off
    from pathsim.engine.simulate import simulate as simulate
    from pathsim.errors import (
        InputError as InputError,
        PathwayError as PathwayError,
        Problem as Problem,
    )
    from pathsim.events import Log as Log
    from pathsim.laws import (
        Constant as Constant,
        CuredMixture as CuredMixture,
        Empirical as Empirical,
        Exponential as Exponential,
        Gompertz as Gompertz,
        Law as Law,
        LogLogistic as LogLogistic,
        LogNormal as LogNormal,
        Manufacturing as Manufacturing,
        PiecewiseExponential as PiecewiseExponential,
        Weibull as Weibull,
    )
    from pathsim.pathway.chance import (
        Ago as Ago,
        FromLaw as FromLaw,
        Levels as Levels,
        Normal as Normal,
        Ordered as Ordered,
    )
    from pathsim.pathway.conditions import (
        AllOf as AllOf,
        AnyOf as AnyOf,
        AtLeast as AtLeast,
        Below as Below,
        ExpectedWait as ExpectedWait,
        Free as Free,
        Is as Is,
        Never as Never,
        Not as Not,
        Queue as Queue,
        Since as Since,
    )
    from pathsim.pathway.describe import describe as describe
    from pathsim.pathway.pathway import (
        AGAIN as AGAIN,
        HERE as HERE,
        RETURN as RETURN,
        START as START,
        Choice as Choice,
        Clock as Clock,
        Detour as Detour,
        Marks as Marks,
        Option as Option,
        Pathway as Pathway,
        Request as Request,
        Rule as Rule,
        State as State,
        Variable as Variable,
        leave as leave,
    )
    from pathsim.pathway.reading import CALENDAR as CALENDAR, By as By, Per as Per
    from pathsim.pathway.service import (
        FIRST_COME as FIRST_COME,
        RANDOM as RANDOM,
        At as At,
        Every as Every,
        Poisson as Poisson,
        Resource as Resource,
        Score as Score,
        Service as Service,
        Steady as Steady,
        Stream as Stream,
    )
    from pathsim.pathway.setting import NOW as NOW, PLUS_ONE as PLUS_ONE, Set as Set, Test as Test
    # isort: on


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'pathsim' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*_PUBLIC, "__version__"])
