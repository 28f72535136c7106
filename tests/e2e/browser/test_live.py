"""Practising live in a real browser, before a camera that plays a rendered set."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

import formdrift.sample_videos
from formdrift.assess import from_json
from formdrift.sample_videos.render import render_file
from formdrift.sessions.records import last_json
from formdrift.sessions.store import Store
from formdrift.sessions.tables import Day, Person, TrainingSet
from formdrift.vision.source import open_video

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conftest import Server
    from playwright.sync_api import Playwright

    from formdrift.assess import Assessment
    from formdrift.vision.frame import Image

pytestmark = pytest.mark.usefixtures("models_present")

CHROMIUM = Path("/usr/bin/chromium")
CLIPS = Path(formdrift.sample_videos.__file__).parent / "clips"
FPS = 30
# standing still before the set, for the check and the countdown, and after it, until that ends the set
BEFORE_S, AFTER_S = 12.0, 12.0
# with fewer pictures a second nothing is judged live; the recording, which misses none, is
FEW = 12.0
# what lasts longer than this, a cue or a touch, may fall between two pictures that are further apart
GAP_S = 0.25
# a recording with so many pictures a second misses next to none
WHOLE_FPS = 25.0
SET_MS, ANALYSIS_MS = 120_000, 240_000
# the third and fourth squat are shallow, then it is put right
SHALLOW = """

[faults]
shallow_deg = [0, 0, 25, 25, 0, 0, 0, 0]
"""
# a stance of so many pictures a second; the foot leaves the floor a moment after the first of these times,
# and the way from there to the second is played back and forth again
STANCE_FPS, FLOOR_S, TURN_S = 20, 1.7, 8.0
CUE = "Sit down to the bench behind you."


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a rendered set of eight squats."""
    folder = tmp_path_factory.mktemp("clip")
    scenario = re.sub(r"\[fatigue\].*?\n\n", "", (CLIPS / "squat_side.toml").read_text(), flags=re.DOTALL) + SHALLOW
    (folder / "shallow.toml").write_text(scenario)
    render_file(folder / "shallow.toml", folder / "shallow.mp4")
    return folder / "shallow.mp4"


@pytest.fixture(scope="module")
def camera_file(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the camera sees, as Chromium's fake one plays it."""
    path = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    write_camera(pictures_of(clip), path)
    return path


def pictures_of(clip: Path) -> list[Image]:
    with open_video(clip) as video:
        return [frame.rgb() for frame in video]


def write_camera(pictures: Sequence[Image], path: Path) -> None:
    """Write what Chromium's fake camera plays: standing still, the pictures, standing still again."""
    still = [pictures[0]] * round(BEFORE_S * FPS), [pictures[-1]] * round(AFTER_S * FPS)
    with av.open(str(path), "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=FPS, options={"qmin": "3", "qmax": "3"})
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width, stream.pix_fmt = *pictures[0].shape[:2], "yuvj420p"
        for k, picture in enumerate([*still[0], *pictures, *still[1]]):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuvj420p")
            frame.pts, frame.time_base = k, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@contextmanager
def before_camera(playwright: Playwright, camera_file: Path) -> Iterator[BrowserContext]:
    """Run a browser whose camera plays a file."""
    arguments = (
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera_file}",
    )
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(arguments))
    try:
        # a small window leaves the processor to the camera where no graphics card draws it
        yield chromium.new_context(viewport={"width": 900, "height": 700})
    finally:
        chromium.close()


@pytest.fixture
def context(playwright: Playwright, camera_file: Path) -> Iterator[BrowserContext]:
    with before_camera(playwright, camera_file) as context:
        yield context


