from __future__ import annotations

import numpy as np
import pytest
from stage import FPS, SIZE, Actor, Stage, info, squats, wall

from formdrift.pose.estimate import follow
from formdrift.pose.lock import LockedFollower
from formdrift.pose.people import Follower
from formdrift.pose.subject import Sighting, likelihood, link
from formdrift.pose.topology import MEDIAPIPE_33

LIFTER = Actor(lambda t: 320.0, depth=squats(), shirt=(40, 40, 200))


def truth(actor: Actor, seconds: float) -> np.ndarray:
    return np.array([actor.landmarks(k / FPS) for k in range(round(seconds * FPS))])


def followed(stage: Stage, seconds: float):
    return follow(stage.frames(seconds), stage, info(seconds))


def right(track, actor: Actor, seconds: float) -> np.ndarray:
    """Tell in which frames a track shows an actor."""
    return np.abs(track.xy_px - truth(actor, seconds)).max(axis=(1, 2)) < 0.01


@pytest.mark.parametrize("coach_px", [120.0, 280.0])
def test_who_does_repetitions_is_chosen_before_who_stands_by_even_if_nearer(coach_px: float) -> None:
    coach = Actor(lambda t: 480.0, coach_px)
    people = followed(Stage([coach, LIFTER]), 8)
    assert right(people.lifter, LIFTER, 8).all()
    assert right(people.tracks[1], coach, 8).all()
    assert people.margin > 0.8


def test_a_mirror_image_does_not_win() -> None:
    mirror = Actor(lambda t: 560.0, 120.0, depth=squats(), shirt=(40, 40, 200))
    people = followed(Stage([mirror, LIFTER]), 8)
    assert right(people.lifter, LIFTER, 8).all()
    assert 0.3 < people.margin < 0.9


def test_who_is_seen_badly_beside_a_spotter_is_followed() -> None:
    lifter = Actor(lambda t: 320.0, depth=squats(), shirt=(40, 40, 200), faint=True)
    spotter = Actor(lambda t: 420.0, 210.0, depth=lambda t: 0.3 * squats()(t))
    people = followed(Stage([spotter, lifter]), 8)
    assert right(people.lifter, lifter, 8).mean() > 0.98
    assert right(people.tracks[1], spotter, 8).all()


def test_small_people_are_found_beside_each_other() -> None:
    pair = [Actor(lambda t: 300.0, 100.0), Actor(lambda t: 400.0, 90.0, (40, 200, 40))]
    people = followed(Stage(pair), 3)
    assert len(people.tracks) == 2
    for track in people.tracks:
        assert any(right(track, actor, 3).all() for actor in pair)


def sighting(actor: Actor, frames: range) -> Sighting:
    values = [np.column_stack([actor.landmarks(k / FPS), np.zeros((33, 3)), np.full(33, 0.9)]) for k in frames]
    return Sighting(list(frames), [one.astype(np.float32) for one in values])


def test_landmarks_that_a_network_does_not_find_say_nothing_of_who_trains() -> None:
    """A network of one's own leaves out what it can't find."""
    legs = [number for name, number in MEDIAPIPE_33.index.items() if name.split("_")[-1] in ("hip", "knee", "ankle")]
    whole, without = sighting(LIFTER, range(240)), sighting(LIFTER, range(240))
    for row in without.rows[:30]:
        row[legs, :2] = np.nan
    sure, less_sure = (likelihood(one, 240, FPS, SIZE, MEDIAPIPE_33) for one in (whole, without))
    assert 0.8 * sure < less_sure <= sure
    for row in without.rows:
        row[legs, :2] = np.nan
    assert likelihood(without, 240, FPS, SIZE, MEDIAPIPE_33) == 0.0


def test_sightings_are_linked_by_where_the_hips_were_seen_last() -> None:
    first, later = sighting(LIFTER, range(60)), sighting(LIFTER, range(70, 120))
    for row in first.rows[-5:]:
        row[:, :2] = np.nan
    assert len(link([first, later], MEDIAPIPE_33)) == 1


@pytest.mark.parametrize("joints", [("ankle",), ("hip", "knee", "ankle")])
def test_a_sighting_that_never_shows_a_whole_body_is_linked_to_none(joints: tuple[str, ...]) -> None:
    """Nobody knows how large it is; who is seen whole after it is linked all the same."""
    hidden = [number for name, number in MEDIAPIPE_33.index.items() if name.split("_")[-1] in joints]
    first, second, third = (sighting(LIFTER, range(*part)) for part in ((0, 60), (62, 66), (70, 120)))
    for row in second.rows:
        row[hidden, :2] = np.nan
    assert [len(one.frames) for one in link([first, second, third], MEDIAPIPE_33)] == [110, 4]


def test_what_lies_outside_the_picture_was_not_seen() -> None:
    low = Actor(lambda t: 2.0, 320.0, depth=squats())
    track = followed(Stage([low]), 2).lifter
    outside = track.xy_px[..., 0] < -0.02 * 640
    assert outside.any()
    assert (track.visibility[outside] == 0).all()
    assert (track.visibility[~outside] > 0).all()


def test_who_walks_past_in_front_neither_wins_nor_takes_the_lifter_along() -> None:
    passer = Actor(lambda t: 20 + 150 * t, 260.0)
    stage = Stage([passer, LIFTER])
    people = followed(stage, 8)
    hidden = np.array([1 not in stage.visible(k / FPS) for k in range(240)])
    lifter = right(people.lifter, LIFTER, 8)
    assert 0.03 < hidden.mean() < 0.1
    assert not people.lifter.detected[hidden].any()
    assert lifter[~hidden].all()
    np.testing.assert_array_equal(lifter, people.lifter.detected)


