"""The variables that a patient carries: the population's features, history, and the plan.

`build` puts them before the variables of the therapies. Order of features is order of drawing.
"""

from __future__ import annotations

from collections.abc import Iterable

from pathsim.inputs.population import (
    FEATURES,
    LEFT_OUT,
    Counts,
    Exposure,
    Feature,
    Latent,
    Levels,
    Population,
    TruncatedNormal,
)
from pathsim.inputs.supportive import AntigenTest
from pathsim.inputs.therapy import Therapy
from pathsim.pathway import words
from pathsim.pathway.bricks import EXPOSURES, TARGETS, factors, law_of, variable
from pathsim.pathway.chance import Ago, FromLaw, Normal
from pathsim.pathway.chance import Levels as DrawnLevels
from pathsim.pathway.course import lose, tested
from pathsim.pathway.pathway import Variable
from pathsim.pathway.reading import By, Per
from pathsim.units import DAYS_PER_YEAR

YES_NO = ("no", "yes")


def patient_variables(
    population: Population, therapies: dict[str, Therapy], test: AntigenTest | None = None
) -> list[Variable]:
    """Everything that a patient carries whatever the therapy; `test` is for a lost target."""
    found: list[Variable] = []
    for name, feature in population.features.items():
        found += feature_variables(name, feature, therapies)
    for name, level in LEFT_OUT.items():
        if name not in population.features:
            found.append(Variable(variable(name), "level", level, FEATURES[name]))
    for name, feature in population.features.items():
        if isinstance(feature, Exposure):
            found += sequels(name, feature, test)
    exposed = {target for name, target in EXPOSURES.items() if name in population.features}
    plain = {t for therapy in therapies.values() for t in (therapy.name, *therapy.targets)} | set(
        TARGETS
    )
    given = {v.name for v in found}
    found += [Variable(words.last(w), "moment") for w in sorted(plain - exposed)
              if words.last(w) not in given]  # fmt: skip
    found += [Variable(words.refractory(w), "level", "no", YES_NO) for w in sorted(plain - exposed)]
    found += drugs_before(population, therapies)
    return [*found, *history(therapies), *plan(therapies)]


def feature_variables(name: str, feature: Feature, therapies: dict[str, Therapy]) -> list[Variable]:
    """One feature of the population as variables of the law."""
    title = variable(name)
    match feature:
        case Latent():
            return [Variable(title, "number", Normal(0.0, 1.0), known=False)]
        case TruncatedNormal(mean=mean, sd=sd, low=low, high=high):
            drawn = Normal(mean.value, sd.value, low.value, high.value)
            return [Variable(title, "number", drawn)]
        case Counts():
            return [Variable(title, "number", FromLaw(feature.law()))]
        case Exposure():
            return exposure_variables(name, feature, therapies)
        case Levels():
            odds = {level: factors(effects) for level, effects in feature.effects.items()}
            draw = DrawnLevels(feature.shares, odds)
            return [Variable(title, "level", draw, tuple(feature.shares))]
    raise TypeError(f"unknown feature {feature!r}")


def exposure_variables(
    name: str, feature: Exposure, therapies: dict[str, Therapy]
) -> list[Variable]:
    """Earlier treatment against a target: whether, when, with what, and whether it failed."""
    target, title = EXPOSURES[name], variable(name)
    whether = Variable(title, "level", DrawnLevels(feature.shares), tuple(feature.shares))
    when = By(title, levels={lv: Ago(FromLaw(law_of(law))) for lv, law in feature.since.items()})
    found = [whether, Variable(words.last(target), "moment", when)]
    shares = {n: p.base for n, p in feature.therapies.items()} or {words.NO_THERAPY: 1.0}
    levels = tuple(dict.fromkeys([*shares, words.NO_THERAPY]))
    which = By(title, levels={"never": words.NO_THERAPY}, otherwise=DrawnLevels(shares))
    found.append(Variable(earlier(target), "level", which, levels))
    for therapy in therapies:
        if therapy in shares:
            same = By(earlier(target), levels={therapy: Ago(Per(words.last(target), 1.0))})
            found.append(Variable(words.last(therapy), "moment", same))
    failed = feature.progressed_on_it.base if feature.progressed_on_it else 0.0
    drawn = DrawnLevels({"yes": failed, "no": 1.0 - failed})
    refractory = By(title, levels={"never": "no"}, otherwise=drawn)
    return [*found, Variable(words.refractory(target), "level", refractory, YES_NO)]


