"""A shipped scenario gives the same log whatever means nothing: hash seeds, order of writing."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from pathsim.engine.simulate import simulate
from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import Built, build
from tests.engines.changes import shuffled
from tests.engines.differences import difference, tables

SCENARIO = Path(__file__).parents[2] / "scenarios" / "cart_first.yaml"
PATIENTS = 60

FINGERPRINT = f"""
import hashlib
from pathsim.engine.simulate import simulate
from pathsim.inputs.resolve import resolve
from pathsim.pathway.build import build
built = build(resolve({str(SCENARIO)!r}), patients={PATIENTS})
log = simulate(built.service, horizon=built.horizon, seed=7)
for table in (log.log, log.patients, log.capacity):
    print(len(table), hashlib.sha256(table.to_csv().encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def built() -> Built:
    return build(resolve(SCENARIO), patients=PATIENTS)


def test_another_hash_seed_builds_and_runs_the_same(built: Built) -> None:
    def printed(hash_seed: str) -> list[str]:
        path = os.pathsep.join(sys.path)
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", FINGERPRINT]
        found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return found.stdout.splitlines()

    one, other = printed("1"), printed("20300")
    assert one == other
    rows, patients, steps = (int(line.split()[0]) for line in one)
    assert rows > 20 * PATIENTS
    assert patients >= PATIENTS
    assert steps > 0


@pytest.mark.parametrize("order", [1, 2])
def test_another_order_of_writing_gives_the_same_log(built: Built, order: int) -> None:
    mixed = shuffled(built.service, Random(order))
    pathway = mixed.streams[0].pathway
    assert [s.name for s in pathway.states] != [s.name for s in built.pathway.states]
    ours, theirs = (
        simulate(service, horizon=built.horizon, seed=7) for service in (built.service, mixed)
    )
    assert difference(tables(ours), tables(theirs), of="as written", to="as mixed") == ""
