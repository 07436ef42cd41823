"""A scenario with other values of some of its fields, small enough to be sent with every job.

Called by the planners of sweeps and by the jobs themselves, in workers: `Base.of(scenario)` once,
`base.variant(changes)` for every set of values, `variant.model()` where it is run. Runs nothing.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pathsim.errors import InputError
from pathsim.inputs.plain import dump, plain
from pathsim.inputs.vary import varied
from pathsim.study.plan import Model, with_patients, without_document

if TYPE_CHECKING:
    from pathsim.inputs.scenario import Scenario

SCENARIOS, MODELS = 16, 4
"""How many a process keeps at hand: scenarios as read, and models as built."""


@dataclass(frozen=True)
class Base:
    """A resolved scenario as compressed text, its numbers in the units that they are written in.

    Two are the same if their digests are, which are those of the text.
    """

    name: str
    digest: str
    content: bytes = field(compare=False, repr=False)

    @classmethod
    def of(cls, scenario: Scenario) -> Base:
        """The scenario, made small."""
        text = scenario.model_dump_json(by_alias=True).encode()
        return cls(scenario.name, hashlib.sha256(text).hexdigest(), zlib.compress(text))

    def scenario(self) -> Scenario:
        """The scenario as it was; read once in a process."""
        return _read(self)

    def variant(self, changes: Mapping[str, Any], *, patients: int | None = None) -> Variant:
        """The scenario with changes by path, as `inputs.vary` takes them; checked when it is built.

        `patients` is another number of patients, who come at the same pace.
        """
        said = json.dumps(plain(dict(changes)), sort_keys=True, default=_bare)
        return Variant(self, said, patients)


@dataclass(frozen=True)
class Variant:
    """A scenario, the changes to it as JSON, and how many patients come if not as it says."""

    base: Base
    said: str = "{}"
    patients: int | None = None

    @property
    def name(self) -> str:
        """The name of the scenario."""
        return self.base.name

    @property
    def changes(self) -> dict[str, Any]:
        """Path -> the value put there."""
        found: dict[str, Any] = json.loads(self.said)
        return found

    @property
    def digest(self) -> str:
        """What tells it from all others: of the scenario, its changes and the patients."""
        content = repr((self.base.digest, self.said, self.patients))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def content(self) -> str:
        """What its results rest on: see `simulation.Simulated`."""
        return self.digest

    @property
    def document(self) -> str:
        """The changed scenario as a resolved document, sound or not."""
        try:
            return dump(self.scenario().document())
        except InputError:
            return dump(self.scenario(checked=False).document())

    def scenario(self, *, checked: bool = True) -> Scenario:
        """The changed scenario; raises InputError where a change is not sound."""
        scenario = varied(self.base.scenario(), self.changes, checked=checked)
        return scenario if self.patients is None else with_patients(scenario, self.patients)

    def model(self) -> Model:
        """The model of the changed scenario, without its document; built once in a process."""
        return _built(self)


def _bare(value: Any) -> Any:
    """A number of numpy as one of Python."""
    return value.item()


@lru_cache(maxsize=SCENARIOS)
def _read(base: Base) -> Scenario:
    from pathsim.inputs.scenario import Scenario

    return Scenario.model_validate(json.loads(zlib.decompress(base.content)))


@lru_cache(maxsize=MODELS)
def _built(variant: Variant) -> Model:
    from pathsim.pathway.build import build

    return without_document(build(variant.scenario()), variant.digest)
