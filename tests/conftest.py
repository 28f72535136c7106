"""What all tests share: the data outside the repository, the models, and no unseen gaps in CI."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings

from formdrift.models.catalogue import ModelError
from formdrift.models.store import locate

if TYPE_CHECKING:
    from collections.abc import Generator

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

ROOT = Path(__file__).parents[1]

# A busy machine is no error: tests say nothing about time.
settings.register_profile("formdrift", deadline=None)
settings.load_profile("formdrift")

# In CI a test that is skipped counts as failed, unless its reason begins with one of these.
ALLOWED_SKIPS = ("needs a GPU",)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real clips, which lies outside the repository because people can be recognised in them."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real clips of ../shared/data")
    return folder


@pytest.fixture(scope="session")
def models_present() -> None:
    """Skip a test where the default engine's networks have not been fetched."""
    try:
        for model in ("blazepose-detector", "blazepose-full"):
            locate(model)
    except ModelError as error:
        pytest.skip(str(error))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one in CI."""
    return fail_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself as a whole into a failed one in CI."""
    return fail_skip((yield))


def fail_skip(report: Report) -> Report:
    """Mark a report of a skip as failed, if CI runs and nobody allowed the reason."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        assert isinstance(report.longrepr, tuple)
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"skipped in CI: {reason}"
    return report
