"""What the README says exists, what exists is in the README, and nothing in the repository names a machine."""

from __future__ import annotations

import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from formdrift.assess.batch.settings import Settings
from formdrift.ui.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# Written so that this file does not match itself.
MACHINE_PATHS = r"(^|[^.[:alnum:]_])/(w[o]rk|f[a]rm|r[o]ot|h[o]me|t[m]p)/[a-z0-9]"
REGISTRIES = r"p[y]pi\.org|python[h]osted|npm[j]s\.(org|com)|deb\.d[e]bian"


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(main, "formdrift"))


@pytest.mark.parametrize("words", COMMANDS)
def test_command_explains_itself(words: str) -> None:
    command = COMMANDS[words]
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_every_command_stands_in_the_readme() -> None:
    listed = re.findall(r"^\| `(formdrift [a-z ]*[a-z])[^`]*` \|", README, flags=re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


def test_every_command_in_the_guides_exists() -> None:
    named = set(re.findall(r"\bformdrift [a-z]+(?: (?:list|fetch|verify|render))?", " ".join(code(GUIDES))))
    assert {words for words in named if not any(f"{known} ".startswith(f"{words} ") for known in COMMANDS)} == set()


def test_every_option_in_the_guides_exists() -> None:
    options = {name for command in COMMANDS.values() for option in command.params for name in option.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", " ".join(code(GUIDES)))) <= {*options, "--help"}


def test_every_make_command_in_the_guides_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", " ".join(code(GUIDES))))
    assert {"demo", "test", "app"} <= named <= targets


def test_every_setting_of_a_manifest_stands_in_the_guide_to_batches() -> None:
    guide = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    assert {f"`{field.name}`" for field in fields(Settings)} <= set(code(guide))


def code(text: str) -> list[str]:
    """Return what stands between backticks: blocks and words."""
    return re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL)


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = subprocess.run(
        ["git", "grep", "-nIE", f"{MACHINE_PATHS}|{REGISTRIES}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.stdout == ""
    assert found.returncode == 1, found.stderr
