"""The numbers of a part as a clinician reads them: one line a law of time, one an effect.

Called by `pathsim evidence NAME`. A law's parameters are told by what follows from them: the
median, the middle half, the share still free of the event. The tables have each number by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pathsim.inputs.effects import Effect
from pathsim.inputs.evidence import Number, Source
from pathsim.inputs.lawspec import Constant, Exponential, PiecewiseExponential
from pathsim.inputs.stated import Stated, Whole
from pathsim.inputs.therapy_car_t import InfectionPeriod
from pathsim.inputs.wording import GROUPS
from pathsim.outcomes.labels import listed
from pathsim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, to_base, units_of

DELAYS = {"lognormal", "manufacturing", "empirical"}
"""Laws told by their median and middle half; the others by who is still free of the event."""
YEARS = (1, 2, 5)
OF = {"95ci": " (CI)", "iqr": " (half)", "range": " (range)", "assumed": ""}
"""What a range is of -> how that is said in brackets; nothing for an assumed one."""
UNPUBLISHED = ("assumption", "calibrated")
"""Kinds of numbers that stand in no publication."""
BARE = {"ratio", "count", "shape", "log sd"}
"""Units that go without saying."""


@dataclass(frozen=True)
class Line:
    """One line: what it is, the figure, how far it may lie, where it comes from.

    `keys` are the sources by their keys, assumptions and fits of this project left out; `notes`
    say how a number was derived, or why it was assumed.
    """

    heading: str
    words: str
    figure: str
    range: str
    evidence: str
    source: str
    keys: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def lines(numbers: Iterable[Stated], sources: Mapping[str, Source]) -> list[Line]:
    """The numbers of a part in the order of the patient's way, a line for each whole."""
    order = [*GROUPS]
    found = sorted(numbers, key=lambda s: order.index(s.group) if s.group in order else len(order))
    return [
        line
        for _, group in groupby(found, key=lambda s: id(s.whole.written) if s.whole else s.path)
        for line in [_line(list(group), sources)]
    ]


def _line(group: list[Stated], sources: Mapping[str, Source]) -> Line:
    whole = group[0].whole
    words, figure, main = _whole(whole, group) if whole else _alone(group[0])
    numbers = [each.number for each in group]
    cited = dict.fromkeys(_cited(number, sources) for number in numbers)
    return Line(
        group[0].heading,
        words,
        figure,
        range_of(main, figure),
        " + ".join(dict.fromkeys(_evidence(number) for number in numbers)),
        "; ".join(each for each in cited if each),
        tuple(dict.fromkeys(n.source for n in numbers if n.kind not in UNPUBLISHED)),
        tuple(dict.fromkeys(n.note for n in numbers if n.note)),
    )


def _alone(stated: Stated) -> tuple[str, str, Number]:
    return stated.words, quantity(stated.number), stated.number


def _whole(whole: Whole, group: list[Stated]) -> tuple[str, str, Number]:
    """Words, figure and the number whose spread is shown, of an effect or of a law."""
    if isinstance(whole.written, Effect):
        return whole.words, _effect(whole.written), group[-1].number
    if isinstance(whole.written, InfectionPeriod):
        until = whole.written.until
        said = f"until {quantity(until)}" if until else "then"
        words = f"rate without immunoglobulin, {said}"
        return words, quantity(whole.written.serious), whole.written.serious
    mains = (each.number for each in group if each.path.endswith((".median", ".scale")))
    main = next(mains, group[0].number)
    return whole.words, _law(whole.written, main.unit), main


def _effect(effect: Effect) -> str:
    figure = f"{'odds' if hasattr(effect, 'odds_ratio') else 'hazard'} × {effect.ratio:g}"
    if effect.centre is None:
        return figure
    if effect.level is not None:
        return f"{figure}, against an average of {quantity(effect.centre)} who have it"
    unit = " lines" if effect.centre.unit == "count" else ""
    return f"{figure}, counted from {quantity(effect.centre)}{unit}"


def _law(spec: Any, unit: str) -> str:
    """What follows from a law of time, in words; times in this unit if it is one."""
    if isinstance(spec, Constant):
        return f"always {quantity(spec.delay)}"
    if isinstance(spec, Exponential):
        given = next(n for n in ("median", "mean", "rate") if getattr(spec, n) is not None)
        said = quantity(getattr(spec, given))
        return said if given == "rate" else f"{given} {said}"
    if isinstance(spec, PiecewiseExponential):
        return "; ".join(_pieces(spec))
    law = spec.build()
    if spec.law in DELAYS:
        low, middle, high = (law.quantile(p) for p in (0.25, 0.5, 0.75))
        size, unit = _unit(middle, unit)
        low, middle, high = low / size, middle / size, high / size
        return f"median {_short(middle)} {unit}, half of them {_short(low)} to {_short(high)}"
    free = ", ".join(f"{100 * law.survival(DAYS_PER_YEAR * year):.0f}" for year in YEARS)
    size, unit = _unit(law.quantile(0.5))
    middle = _short(law.quantile(0.5) / size)
    return f"median {middle} {unit}; {free} % free of it at {listed([*map(str, YEARS)])} years"


def _pieces(spec: PiecewiseExponential) -> Iterator[str]:
    for piece in spec.pieces:
        until = f"until {quantity(piece.until)}" if piece.until else "then"
        yield f"{until} {quantity(piece.rate)}"


def quantity(number: Number) -> str:
    """Value and unit as written: `75 %`, `0.018 per month`, `0.4`."""
    unit = "%" if number.unit == "probability" else number.unit
    value = 100 * number.value if number.unit == "probability" else number.value
    return f"{value:.4g}" if unit in BARE else f"{value:.4g} {unit}"


def _short(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _unit(days: float, written: str = "") -> tuple[float, str]:
    """The unit in which a time is said, and its days: as it was written, or as one would."""
    if written in units_of("time"):
        return to_base(1, written), written
    if days < 120:
        return 1.0, "days"
    return (DAYS_PER_MONTH, "months") if days < 10 * DAYS_PER_YEAR else (DAYS_PER_YEAR, "years")


def _evidence(number: Number) -> str:
    """The kind, and how much was read: `cohort (abstract)`; an assumption is read nowhere."""
    if number.kind in UNPUBLISHED:
        return number.kind
    read = "not read" if number.verified == "no" else number.verified
    return f"{number.kind} ({read})"


def range_of(number: Number, figure: str = "") -> str:
    """How far the number may lie: `3 to 21`, with what that is of unless it is assumed.

    A time says its unit where the figure beside it is told in another one.
    """
    if number.spread is None:
        return ""
    times = 100 if number.unit == "probability" else 1
    low, high = number.spread.low * times, number.spread.high * times
    unit = f" {number.unit}" if number.unit == "days" and "days" not in figure else ""
    return f"{low:.4g} to {high:.4g}{unit}{OF[number.spread.of]}"


def _cited(number: Number, sources: Mapping[str, Source]) -> str:
    """A source in a word or two, and the row: `Sidana 2025 (E0324)`; nothing for no source."""
    if number.source not in sources or number.source == number.kind:
        return ""
    name = sources[number.source].citation.replace(":", ",").split(",")[0]
    return f"{name} ({number.row})" if number.row else name