def sequels(name: str, feature: Exposure, test: AntigenTest | None) -> list[Variable]:
    """How earlier treatment against a target ended, whether the target is lost, what is found.

    A weight of 0 leaves one level to be drawn: so two variables say together what a third is.
    """
    target, exposed = EXPOSURES[name], variable(name)
    unmet = By(exposed, levels={"never": 1.0}, otherwise=0.0)
    met = By(exposed, levels={"never": 0.0}, otherwise=1.0)
    spared = DrawnLevels({"never": 0.5, "response": 0.5}, {"never": [unmet], "response": [met]})
    ended = By(words.refractory(target), levels={"yes": "progression"}, otherwise=spared)
    share = feature.antigen_lost.base if feature.antigen_lost else 0.0
    gone = By(words.refractory(target), levels={"yes": lose(share)}, otherwise="present")
    found: str | By = words.NOT_TESTED
    if test is not None:
        found = By(exposed, levels={"never": words.NOT_TESTED}, otherwise=tested(test, target))
    endings, results = ("never", "progression", "response"), ("present", "lost")
    return [
        Variable(words.ended(target), "level", ended, endings),
        Variable(words.ended_before(target), "level", "never", endings),
        Variable(words.antigen(target), "level", gone, results, known=False),
        Variable(words.antigen_found(target), "level", found, (words.NOT_TESTED, *results)),
    ]


def drugs_before(population: Population, therapies: dict[str, Therapy]) -> list[Variable]:
    """When a bispecific and an alkylator were last given before arrival, and met by the cells."""
    given = bispecifics_before(population, therapies)
    found: list[Variable] = []
    bispecific = alkylator = None
    if given:
        found.append(target_before(given))
        ago = {target: Ago(Per(words.last(target), 1.0)) for target in given}
        bispecific = By(words.EARLIER_BISPECIFIC, levels=ago)
    if "recent_alkylator" in population.features:
        alkylator = By(words.RECENT[words.ALKYLATOR], levels={"yes": Ago(0.0)})
    return [
        *found,
        Variable(words.last(words.BISPECIFIC), "moment", bispecific),
        Variable(words.last(words.ALKYLATOR), "moment", alkylator),
        Variable(words.RECENT[words.BISPECIFIC], "level", "no", YES_NO),
    ]


def bispecifics_before(
    population: Population, therapies: dict[str, Therapy]
) -> dict[str, list[str]]:
    """The bispecifics that patients may have had, by target; those against GPRC5D first."""
    drugs = {t.name for t in therapies.values() if t.modality == "bispecific"}
    features = {target: population.features.get(name) for name, target in EXPOSURES.items()}
    given = {
        target: [name for name in feature.therapies if name in drugs]
        for target, feature in reversed(features.items())
        if isinstance(feature, Exposure)
    }
    return {target: names for target, names in given.items() if names}


def target_before(given: dict[str, list[str]]) -> Variable:
    """Which target the last bispecific before arrival was against: of two, the first listed."""
    odds: dict[str, list[By]] = {}
    earlier_ones: list[By] = []
    for target, names in given.items():
        of_these = By(earlier(target), levels=dict.fromkeys(names, 1.0), otherwise=0.0)
        of_others = By(earlier(target), levels=dict.fromkeys(names, 0.0), otherwise=1.0)
        odds[target] = [*earlier_ones, of_these]
        earlier_ones.append(of_others)
    odds[words.NO_THERAPY] = earlier_ones
    which = DrawnLevels(dict.fromkeys(odds, 1.0 / len(odds)), odds)
    return Variable(words.EARLIER_BISPECIFIC, "level", which, tuple(odds))


def earlier(target: str) -> str:
    """The therapy that was given against a target before arrival."""
    return f"earlier therapy against {target}"


def history(therapies: Iterable[str]) -> list[Variable]:
    """What has happened here, as rules may ask."""
    names = (words.NO_THERAPY, *therapies)
    responses = (*words.RESPONSES, words.NOT_ASSESSED)
    return [
        Variable(words.BIRTH, "moment", Ago(Per("age", DAYS_PER_YEAR))),
        Variable(words.REFERRAL, "moment", Ago(0.0)),
        Variable(words.RELAPSE, "moment"),
        Variable(words.LINE, "number", Per(words.PRIOR_LINES, 1.0, -1.0)),
        Variable(words.LINES_HERE, "number", 0.0),
        Variable(words.LAST_THERAPY, "level", words.NO_THERAPY, names),
        Variable(words.LAST_RESPONSE, "level", words.NOT_ASSESSED, responses),
        Variable(words.LAST_LASTED, "number", 0.0),
        Variable(words.STOPPED, "level", "no", YES_NO),
        Variable(words.INFECTED, "level", "no", YES_NO),
        *(
            Variable(words.before(t), "level", "never", ("never", "recent", "past"))
            for t in EXPOSURES.values()
        ),
    ]


def plan(therapies: dict[str, Therapy]) -> list[Variable]:
    """How the therapy under way is to be given, as the rule that chose it says."""
    options = {o for t in therapies.values() if t.modality == "car_t" for o in t.bridging.options}
    bridging = ("default", "none", *sorted(options - {"default", "none"}))
    return [
        Variable(words.BRIDGING, "level", "default", bridging),
        Variable(words.BRIDGING_RESPONSE, "level", "not_bridged",
                 ("vgpr", "pr", "less", "not_bridged")),
        Variable(words.SITE, "level", "inpatient", ("inpatient", "outpatient")),
        Variable(words.PROPHYLAXIS, "level", "no", YES_NO),
        Variable(words.IVIG, "level", "none", words.IVIG_POLICIES),
        Variable(words.WASHOUT, "number", 0.0),
        Variable(words.HOLD, "number", 0.0),
    ]  # fmt: skip
