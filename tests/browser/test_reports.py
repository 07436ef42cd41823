"""Reports made by the command line, opened from the disk in a browser without a network."""

from __future__ import annotations

import warnings

import pytest
from playwright.sync_api import Browser

from pathsim.study.kept import read
from pathsim.study.pictures import pictures_of
from tests.browser import checks, printing
from tests.browser.checks import GRAVE, Check
from tests.browser.made import Report
from tests.browser.opened import Opened, opened

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("browser")]

WHOLE = "with-studies"
"""The report of which axe sees what is folded away too: it has something of every kind."""

OF_ONE_RESOURCE = ("occupancy_", "slots_", "waits_by_month_")
"""How the names of figures begin that show one resource."""

SHOWN = 25
"""So many complaints are told of a page, lest one fault in a table drown all others."""


def complaints(check: Check, it: Opened) -> list[str]:
    return list(dict.fromkeys(check(it)))[:SHOWN]


def test_a_report_says_nothing_on_the_console(it: Opened) -> None:
    assert complaints(checks.quiet, it) == []


def test_a_report_asks_for_nothing_outside_itself(it: Opened) -> None:
    assert complaints(checks.nothing_asked, it) == []


def test_a_report_is_light_enough_to_be_mailed(it: Opened) -> None:
    assert complaints(checks.light, it) == []


def test_every_figure_of_a_result_is_in_its_report(it: Opened, report: Report) -> None:
    """A resource on which nobody presses needs no figure, but its line in the tables of service."""
    result = read(report.folders)
    expected = {p.name: p.title for p in pictures_of(result.models, result.measured)}
    ids = it.page.locator("figure[id]").evaluate_all("each => each.map(e => e.id)")
    shown = {name.removeprefix("figure-") for name in ids}
    tables = " ".join(it.page.locator("#service table").all_text_contents()).casefold()
    quiet = {name for name in expected if name.startswith(OF_ONE_RESOURCE)} - shown
    assert len(shown) >= 8
    assert set(expected) - quiet - shown == set()
    resources = {name: expected[name].split(": ")[-1].casefold() for name in quiet}
    assert [name for name, resource in resources.items() if resource not in tables] == []


def test_every_figure_is_drawn_captioned_and_told_in_words(it: Opened) -> None:
    assert complaints(checks.figures, it) == []


def test_headings_and_landmarks_are_in_order(it: Opened) -> None:
    assert complaints(checks.outline, it) == []


def test_every_table_has_a_caption_and_heads_with_a_scope(it: Opened) -> None:
    assert complaints(checks.tables, it) == []


def test_every_link_has_its_target(it: Opened) -> None:
    assert complaints(checks.links, it) == []


def test_a_report_fits_a_desk_and_a_telephone(it: Opened) -> None:
    assert complaints(checks.fits, it) == []


def test_a_report_is_used_with_the_keyboard_alone(it: Opened) -> None:
    assert complaints(checks.keyboard, it) == []


def test_axe_finds_nothing_serious(it: Opened) -> None:
    found = checks.found_by_axe(it, unfolded=it.path.parent.name == WHOLE)
    for impact, told in found:
        if impact not in GRAVE:
            warnings.warn(f"axe finds ({impact}) {told}", stacklevel=1)
    assert [told for impact, told in found if impact in GRAVE][:SHOWN] == []


def test_on_paper_nothing_is_cut_or_torn(it: Opened) -> None:
    assert complaints(printing.laid_out, it) == []


def test_the_pdf_holds_every_cell_of_every_table(it: Opened) -> None:
    assert complaints(printing.read_back, it) == []


def test_what_is_folded_is_printed_only_if_asked(it: Opened) -> None:
    sheets = [printing.sheets(it.printed(unfolded=unfolded)) for unfolded in (False, True)]
    assert sheets[0] < sheets[1]


def test_a_report_says_the_same_without_scripts(it: Opened, browser: Browser) -> None:
    says = "() => document.body.innerText"
    with opened(browser, it.path, scripts=False) as bare:
        assert bare.page.evaluate(says) == it.page.evaluate(says)
        assert complaints(checks.figures, bare) == []
