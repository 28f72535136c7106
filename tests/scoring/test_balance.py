"""Times of standing still: found, read against their noise floor, compared."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure import FROM_FRONT, FROM_LEFT, PARALLEL_SQUAT, STANDING, clock, film, hide, moving, reps

from formdrift.pose.clean import clean
from formdrift.scoring.balance import FS_HZ, assess_balance
from formdrift.scoring.noise_floor import corrected, noise_floor
from formdrift.scoring.prescription import Prescription
from formdrift.scoring.result import Sway, SwayDescriptor, View
from formdrift.scoring.scale import object_scale, stature_scale
from formdrift.scoring.sets import score_track
from formdrift.scoring.stance import find_trials
from formdrift.scoring.sway_change import NotComparableError, compare, growth, sampling_error
from formdrift.scoring.sway_pairs import balance_pairs

if TYPE_CHECKING:
    from formdrift.pose.track import PoseTrack

PX_PER_M = 160.0
FRONT = View("frontal", 2.0, 5.0, "camera")
SIDE = View("sagittal", 89.0, 5.0, "left")
LIFT_S, LAND_S, END_S = 2.0, 24.0, 26.0


def stance(
    sway_mm: float = 8.0,
    noise_px: float = 0.05,
    shake_px: float = 0.0,
    yaw_deg: float = FROM_FRONT,
    touch_s: float | None = None,
    hop_s: float | None = None,
    growth: float = 1.0,
    fps: float = 30.0,
    seed: int = 0,
    known_shake: bool = False,
) -> PoseTrack:
    """Stand on the left leg, the right foot 15 cm up, swaying sideways as a stiff pendulum about the left ankle."""
    time_s = clock(END_S, fps)
    still = film(moving(time_s, np.zeros_like(time_s), STANDING), yaw_deg, PX_PER_M)
    xy = still.xy_px.copy()
    index, random = still.topology.index, np.random.default_rng(seed)
    lifted = (time_s > LIFT_S) & (time_s < LAND_S)
    if touch_s is not None:
        lifted &= np.abs(time_s - touch_s) > 0.5
    for joint, up_m in (("ankle", 0.15), ("heel", 0.15), ("toe", 0.15), ("knee", 0.07)):
        xy[lifted, index[f"right_{joint}"], 1] -= up_m * PX_PER_M
    floor = xy[0, index["left_ankle"], 1]
    height_m = np.maximum(floor - still.xy_px[..., 1], 0.0) / PX_PER_M
    way_m = sway_mm / 1000.0 * band(time_s, random)
    way_m *= np.interp(time_s, [LIFT_S, LAND_S], [1.0, growth])
    # so that 1 m up moves by the whole way
    xy[..., 0] += (way_m[:, None] * height_m) * PX_PER_M
    if hop_s is not None:
        xy[time_s > hop_s, :, 0] += 0.12 * PX_PER_M
    camera = shake_px * np.stack([band(time_s, random, (0.5, 3.0)) for _ in range(2)], axis=1)
    xy += camera[:, None] + noise_px * random.standard_normal(xy.shape)
    return replace(still, xy_px=xy, camera_xy_px=camera if known_shake else None)


def band(time_s: np.ndarray, random: np.random.Generator, band_hz: tuple[float, float] = (0.1, 0.6)) -> np.ndarray:
    frequencies = np.linspace(*band_hz, 40)
    phases = random.uniform(0, 2 * np.pi, 40)
    wave = np.cos(2 * np.pi * frequencies * time_s[:, None] + phases).sum(axis=1)
    return np.asarray(wave / wave.std())


def judged(track: PoseTrack, view: View = FRONT, height_m: float | None = None) -> Sway:
    (one,) = assess_balance(clean(track), view, Prescription(height_m=height_m), two_feet=False)
    return one.sway


def test_a_stance_on_one_leg_is_found():
    sway = judged(stance())
    assert (sway.stance, sway.side, sway.ended_by, sway.errors) == ("single-leg", "left", "foot_down", ())
    assert sway.start_s == pytest.approx(LIFT_S, abs=0.3)
    assert sway.end_s == pytest.approx(LAND_S, abs=0.3)
    assert sway.held_s == pytest.approx(LAND_S - LIFT_S, abs=0.5)
    assert sway.analysed_s[0] - sway.start_s >= 2.0
    assert sway.analysed_s[1] < sway.end_s


def test_the_leg_is_not_named_from_the_side_unless_it_was_said():
    track = stance(yaw_deg=FROM_LEFT)
    assert judged(track, SIDE).side is None
    (one,) = assess_balance(clean(track), SIDE, Prescription(side="left", eyes="closed"), two_feet=False)
    assert (one.sway.side, one.sway.eyes, one.sway.axis) == ("left", "closed", "antero-posterior")


def test_a_touch_ends_the_holding_time_and_not_the_trial():
    sway = judged(stance(touch_s=9.0))
    assert [e.kind for e in sway.errors] == ["touch_down"]
    assert sway.errors[0].time_s == pytest.approx(9.0, abs=0.3)
    assert sway.held_s == pytest.approx(7.0, abs=0.6)
    assert sway.ended_by == "touch_down"
    assert sway.end_s == pytest.approx(LAND_S, abs=0.3)
    # sway is measured in the longer of both parts, away from the touch
    assert sway.analysed_s[0] > 9.5


def test_a_hop_is_found():
    sway = judged(stance(hop_s=8.0))
    assert [e.kind for e in sway.errors] == ["hop"]
    assert sway.errors[0].time_s == pytest.approx(8.0, abs=0.6)
    assert sway.ended_by == "hop"


def test_hands_that_leave_the_hips_are_an_error():
    track = stance()
    xy, index = track.xy_px.copy(), track.topology.index
    out = (track.time_s > 12.0) & (track.time_s < 14.0)
    for side in ("left", "right"):
        xy[:, index[f"{side}_wrist"]] = xy[:, index[f"{side}_hip"]] + [8.0, -8.0]
        xy[out, index[f"{side}_wrist"], 1] -= 50.0
    sway = judged(replace(track, xy_px=xy))
    assert [e.kind for e in sway.errors] == ["hands_off"]
    assert sway.held_s == pytest.approx(10.0, abs=0.6)
    assert set(sway.errors_unseen) == {"eyes_open", "foot_lift"}


def test_hands_that_stay_away_are_a_second_error():
    track = stance()
    xy, index = track.xy_px.copy(), track.topology.index
    out = (track.time_s > 8.0) & (track.time_s < 16.0)
    for side in ("left", "right"):
        xy[:, index[f"{side}_wrist"]] = xy[:, index[f"{side}_hip"]] + [8.0, -8.0]
        xy[out, index[f"{side}_wrist"], 1] -= 50.0
    sway = judged(replace(track, xy_px=xy))
    assert [e.kind for e in sway.errors] == ["hands_off", "out_of_position"]
    assert sway.errors[1].time_s - sway.errors[0].time_s == pytest.approx(5.0, abs=0.2)
    assert sway.ended_by == "hands_off"


def test_hands_that_were_never_on_the_hips_are_not_judged():
    track = stance()
    xy, index = track.xy_px.copy(), track.topology.index
    for side in ("left", "right"):
        xy[:, index[f"{side}_wrist"]] = xy[:, index[f"{side}_shoulder"]]
    sway = judged(replace(track, xy_px=xy))
    assert sway.errors == ()
    assert "not on the hips" in sway.errors_unseen["hands_off"]


def test_walking_on_is_no_stance():
    track = stance()
    cut = track.between(0.0, LIFT_S + 2.0)
    assert find_trials(cut, two_feet=False) == ()


def test_two_feet_count_only_when_asked_for():
    standing = film(moving(clock(20.0), np.zeros(600), STANDING), FROM_FRONT, PX_PER_M)
    assert find_trials(standing, two_feet=False) == ()
    (trial,) = find_trials(standing, two_feet=True)
    assert (trial.kind, trial.side) == ("double-leg", None)
    xy, index = standing.xy_px.copy(), standing.topology.index
    middle = (xy[:, index["left_ankle"], 0] + xy[:, index["right_ankle"], 0]) / 2
    for side in ("left", "right"):
        xy[:, index[f"{side}_ankle"], 0] = middle
    (trial,) = find_trials(replace(standing, xy_px=xy), two_feet=True)
    assert trial.kind == "tandem"


@pytest.mark.parametrize("sway_mm", [6.0, 12.0, 25.0])
def test_sway_is_found_in_millimetres(sway_mm: float):
    track = stance(sway_mm)
    # the figure's eyes are missing, so the scale is an object's
    (one,) = assess_balance(clean(track), FRONT, two_feet=False, scale=object_scale(0.45 * PX_PER_M))
    rms = one.sway.descriptors["RMS"]
    assert (rms.status, rms.unit) == ("measured", "mm")
    # the centre of mass is a little less than a metre above the ankle
    assert rms.value == pytest.approx(0.93 * sway_mm, rel=0.12)
    assert rms.corrected is not None
    assert rms.corrected <= rms.value
    assert rms.standard_error is not None
    assert rms.standard_error > 0.15 * rms.value * 0.9


def test_without_a_stature_lengths_are_parts_of_the_leg():
    sway = judged(stance())
    assert sway.scale is not None
    assert (sway.scale.source, sway.descriptors["RMS"].unit) == ("leg", "% leg")
    assert sway.descriptors["RMS"].value == pytest.approx(0.75 / 0.85, rel=0.15)


@pytest.mark.parametrize("sway_mm", [0.0, 1.0])
def test_what_the_noise_hides_is_below_the_noise_floor(sway_mm: float):
    sway = judged(stance(sway_mm, noise_px=0.3))
    assert sway.status == "below_noise_floor"
    assert sway.descriptors["RMS"].value is None
    assert sway.reason is not None
    assert "tripod" in sway.reason


def test_paths_and_frequencies_need_more_than_amplitudes():
    (one,) = assess_balance(clean(stance(3.5, noise_px=0.1)), FRONT, two_feet=False)
    found = one.sway.descriptors
    assert 2.0 < (found["RMS"].snr or 0.0) < 4.0
    assert found["RMS"].status == "measured"
    assert {found[name].status for name in ("TOTEX", "MVELO", "F95")} == {"below_noise_floor"}


def test_a_hand_that_shakes_the_camera_makes_no_sway():
    assert judged(stance(0.0, shake_px=1.5)).status == "below_noise_floor"


def test_shake_known_from_the_background_is_taken_out():
    found = judged(stance(20.0, shake_px=1.5, known_shake=True)).descriptors["RMS"]
    steady = judged(stance(20.0)).descriptors["RMS"]
    assert found.value is not None
    assert found.value == pytest.approx(steady.value, rel=0.05)
    assert found.snr is not None
    assert steady.snr is not None
    # what turns about the line of sight can't be taken out, so the floor is higher
    assert found.snr < steady.snr


def test_shake_is_told_from_sway_by_the_foot():
    still = judged(stance(20.0, shake_px=1.5))
    steady = judged(stance(20.0))
    assert still.descriptors["RMS"].value == pytest.approx(steady.descriptors["RMS"].value, rel=0.1)
    assert still.camera_shake is not None
    assert steady.camera_shake is not None
    assert still.camera_shake > 10 * steady.camera_shake


def test_cleaning_leaves_sway_as_it_is():
    track = stance(10.0, noise_px=0.3)
    hips = [t.joint("left_hip")[:, 0] for t in (track, clean(track))]
    # single outliers are repaired; nothing is smoothed, so nothing is late
    assert np.mean(hips[0] == hips[1]) > 0.9
    assert np.std(hips[1]) == pytest.approx(np.std(hips[0]), rel=0.01)


def test_too_short_hidden_or_slow_videos_are_refused():
    short = stance().between(0.0, LIFT_S + 6.0)
    assert "too short" in (judged(short).reason or "")
    track = stance()
    hidden = hide(track, track.time_s % 2.0 < 0.7, ["left_shoulder", "right_shoulder"])
    assert "too little of the body" in (judged(hidden).reason or "")
    assert "frames a second" in (judged(stance(fps=8.0)).reason or "")


def with_arms(track: PoseTrack) -> PoseTrack:
    """Give the figure elbows and hands, so that enough of the body is seen without its shanks."""
    xy, index = track.xy_px.copy(), track.topology.index
    for side in ("left", "right"):
        shoulder, wrist = (xy[:, index[f"{side}_{joint}"]] for joint in ("shoulder", "wrist"))
        xy[:, index[f"{side}_elbow"]], xy[:, index[f"{side}_hand"]] = (shoulder + wrist) / 2.0, wrist
    return replace(track, xy_px=xy, visibility=np.full(xy.shape[:2], 0.9))


@pytest.mark.parametrize("height_m", [None, 1.8])
def test_a_leg_that_is_hidden_while_standing_still_is_no_measure(height_m: float | None):
    track = with_arms(stance())
    assert judged(track, height_m=height_m).status == "measured"
    hidden = judged(hide(track, track.time_s > LIFT_S + 1.5, ["left_ankle", "right_ankle"]), height_m=height_m)
    assert (hidden.status, hidden.descriptors) == ("not_observable", {})
    assert "too little of the body" in (hidden.reason or "")


def test_a_stance_in_which_nothing_settles_is_too_short():
    """Two seconds before a touch and two after it."""
    track = stance(touch_s=LAND_S - 2.0).between(LAND_S - 4.0, END_S)
    sway = judged(track)
    assert [e.kind for e in sway.errors] == ["touch_down"]
    assert sway.analysed_s[0] == sway.analysed_s[1]
    assert "too short" in (sway.reason or "")


def without(track: PoseTrack, lost: np.ndarray) -> PoseTrack:
    assert track.world_m is not None
    assert track.camera_xy_px is not None
    return replace(
        track,
        time_s=track.time_s[~lost],
        xy_px=track.xy_px[~lost],
        visibility=track.visibility[~lost],
        world_m=track.world_m[~lost],
        camera_xy_px=track.camera_xy_px[~lost],
        segments=((0, int((~lost).sum())),),
    )


def test_a_camera_that_stalls_changes_little_and_one_that_stalls_often_is_refused():
    track = stance(known_shake=True)
    moment = (track.time_s > 12.0) & (track.time_s < 12.4)
    whole, less = (judged(one).descriptors["RMS"].value for one in (track, without(track, moment)))
    assert less == pytest.approx(whole, rel=0.05)
    often = judged(without(track, track.time_s % 2.0 < 0.4))
    assert (often.status, often.descriptors) == ("not_observable", {})
    assert "pictures of the video are missing" in (often.reason or "")


def test_scales():
    assert stature_scale(785.0, 1.75).per_px == pytest.approx(1.999682, abs=1e-6)
    assert object_scale(90.0).per_px == pytest.approx(5.0)
    assert object_scale(90.0, error_px=3.0).relative_error == pytest.approx(1 / 30)


def test_quadrature():
    assert corrected(5.0, 3.0) == pytest.approx(4.0)
    assert corrected(2.0, 3.0) == 0.0


def test_a_foot_that_jitters_raises_the_floor():
    random = np.random.default_rng(0)
    centre, shoulders = np.zeros((400, 2)), np.zeros((400, 2))
    quiet, loud = ([scale * random.standard_normal((400, 2)) for _ in range(3)] for scale in (0.01, 5.0))
    low, high = (noise_floor(centre, shoulders, foot, 150.0, 0.3) for foot in (quiet, loud))
    assert low.noise_px == pytest.approx(0.0012 * 150.0, rel=0.01)
    assert high.noise_px == pytest.approx(0.34 * 5.0, rel=0.2)


@cache
def measured() -> Sway:
    return judged(stance(20.0))


def trial(path: np.ndarray) -> Sway:
    found = SwayDescriptor(float(path.std()), "mm", None, None, 10.0, None, "measured", None)
    return replace(
        measured(), descriptors={"RMS": found}, sampling_error=sampling_error(path, FS_HZ), analysed_s=(4.0, 22.0)
    )


@pytest.fixture(scope="module")
def paths() -> np.ndarray:
    """Draw 800 independent trials of 18 s of one and the same random sway."""
    random = np.random.default_rng(1)
    n = round(100 * FS_HZ)
    frequency = np.fft.rfftfreq(n, 1 / FS_HZ)
    spectrum = np.fft.rfft(random.standard_normal((800, n)), axis=1)
    spectrum[:, (frequency < 0.05) | (frequency > 0.6)] = 0
    return np.fft.irfft(spectrum, n, axis=1)[:, : round(18 * FS_HZ)]


def test_sway_that_stays_is_rarely_called_changed_and_sway_that_doubles_is_seen(paths: np.ndarray):
    trials = [trial(path) for path in paths]
    pairs = list(zip(trials[:400], trials[400:], strict=True))
    assert np.mean([compare([a], [b]).verdict != "no_detectable_change" for a, b in pairs]) <= 0.06
    fours = [trials[i : i + 4] for i in range(0, 800, 4)]
    assert np.mean([compare(f[:2], f[2:]).verdict != "no_detectable_change" for f in fours]) <= 0.06
    doubled = [trial(2 * path) for path in paths[400:600]]
    seen = [compare([a], [b]).verdict != "no_detectable_change" for a, b in zip(trials, doubled, strict=False)]
    assert np.mean(seen) > 0.7


def test_sampling_error_is_the_spread_of_trials(paths: np.ndarray):
    levels = paths.std(axis=1)
    stated = np.median([sampling_error(path, FS_HZ) for path in paths[:100]])
    assert stated == pytest.approx(levels.std() / levels.mean(), rel=0.15)


def test_growth_within_a_trial(paths: np.ndarray):
    errors = [sampling_error(path, FS_HZ) for path in paths[:300]]
    ramp = np.geomspace(1.0, 8.0, paths.shape[1])
    alarms, seen = [], []
    for path, error in zip(paths, errors, strict=False):
        flat, grown = growth(path - path.mean(), FS_HZ, error), growth((path - path.mean()) * ramp, FS_HZ, error)
        assert flat is not None
        assert grown is not None
        alarms.append(flat.verdict != "no_detectable_change")
        seen.append(grown.factor)
    assert np.mean(alarms) <= 0.06
    assert np.median(seen) == pytest.approx(8.0, rel=0.35)
    assert growth(paths[0, :200], FS_HZ, 0.2) is None


def test_more_trials_show_smaller_changes(paths: np.ndarray):
    trials = [trial(path) for path in paths[:6]]
    single, triple = compare(trials[:1], trials[1:2]), compare(trials[:3], trials[3:])
    assert triple.mdc95_pct < 0.65 * single.mdc95_pct
    assert (single.trials, triple.trials) == ((1, 1), (3, 3))


def test_unlike_trials_are_not_compared(paths: np.ndarray):
    one = trial(paths[0])
    for other, why in (
        (replace(one, axis="antero-posterior"), "direction"),
        (replace(one, stance="tandem"), "stance"),
        (replace(one, eyes="closed"), "eyes"),
        (replace(one, analysed_s=(4.0, 11.0)), "length"),
        (replace(one, since_last_rep_s=240.0), "after the last repetition"),
    ):
        with pytest.raises(NotComparableError, match=why):
            compare([one], [other])
    with pytest.raises(NotComparableError, match="nothing"):
        compare([one], [])
    unmeasured = judged(stance(0.0, noise_px=0.3))
    with pytest.raises(NotComparableError, match="not measured"):
        compare([one], [unmeasured])


def test_romberg_s_ratio_is_that_of_closed_eyes_over_open_ones(paths: np.ndarray):
    opened = [replace(trial(path), eyes="open") for path in paths[:2]]
    closed = [replace(trial(1.8 * path), eyes="closed") for path in paths[2:4]]
    change = compare(opened, closed, eyes=True)
    levels = [np.mean([np.log(one.descriptors["RMS"].value) for one in side]) for side in (opened, closed)]
    assert change.ratio == pytest.approx(np.exp(levels[1] - levels[0]), rel=1e-3)
    assert change.ci95[0] < change.ratio < change.ci95[1]
    for wrong in ((closed, opened), (opened, opened), ([trial(paths[0])], closed)):
        with pytest.raises(NotComparableError, match="eyes"):
            compare(*wrong, eyes=True)


def said(one: Sway, **of: object) -> Sway:
    return replace(one, **{"side": "left", "eyes": "open", "since_last_rep_s": None} | of)


def test_trials_are_paired_that_differ_in_one_thing(paths: np.ndarray):
    left, again, closed, right, tired, tired_right = (trial(path) for path in paths[:6])
    sways = [
        said(left),
        None,
        said(again),
        said(closed, eyes="closed"),
        said(right, side="right"),
        said(tired, since_last_rep_s=20.0),
        said(tired_right, side="right", eyes="closed", since_last_rep_s=40.0),
    ]
    found = {(one.kind, one.side, one.eyes): (one.before, one.after) for one in balance_pairs(sways)}
    assert found == {
        ("eyes", "left", None): ((0, 2), (3,)),
        ("legs", None, "open"): ((0, 2), (4,)),
        ("set", "left", "open"): ((0, 2), (5,)),
    }
    assert all(one.change is not None and one.reason is None for one in balance_pairs(sways))


def test_trials_that_differ_in_nothing_but_time_are_the_first_and_the_last(paths: np.ndarray):
    one, two, three = (said(trial(path)) for path in paths[:3])
    (pair,) = balance_pairs([one, two, three])
    assert (pair.kind, pair.before, pair.after) == ("time", (0,), (2,))
    # what was not measured stands only where there is nothing else
    unread = replace(one, status="below_noise_floor", reason="too noisy", descriptors={})
    (pair,) = balance_pairs([unread, two, three])
    assert (pair.before, pair.after) == ((1,), (2,))
    assert pair.change is not None
    assert balance_pairs([one]) == balance_pairs([None, None]) == ()
    assert balance_pairs([one, said(two, stance="tandem", side=None)]) == ()


def test_a_pair_says_why_it_is_not_compared(paths: np.ndarray):
    one, two = (trial(path) for path in paths[:2])
    unread = replace(one, status="below_noise_floor", reason="too noisy", descriptors={})
    (pair,) = balance_pairs([said(unread), said(two, side="right")])
    assert pair.change is None
    assert "too noisy" in pair.reason
    # one that was measured stands for the others
    (pair,) = balance_pairs([said(unread), said(one), said(two, side="right")])[:1]
    assert (pair.kind, pair.before) == ("legs", (1,))
    for differs in ({"eyes": "closed"}, {"since_last_rep_s": 20.0}, {}):
        (pair,) = balance_pairs([said(one, side=None), said(two, side=None, **differs)])
        assert pair.change is None
        assert "Which leg" in pair.reason


def test_a_stance_is_a_set_of_its_own(thresholds):
    for declared in ("balance", "auto"):
        scored = score_track(clean(stance()), declared, thresholds)
        (one,) = scored.sets
        assert one.exercise.family == "balance"
        assert one.sway is not None
        assert one.reps == ()
        assert scored.warnings == ()
    assert score_track(clean(stance()), "squat", thresholds).sets[0].sway is None


def test_nobody_standing_still_is_said(thresholds):
    track = film(moving(clock(4.0), np.zeros(120), STANDING), FROM_FRONT, PX_PER_M)
    scored = score_track(track, "balance", thresholds)
    assert scored.sets[0].sway is None
    assert "stand still" in scored.warnings[0]


def test_a_stance_after_a_set_knows_the_time_since_its_last_repetition(thresholds):
    both = joined(film(reps(PARALLEL_SQUAT), FROM_FRONT, PX_PER_M), stance())
    for declared, sets in (("auto", 2), ("balance", 1)):
        scored = score_track(clean(both), declared, thresholds)
        sway = scored.sets[-1].sway
        assert len(scored.sets) == sets
        assert sway is not None
        assert scored.stances[0].sway is sway
        if declared == "auto":
            last_rep_s = scored.sets[0].reps[-1].end_s
        assert sway.since_last_rep_s == pytest.approx(sway.analysed_s[0] - last_rep_s, abs=0.2)


def test_a_stance_before_a_set_has_no_time_since_a_repetition(thresholds):
    scored = score_track(clean(joined(stance(), film(reps(PARALLEL_SQUAT), FROM_FRONT, PX_PER_M))), "auto", thresholds)
    assert [len(one.reps) > 0 for one in scored.sets] == [True, False]
    assert scored.stances[0].sway.since_last_rep_s is None


def joined(first: PoseTrack, second: PoseTrack) -> PoseTrack:
    """Put two films of one camera after each other."""
    later = second.time_s + first.time_s[-1] + 1.0 / 30.0
    each = [(one.xy_px, one.visibility, one.world_m) for one in (first, second)]
    xy, visibility, world = (np.concatenate(pair) for pair in zip(*each, strict=True))
    time_s = np.concatenate([first.time_s, later])
    return replace(first, time_s=time_s, xy_px=xy, visibility=visibility, world_m=world, camera_xy_px=None, segments=())
