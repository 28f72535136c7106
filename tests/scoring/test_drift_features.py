"""The per-rep feature table, what of it is tested, which sets may be compared, and the sentence."""

from dataclasses import replace

import numpy as np
import pytest

from formdrift.assess.settings import load_drift_tables
from formdrift.scoring.fatigue import with_drift
from formdrift.scoring.features import MOST_TESTED, Key, comparable, day_level, feature_table, key_of, series_to_test
from formdrift.scoring.prescription import Prescription, Tempo
from formdrift.scoring.result import (
    Assessment,
    Exercise,
    Measurement,
    Quality,
    Rep,
    SetResult,
    Source,
    Subject,
    Summary,
    Versions,
    View,
)

TABLES = load_drift_tables()
KEY = Key("squat", "sagittal", 86.0, "blazepose-full", "2026.1", fast=True, load_kg=100.0)


def measured(metric: str, value: float | None, unit: str = "deg", sem: float = 0.5) -> Measurement:
    if value is None:
        return Measurement(metric, None, unit, None, None, None, "poor_quality", "hidden", "sagittal", "bottom")
    return Measurement(metric, value, unit, sem, 2 * sem, 0.4, "measured", None, "sagittal", "bottom")


def a_set(
    columns: dict[str, list[float | None]], partial: tuple[int, ...] = (), sem: dict[str, float] | None = None
) -> SetResult:
    errors, count = sem or {}, len(next(iter(columns.values())))
    reps = tuple(
        Rep(
            index=i + 1,
            source=0,
            kind="partial" if i + 1 in partial else "full",
            start_s=3.0 * i,
            descent_end_s=3.0 * i + 1,
            bottom_s=3.0 * i + 1,
            ascent_start_s=3.0 * i + 1,
            end_s=3.0 * i + 2,
            flags=(),
            measurements={
                name: measured(name, values[i], sem=errors.get(name, 0.5)) for name, values in columns.items()
            },
            criteria=(),
            scores=(),
        )
        for i in range(count)
    )
    exercise = Exercise("squat", "squat", "squat", 1.0)
    return SetResult(exercise, reps, Summary(count - len(partial), len(partial), (), None, None))


WOBBLE = [0.3, -0.5, 0.1, 0.4, -0.2, 0.0, -0.4, 0.2, 0.1, -0.1]


def lean(step_from: int, size: float) -> list[float | None]:
    return [35.0 + w + (size if i + 1 >= step_from else 0.0) for i, w in enumerate(WOBBLE)]


def test_the_table_holds_full_measured_reps_only() -> None:
    values = lean(99, 0.0)
    values[3] = None
    rows = feature_table(a_set({"trunk_inclination_bottom_deg": values}, partial=(2,)))
    assert [row.rep for row in rows] == [1, 3, 5, 6, 7, 8, 9, 10]
    assert rows[0].sem_within == 0.5


def test_at_most_five_are_tested_and_too_often_hidden_ones_are_not() -> None:
    names = (
        "ascent_s",
        "depth_angle_bottom_deg",
        "knee_to_hip_flexion_ratio",
        "trunk_rise_deg",
        "hip_drop",
        "knees_in",
    )
    hidden = [35.0 if i % 3 else None for i in range(10)]
    columns: dict[str, list[float | None]] = {name: lean(99, 0.0) for name in names}
    chosen = series_to_test(a_set({**columns, "trunk_inclination_bottom_deg": hidden}), ())
    assert len(chosen) == MOST_TESTED
    assert "trunk_inclination_bottom_deg" not in [one.metric for one in chosen]


def test_of_two_views_both_have_a_say() -> None:
    side = ("depth_angle_bottom_deg", "trunk_inclination_bottom_deg", "knee_to_hip_flexion_ratio", "trunk_rise_deg")
    front = ("knee_separation_deficit", "knees_in", "hip_shift_bottom")
    one = a_set({name: lean(99, 0.0) for name in ("ascent_s", *side, *front)})
    both = replace(one, reps=tuple(replace(rep, measurements=from_front(rep, front)) for rep in one.reps))
    assert [each.metric for each in series_to_test(one)] == ["ascent_s", *side]
    assert [each.metric for each in series_to_test(both)] == ["ascent_s", side[0], front[0], side[1], front[1]]


