"""Results that figures must stand: few and many strategies, long names, nobody, no event.

Made of the small service by a short run, so that every table is a real one. Called by the tests of
all figures, and by `tools/gallery.py`, which draws them to be looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from pathsim.outcomes.folds import Measured
from pathsim.study.pictures import Picture, pictures_of
from pathsim.study.plan import Model
from pathsim.study.run import Ran, run
from tests.cli.small_service import BISPECIFIC, CART, small_service

LONG = "a strategy with a name of sixty letters that goes on and on"
THERAPIES = (
    *("cilta-cel", "ide-cel", "teclistamab", "talquetamab", "elranatamab", "linvoseltamab"),
    *("belantamab-mafodotin", "talquetamab-teclistamab", "dpd-pvd", "teclistamab-daratumumab"),
    *("locommotion-standard-of-care-as-given", "late-line-salvage-of-any-kind-at-all"),
)
"""Twelve, as many as have a colour of their own; some names are long."""
NEW = {CART: THERAPIES[0], BISPECIFIC: THERAPIES[-1]}


@dataclass(frozen=True)
class Case:
    """What figures are drawn of."""

    models: Mapping[str, Model]
    measured: Mapping[str, Measured]

    def pictures(self) -> dict[str, Picture]:
        return {picture.name: picture for picture in pictures_of(self.models, self.measured)}


@cache
def ran(
    first: str = CART, *, days: float = 700.0, replications: int = 4, warm_up: float = 0
) -> Ran:
    model = Model("small", small_service(first=first), days, warm_up=warm_up)
    return run(model, seed=3, replications=replications)


def of(*names: str, **how: Any) -> Case:
    """Strategies of these names, which give the one or the other therapy first."""
    runs = {name: ran((CART, BISPECIFIC)[k % 2], **how) for k, name in enumerate(names)}
    models = {name: replace(one.model, name=name) for name, one in runs.items()}
    return Case(models, {name: one.measured for name, one in runs.items()})


def typical() -> Case:
    return of("cart first", "bispecific first", "cart first, again")


def one_strategy() -> Case:
    return of("cart first")


def long_names() -> Case:
    return of(*(f"{LONG}{k}" for k in "abcd"))


def ten_strategies() -> Case:
    return of(*(f"{LONG}{k}" for k in "abcdefghij"))


def one_replication() -> Case:
    return of("cart first", "bispecific first", replications=1)


def no_events() -> Case:
    """Patients come, and the run ends before anything happens to them."""
    return of("cart first", "bispecific first", days=3.0, replications=2)


def nobody() -> Case:
    return of("cart first", "bispecific first", days=0.5, replications=2)


def warm_up() -> Case:
    return of("cart first", warm_up=100.0)


def twelve_therapies() -> Case:
    """The same service, whose patients are told to get one of twelve therapies."""
    case = of("a strategy of twelve therapies")
    return Case(case.models, {name: _renamed(m) for name, m in case.measured.items()})


CASES = {
    each.__name__.replace("_", " "): each
    for each in (typical, one_strategy, long_names, ten_strategies, one_replication, no_events,
                 nobody, warm_up, twelve_therapies)
}  # fmt: skip


# --- twelve therapies ----------------------------------------------------------------------------


def _renamed(measured: Measured) -> Measured:
    """Each patient's therapies given other names by chance; tables over time shared out evenly."""
    chance = np.random.default_rng(1)
    patients = measured.patients.copy()
    begun = [str(words).count(">") + 1 if words else 0 for words in patients["therapies"]]
    few = [chance.choice(THERAPIES, size=n + (n > 1) * int(chance.integers(0, 4))) for n in begun]
    patients["therapies"] = [" > ".join(each) for each in few]
    share = chance.dirichlet(np.ones(len(THERAPIES)))
    old = [c for c in patients.columns if str(c).startswith(("on.", "free."))]
    for kind in ("on", "free"):
        whole = patients[[c for c in old if c.startswith(f"{kind}.")]].sum(axis=1)
        for name, part in zip(THERAPIES, share, strict=True):
            patients[f"{kind}.{name}"] = whole * part
    lives = measured.lives.assign(therapy=measured.lives["therapy"].map(NEW, na_action="ignore"))
    more: Any = {name: _shared(getattr(measured, name), share) for name in ("present", "cohort")}
    return replace(measured, patients=patients.drop(columns=old), lives=lives, **more)


def _shared(table: pd.DataFrame, share: np.ndarray) -> pd.DataFrame:
    rest, mine = table[table["therapy"].isna()], table[table["therapy"].notna()]
    keys = [c for c in table.columns if c not in ("therapy", "number")]
    sums = mine.groupby(keys, observed=True, as_index=False)["number"].sum()
    parts = [sums.assign(therapy=name, number=sums["number"] * part)
             for name, part in zip(THERAPIES, share, strict=True)]  # fmt: skip
    return pd.concat([*parts, rest], ignore_index=True)[list(table.columns)]
