"""The walls of the house: every package is installed, and imports go one way."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_INSTALLED = {"benchmarks", "build", "dist", "docs", "setup", "tests"}

# What a room may import of ours, besides itself. A dotted name opens that module only.
MAY_IMPORT = {
    "vision": (),
    "models": (),
    "pose": ("vision.frame", "models"),
    "scoring": ("pose.track", "pose.topology"),
    "assess": ("scoring", "pose", "vision", "models"),
    "sessions": ("scoring.result",),
    "sample_videos": ("vision",),
    "ui": ("assess", "sessions", "models", "sample_videos"),
}
# Types that cross walls stay free of the machinery around them, so their own room is not open to them either.
LIGHT_MODULES = {"vision.frame": (), "pose.topology": (), "pose.track": ("pose.topology", "vision.frame")}

ROOMS = sorted(
    folder.name
    for folder in ROOT.iterdir()
    if folder.is_dir() and not folder.name.startswith(".") and any(folder.rglob("*.py"))
    if folder.name not in NOT_INSTALLED
)
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
SCORING = [path for path in MODULES if path.is_relative_to(ROOT / "scoring")]


def module_name(path: Path) -> str:
    """Return the dotted name below ``formdrift``, for example ``pose.track``; a package has its folder's name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


KNOWN_MODULES = {module_name(path) for path in MODULES}


def imports(path: Path, source: str) -> set[str]:
    """Return the absolute names of all modules that a file imports, wherever in the file it does so."""
    package = ["formdrift", *path.relative_to(ROOT).parent.parts]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = (f"{base}.{alias.name}" for alias in node.names)
            found |= {name if name.removeprefix("formdrift.") in KNOWN_MODULES else base for name in names}
    return found


def ours(names: set[str]) -> set[str]:
    return {name.removeprefix("formdrift.") for name in names if name.startswith("formdrift.")}


def within(name: str, allowed: tuple[str, ...]) -> bool:
    return any(name == door or name.startswith(f"{door}.") for door in allowed)


def crossings(path: Path, source: str) -> set[str]:
    """Return the imports of a file that its room, or the module itself, may not make."""
    module = module_name(path)
    room = module.split(".")[0]
    allowed = LIGHT_MODULES.get(module, (room, *MAY_IMPORT[room]))
    return {name for name in ours(imports(path, source)) if not within(name, allowed)}


SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_every_folder_with_code_is_packaged() -> None:
    on_disk = {".".join(["formdrift", *path.relative_to(ROOT).parent.parts]) for path in MODULES}
    assert on_disk == set(SETUPTOOLS["packages"])


def test_every_room_is_mapped_to_its_folder() -> None:
    assert SETUPTOOLS["package-dir"] == {f"formdrift.{room}": room for room in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_room_tells_type_checkers_that_it_is_typed(room: str) -> None:
    assert (ROOT / room / "py.typed").is_file()


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_go_one_way(path: Path) -> None:
    assert crossings(path, path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize(
    ("module", "source", "forbidden"),
    [
        ("vision/frame.py", "from ..pose.track import PoseTrack", {"pose.track"}),
        ("vision/frame.py", "from .video import open_video", {"vision.video"}),
        ("pose/track.py", "from . import engine", {"pose.engine"}),
        ("pose/engine.py", "from ..vision import Anything, frame", {"vision"}),
        ("scoring/reps.py", "def f():\n    from ..pose.engine import PoseEngine", {"pose.engine"}),
        ("scoring/reps.py", "import formdrift.assess", {"assess"}),
        ("models/store.py", "from .. import ui", {"ui"}),
        ("ui/views/set.py", "from ...scoring.reps import segment", {"scoring.reps"}),
        ("ui/views/set.py", "from ...assess import assess_video\nfrom ..cli import main", set()),
        ("scoring/reps.py", "from ..pose.track import PoseTrack\nfrom .signal import smooth", set()),
    ],
)
def test_a_crossed_wall_is_seen(module: str, source: str, forbidden: set[str]) -> None:
    assert crossings(ROOT / module, source) == forbidden


def importers(library: str) -> set[str]:
    return {
        module_name(path)
        for path in MODULES
        if any(within(name, (library,)) for name in imports(path, path.read_text(encoding="utf-8")))
    }


def test_streamlit_stays_in_the_ui() -> None:
    assert {module.split(".")[0] for module in importers("streamlit")} <= {"ui"}


@pytest.mark.parametrize("library", ["mediapipe", "onnxruntime"])
def test_inference_library_has_one_home(library: str) -> None:
    assert len(importers(library)) == 1


@pytest.mark.parametrize("path", SCORING, ids=module_name)
def test_scoring_needs_arrays_only(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports(path, path.read_text(encoding="utf-8"))}
    assert tops <= {"formdrift", "numpy", "scipy", *sys.stdlib_module_names}


def test_no_folder_is_called_pages() -> None:
    """Streamlit would serve its files one by one, beside the app's own navigation."""
    assert not [folder for room in ROOMS for folder in (ROOT / room).rglob("pages") if folder.is_dir()]