def from_front(rep: Rep, names: tuple[str, ...]) -> dict[str, Measurement]:
    return {name: replace(m, view="frontal") if name in names else m for name, m in rep.measurements.items()}


def test_a_prescribed_tempo_replaces_the_time_to_rise() -> None:
    chosen = series_to_test(a_set({"ascent_s": lean(99, 0.0), "tempo_error": lean(99, 0.0)}), ())
    assert [one.metric for one in chosen] == ["tempo_error"]


def test_the_sentence_names_the_last_good_rep_the_first_tired_one_and_the_error() -> None:
    one = with_drift(a_set({"trunk_inclination_bottom_deg": lean(7, 9.0)}), TABLES)
    assert one.fatigue is not None
    assert one.fatigue.sentence.startswith("Form held to rep 6. From rep 7")
    assert "the trunk leans 9° more" in one.fatigue.sentence
    assert "the smallest change we could see here is" in one.fatigue.sentence
    assert (one.fatigue.first_tired_rep, one.fatigue.first_tired_s, one.fatigue.source) == (7, 18.0, 0)


def test_without_a_drift_the_sentence_says_what_could_have_been_missed() -> None:
    one = with_drift(a_set({"trunk_inclination_bottom_deg": lean(99, 0.0)}), TABLES)
    assert one.fatigue is not None
    assert one.fatigue.sentence.startswith("No drift found over 10 reps")
    assert one.fatigue.first_tired_rep is None
    assert one.drift[0].detectable is not None


def test_four_reps_are_too_few() -> None:
    one = with_drift(a_set({"trunk_inclination_bottom_deg": [30.0, 40.0, 50.0, 60.0]}), TABLES)
    assert one.drift == ()
    assert one.fatigue is not None
    assert "too few" in one.fatigue.sentence


def test_reps_that_show_nothing_are_not_called_few() -> None:
    one = with_drift(a_set({"trunk_inclination_bottom_deg": [None] * 10}), TABLES)
    assert one.fatigue is not None
    assert one.fatigue.sentence.startswith("Whether form drifted can't be told")


def slower(intent: str | None) -> SetResult:
    rising = [1.0 + 0.02 * w + (0.4 if i >= 6 else 0.0) for i, w in enumerate(WOBBLE)]
    columns: dict[str, list[float | None]] = {"ascent_s": rising, "trunk_inclination_bottom_deg": lean(99, 0.0)}
    return replace(a_set(columns, sem={"ascent_s": 0.02}), prescription=Prescription(intent=intent))


def test_slowing_down_is_fatigue_only_where_speed_was_meant() -> None:
    undeclared, declared = (with_drift(slower(intent), TABLES).fatigue for intent in (None, "max"))
    assert undeclared is not None
    assert undeclared.sentence.startswith("No drift of form found, but the pace changed. From rep 7")
    assert "that is fatigue can't be told" in undeclared.sentence
    assert undeclared.drifted == ("ascent_s",)
    assert undeclared.first_tired_rep is None
    assert declared is not None
    assert "that is fatigue." in declared.sentence
    assert declared.first_tired_rep == 7


def test_compensation_names_both_sides_and_the_kept_depth() -> None:
    falling = [1.1 + 0.01 * w - (0.3 if i >= 6 else 0.0) for i, w in enumerate(WOBBLE)]
    columns = {
        "trunk_inclination_bottom_deg": lean(7, 12.0),
        "knee_to_hip_flexion_ratio": falling,
        "depth_angle_bottom_deg": lean(99, 0.0),
    }
    fatigue = with_drift(a_set(columns, sem={"knee_to_hip_flexion_ratio": 0.01}), TABLES).fatigue
    assert fatigue is not None
    assert "the trunk leans 12° more" in fatigue.sentence
    assert "the hips take over from the knees" in fatigue.sentence
    assert "Depth changed by no more than" in fatigue.sentence
    assert fatigue.sentence.endswith("the trunk makes up for the legs.")


