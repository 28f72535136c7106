"""How old the picture is that live practice shows, measured by a strip in the picture that spells its number.

Run as ``python benchmarks/live.py [--seconds S] [--write]``; needs Chromium and playwright. A
rendered set plays again and again as the browser's fake camera, with time to stand before and
after it: each time it is checked, counted, judged and over. In the page, whenever the camera
gives a picture, the number in it is compared with that in the picture on show, on which the
lines are drawn: the difference is its age in pictures of the camera. In the last run every
answer takes 150 ms longer, as on a slow machine. The seconds are those of the first run, 600 to
see that nothing grows; the others take no more than 30.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from fractions import Fraction
from itertools import islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import uvicorn
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from formdrift.assess.live import LiveCoach
from formdrift.assess.live_state import LiveSetup
from formdrift.ui.live import LIVE, LiveSocket, Visits
from formdrift.vision.source import open_video
from results import write_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from formdrift.assess.live_state import LiveState
    from formdrift.vision.frame import Image

_ROOT = Path(__file__).resolve().parents[1]
_CLIP = _ROOT / "sample_videos" / "clips" / "squat_side.mp4"
_COMPONENT = _ROOT / "ui" / "components"
_CHROMIUM = "/usr/bin/chromium"
_FPS, _BITS, _STRIP_PX = 30, 11, 40
# standing before the set
_BEFORE_S = 9.0
_PORT = 8731
# weights, milliseconds added to every answer, whether the browser records
_RUNS = (("lite", 0, False), ("full", 0, False), ("full", 0, True), ("lite", 150, False))
_WARM_UP_S, _SHORT_S = 5.0, 30.0
_MEGABYTE = 2**20

_HEAD = """Age of the picture on show in pictures of a camera of 30 a second, as `benchmarks/live.py` measures it.

| run | seconds | sets | median | p95 | medians by thirds | answers a second | server by thirds, MB | load |
|---|--:|--:|--:|--:|---|--:|---|--:|
"""
_FOOT = """

{} cores, on which Chromium draws without a graphics card. With 150 ms added a round trip takes
about 7 pictures. `streamlit-webrtc` took 9 to 11 pictures for a picture it had nothing to do with.
"""

# the component as Streamlit mounts it, and a probe that reads the strips
_PAGE = """<!doctype html><style>{css}</style><body>{html}<script type="module">
{js}
const root = document.querySelector(".fd-live"), data = {{ key: "{key}", url: "{url}", upload: "/none?name=" }};
mount({{ parentElement: document.body, data, setTriggerValue: () => {{}} }});
root.querySelector('[data-do="record"]').checked = {record};
root.querySelector('[data-do="camera"]').click();
const video = root.querySelector("video"), view = root.querySelector(".fd-view");
const probe = document.createElement("canvas"), pen = probe.getContext("2d", {{ willReadFrequently: true }});
probe.width = {bits}; probe.height = 1;
const read = (source, width) => {{
  pen.drawImage(source, 0, {strip} / 2, width, 1, 0, 0, {bits}, 1);
  const pixels = pen.getImageData(0, 0, {bits}, 1).data;
  let number = 0;
  for (let bit = 0; bit < {bits}; bit++) number = 2 * number + (pixels[4 * bit] > 128);
  return number;
}};
window.ages = [];
window.sets = 0;
const again = root.querySelector('[data-do="again"]');
const look = () => {{
  if (root.dataset.phase === "done") {{ window.sets++; again.click(); }}
  if (root.dataset.phase !== "off" && view.width > 300)
    window.ages.push([performance.now(), read(video, video.videoWidth), read(view, view.width)]);
  video.requestVideoFrameCallback(look);
}};
video.requestVideoFrameCallback(look);
</script>"""


class SlowCoach(LiveCoach):
    """Takes longer over every picture."""

    slow_s = 0.0
    answers = 0

    def step_jpeg(self, time_s: float, jpeg: bytes) -> LiveState:
        """Look, and wait."""
        state = super().step_jpeg(time_s, jpeg)
        time.sleep(self.slow_s)
        type(self).answers += 1
        return state


def write_camera(path: Path) -> None:
    """Write a clip whose top strip spells the number of each picture."""
    with av.open(str(path), "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=_FPS, options={"qmin": "3", "qmax": "3"})
        assert isinstance(stream, av.VideoStream)
        with open_video(_CLIP) as video:
            stream.width, stream.height = video.info.size
        stream.pix_fmt = "yuvj420p"
        # the file plays round and round, so the numbers do too
        for k, picture in enumerate(islice(_pictures(), 2**_BITS)):
            spelt = picture.copy()
            block = picture.shape[1] // _BITS
            for bit in range(_BITS):
                spelt[:_STRIP_PX, bit * block : (bit + 1) * block] = 255 * (k >> (_BITS - 1 - bit) & 1)
            frame = av.VideoFrame.from_ndarray(spelt, format="rgb24").reformat(format="yuvj420p")
            frame.pts, frame.time_base = k, Fraction(1, _FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _pictures() -> Iterator[Image]:
    """Yield standing, the set, and standing for ever."""
    with open_video(_CLIP) as video:
        for number, frame in enumerate(video):
            picture = frame.rgb()
            yield from repeat(picture, round(_BEFORE_S * _FPS) if number == 0 else 1)
    yield from repeat(picture)


def serve(model: str, port: int, *, record: bool) -> uvicorn.Server:
    """Serve the component and its socket in a thread."""
    visits = Visits()
    key = visits.open(LiveSetup("squat", model=model))  # type: ignore[arg-type]
    parts = {kind: (_COMPONENT / f"live.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")}
    parts["js"] = parts["js"].replace("export default function", "function mount")
    page = _PAGE.format(**parts, key=key, url=LIVE, bits=_BITS, strip=_STRIP_PX, record="true" if record else "false")

    async def frame(request: Request) -> Response:
        return HTMLResponse(page)

    routes = [Route("/", frame), *LiveSocket(visits, SlowCoach).routes()]
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server


def resident_mb() -> float:
    """Return the resident memory of this process, which is the server's."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE


