"""Tracks and angles in the two text formats that OpenSim reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ...pose.track import PoseTrack
    from ...scoring.sets import Series


def trc(track: PoseTrack) -> str:
    """Return the landmarks of a track as a TRC file.

    Metres of an average person with the origin between the hips in every frame, as the
    pose network gives them: x to the right of the picture, y up, z towards the camera.
    A landmark that was not seen is left empty.

    Raises
    ------
    ValueError
        When the track has no landmarks in metres.
    """
    if track.world_m is None:
        raise ValueError("expected a track with landmarks in metres, got one with pixels only")
    names, columns = list(track.topology.index), list(track.topology.index.values())
    points = (track.world_m[:, columns] * np.array([1.0, -1.0, -1.0])).reshape(len(track), -1)
    rate = f"{track.source.fps:.2f}"
    head = [
        "PathFileType\t4\t(X/Y/Z)\tlandmarks.trc",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{len(track)}\t{len(names)}\tm\t{rate}\t1\t{len(track)}",
        "Frame#\tTime\t" + "\t".join(f"{name}\t\t" for name in names),
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)),
        "",
    ]
    rows = (
        f"{i}\t{time:.6f}\t" + "\t".join("" if np.isnan(value) else f"{value:.6f}" for value in row)
        for i, (time, row) in enumerate(zip(track.time_s, points, strict=True), start=1)
    )
    return "\n".join([*head, *rows]) + "\n"


def mot(series: Series) -> str | None:
    """Return the angle curves of one source as a MOT file, in degrees; None where the view shows no angles.

    Frames in which one of them was not seen are left out.
    """
    curves = {name: values for name, values in series.values.items() if name.endswith("_deg")}
    if not curves:
        return None
    table = np.column_stack([series.time_s, *curves.values()])
    table = table[np.isfinite(table).all(axis=1)]
    head = [
        "formdrift",
        "version=1",
        f"nRows={len(table)}",
        f"nColumns={table.shape[1]}",
        "inDegrees=yes",
        "endheader",
        "\t".join(["time", *curves]),
    ]
    return "\n".join([*head, *("\t".join(f"{value:.6f}" for value in row) for row in table)]) + "\n"
