from __future__ import annotations

import numpy as np
import pytest

from formdrift.pose.clean import clean

LEG_LEFT, LEG_RIGHT = [25, 27, 29, 31], [26, 28, 30, 32]


@pytest.mark.parametrize("fps", [10.0, 24.0, 30.0, 60.0])
def test_a_clean_track_is_not_altered(make_track, fps: float) -> None:
    track = make_track(fps)
    cleaned = clean(track)
    np.testing.assert_array_equal(cleaned.xy_px, track.xy_px)
    np.testing.assert_array_equal(cleaned.world_m, track.world_m)
    np.testing.assert_array_equal(cleaned.visibility, track.visibility)
    assert dict(cleaned.repairs) == {}


def test_thighs_that_shorten_in_a_front_view_are_not_altered(make_track) -> None:
    """Seen from the front, a thigh's length falls to a quarter within half a second."""
    track = make_track()
    xy_px = track.xy_px.copy()
    depth = (1 - np.cos(2 * np.pi * track.time_s / 1.2)) / 2
    for hip, knee in ((23, 25), (24, 26)):
        xy_px[:, hip, 1] = xy_px[:, knee, 1] - 65 * (1 - 0.75 * depth)
    assert dict(clean(make_track(xy_px=xy_px)).repairs) == {}


def test_spikes_are_replaced_by_the_path_around_them(make_track) -> None:
    track = make_track()
    xy_px, world_m = track.xy_px.copy(), track.world_m.copy()
    for frame, joint in ((40, 25), (77, 0), (78, 15), (120, 28)):
        xy_px[frame, joint] += (25, -18)
        world_m[frame, joint] += 0.3
    cleaned = clean(make_track(xy_px=xy_px, world_m=world_m))
    np.testing.assert_allclose(cleaned.xy_px, track.xy_px, atol=0.5)
    np.testing.assert_allclose(cleaned.world_m, track.world_m, atol=0.5 / 200)
    # a knee or ankle that jumps may take the end of its bone with it
    assert cleaned.repairs["outlier"] + cleaned.repairs.get("bone", 0) == cleaned.repairs["filled"]
    assert 4 <= cleaned.repairs["filled"] <= 6


def test_a_bone_that_jumps_in_length_loses_its_far_end(make_track) -> None:
    track = make_track()
    xy_px = track.xy_px.copy()
    xy_px[60, 27, 1] -= 40
    assert clean(make_track(xy_px=xy_px)).repairs["bone"] == 1


def test_unseen_landmarks_are_missing_and_short_gaps_are_filled(make_track) -> None:
    track = make_track()
    visibility = track.visibility.copy()
    visibility[50:53, 27] = 0.3  # 0.1 s
    visibility[100:109, 27] = 0.3  # 0.3 s
    visibility[-2:, 12] = 0.49
    cleaned = clean(make_track(visibility=visibility))
    np.testing.assert_allclose(cleaned.xy_px[50:53, 27], track.xy_px[50:53, 27], atol=0.2)
    np.testing.assert_allclose(cleaned.world_m[50:53, 27], track.world_m[50:53, 27], atol=0.2 / 200)
    for frames, joint in ((slice(100, 109), 27), (slice(-2, None), 12)):
        assert np.isnan(cleaned.xy_px[frames, joint]).all()
        assert np.isnan(cleaned.world_m[frames, joint]).all()
        assert (cleaned.visibility[frames, joint] == 0).all()
    # the other side is not touched
    np.testing.assert_array_equal(cleaned.xy_px[:, 28], track.xy_px[:, 28])
    assert dict(cleaned.repairs) == {"low_visibility": 14, "filled": 3}


def apart(track):
    """Legs far enough apart that a swap shows."""
    xy_px = track.xy_px.copy()
    xy_px[:, LEG_RIGHT, 0] += 60
    return xy_px


def swapped(array: np.ndarray, frames: slice) -> np.ndarray:
    out = array.copy()
    out[frames, LEG_LEFT], out[frames, LEG_RIGHT] = array[frames, LEG_RIGHT], array[frames, LEG_LEFT]
    return out


@pytest.mark.parametrize("frames", [slice(70, 71), slice(70, 75)])
def test_short_left_right_swaps_are_undone(make_track, frames: slice) -> None:
    track = make_track()
    xy_px, visibility = apart(track), track.visibility.copy()
    visibility[:, LEG_RIGHT] = 0.7
    cleaned = clean(
        make_track(
            xy_px=swapped(xy_px, frames),
            world_m=swapped(track.world_m, frames),
            visibility=swapped(visibility, frames),
        )
    )
    np.testing.assert_array_equal(cleaned.xy_px, xy_px)
    np.testing.assert_array_equal(cleaned.world_m, track.world_m)
    np.testing.assert_array_equal(cleaned.visibility, visibility)
    assert dict(cleaned.repairs) == {"swapped": 8 * (frames.stop - frames.start)}


def test_a_lasting_swap_is_left_alone(make_track) -> None:
    """Somebody turned round, or the first frames were wrong: a single change says not which side is right."""
    track = make_track()
    assert "swapped" not in clean(make_track(xy_px=swapped(apart(track), slice(0, 40)))).repairs


def test_repeated_frames_are_bridged(make_track) -> None:
    track = make_track()
    xy_px = track.xy_px.copy()
    for frame in (20, 51, 100):
        xy_px[frame] = xy_px[frame - 1]
    cleaned = clean(make_track(xy_px=xy_px))
    assert np.abs(xy_px - track.xy_px).max() > 2
    np.testing.assert_allclose(cleaned.xy_px, track.xy_px, atol=0.2)
    assert cleaned.repairs["repeated"] == 3 * 33


def test_somebody_who_really_stands_still_is_kept(make_track) -> None:
    track = make_track()
    xy_px = np.repeat(track.xy_px[:1], len(track), axis=0)
    cleaned = clean(make_track(xy_px=xy_px))
    np.testing.assert_array_equal(cleaned.xy_px, xy_px)


def test_nothing_is_repaired_across_a_cut(make_track) -> None:
    track = make_track()
    xy_px = track.xy_px.copy()
    xy_px[90:] += (150, 20)
    visibility = track.visibility.copy()
    visibility[89:91] = 0.1
    cleaned = clean(make_track(xy_px=xy_px, visibility=visibility, segments=((0, 90), (90, 180))))
    assert np.isnan(cleaned.xy_px[89:91]).all()
    assert cleaned.segments == ((0, 90), (90, 180))
    np.testing.assert_array_equal(cleaned.xy_px[91:], xy_px[91:])


def test_tracks_with_nothing_in_them(make_track) -> None:
    blank = make_track(xy_px=np.full((180, 33, 2), np.nan), world_m=None, visibility=np.zeros((180, 33)))
    cleaned = clean(blank)
    assert not cleaned.detected.any()
    assert cleaned.world_m is None
    assert dict(cleaned.repairs) == {}
    assert len(clean(blank.between(1.0, 1.0))) == 0
    assert len(clean(blank.between(1.0, 1.03))) == 1
