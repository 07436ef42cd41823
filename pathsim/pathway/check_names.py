"""Names that stand twice, and names that nothing may bear (docs/law.md, section 11).

Called by `checks` and `check_service`. Yields sentences; refuses nothing itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pathsim.events import ARRIVAL, HORIZON
from pathsim.pathway.pathway import AGAIN, HERE, LEAVE, RETURN, START
from pathsim.pathway.reading import CALENDAR

RESERVED = {HERE, RETURN, AGAIN, START, CALENDAR, ARRIVAL, HORIZON}


def doubled(found: Sequence[str], among: str) -> Iterator[str]:
    """Names that stand more than once."""
    if len(set(found)) == len(found):  # nearly always, and quickly told
        return
    for name in sorted(n for n, many in Counter(found).items() if many > 1):
        yield f"'{name}' stands twice among {among}; names must differ"


def reserved(found: Iterable[str]) -> Iterator[str]:
    """Names that mean something else, or nothing."""
    for name in found:
        if not name or name in RESERVED or name.startswith((LEAVE, "queue:")):
            yield f"the name '{name}' is reserved or empty; choose another"
