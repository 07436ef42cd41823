"""The command line as people meet it: help, tables, clear sentences and exit codes."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pathsim import __version__, cli
from pathsim.cli.names import complete_any, complete_scenario
from pathsim.cli.tables import printed
from pathsim.inputs.places import named, scenarios_dir

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "check", "show", "evidence", "run", "compare", "store", "trace", "validate", "verify"
)  # fmt: skip
SMALL = ("--replications", "2", "--patients", "12", "--workers", "1")
SHIPPED = [name for name in named(scenarios_dir()) if name != "base"]


class Ended:
    """How a command ended: exit code and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Call = Callable[..., Ended]


@pytest.fixture
def pathsim(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Calls the console script in this process."""

    def call(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["pathsim", *words])
        monkeypatch.setenv("COLUMNS", "200")
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return call


def process(*words: str, cwd: Path = ROOT) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", "from pathsim.cli import main; main()", *words]
    return subprocess.Popen(
        program, cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


# --- help and names ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(cli.app, [command, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert f"Example: pathsim {command} " in shown.output


def test_help_of_animate_names_the_extra_that_it_needs() -> None:
    shown = CliRunner().invoke(cli.app, ["animate", "--help"], env={"COLUMNS": "200"})
    assert "Needs the extra `animate`." in shown.stdout


def test_help_names_every_command(pathsim: Call) -> None:
    shown = pathsim("--help")
    assert shown.code == 0
    assert all(command in shown.out for command in COMMANDS)


def test_the_version_is_said(pathsim: Call) -> None:
    assert pathsim("--version").out == f"pathsim {__version__}\n"


def test_completion_offers_the_shipped_names() -> None:
    assert "cart_first" in complete_scenario("cart")
    assert complete_scenario("zz") == []
    assert "cilta-cel" in complete_any("cil")


@pytest.mark.parametrize("command", ["show", "run", "trace", "compare", "check", "verify"])
def test_an_unknown_name_is_answered_with_the_nearest_and_the_list(
    command: str, pathsim: Call
) -> None:
    more = {"trace": ["--patient", "1"], "compare": ["standard_only"]}.get(command, [])
    ended = pathsim(command, "cart_frist", *more)
    assert ended.code == 2
    assert "did you mean 'cart_first'?" in ended.err
    assert "standard_only" in ended.err
    assert "Traceback" not in ended.err


# --- bad values --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("run", "cart_first", "--replications", "0"),
        ("run", "cart_first", "--replications", "-3"),
        ("run", "cart_first", "--patients", "none"),
        ("run", "cart_first", "--seed", "-1"),
        ("run", "cart_first", "--workers", "0"),
        ("trace", "cart_first", "--patient", "-1"),
        ("trace", "cart_first", "--patient", "99999999"),
        ("run", "cart_first", "--engine", "steam"),
        ("verify", "cart_first", "--replications", "0"),
        ("compare", "cart_first"),
        ("compare", "cart_first", "cart_first"),
        ("run",),
        ("nonsense",),
    ],
)
def test_a_bad_value_gets_a_clear_sentence_and_exit_code_2(
    words: tuple[str, ...], pathsim: Call
) -> None:
    ended = pathsim(*words)
    assert ended.code == 2
    assert "Error" in ended.err
    assert "Traceback" not in ended.err + ended.out


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(
    pathsim: Call,
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ended = pathsim("run", "cart_first", "--out", str(tmp_path / "file"))
    assert ended.code == 2
    assert "cannot be made: it is a file" in " ".join(ended.err.replace("│", " ").split())


def test_every_problem_of_a_file_is_told_at_once(pathsim: Call, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("extends: cart_first\nhorizn: 2 years\nregion: Mars\n", encoding="utf-8")
    ended = pathsim("check", str(wrong))
    assert ended.code == 2
    assert "wrong.yaml:2" in ended.err
    assert "wrong.yaml:3" in ended.err
    assert "Traceback" not in ended.err


def test_a_place_that_cannot_be_used_is_no_fault_of_our_own(
    pathsim: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def closed(path: object, **which: object) -> None:
        raise OSError(errno.ENAMETOOLONG, "File name too long", "a_long_name.html")

    monkeypatch.setattr("pathsim.study.showing.show", closed)
    ended = pathsim("show", "cart_first")
    assert ended.code == 2
    assert "a_long_name.html: File name too long. Name another place." in ended.err


def test_a_fault_of_our_own_is_called_so_and_shown_only_with_debug(
    pathsim: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(path: object, **which: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("pathsim.study.showing.show", broken)
    ended = pathsim("show", "cart_first")
    assert ended.code == 1
    assert "fault of its own" in ended.err
    assert "Traceback" not in ended.err
    with pytest.raises(RuntimeError, match="a wheel came off"):
        pathsim("--debug", "show", "cart_first")


def test_a_folder_is_no_scenario_and_is_called_one(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("run", str(tmp_path))
    assert ended.code == 2
    assert "a folder, not a file: choose from" in ended.err


def test_check_names_every_name_that_is_none(pathsim: Call) -> None:
    ended = pathsim("check", "nowhere", "cart_first", "elsewhere")
    assert ended.code == 2
    assert ended.err.count("nothing of this name") == 2


def test_a_base_that_cannot_be_run_is_not_offered(pathsim: Call) -> None:
    assert "base" not in complete_scenario("")
    assert f"choose from {SHIPPED[0]}" in pathsim("run", "nowhere").err


# --- what the commands do ----------------------------------------------------------------------


def test_check_counts_files_and_numbers_by_kind(pathsim: Call) -> None:
    ended = pathsim("check", "cilta-cel", "cart_first")
    assert ended.code == 0
    assert ended.out.startswith("No problem found in 1 therapy, 1 scenario.")
    assert "assumption" in ended.out


@pytest.mark.slow
def test_check_finds_no_problem_in_what_is_shipped(pathsim: Call) -> None:
    ended = pathsim("check")
    assert ended.code == 0, ended.err
    assert f"{len(SHIPPED)} scenarios" in ended.out


def test_show_tells_a_scenario_in_words(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("show", "cart_first", "--no-draw")
    for words in (
        "STRATEGY 'cart_first'",
        "CENTRE",
        "THERAPIES",
        "Because:",
        "on day 0",
        "OTHER USERS",
        "other-haematology: ward_bed; arriving at random",
    ):
        assert words in ended.out


def test_show_tells_and_draws_a_therapy_with_its_evidence(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("show", "dpd-pvd", "--evidence", "--out", str(tmp_path))
    assert ended.code == 0
    assert "SOURCES" in ended.out
    assert "dpd-pvd: on treatment" in ended.out
    drawn = {p.name for p in (tmp_path / "dpd-pvd" / "pathway").iterdir()}
    assert drawn == {"pathway.txt", "pathway_dpd_pvd.png", "pathway_dpd_pvd.svg"}


def test_run_prints_outcomes_and_says_where_everything_is(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("run", "standard_only", *SMALL, "--out", str(tmp_path))
    assert ended.code == 0, ended.err
    first, *_ = ended.out.splitlines()
    assert first.startswith("Horizon ")
    assert "on day 0" in first
    assert "assumption" in ended.out.split("SURVIVAL")[0]
    (folder,) = (tmp_path / "standard_only").iterdir()
    assert not (folder / "log.parquet").exists()
    assert ended.out.splitlines()[-1] == f"Figures: {folder / 'figures'}"
    for name in ("run.json", "scenario.yaml", "outcomes.csv", "figures"):
        assert (folder / name).exists()


def test_the_kept_document_gives_the_same_outcomes_again(pathsim: Call, tmp_path: Path) -> None:
    words = ("--keep-log", "--replications", "2", "--workers", "1", "--out")
    pathsim("run", "standard_only", "--patients", "12", *words, str(tmp_path / "a"))
    (first,) = (tmp_path / "a" / "standard_only").iterdir()
    again = pathsim("run", str(first / "scenario.yaml"), *words, str(tmp_path / "b"))
    assert again.code == 0, again.err
    (second,) = (tmp_path / "b" / "standard_only").iterdir()
    for name in ("scenario.yaml", "outcomes.csv", "log.parquet"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_compare_prints_differences_to_the_first(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("compare", "standard_only", "cart_first", *SMALL, "--out", str(tmp_path))
    assert ended.code == 0, ended.err
    assert "DIFFERENCES to standard_only, paired by patient" in ended.out
    assert "cart_first minus" not in ended.out


def test_trace_tells_a_life_from_arrival_to_its_end(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim(
        "trace", "standard_only", "--patient", "3", "--patients", "5", "--out", str(tmp_path)
    )
    assert ended.code == 0, ended.err
    days = [line for line in ended.out.splitlines() if line.startswith("Day ")]
    assert "Arrives" in days[0]
    assert any(word in days[-1] for word in ("the end", "The run ends"))
    assert len(list((tmp_path / "standard_only" / "traces").iterdir())) == 3


def test_decimals_stand_below_each_other() -> None:
    import pandas as pd

    table = pd.DataFrame({
        "group": "g", "outcome": ["a", "b", "c"], "unit": "days", "strategy": "s",
        "mean": [1234.6, 12.34, 0.123], "low": [1000.0, 10.0, 0.1], "high": [1500.0, 15.0, 0.2],
    })  # fmt: skip
    lines = [line for line in printed(table).splitlines() if ", days" in line]
    assert [line.split(", days")[1].split("(")[0].rstrip() for line in lines] == [
        "  1235",
        "    12.3",
        "     0.12",
    ]


# --- as processes ------------------------------------------------------------------------------


def test_a_full_pipe_that_closes_is_no_fault() -> None:
    with process("show", "cart_first", "--states", "--no-draw") as shown:
        assert shown.stdout is not None
        assert shown.stderr is not None
        assert shown.stdout.readline().strip() == "CART_FIRST"
        shown.stdout.close()
        assert "Traceback" not in shown.stderr.read()


@pytest.mark.slow
def test_ctrl_c_ends_with_130_and_keeps_what_is_done(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("run", "cart_first", "--replications", "500", "--workers", "2", "--out", str(out))
    with process(*words) as started:
        while not [*out.glob("store/*/*.zip")]:
            time.sleep(0.1)
        os.killpg(started.pid, signal.SIGINT)
        _, err = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "Traceback" not in err
    assert "of 16 jobs are kept, and the same command goes on from there" in err
    assert not (out / "cart_first").exists()


@pytest.mark.slow
def test_ctrl_c_ends_a_run_within_one_long_replication(tmp_path: Path) -> None:
    out, long = tmp_path / "out", tmp_path / "long.yaml"
    long.write_text(
        "extends: cart_first\naccrual: {rate: 8000 per month, patients: 400000}\n", encoding="utf-8"
    )
    words = ("run", str(long), "--replications", "1", "--workers", "1", "--out", str(out))
    with process(*words) as started:
        while not out.exists():  # it is made before anything is run
            time.sleep(0.1)
        time.sleep(6)
        os.killpg(started.pid, signal.SIGINT)
        asked = time.monotonic()
        _, err = started.communicate(timeout=60)
    assert time.monotonic() - asked < 3
    assert started.returncode == 130
    assert "Traceback" not in err
    assert list(out.rglob("*")) == []


def test_figures_can_be_left_out(pathsim: Call, tmp_path: Path) -> None:
    ended = pathsim("run", "standard_only", *SMALL, "--no-figures", "--out", str(tmp_path))
    assert ended.code == 0, ended.err
    (folder,) = (tmp_path / "standard_only").iterdir()
    assert not (folder / "figures").exists()
    assert (folder / "outcomes.csv").exists()