def test_who_has_left_the_picture_is_not_looked_for() -> None:
    leaver = Actor(lambda t: 500 + 100 * t)
    stage = Stage([LIFTER, leaver])
    frames = stage.frames(5)
    follower = Follower(stage)
    looks = []
    for frame in frames:
        follower.step(frame)
        looks.append(stage.looks)
    gone = round(1.4 * FPS) + 3
    assert looks[gone - 3] > 1.8 * gone
    assert looks[-1] - looks[gone] <= 1.05 * (5 * FPS - gone)


def test_two_who_cross_keep_their_identity() -> None:
    left = Actor(lambda t: 100 + 60 * t, 200.0)
    other = Actor(lambda t: 540 - 60 * t, 220.0, (40, 200, 40))
    people = followed(Stage([left, other]), 7)
    assert len(people.tracks) == 2
    for track in people.tracks:
        mine = max((left, other), key=lambda actor: right(track, actor, 7).mean())
        np.testing.assert_array_equal(right(track, mine, 7), track.detected)
        assert track.detected.mean() > 0.8


def test_somebody_else_in_the_same_place_is_somebody_else() -> None:
    first = Actor(lambda t: 320.0, there=lambda t: t < 3)
    second = Actor(lambda t: 320.0, shirt=(40, 200, 40), there=lambda t: t > 4)
    people = followed(Stage([first, second]), 8)
    assert len(people.tracks) == 2


def test_who_is_gone_for_a_while_and_comes_back_is_the_same() -> None:
    actor = Actor(lambda t: 320.0, there=lambda t: not 3 < t < 5)
    people = followed(Stage([actor]), 8)
    assert len(people.tracks) == 1
    assert people.lifter.detected.mean() == pytest.approx(0.75, abs=0.01)


def test_a_newcomer_is_seen_soon() -> None:
    newcomer = Actor(lambda t: 480.0, there=lambda t: t > 6)
    people = followed(Stage([LIFTER, newcomer]), 12)
    first = np.flatnonzero(people.tracks[1].detected)[0] / FPS
    assert 6 < first < 6.7


def test_one_person_costs_hardly_more_than_one_look_a_frame() -> None:
    stage = Stage([LIFTER])
    followed(stage, 12)
    assert stage.looks <= 12 * FPS + 1
    assert stage.finds < 0.04 * 12 * FPS


def test_no_more_people_than_asked_for() -> None:
    crowd = [Actor(lambda t, x=x: x, 150.0 + x / 10) for x in (60.0, 180.0, 300.0, 420.0, 540.0)]
    follower = Follower(Stage(crowd), most=3)
    seen = [follower.step(frame) for frame in Stage(crowd).frames(3)]
    assert {len(one) for one in seen} == {3}


def test_who_comes_back_takes_their_place_again_from_a_newcomer() -> None:
    away = Actor(lambda t: 480.0, 190.0, (40, 200, 40), there=lambda t: not 2.0 < t < 3.0)
    instead = Actor(lambda t: 140.0, 180.0, (200, 200, 40), there=lambda t: t > 2.2)
    stage = Stage([LIFTER, away, instead])
    follower = Follower(stage, most=2)
    seen = [follower.step(frame) for frame in stage.frames(5)]
    assert max(len(one) for one in seen) == 2
    # the two who were followed first
    assert set(seen[-1]) == {0, 1}


def test_a_body_upside_down_is_looked_at_the_other_way_round() -> None:
    people = followed(Stage([LIFTER], upside_down=True), 3)
    assert right(people.lifter, LIFTER, 3).all()


def test_a_cut_begins_with_other_people() -> None:
    first = Actor(lambda t: 200.0, depth=squats(), there=lambda t: t < 4)
    second = Actor(lambda t: 420.0, 240.0, (40, 200, 40), squats(), lambda t: t >= 4)
    stage = Stage([first, second])
    people = follow(stage.frames(8, lambda t: wall(t, 8 if t < 4 else 13)), stage, info(8))
    assert people.lifter.segments == ((0, 120), (120, 240))
    assert right(people.lifter, first, 8)[:120].all()
    assert right(people.lifter, second, 8)[120:].all()


def test_live_who_stands_still_is_watched_and_a_walk_through_does_not_take_over() -> None:
    passer = Actor(lambda t: -300 + 150 * t, 260.0)
    lifter = Actor(lambda t: 320.0, shirt=(40, 40, 200), depth=lambda t: squats()(t) if t > 2 else 0.0)
    stage = Stage([passer, lifter])
    watch = LockedFollower(stage)
    found = [watch.step(frame) for frame in stage.frames(8)]
    first = next(k for k, one in enumerate(found) if one is not None)
    assert 1.4 < first / FPS < 1.7
    for k, one in enumerate(found[first:], first):
        if one is not None:
            np.testing.assert_allclose(one.xy_px, lifter.landmarks(k / FPS), atol=0.01)
    hidden = np.mean([1 not in stage.visible(k / FPS) for k in range(240)])
    assert np.mean([one is None for one in found[first:]]) < hidden + 0.06
    assert found[-1] is not None


def test_live_nobody_is_watched_who_only_walks() -> None:
    stage = Stage([Actor(lambda t: 50 + 80 * t)])
    watch = LockedFollower(stage)
    assert all(watch.step(frame) is None for frame in stage.frames(5))
    assert watch.locked is None
