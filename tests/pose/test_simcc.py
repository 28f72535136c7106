"""The adapter for users' own networks, tested with generated ones that find the brightest red and blue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from formdrift.pose.engine import EngineError, RegionEngine
from formdrift.pose.estimate import make_engine
from formdrift.pose.region import Region
from formdrift.pose.simcc import SimCC, decode
from formdrift.vision.image import ImageFrame

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WIDTH, HEIGHT = 192, 256
STD, MEAN = (58.395, 57.12, 57.375), (123.675, 116.28, 103.53)


def write_model(
    path: Path,
    landmarks: int = 17,
    outputs: int = 2,
    channels: int = 3,
    y_per_pixel: int = 2,
    height: int | str = HEIGHT,
) -> Path:
    """Write a network with the signature of RTMPose.

    Even landmarks lie where the picture is reddest, odd ones where it is bluest.
    """
    colours = np.arange(landmarks) % 2 * 2

    def constant(name: str, value: object, kind: type) -> onnx.TensorProto:
        return numpy_helper.from_array(np.array(value, kind), name)

    nodes = [
        helper.make_node("Mul", ["input", "std"], ["scaled"]),
        helper.make_node("Add", ["scaled", "mean"], ["grey"]),
        helper.make_node("Div", ["grey", "white"], ["picture"]),
    ]
    for axis, name in ((2, "simcc_x"), (3, "simcc_y"))[:outputs]:
        nodes += [
            helper.make_node("ReduceMax", ["picture"], [f"{name}_all"], axes=[axis], keepdims=0),
            helper.make_node("Gather", [f"{name}_all", "colours"], [f"{name}_each"], axis=1),
            helper.make_node("Gather", [f"{name}_each", f"{name}_bins"], [name], axis=2),
        ]
    lengths = {"simcc_x": (WIDTH, 2), "simcc_y": (HEIGHT, y_per_pixel)}
    graph = helper.make_graph(
        nodes,
        "generated",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", channels, height, WIDTH])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", landmarks, n * bins])
            for name, (n, bins) in list(lengths.items())[:outputs]
        ],
        [
            constant("std", np.reshape(STD[:channels], (1, -1, 1, 1)), np.float32),
            constant("mean", np.reshape(MEAN[:channels], (1, -1, 1, 1)), np.float32),
            constant("white", 255, np.float32),
            constant("colours", np.minimum(colours, channels - 1), np.int64),
            *(constant(f"{name}_bins", np.repeat(np.arange(n), bins), np.int64) for name, (n, bins) in lengths.items()),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def picture(red: tuple[int, int], blue: tuple[int, int]) -> ImageFrame:
    """Dark, with a red and a blue square whose middles are given."""
    image = np.full((480, 640, 3), 10, np.uint8)
    for (x, y), channel in ((red, 0), (blue, 2)):
        image[y - 4 : y + 4, x - 4 : x + 4, channel] = 250
    return ImageFrame(0, 0.0, image)


@pytest.mark.usefixtures("blazepose_models")
@pytest.mark.parametrize(("landmarks", "name"), [(17, "coco-17"), (26, "halpe-26")])
def test_the_number_of_landmarks_tells_the_topology_and_places_are_the_pictures(
    tmp_path: Path, landmarks: int, name: str
) -> None:
    engine = SimCC(write_model(tmp_path / "pose.onnx", landmarks))
    assert isinstance(engine, RegionEngine)
    assert engine.topology.name == name
    assert engine.model_id.startswith(f"simcc-{name}-")
    red, blue = (330, 120), (290, 400)
    found = engine.look(picture(red, blue), Region((310.0, 250.0), 400.0, 0.0))
    engine.close()
    assert found is not None
    expected = np.where(np.arange(landmarks)[:, None] % 2 == 0, red, blue)
    # the first of the equally bright pixels, 8 of the picture or 5 of the cut-out wide
    np.testing.assert_allclose(found.xy_px, expected - 4, atol=2.5)
    np.testing.assert_allclose(found.visibility, 250 / 255, atol=0.02)
    assert np.isnan(found.world_m).all()


@pytest.mark.usefixtures("blazepose_models")
def test_the_next_region_is_around_the_landmarks_with_a_margin(tmp_path: Path) -> None:
    engine = SimCC(write_model(tmp_path / "pose.onnx", 26))
    tall = engine.look(picture((310, 120), (320, 380)), Region((310.0, 250.0), 400.0, 0.0))
    wide = engine.look(picture((250, 240), (430, 250)), Region((330.0, 250.0), 400.0, 0.0))
    engine.close()
    assert tall is not None
    assert wide is not None
    assert tall.region is not None
    assert wide.region is not None
    np.testing.assert_allclose(tall.region.center_px, (311, 246), atol=3)
    assert tall.region.side_px == pytest.approx(1.25 * 260, rel=0.02)
    # as high as makes its cut-out wide enough
    assert wide.region.side_px * WIDTH / HEIGHT == pytest.approx(1.25 * 180, rel=0.02)


@pytest.mark.usefixtures("blazepose_models")
def test_nobody_in_a_dark_region_and_nothing_after_closing(tmp_path: Path) -> None:
    engine = make_engine(f"simcc:{write_model(tmp_path / 'pose.onnx')}", "full")
    frame = ImageFrame(0, 0.0, np.zeros((480, 640, 3), np.uint8))
    assert isinstance(engine, RegionEngine)
    assert engine.look(frame, Region((310.0, 250.0), 400.0, 0.0)) is None
    assert engine.process(frame) is None
    engine.close()
    with pytest.raises(EngineError, match="has been closed: make a new one"):
        engine.process(frame)


def test_the_highest_bins_are_the_coordinates() -> None:
    x, y = np.zeros((3, 2 * WIDTH), np.float32), np.zeros((3, 2 * HEIGHT), np.float32)
    x[0, 31], y[0, 200] = 0.9, 0.7
    x[1, 380], y[1, 3] = 1.4, 1.2
    xy, visibility = decode(x, y, (WIDTH, HEIGHT))
    np.testing.assert_allclose(xy, [(15.5, 100), (190, 1.5), (np.nan, np.nan)])
    np.testing.assert_allclose(visibility, [0.7, 1.0, 0.0])


def _no_file(path: Path) -> None:
    assert not path.exists()


def _text(path: Path) -> None:
    path.write_text("no network")


def _nothing(path: Path) -> None:
    path.touch()


def _one_output(path: Path) -> None:
    write_model(path, outputs=1)


def _grey(path: Path) -> None:
    write_model(path, channels=1)


def _nineteen(path: Path) -> None:
    write_model(path, landmarks=19)


def _uneven_bins(path: Path) -> None:
    write_model(path, y_per_pixel=3)


def _open_height(path: Path) -> None:
    write_model(path, height="height")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_no_file, "There is no file"),
        (_text, "can't be run as a network"),
        (_nothing, "can't be run as a network"),
        (_one_output, "is no SimCC pose model"),
        (_grey, "is no SimCC pose model"),
        (_nineteen, "17 or 26 landmarks"),
        (_uneven_bins, "is no SimCC pose model"),
        (_open_height, "is no SimCC pose model"),
    ],
)
def test_a_file_that_is_no_such_model_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "pose.onnx"
    make(path)
    with pytest.raises(EngineError, match=said) as refusal:
        make_engine(f"simcc:{path}", "full")
    message = str(refusal.value)
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message


def test_values_of_different_weights_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formdrift.pose.tracking.locate", lambda _: write_model(tmp_path / "detector.onnx"))
    first, again, other = (
        SimCC(write_model(tmp_path / f"{i}.onnx", landmarks)).model_id for i, landmarks in enumerate((17, 17, 26))
    )
    assert first == again != other
