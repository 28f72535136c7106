"""What one window did, another that still shows the old page neither breaks on nor takes back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pages import TODAY, drawn, opened

from formdrift.assess import from_json
from formdrift.sessions.erase import erase_person, erase_set
from formdrift.sessions.overview import people, sets_of
from formdrift.sessions.records import add_person, add_set, answer_pain, keep_assessment, last_json
from formdrift.sessions.tables import Person, StoredAssessment, TrainingSet, Video
from formdrift.ui import demo
from formdrift.ui.views import correct, review

if TYPE_CHECKING:
    import pytest

    from formdrift.sessions.store import Store
    from formdrift.ui.home import Home


def filmed(store: Store) -> list[TrainingSet]:
    """Return the sets whose videos can be shown."""
    with store.begin() as session:
        found = session.query(TrainingSet).join(Video).where(Video.track_key.is_not(None)).order_by(TrainingSet.id)
        return [one for one in found if one.videos]


def added_like(store: Store, person_id: int, other: TrainingSet) -> int:
    """Add a set with the video and the result of another one."""
    with store.begin() as session:
        text = last_json(session, other.id) or ""
        videos = [Video(path=video.path, ours=False, track_key=video.track_key) for video in other.videos]
        one = add_set(session, person_id, TODAY, other.exercise, videos)
        assert one.job is not None
        one.job.state = "done"
        keep_assessment(session, one.id, from_json(text), text)
        return one.id


def test_a_set_that_gets_the_number_of_an_erased_one_shows_its_own_video(
    app: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.add_demo(app.store)
    one, other = filmed(app.store)
    shown: list[int] = []

    def player(_url: str, _size: object, time_s: Any, *_: object, **__: object) -> SimpleNamespace:
        shown.append(len(time_s))
        return SimpleNamespace(at=0.0)

    monkeypatch.setattr(review, "player", player)
    with app.store.begin() as session:
        kim = add_person(session, "Kim").id
    first = added_like(app.store, kim, one)
    opened("review", set=str(first))
    erase_set(app.store, first)
    assert added_like(app.store, kim, other) == first
    with app.store.begin() as session:
        assert len(session.get_one(TrainingSet, first).assessments) == 1
        frames = [from_json(last_json(session, like.id) or "").sources[0].frames for like in (one, other)]
    opened("review", set=str(first))
    assert shown == frames


def test_who_was_erased_meanwhile_was_talked_to_all_the_same(app: Home) -> None:
    with app.store.begin() as session:
        kim = add_person(session, "Kim").id
        answer_pain(session, kim, pain=True)
    page = opened("today")
    erase_person(app.store, kim)
    drawn(next(button for button in page.button if button.label == "We talked about it").click().run())


def test_a_click_on_somebody_in_an_erased_video_does_nothing(app: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {"player": SimpleNamespace(subject=1)}
    monkeypatch.setattr(correct, "st", SimpleNamespace(session_state=state))
    correct.somebody_else(10, 10, "player")
    assert list(state) == ["player"]


def test_the_exercise_that_was_said_elsewhere_stays(app: Home) -> None:
    demo.add_demo(app.store)
    set_id = filmed(app.store)[-1].id
    page = opened("review", set=str(set_id))
    with app.store.begin() as session:
        session.get_one(TrainingSet, set_id).exercise = "overhead-squat"
    drawn(page.run())
    with app.store.begin() as session:
        assert session.get_one(TrainingSet, set_id).exercise == "overhead-squat"
        assert session.query(StoredAssessment).where(StoredAssessment.set_id == set_id).count() == 1


def test_the_height_that_was_said_elsewhere_stays(app: Home) -> None:
    with app.store.begin() as session:
        kim = add_person(session, "Kim", 180.0).id
    page = opened("settings")
    with app.store.begin() as session:
        session.get_one(Person, kim).height_cm = 175.0
    for _ in range(2):
        drawn(page.run())
    with app.store.begin() as session:
        assert session.get_one(Person, kim).height_cm == 175.0
    drawn(page.number_input[0].set_value(171.0).run())
    with app.store.begin() as session:
        assert session.get_one(Person, kim).height_cm == 171.0


def test_another_persons_sets_can_be_chosen_beside_a_set(app: Home) -> None:
    demo.add_demo(app.store)
    with app.store.begin() as session:
        robin = people(session)[0]
        kim = add_person(session, "Kim").id
        of_robin = sets_of(session, robin.id)[0].id
    of_kim = added_like(app.store, kim, filmed(app.store)[0])
    page = opened("review", set=str(of_kim))
    person = next(box for box in page.selectbox if box.label == "Person")
    assert person.value.pseudonym == "Kim"
    drawn(person.set_value(robin).run())
    assert page.query_params["set"] == str(of_robin)
