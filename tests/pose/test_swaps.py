from __future__ import annotations

import numpy as np
import pytest

from formdrift.pose.swaps import swapped
from formdrift.pose.topology import COCO_17, MEDIAPIPE_33

LEGS = ("hip", "knee", "ankle", "heel", "toe")
ARMS = ("shoulder", "elbow", "wrist", "hand")
PARTS = {
    "whole body": (*LEGS, *ARMS, "eye", "ear"),
    "legs": LEGS,
    "arms": ARMS,
    "from the knees down": LEGS[1:],
    "feet": LEGS[2:],
}
# Across the body, in metres.
WIDTHS = {"shoulder": 0.36, "elbow": 0.46, "wrist": 0.5, "hand": 0.5, "eye": 0.06, "ear": 0.14, "hip": 0.24}
FRAMES = 300


def body(view: str, topology=MEDIAPIPE_33) -> dict:
    """Ten seconds of squats with the noise of a pose network, the two sides apart as they are seen in a view."""
    rng = np.random.default_rng(5)
    time_s = np.arange(FRAMES) / 30
    deep = (1 - np.cos(2 * np.pi * time_s / 3)) / 2
    world_m = np.full((FRAMES, topology.count, 3), np.nan)
    for name, number in topology.index.items():
        joint = name.split("_")[-1]
        if not name.startswith(("left", "right")):
            continue
        height = {"knee": 0.45, "ankle": 0.05, "heel": 0.0, "toe": 0.0, "hip": 0.9}.get(joint, 1.3)
        falls = {"knee": 0.1, "ankle": 0.0, "heel": 0.0, "toe": 0.0}.get(joint, 0.4)
        across = (0.5 if name.startswith("left") else -0.5) * WIDTHS.get(joint, 0.3)
        forward = 0.3 * deep if joint == "knee" else 0.0
        world_m[:, number, 0] = across if view == "front" else forward
        world_m[:, number, 1] = falls * deep - height
        world_m[:, number, 2] = -forward if view == "front" else across
    world_m += rng.normal(0, 0.01, world_m.shape)
    visibility = np.full(world_m.shape[:2], 0.95)
    if view == "side":
        visibility[:, [n for name, n in topology.index.items() if name.startswith("left")]] = 0.6
    return {
        "time_s": time_s,
        "xy_px": 300 * world_m[..., :2] + (320, 400),
        "world_m": world_m,
        "visibility": visibility,
        "topology": topology,
    }


def taken_for_each_other(seen: dict, joints: tuple[str, ...], frames: np.ndarray) -> tuple[dict, np.ndarray]:
    """Swap joints in some frames; also return which landmarks that were."""
    index = seen["topology"].index
    pairs = [(index[f"left_{j}"], index[f"right_{j}"]) for j in joints if f"left_{j}" in index]
    wrong = np.zeros(seen["visibility"].shape, dtype=bool)
    changed = {name: seen[name].copy() for name in ("xy_px", "world_m", "visibility")}
    for left, right in pairs:
        wrong[frames, left] = wrong[frames, right] = True
        for name, array in changed.items():
            array[frames, left], array[frames, right] = seen[name][frames, right], seen[name][frames, left]
    return seen | changed, wrong


def some_frames(seed: int) -> np.ndarray:
    """One frame in twenty, in runs of one to seven."""
    frames = np.zeros(FRAMES, dtype=bool)
    rng = np.random.default_rng(seed)
    for length in (1, 2, 5, 7):
        start = rng.integers(0, FRAMES - length)
        frames[start : start + length] = True
    return frames


@pytest.mark.parametrize("view", ["front", "side"])
def test_nothing_is_swapped_in_a_clean_track(view: str) -> None:
    assert not swapped(**body(view)).any()


@pytest.mark.parametrize("view", ["front", "side"])
@pytest.mark.parametrize("part", PARTS)
def test_swaps_are_found_to_the_frame(view: str, part: str) -> None:
    for seed in range(5):
        seen, wrong = taken_for_each_other(body(view), PARTS[part], some_frames(seed))
        np.testing.assert_array_equal(swapped(**seen), wrong)


def test_half_a_second_and_swaps_that_alternate() -> None:
    frames = np.zeros(FRAMES, dtype=bool)
    frames[[100, 102, 104]] = True
    frames[150:165] = True
    seen, wrong = taken_for_each_other(body("side"), LEGS, frames)
    np.testing.assert_array_equal(swapped(**seen), wrong)


def test_a_network_without_world_landmarks() -> None:
    seen, wrong = taken_for_each_other(body("front", COCO_17), LEGS, some_frames(1))
    seen["world_m"] = np.full_like(seen["world_m"], np.nan)
    np.testing.assert_array_equal(swapped(**seen), wrong)


def test_what_lasts_longer_or_fills_too_much_is_left_alone() -> None:
    frames = np.zeros(FRAMES, dtype=bool)
    frames[100:140] = True
    seen, _ = taken_for_each_other(body("front"), LEGS, frames)
    assert not swapped(**seen).any()
    seen, _ = taken_for_each_other(body("front"), LEGS, np.arange(FRAMES) % 5 < 2)
    assert not swapped(**seen).any()


@pytest.mark.parametrize("view", ["front", "side"])
def test_legs_are_not_turned_against_the_shoulders(view: str) -> None:
    """Most legs are taken for those of somebody who faces away: the shoulders tell that the others are right."""
    seen, _ = taken_for_each_other(body(view), LEGS, np.arange(FRAMES) % 10 < 7)
    assert not swapped(**seen).any()


def test_nothing_is_compared_across_a_gap() -> None:
    """Who comes back after a second may have turned round: there, most of what is seen is right by itself."""
    seen, _ = taken_for_each_other(body("front"), PARTS["whole body"], np.arange(FRAMES) >= 280)
    seen["xy_px"][250:280] = seen["world_m"][250:280] = np.nan
    seen["visibility"][250:280] = 0
    assert not swapped(**seen).any()


def test_somebody_who_turns_round() -> None:
    """The two sides change places in the picture, one behind the other, within a second."""
    seen = body("front")
    turn = np.pi * np.clip((seen["time_s"] - 4) / 1.0, 0, 1)[:, None]
    x, z = seen["world_m"][..., 0].copy(), seen["world_m"][..., 2].copy()
    seen["world_m"][..., 0] = np.cos(turn) * x - np.sin(turn) * z
    seen["world_m"][..., 2] = np.sin(turn) * x + np.cos(turn) * z
    seen["xy_px"] = 300 * seen["world_m"][..., :2] + (320, 400)
    assert not swapped(**seen).any()


def test_a_body_without_extent_has_no_sides() -> None:
    seen = body("front")
    assert not swapped(**{**seen, "xy_px": np.zeros_like(seen["xy_px"])}).any()


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_tracks_too_short_to_compare(frames: int) -> None:
    seen = {name: array[:frames] if name != "topology" else array for name, array in body("front").items()}
    assert not swapped(**seen).any()
