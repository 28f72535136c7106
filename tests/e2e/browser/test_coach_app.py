"""The coach's app in a real browser: from the upload to the erased person, and through a kill."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import re
import signal
import time
import zipfile
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from formdrift.sessions.records import add_person, add_set
from formdrift.sessions.store import Store
from formdrift.sessions.tables import Job, Video

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from conftest import Server, Visit
    from playwright.sync_api import Browser, Page

    from formdrift.vision.frame import Image

ANALYSIS_MS = 240_000
# a strip of squares, white for 1: the number of the frame in binary, the lowest digit first
DIGITS, SQUARE_PX = 8, 20
WHO = "Ada Browser"
# at a part of the canvas's size: while the page is laid out it still changes
CLICK = """(canvas, [x, y]) => {
    const box = canvas.getBoundingClientRect();
    const at = { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    canvas.dispatchEvent(new MouseEvent("click", at));
}"""
SAMPLES = Path(__file__).parents[3] / "sample_videos" / "clips"

pytestmark = pytest.mark.usefixtures("models_present")


def numbered(picture: Image, number: int) -> Image:
    """Spell the number of a frame in its upper left corner."""
    marked = picture.copy()
    for digit in range(DIGITS):
        marked[:SQUARE_PX, digit * SQUARE_PX : (digit + 1) * SQUARE_PX] = 255 * (number >> digit & 1)
    return marked


def encoded(path: Path, pictures: list[tuple[float, Image]], codec: str, pixels: str, rotation: int = 0) -> Path:
    tick = Fraction(1, 90_000)
    options = {"preset": "ultrafast"} | ({"x265-params": "log-level=none"} if codec == "libx265" else {})
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = pictures[0][1].shape[:2]
        stream.pix_fmt, stream.time_base, stream.codec_context.time_base = pixels, tick, tick
        if codec == "libx265":
            stream.codec_context.codec_tag = "hvc1"
        if rotation:
            stream.set_display_rotation(rotation)
        for time_s, picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = round(time_s / tick), tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def clips(pictures: list[tuple[float, Image]], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return one squat twice: as browsers play it, and as a phone films it, upright in HEVC with 10 bits."""
    folder = tmp_path_factory.mktemp("clips")
    marked = [(t, numbered(picture, i)) for i, (t, picture) in enumerate(pictures)]
    upright = [(t, numbered(picture[:, 120:520], i)) for i, (t, picture) in enumerate(pictures)]
    lying = [(t, cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE)) for t, picture in upright]
    return [
        encoded(folder / "plain.mp4", marked, "libx264", "yuv420p"),
        encoded(folder / "phone.mov", lying, "libx265", "yuv420p10le", rotation=90),
    ]


def add_videos(page: Page, app: Server, clips: list[Path], person: str = WHO) -> None:
    submit(page, app, clips, person)
    expect(page.get_by_text("is scored.")).to_have_count(len(clips), timeout=ANALYSIS_MS)


def submit(page: Page, app: Server, clips: list[Path], person: str) -> None:
    page.goto(f"{app.url}/add")
    page.set_input_files(".fd-drop input", clips, timeout=60_000)
    expect(page.get_by_text(f"Arrived: {clips[0].name}")).to_be_visible(timeout=30_000)
    if len(clips) > 1:
        page.get_by_text("one set each").click()
    button = page.get_by_role("button", name="Score it")
    say_whose(page, person)
    try:
        expect(button).to_be_enabled(timeout=20_000)
    except AssertionError:
        # the page was still drawing itself anew for the videos, and lost what was typed meanwhile
        say_whose(page, person)
    expect(button).to_be_enabled(timeout=30_000)
    button.click()


def say_whose(page: Page, person: str) -> None:
    who = page.get_by_role("combobox", name="Whose set is it?")
    who.click()
    who.fill(person)
    who.press("Enter")


def frame_on_show(page: Page) -> int:
    """Read the number that the picture on show spells."""
    return int(
        page.locator(".fd-stage video").evaluate(
            """async (video, [digits, square]) => {
                while (video.seeking || video.readyState < 2) await new Promise((next) => setTimeout(next, 20));
                await new Promise((next) => setTimeout(next, 100));
                const canvas = new OffscreenCanvas(digits * square, square), pen = canvas.getContext("2d");
                pen.drawImage(video, 0, 0);
                let number = 0;
                for (let i = 0; i < digits; i++)
                    if (pen.getImageData((i + 0.5) * square, square / 2, 1, 1).data[1] > 127) number |= 1 << i;
                return number;
            }""",
            [DIGITS, SQUARE_PX],
        )
    )


def frame_asked(page: Page) -> int:
    found = re.search(r"frame (\d+)", page.locator(".fd-time").inner_text())
    assert found is not None
    return int(found[1])


