"""Whether the parts of a scenario agree: names that one uses and another gives.

Called by `resolve` with parts that are each sound. Every problem is told at the line where the
name was written.
"""

import datetime
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pathsim.errors import Problem
from pathsim.inputs.assemble import sourced
from pathsim.inputs.centre import SLOTS, Centre, choose
from pathsim.inputs.conditions import TARGETS, When
from pathsim.inputs.dated import dated
from pathsim.inputs.document import Document, Where
from pathsim.inputs.evidence import Sources
from pathsim.inputs.label import Circumstances, outside_label
from pathsim.inputs.load import read, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.population import Counts, Exposure, Population, TruncatedNormal
from pathsim.inputs.scenario import Frame
from pathsim.inputs.strategy import (
    SUPPORTIVE_CARE,
    Options,
    Otherwise,
    Rule,
    Strategy,
    Thinning,
    rule_parts,
)
from pathsim.inputs.therapy import Therapy

FITS: dict[str, tuple[str, ...]] = {
    "bridging": ("car_t",),
    "site": ("car_t", "bispecific"),
    "tocilizumab_prophylaxis": ("car_t", "bispecific"),
    "infection_prophylaxis": ("car_t", "bispecific", "regimen"),
    "ivig": ("car_t", "bispecific"),
    "dexamethasone_by_lymphocytes": ("car_t",),
    "fixed_duration": ("bispecific",),
    "fewer_doses": ("bispecific",),
    "step_up_again_after": ("bispecific",),
    "hold_doses": ("bispecific",),
    "on_toxicity": ("bispecific", "regimen"),
    "hold_before_apheresis": ("car_t",),
    "washout": ("car_t", "bispecific"),
}
"""Option of a rule -> the modalities that it makes sense for."""


@dataclass(frozen=True)
class Parts:
    """The parts of a scenario that are sound; None for the others."""

    frame: Frame | None
    population: Population | None
    therapies: Mapping[str, Therapy]
    centre: Centre | None
    strategy: Strategy | None

    def earlier_therapies(self) -> set[str]:
        """What patients may have had before they arrive."""
        features = self.population.features.values() if self.population else ()
        return {name for f in features if isinstance(f, Exposure) for name in f.therapies}

    def least_prior_lines(self) -> int:
        """The fewest earlier lines that a patient of the population may have."""
        lines = self.population.features.get("prior_lines") if self.population else None
        if isinstance(lines, Counts):
            return min(entry.count for entry in lines.counts if entry.share.base > 0)
        return int(lines.low.value) if isinstance(lines, TruncatedNormal) else 0


def disagreements(document: Document, parts: Parts, known: Iterable[str]) -> Iterator[Problem]:
    """Everything that one part says and another does not bear out.

    `known` names all therapies that the scenario lists, sound or not.
    """
    names = set(known)
    if parts.strategy is not None:
        for index, rule in enumerate(parts.strategy.rules):
            where: Where = ("strategy", "rules", index)
            yield from _gives(document, where, rule, parts, names)
            yield from _asks(document, where, rule, parts, names)
    if parts.centre is not None:
        yield from _centre(document, parts.centre, parts, names)
    if parts.frame is not None:
        yield from dated(document, parts.frame, parts.centre, parts.strategy, names)
    yield from _tests(document, parts)
    for name, therapy in parts.therapies.items():
        yield from _bridges(document, name, therapy, names)
        if therapy.name != name:
            cause = f"the therapy calls itself '{therapy.name}'"
            at: Where = ("therapies", name, "name")
            yield document.problem(at, cause, remedy=f"write '{name}'")


def _tests(document: Document, parts: Parts) -> Iterator[Problem]:
    """A problem for a test without figures, and for each rule that asks of a test not done."""
    if parts.frame is None:
        return
    supportive = document.data.get("supportive")
    if parts.frame.support.antigen_test:
        if isinstance(supportive, dict) and "antigen_test" not in supportive:
            cause = "supportive care has no figures for the test"
            remedy = "remove it, or add antigen_test to supportive care"
            yield document.problem(("support", "antigen_test"), cause, remedy=remedy)
        return
    for index, rule in enumerate(parts.strategy.rules if parts.strategy else ()):
        for part, when in rule_parts(rule.when):
            if any("not_tested" not in asked.found for asked in when.antigen or ()):
                at: Where = ("strategy", "rules", index, "when", *part, "antigen")
                remedy = "write antigen_test: true under the scenario's support"
                yield document.problem(at, "nobody is tested in this scenario", remedy=remedy)


def _bridges(document: Document, name: str, therapy: Therapy, names: set[str]) -> Iterator[Problem]:
    """A problem for each way to bridge with a therapy that nobody knows."""
    if therapy.modality != "car_t":
        return
    known = sorted({*names, *named(params_dir() / "therapies")})
    for title, option in therapy.bridging.options.items():
        if option.therapy not in (None, *known):
            where: Where = ("therapies", name, "bridging", "options", title, "therapy")
            remedy = choose(str(option.therapy), known)
            yield document.problem(where, f"no therapy '{option.therapy}'", remedy=remedy)


