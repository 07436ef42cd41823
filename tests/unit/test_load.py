"""Reading: any file gives data with its places, or every problem at once."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathsim.errors import InputError
from pathsim.inputs.load import merge, read, read_extended


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str | bytes, name: str = "a.yaml") -> Path:
    """A file in the current directory that holds the text."""
    path = Path(name)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(text: str | bytes) -> list[str]:
    """What is said of a file that cannot be read."""
    with pytest.raises(InputError) as caught:
        read(written(text))
    return str(caught.value).splitlines()


class TestReading:
    def test_a_file_gives_plain_data_and_the_line_of_every_entry(self) -> None:
        document = read(written("a: 1\nb:\n  - c: text\n  - [2.5, null, true]\n"))
        assert document.data == {"a": 1, "b": [{"c": "text"}, [2.5, None, True]]}
        lines = {("a",): 1, ("b",): 2, ("b", 0, "c"): 3, ("b", 1): 4, ("b", 1, 2): 4}
        assert {where: document.line(where) for where in lines} == lines

    def test_an_entry_that_is_not_there_has_the_place_of_what_would_hold_it(self) -> None:
        document = read(written("# a comment\na:\n  b: 1\n"))
        assert document.place(("a", "x", 3, "y")) == ("a.yaml", 2)
        assert document.place(("x",)) == ("a.yaml", 2)

    def test_a_file_below_the_current_directory_is_shown_relative_to_it(self) -> None:
        Path("deep").mkdir()
        assert read(written("a: 1", "deep/b.yaml").absolute()).file == str(Path("deep/b.yaml"))

    def test_words_that_older_yaml_takes_for_something_else_stay_text(self) -> None:
        text = "[no, on, yes, off, 1_000, 0x1F, 2024-01-31, '5', nan, inf, 1:30]"
        words = text.strip("[]").replace("'", "").split(", ")
        assert read(written(f"a: {text}")).data["a"] == words

    def test_keys_are_always_text(self) -> None:
        assert read(written("65: 1\ntrue: 2\nnull: 3")).data == {"65": 1, "true": 2, "null": 3}

    def test_minus_zero_is_zero(self) -> None:
        data = read(written("a: -0.0\nb: -0")).data
        assert [str(data[key]) for key in "ab"] == ["0.0", "0"]

    def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(self) -> None:
        document = read(written(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n"))
        assert document.data == {"a": 1, "b": 2}
        assert document.line(("b",)) == 2

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "a.yaml:1  empty: write at least one 'key: value'"),
            ("# only this\n", "a.yaml:1  empty: write at least one 'key: value'"),
            ("- 1\n", "a.yaml:1  a list, not a mapping: start with 'key: value' lines"),
            ("\nword\n", "a.yaml:2  a single value, not a mapping: start with 'key: value' lines"),
            (b"a\0b", "a.yaml:1  a binary file, not text: save it as plain text in UTF-8"),
            (b"a: 1\nb: \xff\n", "a.yaml:2  not UTF-8 text: save it in UTF-8"),
            (
                "a: 1\nb: 2\na: 3",
                "a.yaml:3  a  written twice, first on line 1: keep one of the two",
            ),
            ("a:\n\tb: 1\n", "indent with spaces, not tabs"),
            ("a: b: c\n", "a.yaml:1  not YAML (mapping values are not allowed here)"),
            ("a: 'x\n", "close the quotation mark"),
            ("a: [1, 2\nb: 3\n", "close the bracket"),
            ("a: 1\nhello\nb: 2\n", "a.yaml:3  not YAML (could not find expected ':')"),
            ("a: 1\nb: .nan\n", "a.yaml:2  b  .nan is not a finite number"),
            ("a: -.inf\n", "a.yaml:1  a  -.inf is not a finite number"),
            ("a: 1e999\n", "a.yaml:1  a  1e999 is not a finite number"),
            (f"a: {'9' * 5000}\n", "a.yaml:1  a  99999999999999999999... is not a finite number"),
            ("a: &x 1\n", "a.yaml:1  a  '&x': anchors and aliases are not read"),
            ("a: *x\n", "a.yaml:1  a  '*x': anchors and aliases are not read"),
            ("a: !!float 1\n", "a.yaml:1  a  tags ('!...') are not read"),
            ('a: "\\uD800"\n', "a.yaml:1  a  holds a control character"),
            ('"\\0": 1\n', "a.yaml:1  holds a control character"),
            ('a: "\\UFFFFFFFF"\n', "a.yaml:1  not YAML"),
            ("a: 1\n---\nb: 2\n", "a.yaml:2  a second document starts here"),
            ("? [a, b]\n: 1\n", "a.yaml:1  a key is to be one line of text"),
            (": 1\n", "a.yaml:1  a key is to be one line of text"),
            ("a: " + "[" * 100_000, "a.yaml:1  nested more than 40 levels deep"),
            ("x" * 1_000_001, "a.yaml:1  longer than 1,000,000 bytes: split the file"),
        ],
    )
    def test_a_file_with_one_thing_wrong_says_where_and_what(
        self, text: str | bytes, said: str
    ) -> None:
        (only,) = problems(text)
        assert said in only
        assert ":" in only.partition("  ")[2], "no remedy is given"

    def test_everything_wrong_with_a_file_is_told_at_once(self) -> None:
        text = "a: .inf\nb: &x 1\nc: {d: 1, d: 2}\ne: !t 1\n"
        assert [line.split("  ")[0] for line in problems(text)] == [
            f"a.yaml:{line}" for line in (1, 2, 3, 4)
        ]

    def test_flaws_before_the_place_where_reading_stops_are_told_too(self) -> None:
        assert len(problems("a: .inf\nb: [\n")) == 2

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("none.yaml", "none.yaml:1  no such file: check the name"),
            (".", ".:1  a folder, not a file: name a file in it"),
            ("x" * 300, ":1  cannot be read (File name too long): check the file"),
            ("a\0b", ":1  cannot be read (embedded null byte): check the file"),
        ],
    )
    def test_a_file_that_cannot_be_opened_is_a_problem_like_any_other(
        self, name: str, said: str
    ) -> None:
        with pytest.raises(InputError) as caught:
            read(name)
        assert str(caught.value).endswith(said)


class TestExtending:
    def bases(self, **texts: str) -> dict[str, Path]:
        return {name: written(text, f"{name}.yaml") for name, text in texts.items()}

    def said(self, path: Path, bases: dict[str, Path]) -> str:
        with pytest.raises(InputError) as caught:
            read_extended(path, bases)
        return str(caught.value)

    def test_a_file_states_only_what_differs_from_its_base(self) -> None:
        bases = self.bases(base="x: {p: 1, r: 5}\nq: 3\nlist: [1, 2]\n")
        path = written("extends: base\nx: {p: 2}\nq: null\nlist: [9]\n")
        assert read_extended(path, bases).data == {"x": {"p": 2, "r": 5}, "list": [9]}

    def test_each_entry_keeps_the_place_where_it_was_written(self) -> None:
        bases = self.bases(base="x:\n  p: 1\n  r: 5\nlist: [{a: 1}, 2]\n")
        document = read_extended(written("extends: base\n\nx: {p: 2}\nlist: [9]\n"), bases)
        assert document.place(("x", "p")) == ("a.yaml", 3)
        assert document.place(("x", "r")) == ("base.yaml", 3)
        assert document.place(("list", 0, "a")) == ("a.yaml", 4)

    def test_a_number_with_its_source_replaces_the_one_below_it_whole(self) -> None:
        bases = self.bases(base="x:\n  value: 1\n  source: a\n  row: E0001\n")
        document = read_extended(written("extends: base\nx: {value: 2, source: b}\n"), bases)
        assert document.data == {"x": {"value": 2, "source": "b"}}
        assert document.place(("x", "row")) == ("a.yaml", 2)

    def test_a_change_to_a_part_of_a_number_keeps_its_source(self) -> None:
        bases = self.bases(base="x: {value: 1, source: a, row: E0001}\n")
        document = read_extended(written("extends: base\nx: {value: 2}\n"), bases)
        assert document.data == {"x": {"value": 2, "source": "a", "row": "E0001"}}

    def test_bases_may_have_bases_named_by_path(self) -> None:
        Path("deep").mkdir()
        written("a: 1\nb: 1\nc: 1\n", "ground.yaml")
        written("extends: ../ground.yaml\nb: 2\nc: 2\n", "deep/middle.yaml")
        path = written("extends: deep/middle.yaml\nc: 3\n")
        assert read_extended(path, {}).data == {"a": 1, "b": 2, "c": 3}

    def test_a_missing_base_is_told_with_the_nearest_name(self) -> None:
        bases = self.bases(cart_first="a: 1\n")
        said = self.said(written("b: 1\nextends: car_first\n"), bases)
        assert said == "a.yaml:2  extends  no base 'car_first': did you mean 'cart_first'?"

    def test_a_missing_base_like_no_other_is_told_with_all_names(self) -> None:
        bases = self.bases(one="a: 1\n", two="a: 1\n")
        assert self.said(written("extends: xyzzy\n"), bases).endswith("choose from: one, two")

    def test_bases_that_go_round_in_a_circle_are_told_whole(self) -> None:
        bases = self.bases(a="extends: b\n", b="extends: c\n", c="extends: b\n")
        assert self.said(bases["a"], bases) == (
            "c.yaml:1  extends  bases go round in a circle: b.yaml -> c.yaml -> b.yaml: "
            "remove one 'extends'"
        )

    @pytest.mark.parametrize("extends", ["", "3", "[base]", "x" * 500])
    def test_a_base_is_one_name(self, extends: str) -> None:
        assert "is to be one name" in self.said(written(f"extends: {extends}\n"), {})

    def test_a_null_that_deletes_nothing_is_a_problem(self) -> None:
        bases = self.bases(base="x: {beds: 1}\n")
        said = self.said(written("extends: base\nx:\n  bed: null\n"), bases)
        assert said == "a.yaml:3  x.bed  null deletes nothing in the base: did you mean 'beds'?"


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
mappings = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        scalars | st.lists(scalars, max_size=2),
        lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=3,
)


class TestMerging:
    @given(mappings, mappings)
    def test_laying_a_change_over_twice_changes_nothing_more(
        self, base: dict[str, Any], change: dict[str, Any]
    ) -> None:
        once = merge(base, change)
        assert merge(once, change) == once

    @given(mappings)
    def test_no_change_changes_nothing(self, base: dict[str, Any]) -> None:
        assert merge(base, {}) == base

    def test_the_base_itself_stays_as_it_was(self) -> None:
        base = {"a": {"b": 1}}
        merge(base, {"a": {"b": 2, "c": 3}})
        assert base == {"a": {"b": 1}}
