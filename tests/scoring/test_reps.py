from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from figure import Tempo, clock, min_jerk, profile

from formdrift.scoring.reps import RepSpan, segment_reps, typical_amplitude

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formdrift.scoring.thresholds import Thresholds

    Floats = NDArray[np.float64]

DROP = 0.10
# min-jerk needs this part of its time to reach 5 % of its peak speed, which is where phases begin and end
SLOW = 0.059


def spans(time_s: Floats, q: Floats, thresholds: Thresholds) -> tuple[RepSpan, ...]:
    return segment_reps(time_s, q, thresholds.reps, thresholds.filter, DROP)


def full(found: tuple[RepSpan, ...]) -> list[RepSpan]:
    return [s for s in found if s.kind == "full"]


def test_cosine_squats(thresholds: Thresholds) -> None:
    t = clock(12.0)
    q = 0.5 * (1 - np.cos(2 * np.pi * t / 3)) / 2
    found = spans(t, q, thresholds)
    assert [s.kind for s in found] == ["full"] * 4
    assert [s.bottom_s for s in found] == pytest.approx([1.5, 4.5, 7.5, 10.5], abs=1 / 30)
    assert [s.amplitude for s in found] == pytest.approx([0.5] * 4, abs=0.03)


@pytest.mark.parametrize("seed", range(20))
def test_noisy_even_reps(seed: int, thresholds: Thresholds) -> None:
    """Eight reps of 1 s down and 0.8 s up, no pause: all counted, edges to 60 ms on average."""
    tempo = Tempo(down=1.0, hold=0.0, up=0.8, rest=1.0)
    t = clock(1.5 + 8 * tempo.rep + 1.0)
    q = profile(t, [0.5] * 8, tempo) + 0.007 * np.random.default_rng(seed).standard_normal(len(t))
    found = spans(t, q, thresholds)
    assert [s.kind for s in found] == ["full"] * 8
    starts = 1.5 + tempo.rep * np.arange(8)
    truth = {
        "start_s": starts,
        "descent_end_s": starts + tempo.down,
        "bottom_s": starts + tempo.down,
        "ascent_start_s": starts + tempo.down,
        "end_s": starts + tempo.down + tempo.up,
    }
    bias = {edge: float(np.mean([getattr(s, edge) for s in found] - expected)) for edge, expected in truth.items()}
    assert np.mean(np.abs(list(bias.values()))) <= 0.060, bias
    assert abs(bias["bottom_s"]) <= 0.050


@pytest.mark.parametrize("seed", range(40))
def test_half_rep_among_full_ones_is_partial(seed: int, thresholds: Thresholds) -> None:
    tempo = Tempo(down=1.0, hold=0.0, up=0.8, rest=1.0)
    t = clock(1.5 + 6 * tempo.rep + 1.0)
    q = profile(t, [0.5, 0.5, 0.5, 0.25, 0.5, 0.5], tempo) + 0.01 * np.random.default_rng(seed).standard_normal(len(t))
    assert [s.kind for s in spans(t, q, thresholds)] == ["full", "full", "full", "partial", "full", "full"]


@pytest.mark.parametrize("tempo", [Tempo(1.0, 0.0, 0.8, 0.5), Tempo(3.0, 1.0, 1.0, 0.5), Tempo(0.6, 0.2, 0.5, 0.2)])
def test_phases_of_known_tempo(tempo: Tempo, thresholds: Thresholds) -> None:
    t = clock(1.5 + 4 * tempo.rep + 1.0)
    for span in spans(t, profile(t, [0.5] * 4, tempo), thresholds):
        assert span.start_s <= span.descent_end_s <= span.bottom_s <= span.ascent_start_s <= span.end_s
        moving = 1.0 - 2.0 * SLOW
        assert span.descent_end_s - span.start_s == pytest.approx(moving * tempo.down, abs=0.14)
        held = tempo.hold + SLOW * (tempo.down + tempo.up)
        assert span.ascent_start_s - span.descent_end_s == pytest.approx(held, abs=0.14)
        assert span.end_s - span.ascent_start_s == pytest.approx(moving * tempo.up, abs=0.14)


def test_dead_start_counts_at_lockout(thresholds: Thresholds) -> None:
    """A lift from the floor: the clip starts and ends at the bottom."""
    tempo = Tempo(down=1.2, hold=0.8, up=1.0, rest=0.8)
    t = clock(1.0 + 2 * tempo.rep)
    # the first rise begins at 0.8 s
    q = 0.5 * (1 - min_jerk((t - 0.8) / tempo.up)) + profile(t, [0.5], tempo, 0.8 + tempo.up + tempo.rest)
    last = 0.8 + tempo.up + tempo.rest + tempo.rep
    q += 0.5 * min_jerk((t - last) / tempo.down)
    t, q = t[t < last + 1.6], q[t < last + 1.6]
    found = spans(t, q, thresholds)
    assert [s.kind for s in found] == ["full", "full"]
    assert found[0].flags == ("starts_at_bottom",)
    assert found[1].flags == ()
    assert found[0].bottom_s <= 0.95 < found[0].end_s
    assert found[0].end_s == pytest.approx(0.8 + tempo.up, abs=0.15)
    down = 0.8 + tempo.up + tempo.rest + tempo.down
    assert down - 0.1 <= found[1].bottom_s <= down + tempo.hold + 0.1
    assert found[1].end_s == pytest.approx(down + tempo.hold + tempo.up, abs=0.15)


