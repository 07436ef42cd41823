"""Accounts of a study: what is made of its sets as they are read back, one after another.

An account is given every set in order, writes tables of its own, draws, and tells what it found in
lines of text. Each kind of design has one (`ACCOUNTS`); who adds a kind adds its account there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from pathsim.study.cells import Cells
from pathsim.study.glance import Glance
from pathsim.study.grid import Grid
from pathsim.study.sweep import Plan
from pathsim.study.tornado import Tornado
from pathsim.study.uncertain.account import UncertaintyAccount
from pathsim.study.uncertain.sensitivity_account import SensitivityAccount


class Account(Protocol):
    """Begun with a plan and the folder it writes to, given each set, finished once."""

    @property
    def files(self) -> Mapping[str, str]:
        """Each file that it writes -> what is in it, for the README beside them."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Each column of these that the other tables do not have -> what it is."""

    @property
    def explained(self) -> bool:
        """Whether its lines say what its means and intervals are of."""

    def add(self, number: int, cells: Cells) -> None:
        """The next set."""

    def finish(self) -> None:
        """All sets have been added: what is left is written."""

    def draw(self, folder: Path) -> None:
        """Its figures, if it has any."""

    def lines(self, width: int) -> list[str]:
        """What is told on the screen, once it is finished."""


ACCOUNTS: dict[str, Callable[[Plan, Path], Account]] = {
    "grid": Grid,
    "one_way": Tornado,
    "uncertainty": UncertaintyAccount,
    "sobol_indices": SensitivityAccount,
    "morris": SensitivityAccount,
}
"""Kind of design -> its account; a `Glance` for every other."""


def account_of(plan: Plan, folder: Path) -> Account:
    """The account of a plan's kind of design."""
    return ACCOUNTS.get(plan.design.kind, Glance)(plan, folder)
