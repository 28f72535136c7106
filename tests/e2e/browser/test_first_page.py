"""The first page in a real browser, with the real analysis."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import formdrift.sample_videos
from formdrift.ui.server import serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

ANALYSIS_MS = 240_000
SAMPLE = Path(formdrift.sample_videos.__file__).parent / "clips" / "squat_side.mp4"

pytestmark = pytest.mark.usefixtures("models_present")


def upload_and_score(page: Page, url: str, clip: Path) -> None:
    page.goto(f"{url}/score")
    expect(page.get_by_role("heading", name="How to film")).to_be_visible(timeout=60_000)
    button = page.get_by_role("button", name="Score this video")
    expect(button).to_be_disabled()
    page.set_input_files("input[type=file]", clip)
    expect(button).to_be_enabled(timeout=30_000)
    button.click()
    expect(button).to_be_disabled()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="How to film")).to_be_hidden()


def play(page: Page) -> dict[str, float]:
    """Play the annotated video for a moment, and tell how far it came."""
    video = page.locator("video")
    expect(video).to_be_visible(timeout=30_000)
    page.wait_for_function("document.querySelector('video').readyState >= 3")
    video.evaluate("v => v.play()")
    page.wait_for_function("document.querySelector('video').currentTime > 0.3")
    shown: dict[str, float] = video.evaluate(
        "v => ({duration: v.duration, width: v.videoWidth, height: v.videoHeight})"
    )
    return shown


def test_sample_is_scored_and_its_annotated_video_plays(app, visit) -> None:
    page = visit.page
    upload_and_score(page, app.url, SAMPLE)
    expect(page.get_by_role("heading", name="8 squats, seen from the side.")).to_be_visible(timeout=ANALYSIS_MS)
    assert play(page) == pytest.approx({"duration": 29.4, "width": 640, "height": 480}, abs=0.2)
    table = page.get_by_role("table").first
    expect(table.get_by_role("row")).to_have_count(1 + 8)
    expect(table.get_by_role("columnheader").nth(1)).to_have_text("Depth")
    expect(page.get_by_role("heading", name="What this camera could not show")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    expect(page.get_by_text("Not a medical assessment")).to_be_visible()
    assert visit.errors == []
    assert visit.outside(app) == []
    # of the upload itself nothing is left, of the visit only what the page shows
    assert [path.name for path in app.temporary.glob("formdrift-*/*")] == ["annotated.mp4"]


def test_real_person_is_scored(app, visit, shared_data: Path) -> None:
    upload_and_score(visit.page, app.url, shared_data / "videos/squat_coach_zhmai/side_bodyweight.mp4")
    answer = visit.page.get_by_role("heading", name="5 squats, seen from the side.")
    expect(answer).to_be_visible(timeout=ANALYSIS_MS)
    assert play(visit.page)["duration"] == pytest.approx(6.2, abs=0.1)
    assert visit.errors == []
    assert visit.outside(app) == []


def test_nothing_is_cut_off_on_a_phone(app, visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.page.goto(f"{app.url}/score")
    expect(visit.page.get_by_role("heading", name="How to film")).to_be_visible(timeout=60_000)
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.fixture
def no_video(tmp_path: Path) -> Path:
    clip = tmp_path / "notes.mp4"
    clip.write_text("three sets of five")
    return clip


def test_text_that_is_no_video_is_refused_in_a_sentence(app, visit, no_video: Path) -> None:
    alert = refused(visit.page, app.url, no_video)
    assert "video.mp4" in alert
    assert alert.count("\n") == 0
    expect(visit.page.get_by_role("button", name="Score this video")).to_be_enabled()


def test_stopping_the_app_erases_what_visitors_left(start_app, visit, no_video: Path) -> None:
    with start_app() as server:
        refused(visit.page, server.url, no_video)
        assert list(server.temporary.glob("formdrift-*"))
    assert server.process.returncode == 0
    assert list(server.temporary.iterdir()) == []


def refused(page: Page, url: str, clip: Path) -> str:
    """Upload what can't be scored, and return what the page says to it."""
    page.goto(f"{url}/score")
    page.set_input_files("input[type=file]", clip)
    button = page.get_by_role("button", name="Score this video")
    expect(button).to_be_enabled(timeout=60_000)
    button.click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=ANALYSIS_MS)
    return alert.inner_text()


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}],
    ids=["name that leads here", "page from elsewhere", "page from nowhere"],
)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/stream", "/upload", "/clip/1", "/phone"])
def test_other_pages_are_refused(app, path: str, headers: dict[str, str]) -> None:
    assert status(app.port, path, headers) == 403


def test_own_pages_are_served_under_either_name(app) -> None:
    for host in (f"127.0.0.1:{app.port}", f"localhost:{app.port}"):
        assert status(app.port, "/", {"Host": host, "Origin": f"http://{host}"}) == 200
        assert status(app.port, "/_stcore/stream", {"Host": host, "Origin": f"http://{host}"}) == 101


def status(port: int, path: str, headers: dict[str, str]) -> int:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers | (upgrade if path.endswith("stream") else {}))
        return connection.getresponse().status
    finally:
        connection.close()


def test_taken_port_is_refused_in_a_sentence(app, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(app.port) == 2
    assert capsys.readouterr().err == (
        f"Port {app.port} is in use: stop what runs there or choose another one with --port.\n"
    )