def measure(seconds: float, camera: Path, port: int) -> tuple[np.ndarray, list[float], int]:
    """Return the ages in pictures, (N,), the memory over the run, in MB, and how many sets were over."""
    memory: list[float] = []
    flags = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=_CHROMIUM, args=[*flags, f"--use-file-for-fake-video-capture={camera}"]
        )
        page = chromium.new_page(viewport={"width": 800, "height": 700})
        page.goto(f"http://127.0.0.1:{port}/")
        for _ in range(max(2, round(seconds / 5))):
            page.wait_for_timeout(5000)
            memory.append(resident_mb())
        seen = np.array(page.evaluate("window.ages"), dtype=np.float64)
        sets = int(page.evaluate("window.sets"))
        chromium.close()
    seen[:, 0] = (seen[:, 0] - seen[0, 0]) / 1000
    seen = seen[seen[:, 0] > _WARM_UP_S]
    return (seen[:, 1] - seen[:, 2]) % 2**_BITS, memory, sets


def main() -> None:
    """Measure every run, print it, and write the section of the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="of the first run")
    parser.add_argument("--write", action="store_true", help="replace the section of RESULTS.md")
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        camera = Path(folder) / "camera.mjpeg"
        write_camera(camera)
        for number, (model, slow_ms, record) in enumerate(_RUNS):
            SlowCoach.slow_s, SlowCoach.answers = slow_ms / 1000, 0
            serve(model, _PORT + number, record=record)
            start = time.monotonic()
            seconds = asked.seconds if number == 0 else min(asked.seconds, _SHORT_S)
            ages, memory, sets = measure(seconds, camera, _PORT + number)
            rate = SlowCoach.answers / (time.monotonic() - start)
            what = f"{model}{f', {slow_ms} ms added' if slow_ms else ''}{', recording' if record else ''}"
            rows.append(row(f"{what} | {seconds:.0f} | {sets}", ages, memory, rate))
            print(rows[-1], flush=True)
    if asked.write:
        write_section("Age of the live picture", _HEAD + "\n".join(rows) + _FOOT.format(os.cpu_count()))


def row(what: str, ages: np.ndarray, memory: list[float], rate: float) -> str:
    """Return one row of the table."""
    thirds = ", ".join(f"{np.median(part):.0f}" for part in np.array_split(ages, 3))
    resident = ", ".join(f"{max(part, default=np.nan):.0f}" for part in np.array_split(memory, 3))
    return (
        f"| {what} | {np.median(ages):.0f} | {np.percentile(ages, 95):.0f} | {thirds} | {rate:.1f}"
        f" | {resident} | {os.getloadavg()[0]:.1f} |"
    )


if __name__ == "__main__":
    main()
