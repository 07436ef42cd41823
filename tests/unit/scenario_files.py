"""Scenarios written for a test, laid over the shipped base; the catalogue is parsed only once."""

from functools import lru_cache
from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs import load
from pathsim.inputs.document import Document
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario

ROOT = Path(__file__).parents[2]

STRATEGY = """\
strategy:
  strategy: sample
  title: A sample
  rules:
    - {otherwise: late-line-salvage, because: sample}
"""

read_once = lru_cache(load.read)


def read(path: Path | str) -> Document:
    """Reads as `load.read` does, but files of the project only once."""
    kept = Path(path).absolute().is_relative_to(ROOT)
    return read_once(Path(path).absolute()) if kept else load_read(path)


load_read = load.read


def scenario(text: str, *, strategy: str = STRATEGY, name: str = "sample") -> Scenario:
    """The scenario of a text laid over the shipped base, in the current directory."""
    path = Path(f"{name}.yaml")
    path.write_text(f"title: A sample?\nextends: base\n{text}\n{strategy}", encoding="utf-8")
    return resolve(path)


def problems(text: str, *, strategy: str = STRATEGY) -> list[str]:
    """What is said of a scenario that cannot be resolved, line by line."""
    with pytest.raises(InputError) as caught:
        scenario(text, strategy=strategy)
    return str(caught.value).splitlines()


def rules(*written: str) -> str:
    """A strategy with these rules, each in flow style, and supportive care otherwise.

    The first stands on line 8 of a scenario whose text is empty.
    """
    lines = [f"    - {rule}" for rule in written]
    last = "    - {otherwise: supportive_care, because: sample}\n"
    head = "strategy:\n  strategy: sample\n  title: A sample\n  rules:\n"
    return head + "".join(f"{line}\n" for line in lines) + last
