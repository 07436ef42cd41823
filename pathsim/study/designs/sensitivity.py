"""Designs for Sobol's indices and Morris's effects: points of a cube that SALib chooses.

A field with a range is spread evenly over it; a number without one by its own distribution. Every
point is simulated with the same luck. What is made of the values, `study.uncertain.indices` says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pathsim.errors import InputError, Problem
from pathsim.inputs.scenario import Scenario
from pathsim.inputs.study import Study
from pathsim.inputs.study_designs import Varied
from pathsim.inputs.study_uncertainty import Morris, Sensitivity, SobolIndices
from pathsim.inputs.vary import field_of
from pathsim.study.design import Design, Factor, factor_of
from pathsim.study.designs.sampling import scale
from pathsim.study.designs.stated import Values, stated_design
from pathsim.study.designs.uncertainty import reading
from pathsim.study.uncertain.draw import Uncertain, part_of, uncertain
from pathsim.study.uncertain.indices import Axes, Points, morris_points, sobol_points
from pathsim.study.uncertain.pieces import Fitted, Piece

ENDS = 0.025
"""Morris's effects are steps between these centiles of a distribution, which has no ends."""


@dataclass(frozen=True)
class Cube:
    """The points of a design: a row a set, a column an axis."""

    axes: Axes
    points: Points

    @classmethod
    def of(cls, asked: Sensitivity, axes: Axes, seed: int) -> Cube:
        if isinstance(asked, Morris):
            points = morris_points(axes, asked.trajectories, asked.levels, seed=seed)
        else:
            assert isinstance(asked, SobolIndices)
            points = sobol_points(axes, asked.base_sets, seed=seed)
        return cls(axes, points)


def design(study: Study, scenarios: Sequence[Scenario]) -> Design:
    """What each point means in each scenario."""
    asked = study.design
    assert isinstance(asked, Sensitivity)
    cube = cube_of(study, scenarios)
    if isinstance(asked.vary, str):
        return _of_spreads(asked, cube, scenarios)
    factors = tuple(factor_of(varied, scenarios[0]) for varied in asked.vary)
    scales = [
        _scale(asked, varied, factor, scenarios[0])
        for varied, factor in zip(asked.vary, factors, strict=True)
    ]
    sets = [tuple(at(u) for at, u in zip(scales, row, strict=True)) for row in cube.points.tolist()]
    return Design(asked.kind, factors, sets)


def cube_of(study: Study, scenarios: Sequence[Scenario]) -> Cube:
    """The points of a study: the same whenever they are asked for."""
    asked = study.design
    assert isinstance(asked, Sensitivity)
    if isinstance(asked.vary, str):
        axes = _axes(asked, [_drawn(asked, scenario) for scenario in scenarios])
    else:
        names = tuple(varied.column for varied in asked.vary)
        axes = Axes(names, names)
    return Cube.of(asked, axes, study.seed)


def _scale(
    asked: Sensitivity, varied: Varied, factor: Factor, scenario: Scenario
) -> Callable[[float], Any]:
    """From a place on an axis to a value: evenly over a range, or by a number's distribution."""
    if varied.tried:
        return scale(factor, varied, field_of(scenario, varied.path))
    (piece,) = _drawn(asked, scenario, of=(varied.path,)).pieces
    return lambda u: piece.values(lambda _: _within(asked, u))[0]


def _within(asked: Sensitivity, u: float) -> float:
    return ENDS + (1 - 2 * ENDS) * u if isinstance(asked, Morris) else u


def _drawn(asked: Sensitivity, scenario: Scenario, of: Sequence[str] = ()) -> Uncertain:
    """The numbers that vary; one that is named by itself is drawn by itself."""
    return uncertain(scenario, reading(asked.spreads), of=of or asked.of or (), correlated=not of)


def _axes(asked: Sensitivity, drawn: Sequence[Uncertain]) -> Axes:
    """An axis a draw; a factor a piece, or a part: whichever asks for the draw first."""
    found: dict[str, str] = {}
    for each in drawn:
        for piece in each.pieces:
            for name in piece.names:
                found.setdefault(name, _label(asked, piece))
    if len({*found.values()}) < 2:
        cause = "fewer than two factors vary, and there is nothing to compare"
        raise InputError(Problem("design", 1, "of", cause, "widen 'of', or write 'by: number'"))
    return Axes(tuple(found), tuple(found.values()))


def _label(asked: Sensitivity, piece: Piece) -> str:
    """What a factor is called: its part, its fit, or the path of its number or whole."""
    if asked.by == "part":
        return part_of(piece.paths[0])
    if isinstance(piece, Fitted):
        return f"fit of {piece.fit}"
    first, *others = piece.paths
    return f"{first} and {len(others)} more" if others else first


def _of_spreads(asked: Sensitivity, cube: Cube, scenarios: Sequence[Scenario]) -> Design:
    drawn = {scenario.name: _drawn(asked, scenario) for scenario in scenarios}
    place = {name: k for k, name in enumerate(cube.axes.names)}

    def of(scenario: str, number: int) -> Values:
        row = cube.points[number].tolist()
        return {
            path: value
            for piece in drawn[scenario].pieces
            for path, value in zip(
                piece.paths,
                piece.values(lambda name: _within(asked, row[place[name]])),
                strict=True,
            )
        }

    paths = [(scenario, drawn[scenario.name].paths) for scenario in scenarios]
    return stated_design(asked.kind, len(cube.points), of, paths)
