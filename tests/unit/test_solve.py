"""The solver against linear problems, whose answer is known in closed form."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from pathsim.study.solve import FARTHEST, Array, Solution
from pathsim.study.solve import solve as solve_together

SLOPES = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 1.0], [3.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
PUBLISHED = np.array([1.0, -2.0, 0.5, 0.0])


def solve(misses: Callable[[Array], Array], numbers: int) -> Solution:
    return solve_together(lambda points: [misses(z) for z in points], numbers)


def test_all_points_of_a_slope_are_asked_for_together_and_none_twice() -> None:
    asked: list[int] = []
    points: set[bytes] = set()

    def misses(some: Sequence[Array]) -> list[Array]:
        asked.append(len(some))
        points.update(z.tobytes() for z in some)
        return [SLOPES @ z - PUBLISHED for z in some]

    found = solve_together(misses, 3)
    assert asked[:2] == [1, 3]
    assert set(asked) == {1, 3}
    assert found.calls == sum(asked) == len(points)


def test_a_linear_model_has_its_ridge_solution_and_covariance() -> None:
    found = solve(lambda z: SLOPES @ z - PUBLISHED, 3)
    curvature = SLOPES.T @ SLOPES + np.eye(3)
    assert found.z == pytest.approx(np.linalg.solve(curvature, SLOPES.T @ PUBLISHED), abs=1e-3)
    assert found.covariance == pytest.approx(np.linalg.inv(curvature), rel=1e-6)


def test_a_number_that_no_target_sees_keeps_what_was_thought_of_it() -> None:
    found = solve(lambda z: np.array([5.0 * (z[0] - 1.0)]), 2)
    assert found.z[1] == pytest.approx(0.0, abs=1e-6)
    assert found.covariance[1, 1] == pytest.approx(1.0)


def test_steps_of_a_single_patient_do_not_stop_the_search() -> None:
    def stepped(z: np.ndarray) -> np.ndarray:
        return np.round((SLOPES @ z - PUBLISHED) * 200) / 200

    smooth = solve(lambda z: SLOPES @ z - PUBLISHED, 3)
    assert solve(stepped, 3).z == pytest.approx(smooth.z, abs=0.05)


def test_nothing_is_sought_beyond_the_farthest() -> None:
    found = solve(lambda z: np.array([100.0 * (z[0] - 50.0)]), 1)
    assert found.z[0] <= FARTHEST
