"""The centre of mass against the specification's stick figure (oracles 45 to 47)."""

from __future__ import annotations

import numpy as np
import pytest

from formdrift.scoring.mass import centre_of_mass, total_mass

HEIGHTS_M = {
    "ankle": 0.07,
    "knee": 0.50,
    "hip": 0.92,
    "shoulder": 1.43,
    "ear": 1.63,
    "elbow": 1.13,
    "wrist": 0.87,
    "hand": 0.79,
    "heel": 0.03,
    "toe": 0.03,
}


def figure(frames: int = 1, **raised_m: float) -> dict[str, np.ndarray]:
    return {
        f"{side}_{joint}": np.tile([0.1, height + raised_m.get(joint, 0.0)], (frames, 1))
        for joint, height in HEIGHTS_M.items()
        for side in ("left", "right")
    }


def height(sex: str | None = None, **raised_m: float) -> float:
    return float(centre_of_mass(figure(**raised_m), sex)[0, 1])


def test_the_segments_are_a_whole_body():
    assert total_mass("male") == pytest.approx(1.0, abs=1e-9)
    assert total_mass("female") == pytest.approx(0.9999, abs=1e-9)


def test_standing_figure():
    assert height("male") == pytest.approx(0.989180, abs=1e-6)
    # the specification prints the moment, 0.994396; the table's masses add up to 0.9999
    assert height("female") * total_mass("female") == pytest.approx(0.994396, abs=1e-6)
    assert height("male") < height() < height("female")


def test_moving_a_part_moves_its_share_of_the_mass():
    assert height("male", hand=0.1) - height("male") == pytest.approx(0.001220, abs=1e-6)
    trunk = height("male", shoulder=0.1) - height("male")
    upper_arms = 2 * 0.0271 * (1 - 0.5772) * 0.1
    assert trunk - upper_arms == pytest.approx(0.024729, abs=1e-6)


def test_a_limb_that_flickers_never_makes_the_centre_jump():
    joints = figure(frames=100)
    joints["left_wrist"][:, 0] += 0.5
    whole = centre_of_mass(joints)
    joints["left_wrist"][40:45] = np.nan
    seldom = centre_of_mass(joints)
    assert np.isnan(seldom[40:45]).all()
    np.testing.assert_allclose(np.delete(seldom, range(40, 45), axis=0), np.delete(whole, range(40, 45), axis=0))
    joints["left_wrist"][::2] = np.nan
    often = centre_of_mass(joints)
    assert np.isfinite(often).all()
    np.testing.assert_allclose(np.ptp(often, axis=0), 0.0, atol=1e-12)


def test_without_the_trunk_there_is_no_centre():
    joints = figure(frames=20)
    joints["left_hip"][:5] = np.nan
    assert np.isnan(centre_of_mass(joints)).all()


def test_a_topology_without_hands_and_feet_still_has_a_centre():
    joints = {name: points for name, points in figure().items() if name.split("_")[1] not in ("hand", "heel", "toe")}
    assert float(centre_of_mass(joints)[0, 1]) == pytest.approx(1.0, abs=0.04)
