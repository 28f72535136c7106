"""BlazePose's two networks as the kinds of networks that RTMPose's programs take (YOLOX, RTMPose).

The weights stay as they are; a few nodes before and after turn pictures and results from one
form into the other. Sizes, means and deviations are those that RTMPose was trained with
(Jiang et al. 2023).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import compose, numpy_helper, parser

from formdrift.models.store import locate
from formdrift.pose.detector import SIZE, anchors
from formdrift.pose.topology import HALPE_26, MEDIAPIPE_33

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# YOLOX takes blue, green, red from 0 to 255; BlazePose's detector red, green, blue from -1 to 1.
_DETECTOR_TAKES = f"""agraph (float[1, 3, {SIZE}, {SIZE}] picture) => (float[1, {SIZE}, {SIZE}, 3] cut)
<float scale = {{0.00784314}}, float one = {{1}}, int64[3] rgb = {{2, 1, 0}}>
{{
    scaled = Mul(picture, scale)
    centred = Sub(scaled, one)
    turned = Gather<axis = 1>(centred, rgb)
    cut = Transpose<perm = [0, 2, 3, 1]>(turned)
}}"""
# The likeliest box, as tall as the circle around the person; RTMPose widens it by a quarter, as BlazePose does.
_DETECTOR_GIVES = """agraph (float[1, 2254, 12] boxes, float[1, 2254, 1] logits) => (float[1, 1, 5] found)
<int64[1] flat = {-1}, int64[4] parts = {4, 2, 2, 4}, float[2] shape = {0.75, 1}>
{
    likeliest = ArgMax<axis = 1>(logits)
    number = Reshape(likeliest, flat)
    logit = Gather<axis = 1>(logits, number)
    score = Sigmoid(logit)
    box = Gather<axis = 1>(boxes, number)
    anchor = Gather<axis = 0>(anchors, number)
    size, hips, rim, rest = Split<axis = 2>(box, parts)
    spoke = Sub(rim, hips)
    radius = ReduceL2<axes = [2]>(spoke)
    half = Mul(radius, shape)
    middle = Add(hips, anchor)
    low = Sub(middle, half)
    high = Add(middle, half)
    found = Concat<axis = 2>(low, high, score)
}"""
# RTMPose takes 192 x 256 pixels less its mean, over its deviation; BlazePose 256 x 256 from 0 to 1.
_POSE_TAKES = """agraph (float[1, 3, 256, 192] picture) => (float[1, 256, 256, 3] cut)
<float[1, 3, 1, 1] deviation = {58.395, 57.12, 57.375}, float[1, 3, 1, 1] mean = {123.675, 116.28, 103.53},
 float white = {255}, int64[3] rgb = {2, 1, 0}, int64[8] beside = {0, 0, 0, 32, 0, 0, 0, 32}>
{
    spread = Mul(picture, deviation)
    shifted = Add(spread, mean)
    scaled = Div(shifted, white)
    turned = Gather<axis = 1>(scaled, rgb)
    wide = Pad(turned, beside)
    cut = Transpose<perm = [0, 2, 3, 1]>(wide)
}"""
# Two bins a pixel; the highest is the coordinate, its height the visibility.
_POSE_GIVES = """agraph (float[1, 195] values) => (float[1, 26, 384] simcc_x, float[1, 26, 512] simcc_y)
<int64[3] shape = {1, 39, 5}, int64[5] parts = {1, 1, 1, 1, 1}, float beside = {32}, float slope = {0.001},
 float two = {2}>
{
    points = Reshape(values, shape)
    chosen = MatMul(choice, points)
    x_wide, y, z, logit, presence = Split<axis = 2>(chosen, parts)
    visible = Sigmoid(logit)
    x = Sub(x_wide, beside)
    x_bin = Mul(x, two)
    x_off = Sub(bins_x, x_bin)
    x_far = Abs(x_off)
    x_less = Mul(x_far, slope)
    simcc_x = Sub(visible, x_less)
    y_bin = Mul(y, two)
    y_off = Sub(bins_y, y_bin)
    y_far = Abs(y_off)
    y_less = Mul(y_far, slope)
    simcc_y = Sub(visible, y_less)
}"""


# What BlazePose has no point of.
_MADE_OF: dict[str, tuple[str, ...]] = {
    "head_top": ("nose",),
    "neck": ("left_shoulder", "right_shoulder"),
    "pelvis": ("left_hip", "right_hip"),
}
_SMALL_TOES = [22, 23]


def dressed(
    model: str,
    ends: tuple[str, str],
    used: dict[str, str],
    constants: dict[str, NDArray[np.float32]],
    path: Path,
) -> Path:
    """Write a network of ours with other inputs and outputs.

    Parameters
    ----------
    model : str
        Name in the catalogue.
    ends : pair of str
        What comes before it and after it, in ONNX's own notation.
    used : dict of str to str
        Outputs of the network, and the inputs of the second end that they become.
    constants : dict of str to array
        What the second end needs beside them.
    path : Path
        Where it is written; returned.
    """
    network = onnx.load(locate(model))
    graphs = [parser.parse_graph(text) for text in ends]
    graphs[1].initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    kind = {"opset_imports": network.opset_import, "ir_version": network.ir_version}
    before, after = (onnx.helper.make_model(graph, **kind) for graph in graphs)
    # each part's names get a letter in front, so that none is there twice
    before, network, after = map(compose.add_prefix, (before, network, after), "abc")
    begun = compose.merge_models(before, network, [("acut", "binput_1")])
    names = [(f"b{own}", f"c{other}") for own, other in used.items()]
    whole = compose.merge_models(begun, after, names, outputs=[output.name for output in after.graph.output])
    onnx.checker.check_model(whole)
    onnx.save(whole, path)
    return path


def networks(folder: Path) -> tuple[Path, Path]:
    """Write the detector, as a YOLOX that has chosen its box, and the landmarks, as an RTMPose of 26 points."""
    detector = dressed(
        "blazepose-detector",
        (_DETECTOR_TAKES, _DETECTOR_GIVES),
        {"Identity": "boxes", "Identity_1": "logits"},
        {"anchors": anchors().astype(np.float32)},
        folder / "detector.onnx",
    )
    pose = dressed(
        "blazepose-full",
        (_POSE_TAKES, _POSE_GIVES),
        {"Identity": "values"},
        {
            "choice": _choice(),
            "bins_x": np.arange(2 * 192, dtype=np.float32)[None, None],
            "bins_y": np.arange(2 * 256, dtype=np.float32)[None, None],
        },
        folder / "pose.onnx",
    )
    return detector, pose


def _choice() -> NDArray[np.float32]:
    """Return the (26, 39) weights that make RTMPose's points of BlazePose's."""
    made_of = {joint: (joint,) for joint in HALPE_26.index} | _MADE_OF
    choice = np.zeros((HALPE_26.count, 39), np.float32)
    for joint, number in HALPE_26.index.items():
        choice[number, [MEDIAPIPE_33.index[part] for part in made_of[joint]]] = 1 / len(made_of[joint])
    big_toes = choice[[HALPE_26.index[f"{side}_toe"] for side in ("left", "right")]]
    choice[_SMALL_TOES] = big_toes
    return choice
