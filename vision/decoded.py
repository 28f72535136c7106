"""One decoded frame: from the planes of a codec to upright pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, cast

import av
import cv2
import numpy as np
from av.sidedata.sidedata import Type

from .image import ImageFrame, warp

if TYPE_CHECKING:
    from av.sidedata.sidedata import SideDataContainer
    from av.video.plane import VideoPlane
    from numpy.typing import NDArray

    from .frame import Image

# Kr and Kb of ITU-R BT.709, BT.2020 and BT.601, by the code points of ITU-T H.273.
_BT601 = 0.299, 0.114
_LUMA_WEIGHTS = {1: (0.2126, 0.0722), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
_FULL_RANGE = 2


@dataclass(frozen=True)
class Orientation:
    """How a stored picture becomes the upright one: transposed first, then flipped."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False

    @classmethod
    def of(cls, frame: av.VideoFrame) -> Orientation:
        """Read the display matrix that the container attached to a frame.

        The matrix sends a stored point (x, y), y down, to (a x + c y, b x + d y).
        """
        side_data = cast("SideDataContainer", frame.side_data)
        if (data := side_data.get(Type.DISPLAYMATRIX)) is None:
            return cls()
        a, b, _, c, d = np.frombuffer(bytes(data), np.int32)[:5].tolist()
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(False, a < 0, d < 0)
        return cls(True, c < 0, b < 0)

    @property
    def rotation_deg(self) -> int:
        """Clockwise rotation, 0, 90, 180 or 270; of a mirrored picture, the rotation after the mirroring."""
        if self.transpose:
            return 90 if self.flip_x else 270
        return 180 if self.flip_y else 0

    def upright_size(self, stored: tuple[int, int]) -> tuple[int, int]:
        """Return the upright width and height of a stored picture."""
        return (stored[1], stored[0]) if self.transpose else stored

    def upright(self, image: Image) -> Image:
        """Turn a stored picture upright."""
        if self.transpose:
            image = cv2.transpose(image).astype(np.uint8, copy=False)
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            image = cv2.flip(image, code).astype(np.uint8, copy=False)
        return image

    def to_stored(self, upright: tuple[int, int], stored: tuple[int, int]) -> NDArray[np.float64]:
        """Return the (3, 3) matrix from continuous upright to continuous stored coordinates in pixels."""
        width, height = upright
        flip = np.diag([-1.0 if self.flip_x else 1.0, -1.0 if self.flip_y else 1.0, 1.0])
        flip[:2, 2] = width * self.flip_x, height * self.flip_y
        swap = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 1]]) if self.transpose else np.eye(3)
        turned = self.upright_size(upright)
        matrix: NDArray[np.float64] = np.diag([stored[0] / turned[0], stored[1] / turned[1], 1.0]) @ swap @ flip
        return matrix


