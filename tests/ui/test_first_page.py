"""What the first page says, with the analysis replaced by a known result."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest

from formdrift.assess import InputError, VideoAssessment
from formdrift.scoring.result import (
    Criterion,
    Exercise,
    Fatigue,
    Quality,
    Rep,
    SetResult,
    Source,
    Subject,
    SubScore,
    Summary,
    Sway,
    Versions,
    View,
)
from formdrift.scoring.sets import Series
from formdrift.ui.views import result, score

if TYPE_CHECKING:
    from collections.abc import Callable

APP = """
from formdrift.ui.views import score
from formdrift.ui.views.parts import footer
score.page()
footer()
"""
SIDE, ANGLE = View("sagittal", 88.0, 5.0, "left"), View("oblique", 50.0, 5.0, "left")
NO_SIDE = "the camera stood at an angle: film from the side to see this"
SERIES = Series(0, np.arange(0, 6, 0.02), {"hip_height": np.cos(np.arange(0, 6, 0.02))}, "left")


def criterion(name: str, value: float | None, **changes: object) -> Criterion:
    seen = Criterion(name, "measured", None, value, "deg", 4.0, 0.0, 100.0, (90.0, 100.0), 0.1, "sagittal")
    return replace(seen, **changes)


def unseen(name: str, reason: str) -> Criterion:
    return Criterion(name, "not_observable", reason, None, "deg", None, None, None, None, None, "oblique")


def rep(index: int, *criteria: Criterion, kind: str = "full") -> Rep:
    start = 2.0 * index
    return Rep(index, 0, kind, start, start + 0.4, start + 0.5, start + 0.6, start + 1, (), {}, criteria, ())  # type: ignore[arg-type]


def assessment(*reps: Rep, view: View = SIDE, warnings: tuple[str, ...] = (), **curves: float) -> VideoAssessment:
    full = sum(one.kind == "full" for one in reps)
    depth = SubScore("depth & trunk, side", 84.4, (78.2, 89.1), 0.9)
    control = SubScore("control & tempo", None, None, 0.3)
    squats = SetResult(
        Exercise("auto", "squat", "squat", 0.9), reps, Summary(full, len(reps) - full, (depth, control), None, None)
    )
    series = replace(SERIES, values={**SERIES.values, **{name: SERIES.time_s * k for name, k in curves.items()}})
    source = Source(0, "x", "0", 6.0, 180, 30.0, (640, 480), 0, "e", "m", 1.0, Subject(0, 1), view)
    return VideoAssessment(
        sources=(source,),
        sets=(squats,),
        quality=Quality(True, warnings),
        versions=Versions("0", "0"),
        series=(series,),
    )


@pytest.fixture
def analysis(monkeypatch: pytest.MonkeyPatch) -> Callable[[VideoAssessment | Exception], list[Path]]:
    """Return a function that sets what the analysis gives; it returns the list of videos that were looked at."""

    def arrange(outcome: VideoAssessment | Exception) -> list[Path]:
        looked_at = []

        def look(video: Path, progress: Callable[[int, int], None]) -> object:
            looked_at.append(video)
            progress(5, 10)
            progress(10, 0)
            if isinstance(outcome, Exception):
                raise outcome
            return _Seen()

        def write_overlay(video: Path, track: None, shown: object, target: Path, progress: object) -> None:
            target.write_bytes(b"annotated")

        monkeypatch.setattr(score, "look", look)
        monkeypatch.setattr(score, "assess_seen", lambda seen, exercise: outcome)
        monkeypatch.setattr(score, "write_overlay", write_overlay)
        return looked_at

    return arrange


class _Seen:
    people = property(lambda self: self)
    lifter = None


def opened() -> AppTest:
    app = AppTest.from_string(APP, default_timeout=120).run()
    assert not app.exception
    return app


def score_path(app: AppTest, path: str) -> AppTest:
    app.radio(key="how").set_value(score.PATH).run()
    app.text_input(key="path").set_value(path).run()
    app.button[0].click().run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    elements = (*app.header, *app.subheader, *app.markdown, *app.info, *app.caption, *app.error)
    return "\n".join(element.value for element in elements)


def test_empty_page_teaches_how_to_film() -> None:
    app = opened()
    assert "hip height" in words(app)
    assert app.button[0].disabled
    assert not app.header
    assert app.caption[-1].value == (
        "Movement-quality feedback from video. Not a medical assessment; it does not diagnose or predict injury."
    )


def test_answer_comes_first_with_its_interval(analysis: Callable[..., list[Path]]) -> None:
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0)), rep(2, criterion("SQ-DEPTH", 4.0))))
    app = score_path(opened(), "/somewhere/set.mp4")
    assert [header.value for header in app.header] == ["2 squats, seen from the side."]
    assert "84 of 100 \\(78–89\\)" in words(app)
    assert "Control & tempo\\: not scored, too little could be seen" in words(app)
    assert app.get("video")
    assert not app.button[0].disabled


def test_the_answer_says_whether_form_drifted(analysis: Callable[..., list[Path]]) -> None:
    found = assessment(rep(1, criterion("SQ-DEPTH", 3.0)))
    drifted = Fatigue("From rep 5 on the trunk leans 12° more.", ("a",), ("a",), 5, 10.0, 0)
    analysis(replace(found, sets=(replace(found.sets[0], fatigue=drifted),)))
    app = score_path(opened(), "set.mp4")
    assert [warning.value for warning in app.warning] == [result.plain(drifted.sentence)]


def test_a_balance_test_is_answered_by_what_was_held(analysis: Callable[..., list[Path]]) -> None:
    found = assessment()
    nothing = Sway(
        "single-leg", "left", None, "in the picture", 1.0, 21.0, 20.0, "video_end", (), (1.0, 21.0), 3.0,
        None, None, None, "not_observable", "the foot was hidden", {},
    )  # fmt: skip
    analysis(replace(found, sets=(replace(found.sets[0], sway=nothing),)))
    app = score_path(opened(), "stance.mp4")
    assert [header.value for header in app.header] == ["Balance on the left leg: 20.0 s until the video ends."]


def test_reps_stand_in_rows_with_value_unit_error_score_and_words(analysis: Callable[..., list[Path]]) -> None:
    analysis(
        assessment(
            rep(1, criterion("SQ-DEPTH", 3.0), criterion("SQ-LEAN", 12.0)),
            rep(2, criterion("SQ-DEPTH", 30.0, severity=0.8, score=20.0, p_fault=0.99), unseen("SQ-LEAN", "hidden")),
            rep(3, criterion("SQ-DEPTH", 8.0, severity=0.2, score=80.0, p_fault=0.6), unseen("SQ-LEAN", "hidden")),
            rep(4, criterion("SQ-DEPTH", 9.0), criterion("SQ-LEAN", 11.0), kind="partial"),
        )
    )
    table = score_path(opened(), "set.mp4").table[0].value.map(lambda cell: cell.replace("\N{NO-BREAK SPACE}", " "))
    assert list(table.columns) == ["Rep, bottom", "Depth", "Trunk lean against the shins"]
    assert table["Rep, bottom"].tolist()[::3] == ["**1**  \nat 2.5 s", "**4** (partial)  \nat 8.5 s"]
    assert table["Depth"].tolist()[:3] == [
        "**100** fine  \n3° ± 4",
        "**20** :red[likely far off]  \n30° ± 4",
        "**80** :orange[possibly off]  \n8° ± 4",
    ]
    assert table["Trunk lean against the shins"].tolist()[1] == "not seen"


def test_what_is_only_reported_stands_apart(analysis: Callable[..., list[Path]]) -> None:
    reported = criterion("HG-KNEE", 70.0, severity=None, score=None, p_fault=None, interval=None, reason="not scored")
    analysis(assessment(rep(1, criterion("HG-RISE", 2.0), reported)))
    scored, informed = score_path(opened(), "set.mp4").table
    assert list(scored.value.columns)[1:] == ["Hips rise before the chest"]
    assert list(informed.value.columns)[1:] == ["Soft, steady knees"]


def test_unseen_criteria_are_grouped_by_reason(analysis: Callable[..., list[Path]]) -> None:
    both = unseen("SQ-DEPTH", NO_SIDE), unseen("SQ-LEAN", NO_SIDE), unseen("SQ-SPINE", "look at the replay")
    analysis(assessment(rep(1, *both), rep(2, *both), view=ANGLE, warnings=("Film from the side to see them.",)))
    app = score_path(opened(), "set.mp4")
    (section,) = (m.value for m in app.markdown if m.value.startswith("- **Depth"))
    assert section.splitlines() == [
        f"- **Depth, Trunk lean against the shins**: {result.plain(NO_SIDE)}",
        "- **Shape of the back**: look at the replay",
    ]
    assert "Film from the side to see them" in app.info[0].value


def test_curve_marks_the_bottom_of_each_rep(analysis: Callable[..., list[Path]]) -> None:
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0)), rep(2, criterion("SQ-DEPTH", 3.0))))
    (chart,) = score_path(opened(), "set.mp4").get("vega_lite_chart")
    line, bottoms, _ = json.loads(chart.proto.spec)["layer"]
    assert line["encoding"]["y"]["title"] == "Hip height (leg lengths)"
    (data,) = (each.data.data for each in chart.proto.datasets if each.name == bottoms["data"]["name"])
    table = convert_arrow_bytes_to_pandas_df(data)
    assert list(zip(table["rep"], table["time"], strict=True)) == [("1", 2.5), ("2", 4.5)]
    assert table["value"].to_numpy() == pytest.approx(np.cos([2.5, 4.5]), abs=1e-3)


def test_curves_of_joint_angles_are_offered_only_where_they_were_measured(
    analysis: Callable[..., list[Path]],
) -> None:
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0)), knee_flexion_deg=20.0, trunk_inclination_deg=np.nan))
    app = score_path(opened(), "set.mp4")
    (choice,) = app.get("button_group")
    assert choice.options == ["Hip height", "Knee bend"]
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0)), view=ANGLE))
    assert not score_path(app, "set.mp4").get("button_group")


def test_missing_file_is_one_sentence_and_can_be_put_right(analysis: Callable[..., list[Path]], tmp_path: Path) -> None:
    app = score_path(opened(), str(tmp_path / "![no](such) $file$.mp4"))
    (error,) = app.error
    assert "\\!\\[no\\]\\(such\\) \\$file\\$" in error.value
    assert not app.button[0].disabled
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0))))
    app.button[0].click().run()
    assert not app.error
    assert app.header


def test_a_failed_video_leaves_no_older_answer(analysis: Callable[..., list[Path]]) -> None:
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0))))
    app = score_path(opened(), "first.mp4")
    annotated = app.session_state["shown"].annotated
    assert annotated.is_file()
    analysis(InputError("Nobody was found."))
    app.button[0].click().run()
    assert [error.value for error in app.error] == ["Nobody was found\\."]
    assert not app.header
    assert not annotated.exists()


def test_our_own_failure_is_owned_and_logged(
    analysis: Callable[..., list[Path]], caplog: pytest.LogCaptureFixture
) -> None:
    analysis(ZeroDivisionError("inside"))
    app = score_path(opened(), "set.mp4")
    assert "our fault" in app.error[0].value
    assert "inside" in caplog.text


def test_upload_lies_in_a_private_folder_under_our_name_while_it_is_scored(
    monkeypatch: pytest.MonkeyPatch, analysis: Callable[..., list[Path]]
) -> None:
    analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0))))
    seen: dict[str, object] = {}

    def look(video: Path, progress: object) -> object:
        seen.update(name=video.name, content=video.read_bytes(), mode=video.parent.stat().st_mode & 0o777, path=video)
        return _Seen()

    monkeypatch.setattr(score, "look", look)
    app = opened()
    app.file_uploader[0].set_value(("../..*x*.MOV", b"film", "video/quicktime")).run()
    app.button[0].click().run()
    assert not app.exception
    assert (seen["name"], seen["content"], seen["mode"]) == ("video.mov", b"film", 0o700)
    path = seen["path"]
    assert isinstance(path, Path)
    assert not path.exists()
    assert (path.parent / "annotated.mp4").read_bytes() == b"annotated"
    assert any("\\*x\\*" in caption.value for caption in app.caption)


def test_typed_path_may_be_quoted_and_start_at_home(
    analysis: Callable[..., list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(Path("/") / "people" / "coach"))
    looked_at = analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0))))
    score_path(opened(), ' "~/set.mp4" ')
    assert looked_at == [Path("/") / "people" / "coach" / "set.mp4"]


def test_samples_can_be_chosen_by_what_they_show(analysis: Callable[..., list[Path]]) -> None:
    looked_at = analysis(assessment(rep(1, criterion("SQ-DEPTH", 3.0))))
    app = opened()
    app.radio(key="how").set_value(score.SAMPLE).run()
    app.button[0].click().run()
    assert looked_at[0].suffix == ".mp4"
    assert looked_at[0].is_file()
    assert any("left side" in option for option in app.selectbox(key="sample").options)
