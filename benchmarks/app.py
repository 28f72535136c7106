"""Time that the server needs for every page with much in the store, and memory that a large upload costs.

Run it in the repository's environment::

    python benchmarks/app.py [--people 50] [--days 100] [--sets 5] [--reps 10] [--upload-gb 2]
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from streamlit.testing.v1 import AppTest

from formdrift.assess import from_dict, to_dict
from formdrift.sessions.store import FOLDER_VARIABLE, Store
from formdrift.sessions.tables import Day, Job, Person, SetValue, StoredAssessment, TrainingSet
from formdrift.sessions.values import values_of
from formdrift.ui import demo, home, server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formdrift.scoring.result import Assessment

PAGES = ("today", "add", "score", "review", "trends", "balance", "report", "settings")
_CHUNK = 1 << 20


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("people", 50), ("days", 100), ("sets", 5), ("reps", 10)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--upload-gb", type=float, default=2.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="formdrift-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        store = Store(Path(folder))
        started = time.perf_counter()
        fill(store, asked.people, asked.days, asked.sets, asked.reps)
        size = store.database.stat().st_size / 1e6
        print(f"store: {asked.people * asked.days * asked.sets} sets, {size:.0f} MB,")
        print(f"       filled in {time.perf_counter() - started:.0f} s\n")
        print("page      first  again   (seconds on the server)")
        # the server does this before anybody asks for a page
        home.home()
        server.warm_up()
        AppTest.from_string("", default_timeout=120).run()
        for page in PAGES:
            first, again = time_page(page)
            print(f"{page:9} {first:5.2f}  {again:5.2f}")
        if asked.upload_gb:
            before, after = upload(Path(folder), asked.upload_gb)
            print(f"\nupload of {asked.upload_gb:g} GB: {before:.0f} MB before, {after:.0f} MB at most during it")


def fill(store: Store, people: int, days: int, sets: int, reps: int) -> None:
    """Put results of the demo's squat, with as many repetitions as asked, under as many people."""
    result = _result(reps)
    packed = zlib.compress(json.dumps(to_dict(result)).encode())
    values = [asdict(value) for value in values_of(result)]
    today, now = dt.date.today(), dt.datetime.now()
    with store.begin() as session:
        for p in range(people):
            person = Person(pseudonym=f"Person {p}", added_at=now)
            session.add(person)
            session.flush()
            rows = [{"person_id": person.id, "date": today - dt.timedelta(days=2 * d)} for d in range(days)]
            session.execute(insert(Day), rows)
            ids = list(session.query(Day.id).where(Day.person_id == person.id))
            made = [
                {"day_id": day_id, "number": n + 1, "exercise": "squat", "load_kg": 60.0, "added_at": now}
                for (day_id,) in ids
                for n in range(sets)
            ]
            session.execute(insert(TrainingSet), made)
            keys = session.query(TrainingSet.id).join(Day).where(Day.person_id == person.id)
            set_ids = [set_id for (set_id,) in keys]
            session.execute(insert(SetValue), [{"set_id": i, **value} for i in set_ids for value in values])
            session.execute(insert(Job), [{"set_id": i, "state": "done", "changed_at": now} for i in set_ids])
            session.execute(
                insert(StoredAssessment),
                [
                    {"set_id": i, "made_at": now, "formdrift": "0", "thresholds": "0", "json_zlib": packed}
                    for i in set_ids
                ],
            )


def _result(reps: int) -> Assessment:
    whole = next(one for one in _demo_results() if len(one["sets"][0]["reps"]) >= reps)
    whole["sets"][0]["reps"] = whole["sets"][0]["reps"][:reps]
    return from_dict(whole)


def _demo_results() -> Iterator[dict[str, Any]]:
    for day in demo.content()["sessions"]:
        yield from (one["result"] for one in day["sets"])


def time_page(page: str) -> tuple[float, float]:
    """Return the time of a page's first run in a new visit, and of a second run."""
    app = AppTest.from_string(f"from formdrift.ui.views import shell\nshell.run(first={page!r})", default_timeout=120)
    times = []
    for _ in range(2):
        started = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - started)
        assert not app.exception, (page, app.exception[0].value)
    return times[0], times[1]


def upload(folder: Path, gigabytes: float) -> tuple[float, float]:
    """Return the server's memory before an upload, and its most during it, in megabytes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("formdrift"), "app", "--port", str(port), "--data", str(folder)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ | {"BROWSER": "true"})
    try:
        connection = _connected(port)
        before = most = _memory_mb(server.pid)
        chunks = round(gigabytes * 2**30 / _CHUNK)
        connection.putrequest("PUT", "/upload?name=large.mp4")
        connection.putheader("Content-Length", str(chunks * _CHUNK))
        connection.endheaders()
        for i in range(chunks):
            connection.send(bytes(_CHUNK))
            if i % 50 == 0:
                most = max(most, _memory_mb(server.pid))
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        return before, max(most, _memory_mb(server.pid))
    finally:
        server.terminate()
        server.wait(timeout=30)


def _connected(port: int) -> http.client.HTTPConnection:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.3)
        else:
            return connection
    raise SystemExit("the app did not answer in time")


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    main()
