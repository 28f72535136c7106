"""Every page of the app draws, for nobody, for the demo person, and with what it is there for."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from pages import TODAY, opened

from formdrift.assess import BalancePair, from_json, recall
from formdrift.sessions import jobs
from formdrift.sessions.overview import Number, SetLine, names_of_numbers, people, sets_of
from formdrift.sessions.records import (
    TrendPoint,
    add_person,
    add_set,
    answer_pain,
    keep_assessment,
    last_json,
    last_made_at,
)
from formdrift.sessions.tables import TrainingSet, Video
from formdrift.ui import demo
from formdrift.ui.attention import who_needs_a_look
from formdrift.ui.cli import main
from formdrift.ui.printed import About, printed
from formdrift.ui.trend_lines import comparable, same_load, typical_day
from formdrift.ui.views.settings import used_bytes
from formdrift.ui.views.shown import videos_of
from formdrift.ui.views.trends import measure_name
from formdrift.ui.work import judge_again

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from formdrift.sessions.store import Store
    from formdrift.ui.home import Home

PAGES = ("today", "add", "score", "review", "trends", "balance", "report", "settings")


def words(test: AppTest) -> str:
    kinds = (test.title, test.header, test.subheader, test.markdown, test.info, test.warning, test.success, test.error)
    return "\n".join(element.value for kind in kinds for element in kind)


def demo_set(store: Store, reps: int) -> int:
    """Return the demo's set from the side with so many repetitions."""
    with store.begin() as session:
        lines = sets_of(session, people(session)[0].id)
        return next(line.id for line in lines if f'"full_reps": {reps},' in (last_json(session, line.id) or ""))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_draws_for_nobody_and_for_the_demo_person(app: Home, page: str) -> None:
    opened(page)
    demo.add_demo(app.store)
    opened(page)


def test_the_demo_comes_once_and_its_tracks_can_be_read(app: Home) -> None:
    demo.add_demo(app.store)
    demo.add_demo(app.store)
    with app.store.begin() as session:
        [person] = people(session)
        assert (person.demo, person.sets) == (True, 11)
        videos = [video for one in session.query(TrainingSet) for video in one.videos if video.track_key]
    assert len(videos) == 2
    for video in videos:
        # made by another release they are of no use: run docs/build_demo.py
        assert recall(app.store.tracks, video.track_key or "", app.store.folder / video.path).people.tracks


def test_review_answers_first(app: Home) -> None:
    demo.add_demo(app.store)
    page = opened("review", set=str(demo_set(app.store, 12)))
    assert page.header[0].value == "12 squats, seen from the side."
    assert "Form held to rep" in page.warning[0].value
    assert "Next set" in words(page)


def test_too_few_repetitions_are_no_good_news(app: Home) -> None:
    demo.add_demo(app.store)
    set_id = demo_set(app.store, 12)
    with app.store.begin() as session:
        text = json.loads(last_json(session, set_id) or "")
        fatigue = text["sets"][0]["fatigue"]
        fatigue |= {"sentence": "Too few.", "tested": [], "drifted": [], "first_tired_rep": None}
        keep_assessment(session, set_id, from_json(json.dumps(text)), json.dumps(text))
    page = opened("review", set=str(set_id))
    assert [element.value for element in page.info if "Too few" in element.value]
    assert not page.success


def test_who_is_in_pain_gets_advice_and_no_cues(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        answer_pain(session, people(session)[0].id, True, "left knee")
    page = opened("review", set=str(demo_set(app.store, 12)))
    assert "Stop if it hurts" in words(page)
    assert "Next set" not in words(page)
    today = opened("today")
    assert "left knee" in words(today)
    next(button for button in today.button if button.label == "We talked about it").click().run()
    assert "left knee" not in words(today)


def test_a_repetition_is_taken_out_and_put_back_by_hand(app: Home) -> None:
    demo.add_demo(app.store)
    page = opened("review", set=str(demo_set(app.store, 12)))
    next(button for button in page.button if button.label == "It is no repetition").click().run()
    assert not page.exception
    assert page.header[0].value == "11 squats, seen from the side."
    next(button for button in page.button if button.label == "Undo all corrections").click().run()
    assert page.header[0].value == "12 squats, seen from the side."


def test_where_no_repetition_can_be_added_the_page_says_why(app: Home) -> None:
    demo.add_demo(app.store)
    page = opened("review", set=str(demo_set(app.store, 12)))
    assert next(button for button in page.button if button.label == "A repetition has its lowest point here").disabled
    assert any("first or last frame" in caption.value for caption in page.caption)


def test_a_file_that_goes_while_sizes_are_summed_counts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "whole").write_bytes(b"12345")
    (tmp_path / "half.part").write_bytes(b"123")
    looked = type(tmp_path).is_file

    def is_file(path: Path) -> bool:
        there = looked(path)
        if path.suffix == ".part":
            path.unlink()
        return there

    monkeypatch.setattr(type(tmp_path), "is_file", is_file)
    assert used_bytes(tmp_path) == 5


