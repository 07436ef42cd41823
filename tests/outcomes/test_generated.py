"""What must hold for any model: the audit finds nothing, days add up, blocks do not matter."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from pathsim.engine.simulate import simulate
from pathsim.errors import PathwayError
from pathsim.outcomes.audit import audit
from pathsim.outcomes.catalogue import marking
from pathsim.outcomes.folds import measure
from tests.engines.generated import service_from

SEEDS = range(60)


def first_pathway(seed):
    """A generated service with the streams of its first pathway: names are shared by chance."""
    service = service_from(seed)
    streams = [s for s in service.streams if s.pathway is service.streams[0].pathway]
    return replace(service, streams=streams)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_generated_model_passes_the_audit(seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        service = first_pathway(seed)
        try:
            log = simulate(service, horizon=40.0, seed=seed, replications=2)
        except PathwayError:
            pytest.skip("the model breaks its own law")
    marks = marking(service)
    assert audit(log, marks) == []
    block = measure(log, marks)
    kinds = block.patients[["treated_days", "waiting_days", "off_days"]].sum(axis=1)
    np.testing.assert_allclose(kinds, block.patients["days"], atol=1e-9)
    whole = block.daily.groupby("resource", observed=True)["queue_mean"].sum()
    waited = block.waits.groupby("resource", observed=True)["days"].sum()
    np.testing.assert_allclose(whole, waited.reindex(whole.index, fill_value=0.0), atol=1e-6)
