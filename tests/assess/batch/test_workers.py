"""Work is done side by side; a worker that dies takes nothing with it but what killed it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from formdrift.assess import InputError
from formdrift.assess.batch.workers import WorkerDiedError, run_in_pool, run_on_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


WORK = """
import os, signal

def double(number):
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 7:
        raise ValueError("seven")
    return 2 * number
"""


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], int]:
    """Return a function that worker processes can import."""
    (tmp_path / "doubling.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    function: Callable[[int], int] = importlib.import_module("doubling").double
    return function


def test_every_work_is_answered_once(double: Callable[[int], int]):
    answers = dict(run_in_pool(double, [1, 2, 3, 7], 2))
    assert isinstance(answers.pop(7), ValueError)
    assert answers == {1: 2, 2: 4, 3: 6}


def test_only_the_work_that_kills_its_worker_is_lost(double: Callable[[int], int]):
    answers = dict(run_in_pool(double, range(10, 20), 2))
    assert isinstance(answers.pop(13), WorkerDiedError)
    assert answers == {number: 2 * number for number in range(10, 20) if number != 13}


def test_nothing_to_do_is_done_at_once(double: Callable[[int], int]):
    assert list(run_in_pool(double, [], 2)) == []


def test_works_are_made_as_they_are_handed_over(double: Callable[[int], int]):
    made = []

    def works() -> Iterator[int]:
        for number in range(20, 60):
            made.append(number)
            yield number

    answers = run_in_pool(double, works(), 1)
    first, _ = next(answers)
    assert len(made) < 5
    assert sorted([first, *(number for number, _ in answers)]) == made == list(range(20, 60))


def test_workers_end_with_a_program_that_is_killed(tmp_path: Path):
    script = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from formdrift.assess.batch.workers import run_in_pool\n"
        "from sleeper import sleep\n"
        "if __name__ == '__main__': list(run_in_pool(sleep, ['a', 'b'], 2))\n"
    )
    (tmp_path / "main.py").write_text(script)
    (tmp_path / "sleeper.py").write_text(
        "import os, pathlib, time\n"
        "def sleep(name):\n"
        "    pathlib.Path(__file__).with_name(name).write_text(str(os.getpid()))\n"
        "    time.sleep(600)\n"
    )
    program = subprocess.Popen(
        [sys.executable, tmp_path / "main.py", tmp_path], env=os.environ | {"PYTHONPATH": str(tmp_path)}
    )
    try:
        wait_for(lambda: all((tmp_path / name).exists() and (tmp_path / name).read_text() for name in "ab"))
    finally:
        program.kill()
        program.wait()
    workers = [int((tmp_path / name).read_text()) for name in "ab"]
    wait_for(lambda: not any(alive(worker) for worker in workers))


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def test_a_cluster_that_is_not_there_is_named(double: Callable[[int], int]):
    with pytest.raises(InputError, match=r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:1'"):
        list(run_on_cluster(double, [1], "tcp://127.0.0.1:1"))
