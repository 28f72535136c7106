"""The ``.task`` file that MediaPipe's pose landmarker loads: two TFLite networks in a zip.

MediaPipe refuses a network without metadata that says how pixels become numbers. The published
weights carry none, so a new root with that metadata is put before each network's bytes; the
weights themselves are not touched.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np

from .flatbuffer import Kept, Number, Record, Table, Value, encode

_METADATA_NAME = "TFLITE_METADATA"
_RGB = 1
_IMAGE_PROPERTIES = 2
_NORMALIZATION = 1

# Fields of TFLite's Model table.
_VERSION, _BUFFERS, _METADATA = 0, 4, 6
_UNCHANGED = (1, 2, 3, 5, 7)  # operator codes, subgraphs, description, metadata buffer, signatures


@dataclass(frozen=True)
class ImageInput:
    """How a network wants its image: ``(pixel - mean) / std``, which lies in [low, high]."""

    name: str
    mean: float
    std: float
    low: float
    high: float


# The detector's scaling is the one in the metadata of the bundles that MediaPipe publishes; the
# landmark networks' is the one with which they give the landmarks of those bundles.
DETECTOR = ImageInput("Pose Detection", 127.5, 127.5, -1.0, 1.0)
LANDMARKS = ImageInput("Pose Landmarks", 0.0, 255.0, 0.0, 1.0)


def build(detector: bytes, landmarks: bytes) -> bytes:
    """Return the bundle of a detector and a landmark network.

    Parameters
    ----------
    detector, landmarks : bytes
        The TFLite files.

    Returns
    -------
    bytes
        The same for the same arguments: entries are stored uncompressed, with one fixed date,
        each aligned to 16 bytes because MediaPipe maps the file into memory.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in (
            ("pose_detector.tflite", with_metadata(detector, DETECTOR)),
            ("pose_landmarks_detector.tflite", with_metadata(landmarks, LANDMARKS)),
        ):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, whatever machine writes it
            entry.external_attr = 0o644 << 16
            header_end = out.tell() + 30 + len(name) + 4
            padding = -header_end % 16
            entry.extra = b"\xfe\xca" + padding.to_bytes(2, "little") + bytes(padding)
            bundle.writestr(entry, data)
    return out.getvalue()


def with_metadata(data: bytes, image: ImageInput) -> bytes:
    """Return a TFLite file with the description of its image input, replacing one it may have."""
    model = Table.root(data)
    buffers: list[Record | Kept] = [Kept(buffer.position) for buffer in model.tables(_BUFFERS)]
    metadata: list[Record | Kept] = [
        Kept(entry.position) for entry in model.tables(_METADATA) if entry.text(0) != _METADATA_NAME
    ]
    metadata.append(Record({0: _METADATA_NAME, 1: Number("I", len(buffers))}))
    buffers.append(Record({0: np.frombuffer(_description(image), np.uint8)}))
    fields: dict[int, Value] = {_VERSION: Number("I", model.number(_VERSION, "I"))}
    for field in _UNCHANGED:
        position = model.reference(field)
        if position is not None:
            fields[field] = Kept(position)
    fields[_BUFFERS] = buffers
    fields[_METADATA] = metadata
    return encode(Record(fields), b"TFL3", kept=data)


def _description(image: ImageInput) -> bytes:
    """Write TFLite's model metadata: one subgraph, one input tensor, an RGB image and its scaling."""
    normalization = Record({0: _floats(image.mean), 1: _floats(image.std)})
    tensor = Record(
        {
            0: "image",
            3: Record({0: Number("B", _IMAGE_PROPERTIES), 1: Record({0: Number("b", _RGB)})}),
            4: [Record({0: Number("B", _NORMALIZATION), 1: normalization})],
            5: Record({0: _floats(image.high), 1: _floats(image.low)}),
        }
    )
    return encode(Record({0: image.name, 3: [Record({2: [tensor]})]}), b"M001")


def _floats(value: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([value], np.float32)
