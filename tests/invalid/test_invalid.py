"""Every file here is wrong in one way, and is told so in the words that stand on top of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.inputs import load
from pathsim.inputs.resolve import resolve
from tests.invalid.cases import READERS, ROOT, cases, expected, name_of
from tests.unit.scenario_files import read

INPUTS = ROOT / "pathsim" / "inputs"

WITHOUT_CASE = {
    r"longer than .* bytes": "too large to keep; see the test below",
    r"cannot be read \(.*\)": "a file that may not be read is made by no checkout",
    r"not YAML \(.*\)": "made of the parser's own words; seven cases in yaml/",
    r"rows that nothing cites: .*.*": "of the whole catalogue: tests/unit/test_citations.py",
    r"a source that nothing cites": "of the whole catalogue: tests/unit/test_citations.py",
    r"no fit named '.*'": "of all fits together: tests/unit/test_fits.py",
    r"fits wait for each other: .*": "of all fits together: tests/unit/test_fits.py",
    r"no number at .*": "of a place that a fit names: tests/unit/test_rewrite.py",
    r"no number on one line": "of a place that a fit names: tests/unit/test_rewrite.py",
    r".* has no unit": "of ends of a range, asked by programs: tests/unit/test_vary.py",
}
"""What the code can say that no file here shows -> why not."""


@pytest.fixture(autouse=True)
def _from_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name files from the top of the project; the catalogue is parsed only once."""
    monkeypatch.chdir(ROOT)
    for module in ("load", "agreement", "background"):
        monkeypatch.setattr(f"pathsim.inputs.{module}.read", read)


def said(path: Path) -> list[str]:
    """What is said of a case."""
    with pytest.raises(InputError) as caught:
        READERS[path.parent.name](path)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("path", cases(), ids=name_of)
def test_a_file_with_one_thing_wrong_is_told_so_in_these_words(path: Path) -> None:
    assert said(path) == expected(path)


@pytest.mark.parametrize("path", cases(), ids=name_of)
def test_what_is_said_names_a_place_a_cause_and_a_remedy(path: Path) -> None:
    for line in expected(path):
        place, *_, cause = line.split("  ")
        assert re.fullmatch(r"[\w./ -]+:[1-9]\d*", place), line
        assert re.search(r".: \S", cause), f"no remedy: {line}"


def test_there_are_cases_of_every_kind_and_enough_of_them() -> None:
    assert len(cases()) >= 300
    assert {path.parent.name for path in cases()} == set(READERS)


def test_no_two_cases_are_the_same() -> None:
    texts = [body(path) for path in cases() if path.is_file()]
    assert len(set(texts)) == len(texts)


def test_a_very_long_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("long.yaml").write_text("a: 1\n" * 200_001, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load.read("long.yaml")
    assert str(caught.value) == "long.yaml:1  longer than 1,000,000 bytes: split the file"


def test_a_scenario_that_is_not_there_is_told_by_its_name() -> None:
    with pytest.raises(InputError) as caught:
        resolve("cart_frist")
    whole = (
        "cart_frist:1  no scenario of this name: did you mean 'cart_first', or name a .yaml file"
    )
    assert str(caught.value) == whole


def test_every_complaint_of_the_code_has_a_case_or_a_reason_for_none() -> None:
    shown = "\n".join(line for path in cases() for line in expected(path))
    missing = [
        f"{where}  {pattern}"
        for where, pattern in complaints()
        if not re.search(pattern, shown) and pattern not in WITHOUT_CASE
    ]
    assert not missing, "no case shows:\n" + "\n".join(missing)


def test_reasons_for_no_case_speak_of_complaints_that_there_are() -> None:
    assert set(WITHOUT_CASE) <= {pattern for _, pattern in complaints()}


def body(path: Path) -> tuple[str, bytes]:
    """A case's kind, which says how it is read, and its text below the comments on top."""
    lines = path.read_bytes().splitlines()
    return path.parent.name, b"\n".join(line for line in lines[1:] if b"# says: " not in line)


def complaints() -> list[tuple[str, str]]:
    """Every cause that the code of the inputs can give, as a pattern, and where it stands."""
    return [
        (f"{path.name}:{text.lineno}", pattern)
        for path in sorted(INPUTS.glob("*.py"))
        for text in causes(ast.parse(path.read_text(encoding="utf-8")))
        if (pattern := as_pattern(text))
    ]


def causes(tree: ast.AST) -> Iterator[ast.expr]:
    """The texts that are raised in a ValueError, or given as the cause of a problem."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            at = {"ValueError": 0, "problem": 1, "flaw": 1, "_problem": 2, "_unreadable": 1}
            if called in at and len(node.args) > at[called]:
                yield node.args[at[called]]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "cause":
            yield node.value


def as_pattern(text: ast.expr) -> str:
    """A text of the code as a pattern for its cause; empty if it is no text of its own."""
    if isinstance(text, ast.BinOp):
        text = text.left
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    written = "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in parts
    )
    cause = written.replace(r"\ ", " ").split("; ")[0]
    return cause if re.search(r"[a-z]{3}", cause) else ""
