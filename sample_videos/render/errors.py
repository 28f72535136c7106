"""What the renderer tells a user when a scenario is at fault."""

from __future__ import annotations


class ScenarioError(ValueError):
    """A scenario can't be rendered; the message is one sentence that says what is wrong and what to do."""
