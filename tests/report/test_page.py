"""The page as a whole: it stands by itself, is well made, and shows what the result holds."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
from pathsim.report import page as pages
from pathsim.report.page import ANNEXES, SECTIONS, page, write
from pathsim.study.kept import Result, read
from pathsim.study.plan import model_of
from tests.report.conftest import kept_run, model
from tests.report.reading import Page, parsed

HARM = "</title><script>alert('\"&</script>"


@pytest.fixture(scope="module")
def html(result: Result) -> str:
    return page(result)


@pytest.fixture(scope="module")
def found(html: str) -> Page:
    return parsed(html)


def test_the_page_fetches_nothing_and_runs_nothing(html: str, found: Page) -> None:
    assert not found.all("script")
    assert not found.all("link")
    assert all(each.said["src"].startswith("data:") for each in found.all("img"))
    assert not [name for each in found.elements for name in each.said if name.startswith("on")]
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_every_element_is_closed_where_it_should_be(found: Page) -> None:
    assert found.unsound == []
    assert found.within == []


def test_names_within_the_page_are_given_once_and_every_link_leads_somewhere(found: Page) -> None:
    assert len(found.ids) == len(set(found.ids))
    links = [each.said["href"] for each in found.all("a")]
    inner = [link[1:] for link in links if link.startswith("#")]
    assert set(inner) <= set(found.ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in links)


def test_there_is_one_title_and_headings_skip_no_level(found: Page) -> None:
    levels = [level for level, _ in found.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(words for _, words in found.headings)


def test_sections_stand_in_order_and_in_the_contents(found: Page) -> None:
    shown = [each.said["id"] for each in found.all("section")]
    order = [Path(section.TEMPLATE).stem for section in SECTIONS]
    order += [Path(template).stem for _, _, template in ANNEXES]
    assert shown == [name for name in order if name in shown]
    assert [each.said["href"] for each in found.all("a")][1 : len(shown) + 1] == [
        f"#{name}" for name in shown
    ]


def test_every_figure_says_in_words_what_it_shows(found: Page) -> None:
    assert found.all("img")
    assert all(len(each.said["alt"]) > 20 for each in found.all("img"))
    assert all(each.said["width"] and each.said["height"] for each in found.all("img"))


def test_every_table_has_a_caption_and_headings_with_their_scope(found: Page) -> None:
    assert len(found.all("caption")) == len(found.all("table")) > 0
    assert all("scope" in each.said for each in found.all("th"))


def test_the_page_tells_no_place(html: str, compared: Path) -> None:
    assert str(compared.parent) not in html


def test_the_page_is_light(html: str) -> None:
    assert len(html.encode()) < 2_500_000


def test_a_page_is_the_same_from_a_copy_elsewhere(
    html: str, compared: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(compared, tmp_path / "elsewhere")
    assert page(read([copy])) == html


def test_words_that_look_like_markup_are_shown_as_words() -> None:
    found = parsed(page(Result(header=(HARM,)), title=HARM))
    assert not found.all("script")
    assert found.headings[0] == (1, HARM)


def test_a_scenario_whose_title_looks_like_markup_is_harmless(tmp_path: Path) -> None:
    harmful = model(tmp_path, "harm", title=f"'{HARM.replace(chr(39), chr(34))}'")
    assert "<script>" in harmful.document
    assert not parsed(page(read([kept_run(harmful, tmp_path)]))).all("script")


@pytest.mark.parametrize("names", [["run_a"], ["swept"], ["run_a", "run_b", "swept"]])
def test_a_page_of_less_or_more_is_as_sound(
    names: list[str], request: pytest.FixtureRequest
) -> None:
    found = parsed(page(read([request.getfixturevalue(name) for name in names])))
    assert found.unsound == []
    assert [each.said["id"] for each in found.all("section")]


def test_a_page_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = Result()
    path = write(result, tmp_path / "new" / "report.html", title="First")
    before = path.read_bytes()
    assert b"<h1>First</h1>" in before

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(result, path, title="Second")
    assert [*path.parent.iterdir()] == [path]
    assert path.read_bytes() == before


def test_the_style_sheet_prints_on_paper_without_hiding_anything() -> None:
    style = (pages.TEMPLATES / "page.css").read_text(encoding="utf-8")
    printed = style[style.index("@media print") :]
    assert "A4" in printed
    assert re.search(r"thead\s*{\s*display: table-header-group", printed)
    assert re.search(r"\.wide\s*{\s*overflow: visible", printed)


def test_many_first_lines_are_folded_away_but_not_what_is_off_label() -> None:
    lines = (*(f"{name}: Horizon 1 day; nothing off label" for name in "abc"), "d: OFF LABEL: 3")
    header = page(Result(header=lines)).partition("</header>")[0]
    open_, _, folded = header.partition("<details>")
    assert "d: OFF LABEL: 3." in open_
    assert "a: Horizon 1 day" not in open_
    assert all(f"{name}: " in folded for name in "abcd")


def test_two_studies_in_one_page_share_no_name(swept: Path) -> None:
    found = parsed(page(read([swept, swept])))
    assert len(found.ids) == len(set(found.ids))


def test_the_page_of_a_run_to_which_nobody_came_is_as_sound(tmp_path: Path) -> None:
    path = tmp_path / "nobody.yaml"
    text = "title: Nobody?\nextends: standard_only\nhorizon: 1 day\naccrual: {patients: 1, "
    path.write_text(text + "process: poisson, rate: 1 per year, because: A test.}\n", "utf-8")
    folder = kept_run(model_of(build(resolve(path))), tmp_path)
    result = read([folder])
    assert len(result.measured["nobody"].patients) == 0
    found = parsed(page(result))
    assert found.unsound == []
    assert {"answer", "how", "limits", "methods"} <= set(found.ids)
