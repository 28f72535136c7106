"""An assessment as JSON, its schema, and back."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..scoring.result import Assessment
from .errors import InputError

_ADAPTER = TypeAdapter(Assessment)


def to_dict(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as JSON values."""
    plain: dict[str, Any] = _ADAPTER.dump_python(assessment, mode="json")
    return plain


def from_json(text: str) -> Assessment:
    """Read an assessment that this or an earlier release wrote.

    Raises
    ------
    InputError
        When the text is not such an assessment.
    """
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise InputError(
            "This is not a Formdrift assessment: give a file that `formdrift score --json` wrote."
        ) from error


def schema() -> str:
    """Return the JSON schema of an assessment."""
    return json.dumps(_ADAPTER.json_schema(), indent=2)