def practise(page: Page, server: Server, who: str, what: str = "Squat") -> None:
    """Open the page, say who practises what, and start the camera."""
    page.goto(f"{server.url}/live")
    name = page.get_by_role("combobox", name="Who practises?")
    expect(name).to_be_visible(timeout=60_000)
    name.fill(who)
    name.press("Enter")
    exercise = page.get_by_role("combobox", name="Exercise")
    exercise.fill(what)
    exercise.press("Enter")
    start = page.get_by_role("button", name="Start the camera")
    expect(start).to_be_enabled(timeout=30_000)
    # the page settles before the camera starts
    expect(page.locator(".fd-live")).to_have_attribute("data-phase", "off")
    page.wait_for_timeout(1000)
    start.click()


class Answers:
    """Counts the pictures that were looked at while a set ran: fewer than the camera gave on a busy machine."""

    def __init__(self, page: Page) -> None:
        self._times_s: list[float] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._note))

    def _note(self, payload: str | bytes) -> None:
        if isinstance(payload, str) and (answer := json.loads(payload)).get("phase") == "set":
            self._times_s.append(answer["time"])

    def enough(self) -> bool:
        """Tell whether no moment of the set was missed: one slow stretch in it is enough to miss a cue."""
        return whole(self._times_s, FEW)


def whole(times_s: Sequence[float], least_fps: float) -> bool:
    """Tell whether pictures came as often as that all the time, without a gap that hides a movement."""
    if len(times_s) < 2:
        return False
    steps_s = np.diff(times_s)
    return bool(1 / np.mean(steps_s) >= least_fps and np.max(steps_s) < GAP_S)


def recorded_whole(film: Path) -> bool:
    """Tell whether a browser that had too little of the processor left nothing out of a recording."""
    with open_video(film) as video:
        times_s = [frame.time_s for frame in video]
    print(f"{film.name}: {len(times_s)} pictures, at most {np.max(np.diff(times_s)):.2f} s apart")
    return whole(times_s, WHOLE_FPS)


def wait_for(page: Page, phase: str, timeout_ms: float = SET_MS) -> None:
    expect(page.locator(".fd-live")).to_have_attribute("data-phase", phase, timeout=timeout_ms)


def test_a_set_is_counted_live_and_its_recording_is_assessed(app, context, clip: Path, tmp_path: Path) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    answers = Answers(page)
    practise(page, app, "Live Anna")
    for phase in ("checking", "ready", "set"):
        wait_for(page, phase)
    expect(page.get_by_text("Recording on this computer")).to_be_visible()
    wait_for(page, "done")
    live = page.locator(".fd-live")
    expect(live).to_have_attribute("data-count", "8")
    said = json.loads(live.get_attribute("data-said") or "[]").count(CUE)
    assert said == 1 if answers.enough() else said <= 1
    # the picture does not scroll while the words below it come
    expect(page.get_by_text("In the recording")).to_be_visible(timeout=ANALYSIS_MS)
    assert errors == []
    kept, film = kept_set(app, "Live Anna")
    reference = scored(clip, tmp_path)
    assert len(reference.sets[0].reps) == 8
    # a machine that is busy drops pictures of the recording: what is not in it can't be judged
    if recorded_whole(film):
        assert len(kept.sets[0].reps) == 8
        within_one_sem(kept, reference)
    page.get_by_role("button", name="Delete this recording").click()
    expect(page.get_by_text("were deleted")).to_be_visible(timeout=30_000)
    assert not film.exists()


def kept_set(server: Server, who: str) -> tuple[Assessment, Path]:
    """Return the stored result of somebody's one set, and its recording."""
    store = Store(server.data)
    try:
        with store.begin() as session:
            one = session.query(TrainingSet).join(Day).join(Person).filter(Person.pseudonym == who).one()
            text = last_json(session, one.id)
            film = store.clips / one.videos[0].path
    finally:
        store.close()
    assert text is not None
    assert film.is_file()
    return from_json(text), film


def scored(clip: Path, folder: Path) -> Assessment:
    target = folder / "reference.json"
    command = [Path(sys.executable).with_name("formdrift"), "score", clip, "--exercise", "squat", "--json", target]
    subprocess.run(command, check=True, capture_output=True)
    return from_json(target.read_text())


