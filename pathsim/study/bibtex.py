"""Sources as BibTeX.

Called by `pathsim evidence --bibtex`. The catalogue keeps a citation as one line of text, so an
entry is `@misc` with that line as its title; a reference manager completes it from the DOI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pathsim.inputs.evidence import Source

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
"""What LaTeX would not take as text -> what it takes for it."""

OWN = "of this project"
"""What the citation of a source says that is no publication."""

_YEAR = re.compile(r"\b(19|20)\d\d\b")


def bibtex(sources: Mapping[str, Source]) -> str:
    """An entry for each source, by its key; the project's own assumptions and fits are none."""
    published = {key: each for key, each in sources.items() if OWN not in each.citation}
    return "\n".join(_entry(key, source) for key, source in published.items())


def escaped(text: str) -> str:
    """Text as LaTeX prints it."""
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _entry(key: str, source: Source) -> str:
    fields = ",\n".join(f"  {name} = {{{text}}}" for name, text in _fields(source))
    return f"@misc{{{key},\n{fields}\n}}\n"


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    """Addresses stand as they are, because styles print them verbatim; braces are encoded."""
    yield "title", f"{{{escaped(source.citation)}}}"
    if year := _YEAR.search(source.citation):
        yield "year", year[0]
    if source.doi:
        yield "doi", _verbatim(source.doi)
    if source.url:
        yield "url", _verbatim(source.url)
    yield "note", f"Read: {escaped(source.read)}"


def _verbatim(address: str) -> str:
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