def test_nothing_to_see_is_said_plainly(app: Home) -> None:
    with app.store.begin() as session:
        add_person(session, "Kim")
    assert "Nothing to see" in words(opened("today"))


def test_eyes_are_asked_for_where_somebody_balances(app: Home, tmp_path: Path) -> None:
    (tmp_path / "stance.mp4").touch()
    page = opened("add")
    page.radio(key="add-how").set_value("Videos or a folder on this computer").run()
    page.text_input(key="add-path").set_value(str(tmp_path / "stance.mp4")).run()
    asked = [[box.label for box in page.selectbox]]
    page.selectbox(key="add-exercise-0").set_value("balance").run()
    asked.append([box.label for box in page.selectbox])
    assert not page.exception
    assert ["Eyes" in labels for labels in asked] == [False, True]


def test_a_set_can_be_deleted_whether_it_failed_or_not(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        failed = add_set(session, people(session)[0].id, TODAY, "squat", []).id
    jobs.claim(app.store)
    jobs.finish(app.store, failed, "It is no video.")
    scored = demo_set(app.store, 12)
    for page, set_id in ((opened("today"), failed), (opened("review", set=str(scored)), scored)):
        page.button(key=f"delete-{set_id}").click().run()
        assert not page.exception, page.exception[0].value
        with app.store.begin() as session:
            assert session.get(TrainingSet, set_id) is None


def test_only_what_waits_is_left_out_of_a_long_list(app: Home) -> None:
    with app.store.begin() as session:
        kim = add_person(session, "Kim").id
        ids = [add_set(session, kim, TODAY, "squat", []).id for _ in range(26)]
    for _ in ids[:3]:
        failed = jobs.claim(app.store)
        assert failed is not None
        jobs.finish(app.store, failed, "It is no video.")
    jobs.claim(app.store)
    page = opened("today")
    assert len(page.error) == 3
    assert "2 more sets wait for their turn." in [caption.value for caption in page.caption]


def test_an_error_on_a_page_names_no_file_that_only_the_program_knows(app: Home) -> None:
    demo.add_demo(app.store)
    set_id = demo_set(app.store, 12)
    with app.store.begin() as session:
        [video] = session.get_one(TrainingSet, set_id).videos
        video.path, video.ours, video.track_key = "0123456789abcdef01234567.mov", True, "gone"
    page = opened("review", set=str(set_id))
    assert "What was seen in this video is not kept" in words(page)
    assert "0123" not in words(page)


def test_a_set_of_which_nothing_was_judged_draws(app: Home) -> None:
    demo.add_demo(app.store)
    set_id = demo_set(app.store, 12)
    with app.store.begin() as session:
        text = json.loads(last_json(session, set_id) or "")
        for rep in text["sets"][0]["reps"]:
            rep["criteria"] = []
        text["sets"][0]["summary"] |= {"scores": [], "technique_total": None}
        keep_assessment(session, set_id, from_json(json.dumps(text)), json.dumps(text))
    assert "12 squats" in opened("review", set=str(set_id)).header[0].value
    press(opened("report", set=str(set_id)), "Write the draft")
    report = (app.store.reports / f"{set_id}-draft.html").read_text(encoding="utf-8")
    assert "how sure that is: the true change lies between them 95 times in 100." in report


def test_a_balance_test_is_nobodys_usual_exercise(app: Home, tmp_path: Path) -> None:
    (tmp_path / "set.mp4").touch()
    with app.store.begin() as session:
        kim = add_person(session, "Kim").id
        for exercise in ("rdl", "balance"):
            add_set(session, kim, TODAY, exercise, [])
    page = to_be_added(tmp_path, "Kim")
    assert page.selectbox(key=f"add-exercise-{kim}").value == "rdl"


def test_what_was_added_before_is_told_and_may_be_left_out(app: Home, tmp_path: Path) -> None:
    for name in ("old.mp4", "new.mp4"):
        (tmp_path / name).write_text(name)
    with app.store.begin() as session:
        kim = add_person(session, "Kim").id
        add_set(session, kim, TODAY, "squat", [Video(path=str(tmp_path / "old.mp4"), ours=False)])
    page = to_be_added(tmp_path, "Kim")
    assert "old\\.mp4** is in set 1 of Fri 20 Mar 2026 already" in words(page)
    assert page.checkbox(key="leave-out").value
    assert "Go on if you mean it" not in words(page)
    press(page, "Score it")
    with app.store.begin() as session:
        assert [video.path for video in session.query(Video)][1:] == [str(tmp_path / "new.mp4")]


def test_only_videos_that_can_be_read_are_found_in_a_folder(app: Home, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    (folder / "folder.mp4").mkdir(parents=True)
    (folder / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    page = opened("add")
    page.radio(key="add-how").set_value("Videos or a folder on this computer").run()
    for typed in (str(folder), "~nobody-of-this-name/set.mp4", "x" * 300):
        page.text_input(key="add-path").set_value(typed).run()
        assert not page.exception, page.exception[0].value
        assert "There is no video at this place" in words(page)


def test_no_set_is_of_tomorrow(app: Home, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    with app.store.begin() as session:
        add_person(session, "Kim")
    for name, days in (("one.mp4", -7), ("two.mp4", 2)):
        (folder / name).write_text(name)
        written = (dt.datetime.now() + dt.timedelta(days=days)).timestamp()
        os.utime(folder / name, (written, written))
    page = to_be_added(folder, "Kim")
    page.radio(key="together").set_value(page.radio(key="together").options[1]).run()
    press(page, "Score it")
    with app.store.begin() as session:
        days = [one.day.date for one in session.query(TrainingSet)]
    assert days[1] - days[0] == dt.timedelta(days=7)


def test_a_folder_of_several_days_is_several_days(app: Home, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for name, day in (("one.mp4", 2), ("two.mp4", 9)):
        (folder / name).write_text(name)
        noon = dt.datetime(2026, 3, day, 12).timestamp()
        os.utime(folder / name, (noon, noon))
    with app.store.begin() as session:
        add_person(session, "Kim")
    page = to_be_added(folder, "Kim")
    assert not [box for box in page.checkbox if box.key == "own-days"]
    page.radio(key="together").set_value(page.radio(key="together").options[1]).run()
    assert page.checkbox(key="own-days").label.endswith("Mon 2 Mar 2026 to Mon 9 Mar 2026")
    press(page, "Score it")
    with app.store.begin() as session:
        assert [one.day.date.day for one in session.query(TrainingSet)] == [2, 9]


def to_be_added(folder: Path, who: str) -> AppTest:
    page = opened("add")
    page.radio(key="add-how").set_value("Videos or a folder on this computer").run()
    page.text_input(key="add-path").set_value(str(folder)).run()
    page.selectbox(key="who").set_value(who).run()
    assert not page.exception, page.exception[0].value
    return page


def test_a_person_is_erased_only_by_name(app: Home) -> None:
    demo.add_demo(app.store)
    page = opened("settings")
    erase = next(button for button in page.button if button.label == "Erase for good")
    assert erase.disabled
    name = next(field for field in page.text_input if field.label.startswith("To erase"))
    name.set_value("Demo: Robin").run()
    next(button for button in page.button if button.label == "Erase for good").click().run()
    assert "is erased" in words(page)
    with app.store.begin() as session:
        assert people(session) == []
    assert list(app.store.tracks.iterdir()) == []


def test_what_was_shown_of_whom_is_erased_leaves_the_memory(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        set_id = next(one.id for one in sets_of(session, people(session)[0].id) if one.exercise != "balance")
        made_at = last_made_at(session, set_id)
    page = opened("settings")
    shown = weakref.ref(videos_of(set_id, made_at)[0])
    gc.collect()
    assert shown() is not None
    next(field for field in page.text_input if field.label.startswith("To erase")).set_value("Demo: Robin").run()
    next(button for button in page.button if button.label == "Erase for good").click().run()
    gc.collect()
    assert shown() is None


def line(set_id: int, days_ago: int, person: int = 1) -> SetLine:
    day = TODAY - dt.timedelta(days=days_ago)
    return SetLine(set_id, person, f"P{person}", day, 1, "squat", None, "done", None, 0, 0)


def number(value: float | None, text: str | None = None) -> Number:
    return Number(value, None, None, "deg", text)


def test_the_strongest_evidence_comes_first_and_pain_before_it() -> None:
    lines = [line(1, 0, 1), line(2, 0, 2), line(3, 0, 3), line(4, 0, 4)]
    values = {
        1: {"drift: trunk_inclination_bottom_deg": number(6.0, "small")},
        2: {"drift: trunk_inclination_bottom_deg": number(16.0, "large")},
        3: {"view": number(None, "sagittal")},
        4: {},
    }
    looks = who_needs_a_look(lines, values, {4: ("P4", None)})
    assert [look.person_id for look in looks] == [4, 2, 1]


def test_a_fault_is_new_only_against_comparable_sets() -> None:
    lines = [line(1, 0), line(2, 7)]
    seen, other = {"view": number(None, "sagittal")}, {"view": number(None, "frontal")}
    now, before = {"fault: SQ-LEAN": number(0.75)}, {"fault: SQ-LEAN": number(0.0)}
    [look] = who_needs_a_look(lines, {1: seen | now, 2: seen | before}, {})
    assert "75 %" in look.reasons[0]
    assert who_needs_a_look(lines, {1: seen | now, 2: other | before}, {}) == []
    assert who_needs_a_look(lines, {1: seen | now, 2: seen | now}, {}) == []


def point(days_ago: int, value: float, view: str = "sagittal", load_kg: float | None = None) -> TrendPoint:
    day = TODAY - dt.timedelta(days=days_ago)
    return TrendPoint(days_ago, day, 1, "squat", load_kg, value, None, None, "deg", view, "m")


def test_every_number_of_a_trend_has_a_name(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        known = names_of_numbers(session, [line.id for line in sets_of(session, people(session)[0].id)])
    assert len(known) > 40
    for name in known:
        if name.startswith(("drift: ", "fault: ")):
            continue
        title = measure_name(name)
        assert title[0].isupper()
        assert "_" not in title
        assert not title.isupper()


def test_only_what_is_drawn_of_a_trend_is_explained(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        text = last_json(session, demo_set(app.store, 12)) or ""
        kim = add_person(session, "Kim").id
        for day in (TODAY, TODAY - dt.timedelta(days=7)):
            keep_assessment(session, add_set(session, kim, day, "squat", []).id, from_json(text), text)
        only = add_set(session, add_person(session, "Lou").id, TODAY, "squat", []).id
        keep_assessment(session, only, from_json(text), text)
    said = [
        next(caption.value for caption in opened("trends", person=str(who)).caption if "A point is" in caption.value)
        for who in (kim, kim + 1)
    ]
    assert ["dashed line" in text for text in said] == [True, False]


def test_whoever_is_real_comes_before_the_demo_person(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        robin = people(session)[0].id
        zoe = add_person(session, "Zoe").id
        add_set(session, zoe, dt.date(2026, 1, 2), "squat", [])
        answer_pain(session, robin, pain=True)
        answer_pain(session, zoe, pain=True)
    said = words(opened("today"))
    assert said.index("Zoe") < said.index("Demo")
    assert opened("trends").selectbox[0].value.pseudonym == "Zoe"


def test_only_sets_like_the_newest_are_compared() -> None:
    points = [point(3, 1.0, "frontal"), point(2, 2.0, load_kg=100.0), point(1, 3.0, load_kg=57.0)]
    alike, others = comparable([*points, point(0, 4.0, load_kg=60.0)])
    assert [one.value for one in alike] == [3.0, 4.0]
    assert [one.value for one in others] == [1.0, 2.0]
    assert same_load(None, 0.0)
    assert not same_load(None, 20.0)


def test_a_typical_day_needs_three_days_and_leaves_out_the_last() -> None:
    assert typical_day([point(3, 10.0), point(2, 12.0), point(0, 99.0)]) is None
    band = typical_day([point(3, 10.0), point(2, 12.0), point(1, 14.0), point(0, 99.0)])
    assert band is not None
    # mean 12, s 2, t(0.975, 2) 4.3027: 12 ± 4.3027 * 2 * sqrt(4 / 3)
    assert (band.low, band.high, band.days) == (pytest.approx(2.063, abs=1e-3), pytest.approx(21.937, abs=1e-3), 3)


@pytest.mark.parametrize("options", [(), ("--password", "short")])
def test_others_are_let_in_only_with_a_password(options: tuple[str, ...], tmp_path: Path) -> None:
    arguments = ["app", "--address", "0.0.0.0", "--data", str(tmp_path), *options]
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 2
    assert "give a password" in answer.output


def test_the_report_is_one_light_page_with_the_charts(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        text = last_json(session, demo_set(app.store, 12))
    about = About("<b>Kim</b>", TODAY, 1, None, "Well done & on.", hurts=False, draft=False)
    report = printed(from_json(text or ""), about)
    assert "&lt;b&gt;Kim&lt;/b&gt;" in report
    assert "Well done &amp; on." in report
    assert report.count("<svg") >= 3
    assert "prefers-color-scheme" not in report
    assert report.count("<footer>") == 1
    assert "Next set" in report
    assert "Next set" not in printed(from_json(text or ""), replace(about, hurts=True))


def test_every_column_of_the_report_stands_in_a_table(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        assessment = from_json(last_json(session, demo_set(app.store, 12)) or "")
    report = printed(assessment, About("Kim", TODAY, 1, None, "", hurts=False, draft=False))
    scored, reported = (report.split(title)[1].split("</table>")[0] for title in ("Every repetition", "but not scored"))
    assert "<th>Even descent</th>" in scored
    assert "<th>Head in line</th>" in reported
    assert scored.count("<tr>") == reported.count("<tr>") == 13
    assert "starts at 0:" in report
    assert ".mp4" not in report
    assert "the true score lies between them 90 times in 100, the true change 95 times in 100" in report


def test_what_was_read_is_what_is_approved(app: Home) -> None:
    demo.add_demo(app.store)
    set_id = demo_set(app.store, 12)
    page = opened("report", set=str(set_id))
    page.text_area[0].input("Keep the chest up.").run()
    press(page, "Write the draft")
    # another visit, which finds the words again
    page = opened("report", set=str(set_id))
    assert page.text_area[0].value == "Keep the chest up."
    page.text_area[0].input("Something else.").run()
    assert next(one for one in page.button if one.label == "Approve it").disabled
    assert "write the draft anew" in words(page)
    page.text_area[0].input("Keep the chest up.").run()
    press(page, "Approve it")
    report = (app.store.reports / f"{set_id}.html").read_text(encoding="utf-8")
    assert "Keep the chest up." in report
    assert "Draft" not in report
    correct(app.store, set_id)
    assert "judged again after this report" in words(opened("report", set=str(set_id)))


def correct(store: Store, set_id: int) -> None:
    with store.begin() as session:
        session.get_one(TrainingSet, set_id).exercise = "overhead-squat"
    judge_again(store, set_id)


def press(page: AppTest, label: str) -> None:
    next(one for one in page.button if one.label == label).click().run()
    assert not page.exception, page.exception[0].value


def test_the_report_says_how_balance_tests_differ(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        (person, *_) = people(session)
        stood = next(line.id for line in sets_of(session, person.id) if line.exercise == "balance")
        assessment = from_json(last_json(session, stood) or "")
    pair = BalancePair("legs", "single-leg", None, "open", "medio-lateral", (0,), (0,), None, "too <short>")
    report = printed(replace(assessment, balance=(pair,)), About("Kim", TODAY, 1, None, "", hurts=False, draft=False))
    assert "Left leg and right leg, eyes open" in report
    assert "Not compared: too &lt;short&gt;" in report
