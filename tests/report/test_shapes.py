"""Tables and figures as a page needs them."""

import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from pathsim.figures.saving import save, svg_of
from pathsim.figures.style import new_axes
from pathsim.report.shapes import OUTLINE, Drawn, Row, Table, drawn, heading, kept, row
from pathsim.study.kept import Result
from pathsim.study.pictures import pictures_of


def test_columns_of_figures_are_told_from_columns_of_words() -> None:
    rows = (
        row("a", "12.5 (11.0–14.0)", "3 of 5", "7123d86"),
        heading("ACCESS"),
        row("b", "–", "none", "20 %"),
        row("c", "-0.4", "2", "<1"),
    )
    table = Table("T", ("what", "mean", "how many", "digest"), rows)
    assert table.figures == (False, True, False, False)


def test_a_column_that_says_nothing_is_one_of_words() -> None:
    assert Table("T", ("a", "b"), (row("x", ""), row("y", "-"))).figures == (False, False)
    assert Table("T", ("a", "b"), ()).figures == (False, False)
    assert Table("T", ("a", "b"), (heading("only this"),)).figures == (False, False)


@pytest.mark.parametrize("wrong", [row("one"), Row(("two", "cells"), group=True)])
def test_a_row_has_a_cell_for_each_column(wrong: Row) -> None:
    with pytest.raises(AssertionError):
        Table("T", ("a", "b"), (wrong,))


def test_a_figure_stands_in_its_own_address() -> None:
    axes = new_axes(width=9.0, height=4.5)
    axes.plot([0, 1], [0.123456789, 1])
    figure = Drawn("f", "F", "", "a line", svg_of(axes))
    assert figure.size == (864, 432)
    head, _, body = figure.address.partition(",")
    assert head == "data:image/svg+xml"
    shown, whole = unquote_to_bytes(body), figure.svg
    outlines = [re.findall(rb' d="[^"]*"', svg) for svg in (shown, whole)]
    assert re.sub(OUTLINE, b"", shown).split() == re.sub(OUTLINE, b"", whole).split()
    for short, long in zip(*outlines, strict=True):
        numbers = [[float(n) for n in re.findall(rb"-?[\d.]+", svg)] for svg in (short, long)]
        assert numbers[0] == pytest.approx(numbers[1], abs=0.1)
        assert re.findall(rb"[A-Za-z]", short) == re.findall(rb"[A-Za-z]", long)


def test_the_text_of_a_figure_is_text_and_its_numbers_are_short() -> None:
    axes = new_axes()
    axes.plot([0, 1], [0.123456789, 1])
    axes.set_title("Words that can be found")
    svg = svg_of(axes)
    assert b"Words that can be found" in svg
    path = svg.partition(b'<path d="')[2].partition(b'"')[0]
    assert all(len(word.partition(b".")[2]) <= 2 for word in path.split())


def test_the_same_figure_is_the_same_bytes(result: Result) -> None:
    one, two = (next(pictures_of(result.models, result.measured)) for _ in range(2))
    assert drawn(one).svg == drawn(two).svg


def test_a_figure_says_in_words_what_is_on_it(result: Result) -> None:
    picture = next(pictures_of(result.models, result.measured))
    figure = drawn(picture)
    assert (figure.title, figure.says) == (picture.title, picture.says)
    assert "months" in figure.alt.lower()
    assert len(figure.alt) > len(figure.title)


def test_a_figure_that_was_kept_is_shown_as_it_is(tmp_path: Path) -> None:
    axes = new_axes()
    axes.plot([0, 1], [0, 1])
    save(axes, tmp_path, "my_figure")
    figure = kept(tmp_path / "my_figure.svg", says="How it is read.")
    assert figure.svg == (tmp_path / "my_figure.svg").read_bytes()
    assert (figure.name, figure.says) == ("my_figure", "How it is read.")
    assert figure.title
    assert figure.alt
