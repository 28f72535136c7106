"""Running work side by side on whatever Executor there is; a worker that dies costs only what killed it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from ..errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from concurrent.futures import Executor, Future

    Work = TypeVar("Work")
    Done = TypeVar("Done")


class WorkerDiedError(Exception):
    """The process that worked on it ended without an answer, twice."""


# so many works wait for each worker: none is idle while the next is handed over, and memory stays bounded
_WAITING = 2


def usable_cpus() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_in_pool(
    do: Callable[[Work], Done], works: Iterable[Work], workers: int
) -> Iterator[tuple[Work, Done | BaseException]]:
    """Run works in processes of this machine; yields each with its result or what went wrong, as they end.

    Works are taken as they are handed over, so they may be made one by one. When a process dies
    (a crash in a decoder, no memory), the works that were under way are tried again one by one,
    so that only the one at fault is lost.
    """
    waiting, broken = iter(works), True
    while broken:
        with _pool(workers) as pool:
            suspects = yield from _drain(pool, do, waiting, _WAITING * workers)
        for work in suspects:
            with _pool(1) as pool:
                died = yield from _drain(pool, do, iter([work]), 1)
            if died:
                yield work, WorkerDiedError()
        broken = bool(suspects)


def run_on_cluster(
    do: Callable[[Work], Done], works: Iterable[Work], address: str
) -> Iterator[tuple[Work, Done | BaseException]]:
    """Run works on a Dask cluster, which hands on what a lost worker had.

    Raises
    ------
    InputError
        When Dask is not installed or no scheduler answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError("A cluster needs Dask: pip install 'formdrift[cluster]'.") from error
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError(f"No Dask scheduler answers at '{address}': start one, or correct the address.") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise InputError(f"The Dask scheduler at '{address}' has no workers: start some with `dask worker`.")
        with client.get_executor(retries=2, pure=False) as executor:
            died = yield from _drain(executor, do, iter(works), _WAITING * threads)
        yield from ((work, WorkerDiedError()) for work in died)


def _drain(
    executor: Executor, do: Callable[[Work], Done], waiting: Iterator[Work], at_once: int
) -> Generator[tuple[Work, Done | BaseException], None, list[Work]]:
    """Work off what is waiting; returns what was under way when the executor broke."""
    running: dict[Future[Done], Work] = {}
    suspects: list[Work] = []
    while True:
        # an executor that broke takes no more
        for work in islice(waiting, 0 if suspects else at_once - len(running)):
            try:
                running[executor.submit(do, work)] = work
            except BrokenExecutor:
                suspects.append(work)
                break
        if not running:
            return suspects
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            work, error = running.pop(future), future.exception()
            if isinstance(error, BrokenExecutor):
                suspects.append(work)
            else:
                yield work, future.result() if error is None else error


@contextmanager
def _pool(workers: int) -> Iterator[Executor]:
    """Make processes that start clean, so that no library's threads are copied half alive, and end with this one."""
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_prepare_worker)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepare_worker() -> None:
    """End with the parent, even when that was killed: an orphan would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