def check_scrubbing(page: Page) -> None:
    """Go through the video by the chart, by single steps and by the strip of repetitions."""
    chart = page.locator(".fd-chart")
    expect(chart).to_be_visible(timeout=60_000)
    # until then the video has no height, and everything below it moves when it comes
    page.locator(".fd-stage video").evaluate(
        """async (video) => {
            while (video.readyState < 1) await new Promise((next) => setTimeout(next, 20));
        }"""
    )
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    seen = []
    for part in (0.9, 0.2, 0.55, 0.4):
        page.mouse.click(box["x"] + part * box["width"], box["y"] + 60)
        assert frame_on_show(page) == frame_asked(page)
        seen.append(frame_asked(page))
    assert len(set(seen)) == len(seen)
    page.get_by_role("button", name="One frame on").click()
    assert frame_on_show(page) == frame_asked(page) == seen[-1] + 1
    page.locator(".fd-reps button").first.click()
    assert frame_on_show(page) == frame_asked(page)


def test_from_the_upload_to_the_erased_person(app: Server, visit: Visit, clips: list[Path], tmp_path: Path) -> None:
    page = visit.page
    add_videos(page, app, clips)
    results = page.get_by_role("link", name="See the result")
    expect(results).to_have_count(len(clips), timeout=30_000)
    links = [link.get_attribute("href") for link in results.all()]
    for link in links:
        page.goto(f"{app.url}/{str(link).lstrip('/')}")
        expect(page.get_by_role("heading", name="1 squat, seen from the side.")).to_be_visible(timeout=60_000)
        check_scrubbing(page)
    set_id = int(str(links[-1]).rpartition("=")[2])
    # of the clip that no browser plays there is a copy
    assert len(list((app.data / "thumbnails").glob(f"{set_id}-*.mp4"))) == 1

    page.get_by_role("link", name="Trends").last.click()
    expect(page.get_by_role("heading", name="Trends")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible(timeout=30_000)

    page.goto(f"{app.url}/report?set={set_id}")
    page.get_by_role("button", name="Write the draft").click(timeout=30_000)
    page.get_by_role("button", name="Approve it").click(timeout=30_000)
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name="Download the report").click(timeout=30_000)
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert WHO in report
    assert "Not a medical assessment" in report
    assert "Draft" not in report
    assert not re.search(r"""(src|href)=["']http""", report)

    page.goto(f"{app.url}/settings")
    choose(page, "Person", WHO)
    page.get_by_role("button", name="Make the archive").click(timeout=30_000)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Download the archive").click(timeout=60_000)
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
        assert sum(name.startswith("clips/") for name in names) == 2
        assert any(name.endswith(".parquet") for name in names)
        assert "sets" in json.loads(archive.read(next(name for name in names if name.startswith("results/"))))

    page.get_by_label(re.compile("To erase, type the name")).fill(WHO)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Erase for good").click(timeout=30_000)
    expect(page.get_by_text("is erased.")).to_be_visible(timeout=30_000)
    left = [path for path in app.data.rglob("*") if path.is_file() and WHO.encode() in path.read_bytes()]
    assert left == []
    assert list((app.data / "clips").iterdir()) == []
    assert list((app.data / "thumbnails").iterdir()) == []
    assert visit.errors == []
    assert visit.outside(app) == []


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).click(timeout=60_000)
    page.get_by_role("option", name=option).click()


def test_two_browsers_at_once(
    start_app: Callable[[], AbstractContextManager[Server]], browser: Browser, clips: list[Path]
) -> None:
    with browser.new_context() as left, browser.new_context() as right, start_app() as server:
        pages = {"Left Browser": left.new_page(), "Right Browser": right.new_page()}
        for name, page in pages.items():
            submit(page, server, clips[:1], name)
        for name, page in pages.items():
            expect(page.get_by_text("is scored.")).to_have_text(re.compile(f"^{name}"), timeout=ANALYSIS_MS)


def test_a_large_upload_is_not_held_in_memory(start_app: Callable[[], AbstractContextManager[Server]]) -> None:
    chunk, count = bytes(1 << 20), 300
    with (
        start_app() as server,
        closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)) as connection,
    ):
        before = settled_mb(server)
        connection.putrequest("PUT", "/upload?name=large.mp4")
        connection.putheader("Content-Length", str(count * len(chunk)))
        connection.endheaders()
        most = before
        for _ in range(count):
            connection.send(chunk)
            most = max(most, memory_mb(server))
        assert connection.getresponse().status == 200
        assert most - before < 50


