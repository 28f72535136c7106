from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

SKIPPING = """
import pytest

def test_passes():
    pass

def test_skips():
    pytest.skip({reason!r})
"""


@pytest.mark.parametrize(
    ("ci", "reason", "outcome"),
    [
        ("true", "needs a browser", {"passed": 1, "failed": 1}),
        ("true", "needs a GPU with 8 GB", {"passed": 1, "skipped": 1}),
        ("", "needs a browser", {"passed": 1, "skipped": 1}),
    ],
)
def test_a_skip_fails_in_ci_unless_allowed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, reason: str, outcome: dict[str, int]
) -> None:
    monkeypatch.setenv("CI", ci)
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(SKIPPING.format(reason=reason))
    pytester.runpytest_subprocess().assert_outcomes(**outcome)


def test_a_module_that_skips_itself_fails_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile("import pytest\npytest.importorskip('no_such_library')")
    pytester.runpytest_subprocess().assert_outcomes(errors=1)
