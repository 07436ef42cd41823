"""The figure of a search for capacities: a map of two, lines of one, numbers for a third."""

from __future__ import annotations

from pathlib import Path

from pathsim.figures.frontier import BROKEN, KEPT, UNDECIDED, frontier
from pathsim.figures.saving import save
from pathsim.figures.style import new_axes
from pathsim.study.sizing import tables
from pathsim.study.sizing.judging import Promise, Rule
from pathsim.study.sizing.lattice import Axis, Lattice
from pathsim.study.sizing.search import search
from tests.theory.toy_capacity import Mean, Toy

BEDS, SLOTS = Axis("beds", (2, 4, 6), 3.0), Axis("slots", (1, 2, 3, 4))
CHAIRS = Axis("chairs", (1, 2))


def drawn(axes: list[Axis], mean: Mean, *promises: Promise, noise: float = 0.1):
    lattice = Lattice(axes)
    found = search(lattice, promises, Toy(lattice, mean, noise), rule=Rule(0.95, 8, 16))
    names = [axis.name for axis in axes]
    return frontier(new_axes(), tables.capacities(found), tables.evaluated(found),
                    names=names, labels=names, header="A search")  # fmt: skip


def colours(ax) -> list[str]:
    from matplotlib.colors import to_hex

    return [to_hex(patch.get_facecolor()).upper() for patch in ax.patches]


def words(ax) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_two_capacities_are_a_map_with_a_square_each_and_a_star_on_the_cheapest() -> None:
    ax = drawn([BEDS, SLOTS], lambda v: [24 / (v[0] * v[1])], Promise("wait", 3.5))
    kept = sum(b * s >= 7 for b in BEDS.values for s in SLOTS.values)
    assert (colours(ax).count(KEPT), colours(ax).count(BROKEN)) == (kept, 12 - kept)
    (star,) = [line for line in ax.lines if line.get_marker() == "*"]
    assert (BEDS.values[int(star.get_xdata()[0])], SLOTS.values[int(star.get_ydata()[0])]) == (2, 4)
    assert "1 broken: wait" in words(ax)
    assert "undecided" not in words(ax)
    assert ax.get_title(loc="left") == "A search"


def test_what_is_undecided_is_grey_and_nothing_is_starred_where_nothing_is_enough() -> None:
    ax = drawn([BEDS, SLOTS], lambda v: [5.0], Promise("wait", 5.0), noise=1.0)
    assert set(colours(ax)) == {UNDECIDED}
    assert not [line for line in ax.lines if line.get_marker() == "*"]


def test_a_square_is_the_best_over_a_third_capacity_whose_number_stands_by_the_mark() -> None:
    ax = drawn([BEDS, SLOTS, CHAIRS], lambda v: [24 / (v[0] * v[1] * v[2])], Promise("wait", 3.5))
    kept = sum(b * s * 2 >= 7 for b in BEDS.values for s in SLOTS.values)
    assert colours(ax).count(KEPT) == kept
    assert {text.get_text() for text in ax.texts} <= {"1", "2"}


def test_one_capacity_has_each_promise_as_a_share_of_its_limit(tmp_path: Path) -> None:
    ax = drawn(
        [SLOTS], lambda v: [24 / v[0], 2 * v[0]], Promise("wait", 10.0, unit="days"),
        Promise("used", 3.0, at_most=False, unit="%"),
    )  # fmt: skip
    assert words(ax) == ["wait, at most 10 days", "used, at least 3 %"]
    assert ax.get_ylabel() == "Share of its limit"
    assert any(text.get_text() == "enough" for text in ax.texts)
    save(ax, tmp_path, "frontier")


def test_a_promise_that_is_far_from_kept_is_seen() -> None:
    ax = drawn([SLOTS], lambda v: [40 + v[0]], Promise("lost", 4.0))
    assert ax.get_ylim()[1] > 11
    near = drawn([SLOTS], lambda v: [40 / v[0] ** 2], Promise("lost", 4.0))
    assert near.get_ylim()[1] == 3


def test_what_lies_beyond_the_top_is_counted_with_how_far_the_worst_is() -> None:
    ax = drawn([SLOTS], lambda v: [48 / v[0] ** 2], Promise("wait", 4.0))
    assert ax.get_ylim()[1] == 3.0
    assert [t.get_text() for t in ax.texts if "above" in t.get_text()] == [
        "↑ 1 mean lies above, up to 12 times the limit"
    ]
    below = drawn([SLOTS], lambda v: [4 / v[0]], Promise("wait", 3.0))
    assert not [t for t in below.texts if "above" in t.get_text()]
