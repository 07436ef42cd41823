"""What holds for any engine is tried on each: a module that says so is run once an engine."""

from collections.abc import Iterator

import pytest

from pathsim.engine import simulate


@pytest.fixture(scope="module", params=simulate.ENGINES)
def each_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """`simulate` runs this engine where none is named."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulate, "DEFAULT", request.param)
        yield request.param
