"""A scenario: one question, with everything that is needed to answer it.

`resolve` makes it out of files; the pathway builder and the studies read it. Here are the parts
that belong to no other file: who comes when, for how long, and what holds unless a rule says
otherwise. Knows no file and no pathway.
"""

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from pathsim.inputs.accrual import Accrual
from pathsim.inputs.background import Background, LifeTable, Sex
from pathsim.inputs.centre import Centre, Change
from pathsim.inputs.efficacy import DrugClass
from pathsim.inputs.evidence import Real, Written
from pathsim.inputs.forms import AtLeast, Flag, Sentence, Slug
from pathsim.inputs.plain import plain
from pathsim.inputs.population import Population
from pathsim.inputs.quantity import CalendarDay, Positive, Span, TimeSpan, Whole, day_of
from pathsim.inputs.strategy import (
    FewerDoses,
    FixedDuration,
    Ivig,
    OnToxicity,
    Options,
    Otherwise,
    Rule,
    Site,
    Strategy,
)
from pathsim.inputs.supportive import BestSupportiveCare, SupportiveCareFile
from pathsim.inputs.therapy import Therapy

Region = Literal["US", "EU", "UK"]
Drug = Literal[
    DrugClass, "lenalidomide", "pomalidomide", "thalidomide", "bortezomib", "carfilzomib",
    "ixazomib", "daratumumab", "isatuximab", "last line",
]  # fmt: skip
"""What a label may ask refractoriness to; `last line` is whatever was given last."""
Curves = Literal["as_fitted", "weibull", "log_logistic", "lognormal", "gompertz"]
"""The family of the laws of progression: each its own, or one for all (`laws.families`)."""


def _monday(date: datetime.date) -> datetime.date:
    if not 1900 <= date.year <= 2200:
        raise ValueError(f"{date} is out of range; write a day of the years 1900 to 2200")
    if date.weekday() != 0:
        monday = date - datetime.timedelta(days=date.weekday())
        raise ValueError(f"{date} is no Monday, and day 0 is one; write {monday}")
    return date


def _some_time(span: Span) -> Span:
    if not 0 < span.days <= 36525:
        raise ValueError(f"{span} is out of range; write more than 0 and up to 100 years")
    return span


class History(Written):
    """What is true of every patient's earlier treatment; labels are judged by it."""

    exposed_to: tuple[DrugClass, ...] = ()
    refractory_to: tuple[Drug, ...] = ()


class Launch(Change):
    """From a day on a therapy can be had; before it no rule gives it, whatever it says."""

    because: Sentence


class Support(Written):
    """How therapies are given where a rule does not say; see `Options`.

    Without a `washout` or `step_up_again_after` that of the therapy holds. With `antigen_test`
    those exposed to BCMA or GPRC5D are tested for its loss at arrival and at each relapse, as well
    as the supportive care file says; what is found, rules may ask (`antigen`).
    """

    bridging: Literal["default", "none"] = "default"
    site: Site = "inpatient"
    tocilizumab_prophylaxis: Flag = False
    infection_prophylaxis: Flag = True
    ivig: Ivig = "triggered"
    dexamethasone_by_lymphocytes: Flag = False
    fixed_duration: FixedDuration = False
    fewer_doses: FewerDoses = "label"
    step_up_again_after: TimeSpan | None = None
    hold_doses: Flag = True
    on_toxicity: OnToxicity = "as_practised"
    hold_before_apheresis: TimeSpan = Span(28.0)
    washout: TimeSpan | None = None
    antigen_test: Flag = False
    because: Sentence = (
        "Assumptions: usual site and IVIG; four weeks without a bispecific before cells."
    )

    def fill(self, options: Options) -> Options:
        """The options of a rule, with these where it says nothing."""
        fields = {name: getattr(self, name) for name in Options.model_fields}
        said = {name: getattr(options, name) for name in options.said}
        return Options.model_construct(**{**fields, **said})


class Run(Written):
    """How often a scenario is simulated unless the command says otherwise, and what counts.

    Patients who come before the end of the `warm_up`, and what resources do before it, do not.
    """

    replications: Positive = 20
    seed: Whole = 1
    warm_up: TimeSpan = Span(0.0)


class Mortality(Written):
    """A life table written out: its header, and the probability of death at each year of age."""

    about: Background
    first_age: Whole
    death_probabilities: dict[Sex, Annotated[tuple[Real, ...], AtLeast(2)]]

    @model_validator(mode="after")
    def _both_sexes(self) -> Self:
        if (
            len({len(column) for column in self.death_probabilities.values()}) != 1
            or len(self.death_probabilities) != 2
        ):
            raise ValueError("the sexes differ; give female and male the same ages")
        if any(not 0 <= q < 1 for column in self.death_probabilities.values() for q in column):
            raise ValueError("a probability is out of range; write at least 0 and below 1")
        return self

    @classmethod
    def of(cls, table: LifeTable) -> Self:
        """A table as read from its files."""
        columns = dict(table.death_probabilities)
        return cls(about=table.about, first_age=table.ages[0], death_probabilities=columns)

    @property
    def table(self) -> LifeTable:
        """The table that gives the law of death."""
        ages = len(next(iter(self.death_probabilities.values())))
        years = tuple(range(self.first_age, self.first_age + ages))
        return LifeTable(self.about, years, self.death_probabilities)


class Frame(Written):
    """A scenario without its parts: those are of any kind here, and checked apart.

    With `curves` other than `as_fitted` each therapy's law of progression gives way to one of that
    family, with the same survival at two times within three years: what was seen stays, what lies
    beyond moves. With `access: settled` authorisation and work-up are over at the decision, as in
    a trial.
    """

    name: Slug
    title: Sentence
    region: Region
    start_date: Annotated[CalendarDay, AfterValidator(_monday)]
    horizon: Annotated[TimeSpan, AfterValidator(_some_time)]
    accrual: Accrual
    launches: dict[Slug, Launch] = Field(default={})
    history: History = History()
    support: Support = Support()
    dependence: Literal["as_assumed", "none"] = "as_assumed"
    curves: Curves = "as_fitted"
    access: Literal["as_written", "settled"] = "as_written"
    run: Run = Run()
    population: Any
    background: Any = None
    supportive: Any
    best_supportive_care: Any
    therapies: Any
    centre: Any
    strategy: Any

    def launch_day(self, therapy: str) -> float:
        """The day of the run from which a therapy can be had; 0 if that is not limited."""
        launch = self.launches.get(therapy)
        return 0.0 if launch is None else max(0.0, day_of(launch.start, self.start_date))


class Scenario(Frame):
    """One question with everything in it: no name is left to be looked up."""

    population: Population
    background: Mortality
    supportive: SupportiveCareFile
    best_supportive_care: BestSupportiveCare
    therapies: dict[str, Therapy]
    centre: Centre
    strategy: Strategy

    def options(self, rule: Rule | Otherwise) -> Options:
        """How a rule gives its therapy, with the scenario's `support` where it says nothing."""
        return self.support.fill(rule.options)

    def document(self) -> dict[str, Any]:
        """The one explicit document: plain data, defaults filled in, no name left to look up."""
        found: dict[str, Any] = plain(self)
        return found
