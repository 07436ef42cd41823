"""Where each number comes from: the evidence used here, how sure it is, and its sources.

Only what can come into play is told: a therapy that no rule gives is named and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pathsim.pathway.describe import arrivals_words, resource_parts
from pathsim.pathway.phrases import a_number_of
from pathsim.report.basis import Asked, Basis, asked
from pathsim.report.shapes import Drawn, Row, Table, row
from pathsim.report.sources import References, catalogue_sources
from pathsim.report.weakest import Weakest as Weakest
from pathsim.report.weakest import weakest as weakest
from pathsim.study.evidence import KINDS, unverified
from pathsim.study.informing import Informing, informing
from pathsim.study.kept import Result
from pathsim.study.plan import OTHER_USERS
from pathsim.study.told import Line, lines
from pathsim.study.used import Used, UsedPart

TITLE, TEMPLATE = "Where the numbers come from", "evidence.html"
KINDS_TOLD = {
    "trial": "a prospective trial",
    "cohort": "patients treated in practice, or a registry",
    "label": "what a regulator approved",
    "calibrated": "fitted so that the simulated trial meets published figures",
    "expert": "a panel's consensus",
    "assumption": "a reasoned guess, with a range",
}


@dataclass(frozen=True)
class Cited:
    """A line of a part, with the numbers of its sources in the list."""

    line: Line
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """A part in lines under their headings, and what its fitted numbers were fitted to."""

    title: str
    numbers: int
    open: int
    fitted: str
    fitted_to: tuple[int, ...]
    groups: tuple[tuple[str, tuple[Cited, ...]], ...]


def content(result: Result) -> Mapping[str, Any] | None:
    """What the section shows; None where no model is kept."""
    models = asked(result)
    if models is None:
        return None
    found, fits = models.evidence, informing()
    references = References(catalogue_sources())
    weak = weakest(result)
    parts = tuple(_told(part, references, fits) for part in found)
    return {
        "first": _first(found),
        "left_out": _left_out(found),
        "kinds": "; ".join(f"{kind}, {told}" for kind, told in KINDS_TOLD.items()),
        "weakest": weak,
        "weakest_table": _weak_table(weak) if weak else None,
        "shares": shares(found),
        "figure": _drawn(found),
        "stated": stated_with_reasons(models),
        "parts": parts,
        "references": references.every(),
    }


def _first(found: Used) -> str:
    return (f"The strategies shown here rest on {found.count} numbers. "
            f"{_percent(found.open, found.count)} % of them ({found.open}) are unverified or "
            "assumed: nobody has read them in a source, or there is none.")  # fmt: skip


def _left_out(found: Used) -> str:
    if not found.left_out:
        return ""
    return ("Left out, since no rule of these strategies gives it: "
            f"{', '.join(found.left_out)}.")  # fmt: skip


def _percent(some: int, whole: int) -> str:
    return f"{100 * some / whole:.0f}" if whole else "0"


# --- shares --------------------------------------------------------------------------------------


def counts(part: UsedPart) -> Counter[str]:
    """How many numbers of a part are of each kind."""
    return Counter(each.number.kind for each in part.numbers)


def shares(found: Used) -> Table:
    """The share of each kind by part, and of what is unverified or assumed."""
    rows = [_share(part.title, [part]) for part in found]
    return Table(
        "Kinds of numbers, by part (% of its numbers)",
        ("Part", "Numbers", *(kind.capitalize() for kind in KINDS), "Unverified or assumed"),
        (_share("All of them", found), *rows),
        note="Unverified or assumed: nobody read it in a source (recalled from the literature, or "
        "derived from what was recalled), or it is an assumption; both together are counted once.",
    )


def _share(title: str, parts: Iterable[UsedPart]) -> Row:
    each = list(parts)
    kinds = sum((counts(part) for part in each), Counter[str]())
    n = kinds.total()
    open_ = sum(unverified(number.number) for part in each for number in part.numbers)
    return row(title, n, *(_percent(kinds[kind], n) for kind in KINDS), _percent(open_, n))


def _drawn(found: Used) -> Drawn:
    from pathsim.figures.evidence import kinds
    from pathsim.figures.saving import svg_of
    from pathsim.figures.style import new_axes

    by_part = {part.name: counts(part) for part in found}
    axes = kinds(new_axes(height=1.6 + 0.5 * len(by_part)), by_part)
    alt = "; ".join(
        f"{name}: " + ", ".join(f"{kind} {_percent(many[kind], many.total())} %"
                                for kind in KINDS if many[kind])
        for name, many in by_part.items()
    )  # fmt: skip
    says = ("Share of each kind of number in each part of the model; hatched and palest: "
            "assumptions. The table above has the figures.")  # fmt: skip
    alt = f"Stacked bars, a bar a part. {alt}."
    return Drawn("evidence", "What the numbers rest on", says, alt, svg_of(axes))


# --- the weakest ---------------------------------------------------------------------------------


def _weak_table(weak: Weakest) -> Table:
    moved = weak.simulated
    head = ("Number", "Value", "Range", "Kind", "Why so", *(["What it moves"] if moved else []))
    rows = [row(w.words, w.value, w.range, w.kind, w.why, *([w.moves] if moved else []))
            for w in weak.numbers]  # fmt: skip
    return Table("The weakest numbers, the weakest first", head, tuple(rows), note=weak.how)


# --- every number --------------------------------------------------------------------------------


def _told(part: UsedPart, references: References, fits: Informing) -> Told:
    cited = [Cited(line, references.cite(line.keys))
             for line in lines(part.told, references.known)]  # fmt: skip
    groups = tuple((heading, tuple(each))
                   for heading, each in groupby(cited, key=lambda c: c.line.heading))  # fmt: skip
    fitted, keys = _fitted(part, fits)
    open_ = sum(unverified(each.number) for each in part.numbers)
    return Told(part.title, len(part.numbers), open_, fitted, references.cite(keys), groups)


def _fitted(part: UsedPart, fits: Informing) -> tuple[str, tuple[str, ...]]:
    """What the calibrated numbers of a part were fitted to: in words, and the sources of that."""
    calibrated = [each for each in part.numbers if each.number.kind == "calibrated"]
    names = tuple(dict.fromkeys(f for n in calibrated for f in fits.fits_of(part.part.file, n)))
    targets = fits.targets_of(names)
    if not targets:
        return "", ()
    many = a_number_of(len(calibrated), "number")
    said = (f"{many} fitted together ({', '.join(names)}) to "
            f"{a_number_of(len(targets), 'published figure')} of")  # fmt: skip
    keys = dict.fromkeys(str(target.published.get("source")) for target in targets)
    return said, tuple(keys)


# --- stated with a reason ------------------------------------------------------------------------


def stated_with_reasons(models: Asked) -> Table | None:
    """What a scenario states with a reason and no source: who comes, what there is, who else."""
    by_words: dict[tuple[str, str, str], list[str]] = {}
    for basis in models.bases:
        for said in _reasons(basis):
            by_words.setdefault(said, []).append(basis.name)
    rows = tuple(
        row(what if len(names) == len(models.bases) else f"{what} ({', '.join(names)})", value, why)
        for (what, value, why), names in by_words.items()
    )
    note = ("These are no part of the shares above. They say who comes and what there is: another "
            "service has other numbers.")  # fmt: skip
    head = ("What", "As stated", "Reason given")
    return Table("Stated with a reason, not with a source", head, rows, note) if rows else None


def _reasons(basis: Basis) -> Iterator[tuple[str, str, str]]:
    scenario, service = basis.scenario, basis.service
    yield "Referrals", basis.model.accrual, str(scenario.accrual.because)
    told = {each.name: "; ".join(resource_parts(each)) for each in service.resources}
    for name, resource in scenario.centre.resources.items():
        yield name.replace("_", " "), told.get(name, ""), str(resource.because)
    streams = {each.name: arrivals_words(each) for each in service.streams}
    for other in scenario.centre.other_users:
        of = other.resource.replace("_", " ")
        come = streams.get(f"{OTHER_USERS}{other.name}", "")
        yield f"Others who use the {of}: {other.name}", come, str(other.because)
    for name, launch in scenario.launches.items():
        yield f"{name} can be had", f"from {launch.start} on", str(launch.because)
