"""What a clip shows, read from a TOML file: who, in what room, through which camera, doing which reps."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from .camera import CameraSetup
from .errors import ScenarioError
from .posture import Stance
from .programme import Fatigue, Movement, Variation
from .room import Room

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Video:
    """How the clip is filmed.

    Attributes
    ----------
    width, height : int
        Of the picture, in pixels.
    fps : float
        Frames per second.
    noise : float
        Standard deviation of the sensor noise, in grey levels.
    """

    width: int = 640
    height: int = 480
    fps: float = 30.0
    noise: float = 2.5


@dataclass(frozen=True)
class Scenario:
    """Everything that decides a clip: the same scenario gives the same pixels and the same truth.

    Attributes
    ----------
    description : str
        What the clip shows, in one line.
    body : str
        Name of a baked body.
    seed : int
        Of everything random.
    movement, variation, fatigue
        The set, how reps differ by chance, and how they change as the subject tires.
    stance, camera, room, video
        Feet, camera, background, picture.
    """

    description: str
    movement: Movement
    body: str = "man_average"
    seed: int = 0
    variation: Variation = field(default_factory=Variation)
    fatigue: Fatigue = field(default_factory=Fatigue)
    stance: Stance = field(default_factory=Stance)
    camera: CameraSetup = field(default_factory=CameraSetup)
    room: Room = field(default_factory=Room)
    video: Video = field(default_factory=Video)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        When the file is missing, isn't TOML, or has a wrong or missing entry.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"'{path}' can't be read ({error.strerror}): give the name of a scenario file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"'{path}' isn't a TOML file ({error}): correct it there.") from error
    try:
        scenario = TypeAdapter(Scenario).validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "scenario"
        raise ScenarioError(f"'{path}': {where}: {first['msg']}; correct that entry.") from error
    unknown = _unknown(table, asdict(scenario))
    if unknown is not None:
        raise ScenarioError(f"'{path}': there is no entry '{unknown}'; correct its name or remove it.")
    return scenario


def _unknown(given: dict[str, Any], known: dict[str, Any]) -> str | None:
    """Return the first entry, with the names of its tables, that a scenario doesn't have."""
    for name, value in given.items():
        if name not in known:
            return name
        inner = _unknown(value, known[name]) if isinstance(value, dict) else None
        if inner is not None:
            return f"{name}.{inner}"
    return None