def settled_mb(server: Server) -> float:
    """Return what the server holds once it has loaded, in the background, what its pages are made of."""
    held = [memory_mb(server)]
    while len(held) < 4 or held[-1] - held[-4] > 1:
        time.sleep(1)
        held.append(memory_mb(server))
    return held[-1]


def memory_mb(server: Server) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024


def test_a_repetition_that_was_taken_out_is_put_back_by_hand(
    start_app: Callable[[], AbstractContextManager[Server]], visit: Visit
) -> None:
    page = visit.page
    # an app of its own: other tests look at the same set
    with start_app() as server:
        page.goto(f"{server.url}/review?set=10")
        first = page.locator(".fd-reps button").first
        first.click(timeout=60_000)
        correct(page, "It is no repetition")
        expect(page.get_by_role("heading", name="11 squats")).to_be_visible(timeout=60_000)
        # where it was, which the picture still shows
        correct(page, "A repetition has its lowest point here")
        expect(page.get_by_role("heading", name="12 squats")).to_be_visible(timeout=60_000)
        correct(page, "Undo all corrections")
        expect(page.locator("button", has_text="Undo all corrections")).to_have_count(0, timeout=60_000)
        expect(page.get_by_role("heading", name="12 squats")).to_be_visible()


def test_who_is_clicked_is_the_lifter_at_once(
    start_app: Callable[[], AbstractContextManager[Server]], visit: Visit
) -> None:
    page = visit.page
    with start_app() as server:
        add_videos(page, server, [SAMPLES / "goblet_oblique_passer.mp4"])
        page.get_by_role("link", name="See the result").click()
        lifted = page.get_by_role("heading", name=re.compile("4 squats"))
        expect(lifted).to_be_visible(timeout=60_000)
        page.locator(".fd-chart").focus(timeout=30_000)
        for _ in range(4):
            page.keyboard.press("PageDown")
        expect(page.locator(".fd-time")).to_contain_text("frame 120", timeout=30_000)
        # somebody walks past there
        page.locator(".fd-stage canvas").evaluate(CLICK, [0.81, 0.45])
        expect(lifted).to_have_count(0, timeout=60_000)
        expect(page.locator(".fd-time")).to_contain_text("frame 120")
    assert visit.errors == []


def correct(page: Page, what: str) -> None:
    # no role is told of what is folded away
    button = page.locator("button", has_text=what)
    expect(button).to_be_attached(timeout=60_000)
    expander = page.locator("details", has=button)
    # whether it is open, not whether the button shows: that one comes and goes while the page draws itself anew
    if expander.get_attribute("open") is None:
        expander.locator("summary").click()
    expect(button).to_be_visible(timeout=30_000)
    expect(button).to_be_enabled(timeout=30_000)
    button.click()


def test_every_page_shows_the_demo_person(app: Server, visit: Visit) -> None:
    for path, words in (
        ("", "Who needs a look"),
        ("review?set=10", "12 squats, seen from the side."),
        ("trends", "Trends"),
        ("balance", "Before and after, left leg"),
        ("settings", "Where everything lies"),
    ):
        visit.page.goto(f"{app.url}/{path}")
        expect(visit.page.get_by_role("heading", name=words)).to_be_visible(timeout=60_000)
    assert visit.errors == []
    assert visit.outside(app) == []


@pytest.mark.parametrize("path", ["", "add", "review?set=10", "trends", "balance", "report?set=10", "settings"])
def test_nothing_is_cut_off_on_a_phone(app: Server, visit: Visit, path: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(f"{app.url}/{path}")
    expect(visit.page.get_by_text("Not a medical assessment").last).to_be_visible(timeout=60_000)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390


def test_work_goes_on_after_a_kill(
    start_app: Callable[[], AbstractContextManager[Server]], tmp_path: Path, clips: list[Path]
) -> None:
    store = Store(tmp_path / "data")
    with store.begin() as session:
        person = add_person(session, WHO)
        videos = [Video(path=str(clips[0]), ours=False)]
        set_id = add_set(session, person.id, dt.date(2026, 3, 2), "squat", videos).id
    with start_app() as server:
        wait_for(store, set_id, "running")
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(timeout=30)
    assert job(store, set_id).state == "running"
    with start_app():
        wait_for(store, set_id, "done")
    done = job(store, set_id)
    assert (done.attempts, done.error) == (2, None)
    with store.begin() as session:
        assert len(session.get_one(Video, 1).set.assessments) == 1


def job(store: Store, set_id: int) -> Job:
    with store.begin() as session:
        return session.query(Job).where(Job.set_id == set_id).one()


def wait_for(store: Store, set_id: int, state: str) -> None:
    until = time.monotonic() + ANALYSIS_MS / 1000
    while job(store, set_id).state != state:
        assert time.monotonic() < until, job(store, set_id).error
        time.sleep(0.1)
