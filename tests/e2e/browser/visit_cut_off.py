"""Run the app and a browser where no network is, and print how often any of them tried to reach one.

Started by `test_cut_off.py` in namespaces of its own::

    unshare --map-root-user --net --mount python visit_cut_off.py FOLDER CLIP

The kernel counts there whoever asks for a way to another machine, the processes that assess videos included.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from conftest import CHROMIUM, Visit, running_app
from playwright.sync_api import expect, sync_playwright
from test_coach_app import add_videos
from test_live import practise

PAGES = ("", "live", "add", "score", "review?set=10", "trends", "balance", "report?set=10", "settings")
# kept for documentation: no machine has this address
_NOBODY = "192.0.2.1"
# the browser asks for its maker's servers by itself; what a page asks for is seen before any name is looked up
_NO_NAMES = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# of <linux/sockios.h> and <linux/if.h>
_SET_FLAGS, _UP = 0x8914, 0x1


def main(folder: Path, clip: Path) -> None:
    """Score a clip in the app, open every page, and practise before a camera that sees nobody."""
    _raise_loopback()
    _send_lookups_outside(folder)
    temporary, data = folder / "temporary", folder / "data"
    temporary.mkdir()
    with running_app(temporary, data) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", _NO_NAMES, *_CAMERA])
        visit = Visit(chromium.new_page())
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        add_videos(visit.page, server, [clip])
        for path in PAGES:
            visit.page.goto(f"{server.url}/{path}")
            expect(visit.page.get_by_text("Not a medical assessment").last).to_be_visible(timeout=60_000)
        practise(visit.page, server, "Cut off")
        expect(visit.page.get_by_text("Step back until your whole body shows.")).to_be_visible(timeout=60_000)
        outside = visit.outside(server)
        chromium.close()
    tried = asked_outside()
    _ask_outside()
    print(json.dumps({"tried": tried, "outside": outside, "counts": asked_outside() > tried}))


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def _send_lookups_outside(folder: Path) -> None:
    """Let names be looked up at an address that is counted, whatever this machine usually does."""
    settings = folder / "resolv.conf"
    settings.write_text(f"nameserver {_NOBODY}\n")
    subprocess.run(["mount", "--bind", settings, "/etc/resolv.conf"], check=True)


def _ask_outside() -> None:
    with suppress(OSError):
        socket.getaddrinfo("formdrift.example", 443)


def asked_outside() -> int:
    """Return how often a process in this namespace asked for a way to another machine."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:"))
    return int(values[names.index("OutNoRoutes")])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