def within_one_sem(one: Assessment, other: Assessment) -> None:
    """Check medians over the set: single repetitions of a recording of fewer frames scatter."""
    for criterion in other.sets[0].reps[0].criteria:
        values = [
            sorted(c.value for rep in each.sets[0].reps for c in rep.criteria if c.id == criterion.id and c.value)
            for each in (one, other)
        ]
        if criterion.sem_abs is not None and all(values):
            a, b = (column[len(column) // 2] for column in values)
            assert abs(a - b) <= criterion.sem_abs, criterion.id


def test_a_balance_trial_is_timed_and_its_sway_stands_beside_the_noise(app, playwright, tmp_path: Path) -> None:
    write_camera(touching_down(pictures_of(CLIPS / "balance_before.mp4")), tmp_path / "camera.mjpeg")
    with before_camera(playwright, tmp_path / "camera.mjpeg") as context:
        page = context.new_page()
        answers = Answers(page)
        practise(page, app, "Live Dora", "Balance test, standing still")
        for phase in ("checking", "ready", "set", "done"):
            wait_for(page, phase)
        live = page.locator(".fd-live")
        said = json.loads(live.get_attribute("data-said") or "[]")
        if answers.enough():
            assert said == ["Foot down."]
            expect(page.locator(".fd-count")).to_have_text("20s 1 × foot down")
            expect(page.locator(".fd-points")).to_contain_text(", noise ")
        else:
            assert set(said) <= {"Foot down."}
            expect(page.locator(".fd-count")).to_have_text(re.compile(r"^\s*2\d\s*s"))
            expect(page.locator(".fd-points")).to_contain_text("Balance on the left leg")
        expect(page.get_by_role("link", name="See the result")).to_be_visible(timeout=ANALYSIS_MS)
        page.get_by_role("button", name="Next set").click()
        wait_for(page, "checking")
        expect(page.get_by_role("link", name="See the result")).to_be_visible()
        kept, film = kept_set(app, "Live Dora")
        sway = kept.sets[0].sway
        assert sway is not None
        assert sway.stance == "single-leg"
        if recorded_whole(film):
            assert sway.descriptors["RMS"].noise is not None


def touching_down(stance: list[Image]) -> list[Image]:
    """Return a stance in which the foot that was lifted goes down once and up again."""
    played = [stance[k * STANCE_FPS // FPS] for k in range(len(stance) * FPS // STANCE_FPS)]
    floor, turn = round(FLOOR_S * FPS), round(TURN_S * FPS)
    return [*played[:turn], *played[floor:turn][::-1], *played[floor:]]


def test_a_camera_that_is_unplugged_and_comes_back(app, context) -> None:
    page = context.new_page()
    practise(page, app, "Live Ben")
    wait_for(page, "ready")
    lost = "The camera is gone: plug it in again."
    # the sentence may be gone before anybody looks: all that is shown from here on is kept
    page.locator(".fd-live").evaluate(
        """(root) => {
          const words = root.querySelector('.fd-words');
          const track = root.querySelector('video').srcObject.getVideoTracks()[0];
          window.wordsShown = [];
          new MutationObserver(() => window.wordsShown.push(words.textContent)).observe(words, { childList: true });
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }"""
    )
    page.wait_for_function("(lost) => window.wordsShown.includes(lost)", arg=lost)
    expect(page.get_by_text(lost)).to_be_hidden(timeout=30_000)
    # where all this is slow, the set has begun meanwhile
    expect(page.locator(".fd-live")).to_have_attribute("data-phase", re.compile("^(ready|set)$"), timeout=SET_MS)


def test_without_a_name_no_camera_starts(app, context) -> None:
    page = context.new_page()
    page.goto(f"{app.url}/live")
    expect(page.get_by_text("Say who practises")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Start the camera")).to_be_disabled()


def test_an_app_that_goes_away_is_said(start_app, context) -> None:
    with start_app() as server:
        page = context.new_page()
        practise(page, server, "Live Cleo")
        wait_for(page, "checking")
    expect(page.get_by_text("The connection to the app broke")).to_be_visible(timeout=30_000)
