"""One browser for all tests here, the reports they look at, and what is said if none was run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import found, not_run, started, why_none
from tests.browser.made import COMMANDS, Report, making
from tests.browser.opened import Opened, opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = found()
    if path is None:
        not_run(why_none())
    else:
        with started(path) as running:
            yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[Path], Opened]]:
    """Opens a page of the disk; it is closed when the test ends."""
    with ExitStack() as stack:
        yield lambda path: stack.enter_context(opened(browser, path))


@pytest.fixture(scope="session")
def reports(browser: Browser, tmp_path_factory: pytest.TempPathFactory):
    with making(tmp_path_factory.mktemp("reports")) as promised:
        yield promised


@pytest.fixture(scope="session", autouse=True)
def early(request: pytest.FixtureRequest) -> None:
    """Begin to make the reports, if they will be asked for, while other tests run."""
    if found() and any(
        "report" in getattr(item, "fixturenames", ()) for item in request.session.items
    ):
        request.getfixturevalue("reports")


@pytest.fixture(scope="session", params=COMMANDS)
def report(request: pytest.FixtureRequest, reports) -> Report:
    """Each of the reports, one after another."""
    made: Report = reports[request.param].result()
    return made


@pytest.fixture(scope="session")
def it(report: Report, browser: Browser) -> Iterator[Opened]:
    """The report, opened once for all that is asked of it."""
    with opened(browser, report.page) as page:
        yield page


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say at the very end, in one sentence, that nothing was looked at, where that is so."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if any(why_none() in str(report.longrepr) for report in skipped):
        terminalreporter.section("NOT RUN")
        terminalreporter.write_line(f"No page was looked at: {why_none()}.")
