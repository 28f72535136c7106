"""Doing the next steps of an iterator while its consumer works on the last one."""

from __future__ import annotations

import queue
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator

T = TypeVar("T")

_LOOK_SECONDS = 0.1


def in_background(items: Generator[T, None, None], depth: int) -> Generator[T, None, None]:
    """Yield the items of a generator that runs in a thread of its own.

    Closing the returned iterator early closes the generator and ends the thread.

    Parameters
    ----------
    items : generator
        Run, and closed, entirely in the thread.
    depth : int
        How many items may wait for the consumer.

    Raises
    ------
    BaseException
        What the generator raised, after the items before it.
    """
    waiting: queue.Queue[tuple[T | None, BaseException | None, bool]] = queue.Queue(depth)
    stop = threading.Event()

    def put(item: T | None, error: BaseException | None, last: bool) -> None:
        while not stop.is_set():
            try:
                waiting.put((item, error, last), timeout=_LOOK_SECONDS)
            except queue.Full:
                continue
            return

    def work() -> None:
        error = None
        try:
            for item in items:
                put(item, None, False)
                if stop.is_set():
                    break
        except BaseException as caught:
            error = caught
        finally:
            items.close()
            put(None, error, True)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            item, error, last = waiting.get()
            if error is not None:
                raise error
            if last:
                return
            yield item  # type: ignore[misc]  # None only when it is the last
    finally:
        stop.set()
        # a thread that waits for room goes on at once
        with suppress(queue.Empty):
            while True:
                waiting.get_nowait()
        thread.join()
