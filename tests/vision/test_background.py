from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from formdrift.vision.background import in_background

if TYPE_CHECKING:
    from collections.abc import Generator


def test_items_arrive_in_order_and_from_another_thread() -> None:
    def work() -> Generator[tuple[int, int], None, None]:
        for i in range(50):
            yield i, threading.get_ident()

    items = list(in_background(work(), 3))
    assert [i for i, _ in items] == list(range(50))
    assert {ident for _, ident in items} != {threading.get_ident()}


def test_an_error_arrives_after_the_items_before_it() -> None:
    def work() -> Generator[int, None, None]:
        yield 1
        raise OSError("gone")

    items = in_background(work(), 3)
    assert next(items) == 1
    with pytest.raises(OSError, match="gone"):
        next(items)


def test_no_more_than_the_depth_is_made_ahead() -> None:
    made: list[int] = []
    blocked = threading.Event()

    def work() -> Generator[int, None, None]:
        for i in range(100):
            made.append(i)
            if i == 4:
                blocked.set()
            yield i

    items = in_background(work(), 3)
    assert next(items) == 0
    # One taken, three waiting, one in the maker's hand.
    assert blocked.wait(60)
    assert len(made) == 5
    items.close()
    assert len(made) <= 6


def test_closing_early_closes_the_generator_and_ends_its_thread() -> None:
    closed: list[bool] = []

    def work() -> Generator[int, None, None]:
        try:
            yield from range(1000)
        finally:
            closed.append(True)

    before = threading.active_count()
    items = in_background(work(), 2)
    next(items)
    items.close()
    assert closed == [True]
    assert threading.active_count() == before
