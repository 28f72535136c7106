from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from formdrift.models import task_bundle, tflite
from formdrift.models.flatbuffer import Number, Record, Table

if TYPE_CHECKING:
    import pytest
    from conftest import TfliteMaker


def _normalization(data: bytes) -> tuple[str, list[float], list[float]]:
    """Read name, mean and std as MediaPipe finds them: through the metadata entry to its buffer."""
    model = Table.root(data)
    (entry,) = [item for item in model.tables(6) if item.text(0) == "TFLITE_METADATA"]
    stored = model.tables(4)[entry.number(1, "I")].array(0, np.uint8).tobytes()
    assert stored[4:8] == b"M001"
    description = Table.root(stored)
    (subgraph,) = description.tables(3)
    (tensor,) = subgraph.tables(2)
    (unit,) = tensor.tables(4)
    assert unit.number(0, "B") == 1  # NormalizationOptions
    options = unit.table(1)
    assert options is not None
    return description.text(0), options.array(0, np.float32).tolist(), options.array(1, np.float32).tolist()


def test_metadata_is_added_and_the_network_untouched(tiny_tflite: bytes) -> None:
    data = task_bundle.with_metadata(tiny_tflite, task_bundle.DETECTOR)
    assert data.endswith(tiny_tflite)
    assert (len(data) - len(tiny_tflite)) % 16 == 0  # weights keep their alignment
    assert tflite.read(data) == tflite.read(tiny_tflite)
    assert _normalization(data) == ("Pose Detection", [127.5], [127.5])


def test_existing_metadata_is_replaced_and_other_entries_stay(maker: TfliteMaker) -> None:
    image = maker.tensor("image", (1, 2, 2, 3))
    old = [Record({0: name, 1: Number("I", 0)}) for name in ("min_runtime_version", "TFLITE_METADATA")]
    data = task_bundle.with_metadata(maker.write([image], [image], old), task_bundle.LANDMARKS)
    names = [entry.text(0) for entry in Table.root(data).tables(6)]
    assert names == ["min_runtime_version", "TFLITE_METADATA"]
    assert _normalization(data) == ("Pose Landmarks", [0.0], [255.0])


def test_bundle_holds_both_networks_uncompressed_and_aligned(tiny_tflite: bytes) -> None:
    data = task_bundle.build(tiny_tflite, tiny_tflite + bytes(5))
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        assert bundle.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
        for entry in bundle.infolist():
            content = bundle.read(entry)
            assert entry.compress_type == zipfile.ZIP_STORED
            assert data.index(content) % 16 == 0
        assert content.endswith(tiny_tflite + bytes(5))


def test_the_same_bytes_every_time(tiny_tflite: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    first = task_bundle.build(tiny_tflite, tiny_tflite)
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert task_bundle.build(tiny_tflite, tiny_tflite) == first
