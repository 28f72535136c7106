"""What a clip shows, read from a TOML file: who, in what room, through which camera, doing which reps."""

from __future__ import annotations

import math
import tomllib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from .camera import CameraSetup
from .errors import ScenarioError
from .events import Event  # noqa: TC001 - the reader of TOML looks at the annotations
from .faults import Fatigue, check_names
from .light import Light
from .load import Load
from .model import Clothes
from .people import Person  # noqa: TC001
from .programme import Movement, Variation
from .room import Room
from .sway import Sway
from .targets import Stance

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
    crf : int
        Constant rate factor of H.264, 0 to 51: 23 is usual, 6 more halve the size.
    """

    width: int = 640
    height: int = 480
    fps: float = 30.0
    noise: float = 2.5
    crf: int = 23

    def __post_init__(self) -> None:
        if min(self.width, self.height) < 16 or not 1 <= self.fps <= 240 or self.noise < 0 or not 0 <= self.crf <= 51:
            raise ValueError(
                "expected a picture of 16 px or more, 1 to 240 fps, no negative noise and a crf of 0 to 51"
            )


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
    faults : mapping of str to float or tuple of float
        Amounts of `faults.FAULTS`: one for every rep, or one a rep.
    sway
        On one leg.
    events : tuple of Event
        What is no rep.
    load, clothes, others
        What is lifted, what is worn, who else is there.
    stance, camera, room, light, video
        Feet, camera, background, lamps, picture.
    """

    description: str
    movement: Movement
    body: str = "man_average"
    seed: int = 0
    variation: Variation = field(default_factory=Variation)
    fatigue: Fatigue = field(default_factory=Fatigue)
    faults: dict[str, float | tuple[float, ...]] = field(default_factory=dict)
    sway: Sway = field(default_factory=Sway)
    events: tuple[Event, ...] = ()
    load: Load = field(default_factory=Load)
    clothes: Clothes = field(default_factory=Clothes)
    others: tuple[Person, ...] = ()
    stance: Stance = field(default_factory=Stance)
    camera: CameraSetup = field(default_factory=CameraSetup)
    room: Room = field(default_factory=Room)
    light: Light = field(default_factory=Light)
    video: Video = field(default_factory=Video)

    def __post_init__(self) -> None:
        check_names(self.faults)
        if self.seed < 0:
            raise ValueError("expected a seed that is not negative")
        late = [event.kind for event in self.events if event.after_rep > self.movement.reps]
        if late:
            raise ValueError(f"expected {late[0]} after one of {self.movement.reps} reps")


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        When the file is missing, isn't TOML, or has a wrong or missing entry.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=_finite)
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


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ScenarioError(f"A scenario has finite numbers, and '{text}' is none: correct that entry.")
    return number


def _unknown(given: dict[str, Any], known: dict[str, Any]) -> str | None:
    """Return the first entry, with the names of its tables, that a scenario doesn't have."""
    for name, value in given.items():
        if name not in known:
            return name
        pairs = [(value, known[name])] if isinstance(value, dict) else []
        if isinstance(value, list) and value and isinstance(value[0], dict):
            pairs = list(zip(value, known[name], strict=True))
        for part, there in pairs:
            inner = _unknown(part, there)
            if inner is not None:
                return f"{name}.{inner}"
    return None