def test_a_crouch_that_never_rises_is_no_rep(thresholds: Thresholds) -> None:
    tempo = Tempo()
    t = clock(1.5 + 3 * tempo.rep + 3.0)
    q = profile(t, [0.5] * 3, tempo) + 0.5 * min_jerk((t - 1.5 - 3 * tempo.rep) / 1.2)
    assert len(spans(t, q, thresholds)) == 3


def test_video_that_ends_while_rising(thresholds: Thresholds) -> None:
    tempo = Tempo(down=1.2, hold=0.4, up=1.0, rest=0.8)
    t = clock(1.5 + 2 * tempo.rep + 1.2 + 0.4 + 0.75)
    found = spans(t, profile(t, [0.5] * 3, tempo), thresholds)
    assert [s.flags for s in found] == [(), (), ("ends_early",)]


def test_double_dip_is_one_rep_with_a_bounce(thresholds: Thresholds) -> None:
    tempo = Tempo(down=1.0, hold=1.0, up=1.0, rest=1.0)
    t = clock(1.5 + 3 * tempo.rep + 1.0)
    q = profile(t, [0.5] * 3, tempo)
    q -= 0.06 * np.exp(-(((t - 1.5 - tempo.rep - 1.5) / 0.15) ** 2))
    found = spans(t, q, thresholds)
    assert [s.flags for s in found] == [(), ("bounce",), ()]


@pytest.mark.parametrize("left", [0.1, 0.2, 0.35])
def test_reps_without_lockout_are_still_reps(left: float, thresholds: Thresholds) -> None:
    """The lifter stands at first, but comes up only part of the way after every rep."""
    tempo = Tempo(down=1.0, hold=0.2, up=0.8, rest=0.6)
    t = clock(1.5 + 5 * tempo.rep + 1.0)
    low = profile(t, [1.0 - left] * 5, tempo) + left * min_jerk((t - 1.5) / tempo.down)
    found = spans(t, 0.6 * low, thresholds)
    assert [s.kind for s in found[:4]] == ["full"] * 4
    starts = 1.5 + tempo.rep * np.arange(4)
    for edge, truth in (("start_s", starts), ("end_s", starts + tempo.down + tempo.hold + tempo.up)):
        assert [getattr(s, edge) for s in found[:4]] == pytest.approx(truth, abs=0.2), edge


def test_too_fast_and_too_slow_are_no_reps(thresholds: Thresholds) -> None:
    for tempo, count in (
        (Tempo(0.15, 0.0, 0.15, 1.0), 0),
        (Tempo(10.0, 0.5, 8.0, 1.0), 0),
        (Tempo(6.0, 1.0, 5.0, 1.0), 2),
    ):
        t = clock(1.5 + 2 * tempo.rep + 1.0)
        assert len(spans(t, profile(t, [0.5] * 2, tempo), thresholds)) == count, tempo


def test_small_movements_are_no_reps(thresholds: Thresholds) -> None:
    t = clock(15.0)
    assert spans(t, profile(t, [0.08] * 3), thresholds) == ()
    assert spans(t, np.zeros_like(t), thresholds) == ()
    rng = np.random.default_rng(1)
    assert spans(t, 0.01 * rng.standard_normal(len(t)), thresholds) == ()


def test_small_dips_do_not_set_the_scale(thresholds: Thresholds) -> None:
    t = clock(20.0)
    q = profile(t, [0.12, 0.12, 0.5, 0.5, 0.5])
    assert typical_amplitude(q, 30.0, DROP) == pytest.approx(0.5, abs=0.02)
    assert len(full(spans(t, q, thresholds))) == 3


def test_offset_and_unit_do_not_matter(thresholds: Thresholds) -> None:
    t = clock(1.5 + 4 * Tempo().rep + 1.0)
    q = profile(t, [0.5, 0.5, 0.25, 0.5])
    one, moved = spans(t, q, thresholds), spans(t, q - 0.3, thresholds)
    assert [(s.kind, s.flags) for s in moved] == [(s.kind, s.flags) for s in one]
    assert [s.bottom_s for s in moved] == pytest.approx([s.bottom_s for s in one])


def test_frame_rate_does_not_change_reps(thresholds: Thresholds) -> None:
    found = {}
    for fps in (30.0, 60.0):
        t = clock(1.5 + 4 * Tempo().rep + 1.0, fps)
        found[fps] = spans(t, profile(t, [0.5] * 4), thresholds)
    for slow, fast in zip(found[30.0], found[60.0], strict=True):
        for edge in ("start_s", "descent_end_s", "bottom_s", "ascent_start_s", "end_s"):
            assert getattr(slow, edge) == pytest.approx(getattr(fast, edge), abs=1 / 30 + 1e-6), edge


@pytest.mark.parametrize("count", range(1, 6))
def test_very_short_signals_hold_nothing(count: int, thresholds: Thresholds) -> None:
    assert spans(np.arange(count) / 30.0, np.zeros(count), thresholds) == ()


def test_signals_without_values_hold_nothing(thresholds: Thresholds) -> None:
    t = clock(5.0)
    assert spans(t, np.full(len(t), np.nan), thresholds) == ()


def test_video_that_begins_during_the_descent_says_so(thresholds: Thresholds) -> None:
    tempo = Tempo(down=1.2, hold=0.4, up=1.0, rest=0.8)
    t = clock(1.5 + 3 * tempo.rep)
    q = profile(t, [0.5] * 3, tempo)
    late = t >= 1.5 + 0.5 * tempo.down
    assert [s.flags for s in spans(t, q, thresholds)] == [(), (), ()]
    assert [s.flags for s in spans(t[late], q[late], thresholds)] == [("begins_before",), (), ()]
