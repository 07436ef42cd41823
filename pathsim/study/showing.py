"""A scenario or a therapy as people ask for it: an overview, its evidence, its pathway in words.

Called by `pathsim show`. Reads the scenario and what it is built into; runs nothing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pathsim.inputs.assemble import with_bridging
from pathsim.inputs.evidence import Number, Sources, numbers
from pathsim.inputs.load import read, read_extended, validate
from pathsim.inputs.places import named, params_dir
from pathsim.inputs.resolve import resolve
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.therapy import Therapy
from pathsim.pathway.build import Built, build
from pathsim.pathway.checks import warnings_of
from pathsim.pathway.describe import arrivals_words, describe, describe_group, resource_words
from pathsim.study.check import kind_of
from pathsim.study.how_given import usually_given
from pathsim.study.plan import OTHER_USERS, model_of, shares_by_kind
from pathsim.study.rule_words import GIVEN_UP, rules_told


@dataclass(frozen=True)
class Shown:
    """What is printed, what is kept beside the drawings, and what is drawn (one therapy or all)."""

    name: str
    words: str
    built: Built
    therapy: str | None = None


def show(path: Path, *, states: bool = False, evidence: bool = False) -> Shown:
    """A scenario or therapy from its file; with every state, or every number, where asked."""
    if kind_of(path) == "therapies":
        therapy, built = built_with(path)
        words = [therapy_overview(therapy, built)]
        shown: Scenario | Therapy = therapy
    else:
        shown = resolve(path)
        built = build(shown)
        words = [scenario_overview(built), *([describe(built.service)] if states else [])]
    if evidence:
        words.append("EVIDENCE\n" + evidence_words(shown))
    only = shown.name if kind_of(path) == "therapies" else None
    return Shown(shown.name, "\n\n".join(words), built, only)


def draw(shown: Shown, out: Path) -> Path:
    """Write `out/<name>/pathway/`: the pathway in words, and a drawing a therapy; the folder."""
    from pathsim.pathway import drawing

    folder = out / shown.name / "pathway"
    drawing.draw(shown.built.pathway, folder, only=shown.therapy)
    words = shown.words if shown.therapy else describe(shown.built.service)
    (folder / "pathway.txt").write_text(words + "\n", encoding="utf-8")
    return folder


WARNINGS = (
    "WARNINGS: who holds the first may wait for the second; each such wait has other ways out"
)


def scenario_overview(built: Built) -> str:
    """What a scenario asks, whom it treats, by which rules, with what; warnings last."""
    scenario, model = built.scenario, model_of(built)
    lines = [
        scenario.name.upper(),
        scenario.title,
        "",
        f"Patients: {scenario.population.title};",
        *_wrapped(f"{model.accrual}{_growth(scenario)}."),
        f"Runs for {built.horizon:g} days from {scenario.start_date} in the {scenario.region};",
        *_wrapped(f"on day 0 {model.day_0}."),
        f"Numbers by kind: {kinds(scenario)}.",
        *_structure(scenario),
        "",
        f"STRATEGY '{scenario.strategy.strategy}': {scenario.strategy.title}",
        *_rules(built),
        "",
        f"CENTRE '{scenario.centre.centre}': {scenario.centre.title}",
        *(line for r in built.service.resources for line in _wrapped(resource_words(r))),
        "",
        "OTHER USERS of the same places",
        *(_other_users(built) or ["  none: the centre is there for these patients alone"]),
        "",
        "THERAPIES",
        *(
            line
            for t in scenario.therapies.values()
            for line in _wrapped(_therapy_line(t, scenario))
        ),
    ]
    if found := warnings_of(built.service):
        lines += ["", WARNINGS, *(line for warning in found for line in _wrapped(str(warning)))]
    return "\n".join(lines)


def _structure(scenario: Scenario) -> Iterator[str]:
    """What is switched off or put in the place of what was fitted."""
    if scenario.dependence == "none":
        yield "Switched off: what progression, death and infection have in common (dependence)."
    if scenario.curves != "as_fitted":
        family = scenario.curves.replace("_", "-")
        yield from _wrapped(
            f"CURVES: every law of progression is {family}, through two points of the fitted one "
            "within three years; what lies beyond is another extrapolation."
        )


def _growth(scenario: Scenario) -> str:
    growth = scenario.accrual.growth
    return "" if growth is None else f": growth by {growth}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="  ", subsequent_indent="      ",
                         break_on_hyphens=False)  # fmt: skip


def _other_users(built: Built) -> list[str]:
    """Who else asks for the places: how they come, and how many are there on day 0."""
    streams = {stream.name: stream for stream in built.service.streams}
    found = []
    for users in built.scenario.centre.other_users:
        come = arrivals_words(streams[f"{OTHER_USERS}{users.name}"])
        there = f"; {users.on_day_0} there on day 0" if users.on_day_0 else ""
        found += _wrapped(f"{users.name}: {users.resource}; {come}{there}")
    return found


def kinds(written: object) -> str:
    """The share of numbers of each kind, in words."""
    shares = shares_by_kind(written).items()
    return ", ".join(
        f"{kind} {100 * share:.0f} %" if share >= 0.005 else f"{kind} under 1 %"
        for kind, share in shares
    )


def _rules(built: Built) -> Iterator[str]:
    """The strategy's rules in words, with their reasons."""
    yield from _wrapped(GIVEN_UP)
    if usual := usually_given(built.scenario.support):
        yield from _wrapped(f"Unless a rule says otherwise: {usual}.")
    for number, rule in enumerate(rules_told(built.scenario), start=1):
        label = "  (off label)" if rule.off_label else ""
        first = f"{number}. {rule.name}: {rule.condition} → {rule.gives}{label}"
        yield from textwrap.wrap(first, 100, initial_indent="  ", subsequent_indent="     ",
                                 break_on_hyphens=False)  # fmt: skip
        if rule.how:
            yield from textwrap.wrap(rule.how, 94, initial_indent="     Given: ",
                                     subsequent_indent="     ")  # fmt: skip
        yield from textwrap.wrap(rule.because, 94, initial_indent="     Because: ",
                                 subsequent_indent="     ")  # fmt: skip


