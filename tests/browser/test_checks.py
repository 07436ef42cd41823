"""Every check complains of a page that is broken, and of a sound one none does.

A page is `sound.html` with one thing changed: a check that cannot fail proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import checks, printing
from tests.browser.checks import Check
from tests.browser.opened import Opened

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("browser")]

ROW = '<tr><th scope="row">Item {0}</th><td>On page {0} of the paper</td></tr>\n'
SOUND = (Path(__file__).parent / "sound.html").read_text(encoding="utf-8").replace(
    "<!-- rows -->", "".join(ROW.format(n) for n in range(1, 61))
)  # fmt: skip

CHECKS: tuple[Check, ...] = (
    checks.quiet, checks.nothing_asked, checks.light, checks.figures, checks.outline,
    checks.tables, checks.links, checks.fits, checks.keyboard, checks.accessible,
    printing.laid_out, printing.read_back,
)  # fmt: skip

WIDE_CELL = "<td><div style='width: 2000px'>4</div></td>"

BROKEN: tuple[tuple[str, str, str, Check, str], ...] = (
    ("speaks on the console", "</main>", "</main><script>console.error('oh')</script>",
     checks.quiet, "oh"),
    ("fails in a script", "</main>", "</main><script>nothing.there</script>",
     checks.quiet, "nothing is not defined"),
    ("fetches a picture", "</main>", '<img src="https://example.org/a.png" alt="A far picture">',
     checks.nothing_asked, "asks for https://example.org/a.png"),
    ("fetches a style", "@page", "@import 'https://example.org/a.css'; @page",
     checks.nothing_asked, "asks for https://example.org/a.css"),
    ("would fetch a font", "@page", "p.none { background: url(far.png) } @page",
     checks.nothing_asked, "the style fetches url(far.png)"),
    ("names a neighbour", "<style>", "<link rel='icon' href='icon.png'><style>",
     checks.nothing_asked, "fetches icon.png"),
    ("runs a script", "<p>", "<p onclick='alert()'>", checks.nothing_asked, "runs something"),
    ("is heavy", "</main>", f"<!-- {'x' * checks.HEAVIEST} --></main>", checks.light, "bytes"),
    ("lacks alt", 'alt="A square in teal, of no meaning at all"', "",
     checks.figures, "is not told in words"),
    ("has a broken picture", "PHN2ZyB4", "AAAA", checks.figures, "is not drawn"),
    ("lacks a caption", "<figcaption>A square</figcaption>", "",
     checks.figures, "has no caption"),
    ("has two h1", "<h2>Beds</h2>", "<h1>Beds</h1>", checks.outline, "not one h1"),
    ("leaves out a level", "<h3>Of methods</h3>", "<h4>Of methods</h4>",
     checks.outline, "leaves out a level"),
    ("tells no language", 'lang="en"', "", checks.outline, "language"),
    ("has no skip link", '<a class="skip" href="#main">To the text</a>', "",
     checks.outline, "does not skip to main"),
    ("has a table without caption", "<caption>Items</caption>", "",
     checks.tables, "has no caption"),
    ("has a head without scope", '<th scope="row">Haematology', "<th>Haematology",
     checks.tables, "without scope"),
    ("has a row without head", '<th scope="row">Haematology</th>', "<td>Haematology</td>",
     checks.tables, "row without a head"),
    ("has a short row", "<td>20</td>", "", checks.tables, "unlike length"),
    ("leads nowhere", 'href="#rest"', 'href="#best"', checks.links, "leads nowhere"),
    ("names a target twice", 'id="square"', 'id="beds"', checks.links, "there twice"),
    ("links to a file beside it", "https://example.org/", "other.html",
     checks.links, "leads to other.html"),
    ("is too wide", "<p>", "<p style='width: 1500px'>", checks.fits, "the page scrolls at 1280"),
    ("is too wide for a telephone", "<p>", "<p style='width: 500px'>", checks.fits, "at 360 px"),
    ("scrolls where Tab does not lead", 'tabindex="0"', "", checks.fits, "is no named"),
    ("cuts words off", "<p>", "<p style='overflow: hidden; width: 90px; white-space: nowrap'>",
     checks.fits, "is cut off"),
    ("has a word too long", "A long list", "A" * 200, checks.fits, "more than it has room for"),
    ("hides where the focus is", "summary:focus-visible,", "summary { outline: none }",
     checks.keyboard, "the focus is not to be seen on <summary>"),
    ("takes a link out of Tab's way", '<a href="#rest"', '<a tabindex="-1" href="#rest"',
     checks.keyboard, "Tab does not reach <a>"),
    ("is pale", "color: #222", "color: #aaa", checks.accessible, "color-contrast"),
    ("has a button without words", "</main>", "<button></button></main>",
     checks.accessible, "button-name"),
    ("scrolls on paper", "  .wide { overflow: visible; }\n  th, td { white-space: normal; }",
     "td { min-width: 40rem }", printing.laid_out, "would have to be scrolled"),
    ("has a table too wide for paper", "<td>4</td>", WIDE_CELL,
     printing.laid_out, "reaches over the paper"),
    ("hides what is folded", "details::details-content", "details::none",
     printing.laid_out, "is not printed"),
    ("tears a figure", "figure, tr {", "tr {", printing.laid_out, "<figure#square>"),
    ("tears a row", "figure, tr {", "figure {", printing.laid_out, "<tr>"),
    ("has a figure higher than paper", "<figcaption>", "<figcaption style='height: 1200px'>",
     printing.laid_out, "higher than a page"),
    ("prints words beside the paper", "<p>", "<p style='position: absolute; left: 300mm'>",
     printing.laid_out, "reaches over the paper"),
    ("loses what is folded", "details::details-content", "details::none",
     printing.read_back, "the PDF lacks 'onpage60ofthepaper'"),
    ("shows its head once", "@media print {", "@media print { thead { display: table-row-group; }",
     printing.read_back, "is not repeated"),
)  # fmt: skip


@pytest.fixture
def page_of(tmp_path: Path, open_page: Callable[[Path], Opened]) -> Callable[[str], Opened]:
    """Opens a page of this text."""

    def written(text: str) -> Opened:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return open_page(path)

    return written


def test_no_check_complains_of_a_sound_page(page_of: Callable[[str], Opened]) -> None:
    it = page_of(SOUND)
    assert {check.__name__: check(it) for check in CHECKS} == {c.__name__: [] for c in CHECKS}


@pytest.mark.parametrize(
    ("old", "new", "check", "complaint"),
    [each[1:] for each in BROKEN], ids=[each[0].replace(" ", "-") for each in BROKEN],
)  # fmt: skip
def test_a_check_complains_of_a_page_that(
    old: str, new: str, check: Check, complaint: str, page_of: Callable[[str], Opened]
) -> None:
    assert old in SOUND
    assert any(complaint in told for told in check(page_of(SOUND.replace(old, new, 1))))


def test_every_check_is_seen_to_complain() -> None:
    assert {each[3] for each in BROKEN} == set(CHECKS)
