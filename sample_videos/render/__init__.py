"""The renderer: a scenario in, a clip and its exact truth out; NumPy, SciPy and OpenCV only."""

from .clip import render, render_file
from .errors import ScenarioError
from .scenario import Scenario, read_scenario
from .truth import Truth, read_truth, truth_path

__all__ = ["Scenario", "ScenarioError", "Truth", "read_scenario", "read_truth", "render", "render_file", "truth_path"]
