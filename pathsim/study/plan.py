"""What is to be run: a `Model` is a service with a name and a horizon.

It comes from a scenario (`model_of`) or was written in Python. Called by `run` and `compare`;
`simulation` cuts its replications into jobs. Nothing is run here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from pathsim.outcomes.catalogue import Marking, marking
from pathsim.outcomes.written import first_line
from pathsim.pathway.describe import arrivals_words
from pathsim.pathway.phrases import a_number_of
from pathsim.pathway.service import At, Service

if TYPE_CHECKING:
    from pathsim.inputs.quantity import Span
    from pathsim.inputs.scenario import Scenario

OTHER_USERS, ON_DAY_0 = "other_users/", " on day 0"


class BuiltScenario(Protocol):
    """What a scenario is built into: see `pathsim.pathway.build.Built`."""

    @property
    def service(self) -> Service: ...

    @property
    def horizon(self) -> float: ...

    @property
    def scenario(self) -> Any: ...

    @property
    def off_label(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Model:
    """A service to be run for `horizon` days, under a name.

    `document` is the text of the resolved scenario, empty for a model written in Python;
    `evidence` the share of its numbers by kind; `off_label` the rules that go beyond a label. What
    is before the day `warm_up` does not count. Day 0 is the date `start`, where it has one.
    """

    name: str
    service: Service
    horizon: float
    document: str = ""
    digest: str = ""
    evidence: Mapping[str, float] = field(default_factory=dict)
    off_label: frozenset[str] = frozenset()
    warm_up: float = 0.0
    start: date | None = None

    def __post_init__(self) -> None:
        if not self.digest:
            content = repr((self.service, self.horizon)).encode()
            object.__setattr__(self, "digest", hashlib.sha256(content).hexdigest())

    def __hash__(self) -> int:
        return hash(self.digest)

    def model(self) -> Model:
        """Itself: what can be simulated can be made into a model."""
        return self

    @property
    def content(self) -> str:
        """What results rest on: the document, how long it is run, what counts, rules off label."""
        return repr((self.digest, self.horizon, self.warm_up, sorted(self.off_label)))

    @property
    def patients(self) -> int | None:
        """How many patients come in a replication; None where only the horizon ends them."""
        return self.service.streams[0].patients

    @property
    def marking(self) -> Marking:
        """What outcomes need to know of the service, and of rules beyond a label."""
        return marking(self.service, off_label=self.off_label, warm_up=self.warm_up)

    @property
    def accrual(self) -> str:
        """How many patients come, and how, in words."""
        stream = self.service.streams[0]
        many = "" if stream.patients is None else f"{a_number_of(stream.patients, 'patient')} "
        return many + arrivals_words(stream)

    @property
    def day_0(self) -> str:
        """Whom the service holds when the run starts, in words."""
        held = [
            a_number_of(stream.patients or len(stream.arrivals.times), "patient")
            + f" ({stream.name.removeprefix(OTHER_USERS).removesuffix(ON_DAY_0)})"
            for stream in self.service.streams[1:]
            if isinstance(stream.arrivals, At) and set(stream.arrivals.times) == {0.0}
        ]
        return "the service holds " + ", ".join(held) if held else "the service is empty"

    def first_line(self, off_label: int) -> str:
        """What stands above every table; `off_label` therapies were begun beyond their label."""
        return first_line(
            horizon=self.horizon,
            accrual=self.accrual,
            day_0=self.day_0,
            off_label=off_label,
            rules=sorted(self.off_label),
            evidence=self.evidence,
            warm_up=self.warm_up,
        )


def model_of(built: BuiltScenario) -> Model:
    """The model of a built scenario, with its document and the share of its numbers by kind."""
    from pathsim.inputs.resolve import digest, dump

    document = built.scenario.document()
    return replace(
        without_document(built, digest(document)),
        document=dump(document),
        evidence=shares_by_kind(built.scenario),
    )


def without_document(built: BuiltScenario, digest: str) -> Model:
    """The model of a built scenario that is told from others by something shorter."""
    return Model(
        built.scenario.name,
        built.service,
        built.horizon,
        digest=digest,
        off_label=built.off_label,
        warm_up=built.scenario.run.warm_up.days,
        start=built.scenario.start_date,
    )


def with_patients(scenario: Scenario, patients: int) -> Scenario:
    """The scenario with another number of patients, who come at the same pace."""
    from pathsim.inputs.quantity import Span

    accrual = scenario.accrual
    changed: dict[str, Any] = {"patients": patients}
    if accrual.over is not None:
        changed["over"] = Span(accrual.over.days * patients / accrual.patients)
    return scenario.model_copy(update={"accrual": accrual.model_copy(update=changed)})


def with_warm_up(scenario: Scenario, warm_up: Span) -> Scenario:
    """The scenario with another warm-up. Raises ValueError where nothing would be left to count."""
    from pathsim.inputs.dated import uncounted

    if said := uncounted(scenario, warm_up):
        raise ValueError(": ".join(said))
    return scenario.model_copy(update={"run": scenario.run.model_copy(update={"warm_up": warm_up})})


def shares_by_kind(written: object) -> dict[str, float]:
    """The share of each kind of number in what somebody wrote, the most frequent first."""
    from pathsim.inputs.evidence import numbers

    counts = Counter(number.kind for _, number in numbers(written))
    return {kind: n / counts.total() for kind, n in counts.most_common()}
