"""An assessment as JSON, its schema, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..scoring.result import SCHEMA, Assessment
from .errors import InputError
from .video import VideoAssessment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ADAPTER = TypeAdapter(Assessment)
_Given = TypeVar("_Given")


def to_dict(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as JSON values."""
    plain: dict[str, Any] = _ADAPTER.dump_python(assessment, mode="json")
    return plain


def from_json(text: str) -> VideoAssessment:
    """Read an assessment that this or an earlier release wrote; its curves are not in the JSON, so it has none.

    Raises
    ------
    InputError
        When the text is not such an assessment.
    """
    return _read(_ADAPTER.validate_json, text)


def from_dict(values: Mapping[str, Any]) -> VideoAssessment:
    """Read an assessment from JSON values, as `to_dict` returns them.

    Raises
    ------
    InputError
        When the values are not such an assessment.
    """
    return _read(_ADAPTER.validate_python, values)


def _read(validate: Callable[[_Given], Assessment], given: _Given) -> VideoAssessment:
    try:
        read = validate(given)
    except ValidationError as error:
        raise InputError(
            "This is not a Formdrift assessment: give a file that `formdrift score --json` wrote."
        ) from error
    if read.schema != SCHEMA:
        raise InputError(
            f"This assessment has the schema '{read.schema}', not '{SCHEMA}': update Formdrift to read it."
        )
    return VideoAssessment(**{field.name: getattr(read, field.name) for field in fields(read)})


def schema() -> str:
    """Return the JSON schema of an assessment."""
    return json.dumps(_ADAPTER.json_schema(), indent=2)