class DecodedFrame:
    """A frame of a file; satisfies :class:`formdrift.vision.frame.Frame`.

    Parameters
    ----------
    index, time_s
        As in the protocol.
    size : tuple of int
        Width and height of the upright picture; the stored one is stretched to it.
    orientation : Orientation
        How the stored picture becomes upright.
    stored : av.VideoFrame
        As the decoder gave it.
    """

    def __init__(
        self, index: int, time_s: float, size: tuple[int, int], orientation: Orientation, stored: av.VideoFrame
    ) -> None:
        self.index = index
        self.time_s = time_s
        self.size = size
        self._orientation = orientation
        self._stored = stored

    def rgb(self) -> Image:
        """Return the whole upright picture, shape (H, W, 3), RGB; read-only, converted once."""
        return self._rgb

    def crop(self, matrix: NDArray[np.float64], size: tuple[int, int], repeat_edges: bool = False) -> Image:
        """Return a warped region; see :meth:`formdrift.vision.frame.Frame.crop`.

        Luma and chroma in planes of their own are sampled plane by plane, so that a small
        region of a large picture costs no conversion of the whole.
        """
        stored = self._stored
        if (layout := _layout(stored.format.name)) is None:
            return warp(self._rgb, matrix, size, None if repeat_edges else 0).astype(np.uint8, copy=False)
        to_stored = self._orientation.to_stored(self.size, (stored.width, stored.height))
        luma = (to_stored @ np.vstack([matrix, (0, 0, 1)]))[:2]
        full = stored.color_range == _FULL_RANGE or stored.format.name.startswith("yuvj")
        black, scale = (0 if full else 16, 128, 128), 1 << (layout.bits - 8)
        planes = [
            warp(
                _plane(stored.planes[i], layout.plane_size(i, (stored.width, stored.height)), layout.bits),
                layout.to_chroma(luma) if i else luma,
                size,
                None if repeat_edges else black[i] * scale,
            )
            for i in range(3)
        ]
        if scale > 1:
            planes = [cv2.convertScaleAbs(plane, alpha=1 / scale) for plane in planes]
        to_rgb = _to_rgb(*_LUMA_WEIGHTS.get(stored.colorspace, _BT601), full)
        return cv2.transform(cv2.merge(planes), to_rgb).astype(np.uint8, copy=False)

    def grey(self, size: tuple[int, int]) -> Image:
        """Return the whole upright picture in grey, shape (height, width); the luma itself where it is a plane."""
        stored = self._stored
        if (layout := _layout(stored.format.name)) is None:
            return ImageFrame(self.index, self.time_s, self._rgb).grey(size)
        luma = _plane(stored.planes[0], (stored.width, stored.height), layout.bits)
        # some sixteen samples for a pixel are enough: most of a large plane need not be read
        step = max(1, min(self.size[0] // size[0], self.size[1] // size[1]) // 4)
        small = cv2.resize(
            np.ascontiguousarray(luma[::step, ::step]),
            self._orientation.upright_size(size),
            interpolation=cv2.INTER_AREA,
        )
        if layout.bits > 8:
            small = cv2.convertScaleAbs(small, alpha=1 / (1 << (layout.bits - 8)))
        return self._orientation.upright(small.astype(np.uint8, copy=False))

    @cached_property
    def _rgb(self) -> Image:
        width, height = self._orientation.upright_size(self.size)
        stored = self._stored.to_ndarray(format="rgb24", width=width, height=height)
        image = self._orientation.upright(stored.astype(np.uint8, copy=False))
        image.flags.writeable = False
        return image


@dataclass(frozen=True)
class _Layout:
    """How a pixel format stores luma and chroma in planes of their own.

    Attributes
    ----------
    bits : int
        Of a sample.
    columns, rows : int
        Luma samples that share one chroma sample.
    """

    bits: int
    columns: int
    rows: int

    def plane_size(self, number: int, picture: tuple[int, int]) -> tuple[int, int]:
        """Return the width and height of plane 0 (luma), 1 or 2 of a picture."""
        width, height = picture
        return (-(-width // self.columns), -(-height // self.rows)) if number else picture

    def to_chroma(self, luma: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn a (2, 3) map to luma coordinates into one to chroma coordinates.

        By default a chroma sample sits on the leftmost column, and in the middle of the
        rows, of its luma samples.
        """
        chroma = luma / ((self.columns,), (self.rows,))
        chroma[0, 2] += (1 - 1 / self.columns) / 2
        return np.asarray(chroma)


@lru_cache
def _layout(pixel_format: str) -> _Layout | None:
    """Return the layout of a planar YCbCr format, None for any other."""
    side = 64
    of = av.VideoFormat(pixel_format, side, side)
    if of.is_rgb or of.is_big_endian or [part.plane for part in of.components[:3]] != [0, 1, 2]:
        return None
    chroma = of.components[1]
    return _Layout(chroma.bits, side // chroma.width, side // chroma.height)


def _plane(plane: VideoPlane, size: tuple[int, int], bits: int) -> NDArray[np.integer]:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    values: NDArray[np.integer] = rows if bits == 8 else rows.view(np.uint16)
    return values[: size[1], : size[0]]


@lru_cache
def _to_rgb(kr: float, kb: float, full_range: bool) -> NDArray[np.float64]:
    """Return the (3, 4) matrix from 8-bit Y, Cb, Cr to R, G, B (ITU-R BT.709 and BT.601, section 3)."""
    kg = 1 - kr - kb
    y, c, floor = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16.0)
    linear = np.array(
        [
            [y, 0, 2 * (1 - kr) * c],
            [y, -2 * (1 - kb) * kb / kg * c, -2 * (1 - kr) * kr / kg * c],
            [y, 2 * (1 - kb) * c, 0],
        ]
    )
    return np.column_stack([linear, linear @ (-floor, -128, -128)])