def unknown_sources(document: Document, own: Collection[str] = ()) -> Iterator[Problem]:
    """A problem for each citation that stands in no list of sources, `own` being one more."""
    path: Path = params_dir() / "sources.yaml"
    if not path.is_file():
        return
    known = validate(read(path), Sources).root
    for where, source in sourced(document):
        if source not in known and source not in own:
            near = choose(source, list(known)) if len(known) < 9 else _nearest(source, known)
            yield document.problem(where, f"no source '{source[:60]}'", remedy=near)


def _nearest(source: str, known: Mapping[str, object]) -> str:
    said = choose(source, list(known))
    return said if said.startswith("did you mean") else "add it to params/sources.yaml"


def _gives(
    document: Document, where: Where, rule: Rule | Otherwise, parts: Parts, names: set[str]
) -> Iterator[Problem]:
    """What is wrong with the therapy of a rule and the way it is given."""
    key = "otherwise" if isinstance(rule, Otherwise) else "give"
    if rule.give == SUPPORTIVE_CARE:
        for option in rule.options.said:
            at = (*where, "with", option)
            yield document.problem(at, "no therapy to do this with", remedy="remove it")
    elif rule.give not in names:
        cause = f"the scenario has no therapy '{rule.give}'"
        remedy = choose(rule.give, [*sorted(names), SUPPORTIVE_CARE])
        yield document.problem((*where, key), cause, remedy=remedy)
    elif therapy := parts.therapies.get(rule.give):
        yield from _misfits(document, (*where, "with"), rule.options, therapy)
        if not rule.off_label and (why := _label(rule, parts, therapy)):
            remedy = "say 'off_label: true', or narrow the rule by line or calendar"
            yield document.problem((*where, key), why, remedy=remedy)


def _label(rule: Rule | Otherwise, parts: Parts, therapy: Therapy) -> str | None:
    """Why the label does not allow the rule; None if it does, or if that cannot be told."""
    if parts.frame is None or parts.population is None:
        return None
    frame, when = parts.frame, rule.when
    end = frame.start_date + datetime.timedelta(days=frame.horizon.days)
    lines = [parts.least_prior_lines()]
    if when.line and when.line.at_least:
        lines.append(when.line.at_least - 1)
    if when.lines_here and when.lines_here.at_least:
        lines.append(lines[0] + when.lines_here.at_least)
    start = when.calendar.start if when.calendar else None
    before = when.calendar.before if when.calendar else None
    launched = frame.start_date + datetime.timedelta(days=math.ceil(frame.launch_day(rule.give)))
    here = Circumstances(
        region=frame.region,
        since=max(launched, start or launched),
        until=min(end, before or end),
        prior_lines=max(lines),
        history=frame.history,
    )
    return outside_label(therapy, here)


def _misfits(
    document: Document, where: Where, options: Options, therapy: Therapy
) -> Iterator[Problem]:
    """A problem for each option that the therapy cannot be given with."""
    for option in options.said:
        if therapy.modality not in FITS[option]:
            cause = f"this is for {' and '.join(FITS[option])}; {therapy.name} is none"
            yield document.problem((*where, option), cause, remedy="remove it")
    ways = [*therapy.bridging.options] if therapy.modality == "car_t" else []
    if therapy.modality == "car_t" and options.bridging not in (None, "default", "none", *ways):
        cause = f"{therapy.name} has no bridging '{options.bridging}'"
        remedy = choose(str(options.bridging), ["default", "none", *ways])
        yield document.problem((*where, "bridging"), cause, remedy=remedy)
    for option, lacking, field in _without_figures(options, therapy):
        cause = f"{therapy.name} has no {lacking}"
        remedy = f"remove it, or add {field} to the therapy"
        yield document.problem((*where, option), cause, remedy=remedy)


def _without_figures(options: Options, therapy: Therapy) -> Iterator[tuple[str, str, str]]:
    """Option, what the therapy's file lacks for it, and the field that would give it."""
    if therapy.modality != "regimen":
        known = therapy.crs.with_tocilizumab_prophylaxis is not None
        if options.tocilizumab_prophylaxis and not known:
            field = "crs.with_tocilizumab_prophylaxis"
            yield "tocilizumab_prophylaxis", "figure for CRS with prophylaxis", field
    dexamethasone = options.dexamethasone_by_lymphocytes
    if therapy.modality == "car_t" and dexamethasone and therapy.lymphocyte_peak is None:
        yield "dexamethasone_by_lymphocytes", "figures for lymphocytes", "lymphocyte_peak"
    if therapy.modality == "bispecific":
        if options.fixed_duration and not therapy.fixed_duration:
            yield "fixed_duration", "figures for a fixed duration", "fixed_duration"
        one = len(therapy.schedule.phases) == 1 and not therapy.specific
        if isinstance(options.fewer_doses, Thinning) and one:
            yield "fewer_doses", "rarer rhythm of doses", "a phase"
    asked = options.on_toxicity not in (None, "as_practised")
    if therapy.modality != "car_t" and asked and not therapy.specific:
        yield "on_toxicity", "toxicity of its own to answer", "specific"