def _therapy_line(therapy: Therapy, scenario: Scenario) -> str:
    targets = f" against {' and '.join(therapy.targets)}" if therapy.targets else ""
    launch = scenario.launches.get(therapy.name)
    since = f"; to be had from {launch.start} on: {launch.because}" if launch else ""
    return f"{therapy.name}: {therapy.title} ({therapy.modality}{targets}){since}"


# --- one therapy ---------------------------------------------------------------------------------


FRAME = "cart_first"
"""The scenario in which a single therapy is shown."""


def built_with(path: Path) -> tuple[Therapy, Built]:
    """A therapy from its file, and a shipped scenario built with it."""
    document = read_extended(path, named(params_dir() / "therapies"))
    therapy: Therapy = validate(with_bridging(document), Therapy)
    frame = resolve(FRAME)
    therapies = {**frame.therapies, therapy.name: therapy}
    return therapy, build(frame.model_copy(update={"therapies": therapies}))


def therapy_overview(therapy: Therapy, built: Built) -> str:
    """A therapy's header, and every state, choice and detour that it has to itself."""
    about = [
        f"{therapy.title.upper()} ({therapy.name})",
        f"{therapy.modality}; targets: {', '.join(therapy.targets) or 'none'}",
        *textwrap.wrap(therapy.basis, 100),
        f"Numbers by kind: {kinds(therapy)}.",
    ]
    return "\n".join([*about, describe_group(built.pathway, therapy.name)])


# --- evidence ------------------------------------------------------------------------------------


def evidence_words(written: Scenario | Therapy) -> str:
    """Every number with its value, spread, kind and source, then the sources."""
    found = list(numbers(written))
    lines = [line for path, number in found for line in _number_lines(path, number)]
    cited = dict.fromkeys(number.source for _, number in found)
    known = validate(read(params_dir() / "sources.yaml"), Sources).root
    lines += ["", "SOURCES"]
    for key in sorted(cited):
        if key in known:
            source = known[key]
            where = source.doi or source.url or "no address"
            lines.append(f"  {key}: {source.citation}; {where}; read: {source.read}")
    return "\n".join(lines)


def _number_lines(path: str, number: Number) -> Iterator[str]:
    spread = number.spread
    width = f" ({spread.low:g} to {spread.high:g}, {spread.of})" if spread else ""
    yield f"{path}: {number.value:g} {number.unit}{width}"
    row = f", row {number.row}" if number.row else ""
    yield f"    {number.kind}: {number.source}{row}, {number.where}; verified: {number.verified}"
    if number.note:
        yield f"    {number.note}"
