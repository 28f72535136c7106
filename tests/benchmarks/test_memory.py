from __future__ import annotations

import gc
import tracemalloc

import memory


def peak_bytes(frames: int) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        people = memory.film(frames)
        assert people.lifter.detected.sum() > 0.99 * frames
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_no_frames_accumulate() -> None:
    """Four kilobytes a frame at most are kept: a picture of a frame alone would be 28."""
    peak_bytes(100)
    grown = (peak_bytes(2000) - peak_bytes(500)) / 1500
    # the landmarks themselves take 1.6
    assert 1600 < grown <= 4096