def _asks(
    document: Document, where: Where, rule: Rule | Otherwise, parts: Parts, names: set[str]
) -> Iterator[Problem]:
    """A problem for each name in the conditions of a rule that means nothing here."""
    given = {*names}
    known = {*TARGETS, *given, *parts.earlier_therapies()}
    for part, when in rule_parts(rule.when):
        at = (*where, "when", *part)
        for name, word, choices in _names(when, given, known):
            if word not in choices:
                cause = f"nothing named '{word}' in this scenario"
                yield document.problem((*at, name), cause, remedy=choose(word, sorted(choices)))
        if parts.centre is not None:
            yield from _awaited(document, at, when, parts.centre)


def _names(when: When, given: set[str], known: set[str]) -> Iterator[tuple[str, str, set[str]]]:
    """Condition, the name that it uses, and the names that it may use."""
    yield from (("exposed", asked.to, known) for asked in when.exposed or ())
    yield from (("refractory_to", asked.what, known) for asked in when.refractory_to or ())
    times = {*known, "arrival", "relapse"}
    yield from (("since", asked.what, times) for asked in when.since or ())
    yield from (("last_therapy", word, given) for word in when.last_therapy or ())
    yield from (("given", asked.therapy, given) for asked in when.given or ())


def _awaited(document: Document, where: Where, when: When, centre: Centre) -> Iterator[Problem]:
    """A problem for each resource that conditions ask about and the centre does not limit."""
    for name in ("expected_wait", "queue", "free"):
        for asked in getattr(when, name) or ():
            limited = centre.limited.get(asked.resource)
            if limited is None:
                cause = f"the centre does not limit '{asked.resource}'"
                remedy = choose(asked.resource, list(centre.limited))
                yield document.problem((*where, name), cause, remedy=remedy)
            elif name == "expected_wait" and not (limited.allotments or limited.typical_stay):
                cause = f"{asked.resource} has no typical_stay to reckon a wait with"
                remedy = "add it to the centre's resource"
                yield document.problem((*where, name), cause, remedy=remedy)


def _centre(document: Document, centre: Centre, parts: Parts, names: set[str]) -> Iterator[Problem]:
    """What the centre says of therapies and days that the scenario does not bear out."""
    catalogued = {*names, *named(params_dir() / "therapies")}
    for name, resource in centre.resources.items():
        where: Where = ("centre", "resources", name)
        if name.startswith(SLOTS):
            product = name.removeprefix(SLOTS)
            therapy = parts.therapies.get(product)
            if product not in catalogued:
                remedy = choose(product, sorted(catalogued))
                yield document.problem(where, f"no therapy '{product}'", remedy=remedy)
            elif therapy is not None and therapy.modality != "car_t":
                cause = f"{product} is no CAR T product and needs no slots"
                yield document.problem(where, cause, remedy="remove the resource")
        if parts.frame is not None and not resource.in_order(parts.frame.start_date):
            yield document.problem(where, "changes are not in order of days", remedy="reorder them")
    if parts.frame is not None:
        yield from _crowded(document, centre, parts)
    for name in centre.day_0.on:
        if name not in names:
            cause = f"the scenario has no therapy '{name}'"
            at: Where = ("centre", "day_0", "on", name)
            yield document.problem(at, cause, remedy=choose(name, sorted(names)))


def _crowded(document: Document, centre: Centre, parts: Parts) -> Iterator[Problem]:
    """A problem for those who are there on day 0 and have no room."""
    assert parts.frame is not None
    taken: dict[str, int] = {}
    for where, name, asked in _there(centre, parts.therapies):
        resource = centre.limited.get(name)
        if resource is None or not asked:
            continue
        taken[name] = taken.get(name, 0) + asked
        if taken[name] > (room := resource.places_on_day_0(parts.frame.start_date)):
            cause = f"{taken[name]} places of {name} are taken on day 0, of {room}"
            yield document.problem(where, cause, remedy="lower the one or raise the other")


def _there(centre: Centre, therapies: Mapping[str, Therapy]) -> Iterator[tuple[Where, str, int]]:
    """Who is there on day 0: where that is written, the resource, and how many places of it."""
    for index, users in enumerate(centre.other_users):
        where: Where = ("centre", "other_users", index, "on_day_0")
        yield where, users.resource, users.on_day_0
    for name, patients in centre.day_0.on.items():
        therapy = therapies.get(name)
        if therapy is not None and therapy.modality != "car_t":
            yield ("centre", "day_0", "on", name), "clinic", patients * therapy.clinic_places
