"""What can be wrong, said so that a person can mend it.

Raised everywhere, printed by the command line. Knows nothing of YAML, pydantic or pathways:
this is the ground floor.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in what somebody wrote: where it is, what it is, how to mend it.

    The line is 0 for what stands in no file, such as an option.
    """

    file: str
    line: int
    path: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        said = f"{self.cause}: {self.remedy}" if self.remedy else self.cause
        place = f"{self.file}:{self.line}" if self.line else self.file
        return "  ".join(part for part in (place, self.path, said) if part)


class InputError(Exception):
    """All that is wrong in the inputs, sorted by file and line, one line of text each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = (problems,) if isinstance(problems, Problem) else problems
        self.problems = tuple(sorted(set(found)))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class PathwayError(Exception):
    """A pathway that cannot be built or run: what is wrong, where, and how to mend it."""

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what, where, remedy)

    def __str__(self) -> str:
        said = f"{self.what}: {self.remedy}" if self.remedy else self.what
        return f"{self.where}  {said}" if self.where else said


def cause_and_remedy(said: object) -> tuple[str, str]:
    """The two parts of what was said as "cause; remedy"; the second is empty where there is one."""
    cause, _, remedy = str(said).partition("; ")
    return cause, remedy


def demand(holds: bool, problem: str) -> None:
    """ValueError with this sentence unless it holds: for the values that a model is made of."""
    if not holds:
        raise ValueError(problem)


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like the word, or None if none is like it."""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[near[0]] if near else None
