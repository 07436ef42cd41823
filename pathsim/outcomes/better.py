"""Which way an outcome is better: more, or less, or neither in itself.

Called by whatever counts how often a strategy is best. Knows outcomes by their names alone.
"""

from __future__ import annotations

import re
from typing import Literal

Better = Literal["higher", "lower"]

HIGHER = (
    "survival", "^time to next treatment", "^days at home$", "^time off treatment$",
    "^time free of treatment", "^infused$",
)  # fmt: skip
LOWER = (
    "^lost before infusion", "^died", "mortality$", "^had ", "^days in hospital$",
    "health-care contact$", "^wait for", "^requests for .* withdrawn$", "no place free$",
    "^decision to infusion", "^time waiting", "^on the way to infusion",
    "days per infused patient$",
)  # fmt: skip


def better(outcome: str) -> Better | None:
    """Whether a higher or a lower value is better for the patients; None where neither is."""
    if any(re.search(pattern, outcome) for pattern in LOWER):
        return "lower"
    return "higher" if any(re.search(pattern, outcome) for pattern in HIGHER) else None
