from __future__ import annotations

import pytest

from formdrift.pose.topology import COCO_17, HALPE_26, MEDIAPIPE_33, TOPOLOGIES

# Left and right number of joints as the authors of each set of landmarks list them.
PUBLISHED = {
    "mediapipe-33": {"ear": (7, 8), "shoulder": (11, 12), "hip": (23, 24), "ankle": (27, 28), "toe": (31, 32)},
    "coco-17": {"ear": (3, 4), "shoulder": (5, 6), "elbow": (7, 8), "hip": (11, 12), "ankle": (15, 16)},
    "halpe-26": {"shoulder": (5, 6), "hip": (11, 12), "ankle": (15, 16), "heel": (24, 25), "toe": (20, 21)},
}


@pytest.mark.parametrize("name", TOPOLOGIES)
def test_landmark_numbers_are_the_published_ones(name: str) -> None:
    index = TOPOLOGIES[name].index
    for joint, (left, right) in PUBLISHED[name].items():
        assert (index[f"left_{joint}"], index[f"right_{joint}"]) == (left, right)


@pytest.mark.parametrize("topology", TOPOLOGIES.values(), ids=str)
def test_every_joint_is_one_landmark_and_bones_join_known_joints(topology: object) -> None:
    numbers = list(topology.index.values())
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(range(topology.count))
    assert {joint for bone in topology.bones for joint in bone} <= set(topology.index)


def test_what_a_topology_lacks() -> None:
    assert not COCO_17.has("left_heel")
    assert HALPE_26.has("neck")
    assert not MEDIAPIPE_33.has("neck")
    assert ("left_knee", "left_ankle") in MEDIAPIPE_33.bones
    assert not any("heel" in joint for bone in COCO_17.bones for joint in bone)
