"""Bake the bodies of ``people.toml`` into ``../bodies``: one shared mesh and one small file a person.

Run it as ``python -m formdrift.sample_videos.bake``; nothing here is needed to render.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from ..render.body import FOLDER, PARTS, SEGMENTS, VERTEX_UNIT_M, WEIGHT_UNIT
from .anny_source import read_source, shape_body, surface_regressors
from .dress import dress, dressed_vertices
from .reduce import reduce

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .anny_source import Floats
    from .dress import Outfit

_TEMPLATE = {"gender": 0.5, "age": 0.62, "muscle": 0.55, "weight": 0.5, "height": 0.45, "proportions": 0.55}
_INFLUENCES = 6
_FIXED_COLOURS = {"eye": [237, 237, 235], "iris": [26, 18, 13], "sole": [64, 64, 64]}
_LIP_TINT = np.array([0.80, 0.60, 0.66])


def main() -> None:
    """Write every body file and print its height and size."""
    torch.set_num_threads(1)
    source = read_source()
    people = tomllib.loads((Path(__file__).parent / "people.toml").read_text(encoding="utf-8"))
    template = shape_body(source, _TEMPLATE)
    outfit = dress(source, template)
    strongest = np.array([name.removeprefix("left_").removeprefix("right_") for name in SEGMENTS])
    kind = strongest[source.weights[outfit.vertex].argmax(axis=1)]
    full = len(outfit.faces)
    outfit = reduce(outfit, dressed_vertices(outfit, template), kind)
    FOLDER.mkdir(exist_ok=True)
    _save_mesh(outfit, source.weights[outfit.vertex])
    print(f"mesh: {full} -> {len(outfit.faces)} triangles, {len(outfit.vertex)} vertices")
    for name, person in people.items():
        body = shape_body(source, person["shape"])
        vertices = dressed_vertices(outfit, body)
        np.savez_compressed(
            FOLDER / f"{name}.npz",
            vertices=np.round(vertices / VERTEX_UNIT_M).astype(np.int16),
            heads=body.heads.astype(np.float32),
            joints=body.joints.astype(np.float32),
            surface_names=np.array(source.keypoint_names),
            surface=surface_regressors(source, body).astype(np.float32),
            palette=_palette(person),
        )
        print(f"{name}: {vertices[:, 2].max():.2f} m, {(FOLDER / f'{name}.npz').stat().st_size // 1000} kB")


def _save_mesh(outfit: Outfit, weights: Floats) -> None:
    segments = np.argsort(-weights, axis=1)[:, :_INFLUENCES]
    strongest = np.take_along_axis(weights, segments, axis=1)
    whole = np.round(strongest / strongest.sum(axis=1, keepdims=True) * WEIGHT_UNIT).astype(int)
    whole[:, 0] += WEIGHT_UNIT - whole.sum(axis=1)
    np.savez_compressed(
        FOLDER / "mesh.npz",
        faces=outfit.faces.astype(np.uint16),
        segments=segments.astype(np.uint8),
        weights=whole.astype(np.uint8),
        part=outfit.part.astype(np.uint8),
    )


def _palette(person: dict[str, list[int]]) -> NDArray[np.uint8]:
    skin = np.array(person["skin"])
    colours = dict.fromkeys(("skin", "forearm", "lower_leg"), skin) | {"lip": skin * _LIP_TINT}
    colours |= {"brow": person["hair"]} | _FIXED_COLOURS
    colours |= {part: person[part] for part in ("hair", "shirt", "shorts", "shoe")}
    return np.stack([np.asarray(colours[part]) for part in PARTS]).round().astype(np.uint8)


if __name__ == "__main__":
    main()