def test_a_depth_that_may_have_changed_is_not_called_kept() -> None:
    shallower = [0.5 * value for value in lean(7, 4.0) if value is not None]
    columns = {"trunk_inclination_bottom_deg": lean(7, 12.0), "depth_angle_bottom_deg": shallower}
    fatigue = with_drift(a_set(columns, sem={"depth_angle_bottom_deg": 0.4}), TABLES).fatigue
    assert fatigue is not None
    assert "makes up for the legs" not in fatigue.sentence


def test_history_has_a_say_up_to_where_it_drifted() -> None:
    past = with_drift(a_set({"trunk_inclination_bottom_deg": lean(7, 9.0)}), TABLES)
    (chosen,) = series_to_test(a_set({"trunk_inclination_bottom_deg": lean(99, 0.0)}), [(past, past)] * 8)
    assert len(chosen.past) == 6
    assert len(chosen.past[0]) == 2
    np.testing.assert_allclose(chosen.past[0][0], [35.0 + w for w in WOBBLE[:6]])


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, view="oblique"),
        replace(KEY, yaw_deg=75.0),
        replace(KEY, yaw_deg=None),
        replace(KEY, model_id="blazepose-heavy"),
        replace(KEY, load_kg=103.0),
        replace(KEY, fast=False),
        replace(KEY, exercise="rdl"),
        replace(KEY, tempo="3/1/X/0//parallel"),
    ],
)
def test_sets_that_differ_are_not_compared(other: Key) -> None:
    assert not KEY.matches(other)


def test_sets_that_differ_little_are_compared() -> None:
    assert KEY.matches(replace(KEY, yaw_deg=90.0, load_kg=102.0))


def test_all_comparable_sets_of_a_day_are_taken_and_the_video_itself_is_none(day: Assessment) -> None:
    earlier = replace(day, sets=day.sets * 2, sources=(replace(day.sources[0], sha256="other"),))
    oblique = replace(
        earlier, sources=(replace(earlier.sources[0], view=replace(day.sources[0].view, label="oblique")),)
    )
    found = comparable(day, day.sets[0], [(earlier,), (oblique,), (day,), (earlier, earlier)])
    assert [len(sets) for sets in found] == [2, 4]


def test_what_was_asked_for_is_part_of_the_key(day: Assessment) -> None:
    asked = Prescription(tempo=Tempo(3.0, 1.0, None, 0.0), load_kg=60.0)
    key = key_of(day, replace(day.sets[0], prescription=asked))
    assert key.load_kg == 60.0
    assert not key.matches(key_of(day, day.sets[0]))
    assert key.matches(key_of(day, replace(day.sets[0], prescription=replace(asked, load_kg=61.0))))
    assert not key.matches(key_of(day, replace(day.sets[0], prescription=replace(asked, tempo=None))))


def test_the_level_of_a_day_is_the_median_of_its_sets(day: Assessment) -> None:
    high = a_set({"trunk_inclination_bottom_deg": [50.0] * 5})
    low = a_set({"trunk_inclination_bottom_deg": [30.0] * 20})
    assert day_level([low, high], "trunk_inclination_bottom_deg") == (40.0, pytest.approx(0.5 / 5.0))
    assert day_level([low], "hip_drop") is None


@pytest.fixture
def day() -> Assessment:
    view = View("sagittal", 86.0, 5.0, "left")
    subject = Subject(0, 1)
    source = Source(0, "a.mp4", "", 30.0, 900, 30.0, (640, 480), 0, "e", "m", 1.0, subject, view)
    one = a_set({"trunk_inclination_bottom_deg": lean(99, 0.0)})
    return Assessment((source,), (one,), Quality(True, ()), Versions("0", "0"))
