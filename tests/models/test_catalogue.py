from __future__ import annotations

import re

import pytest

from formdrift.models import catalogue
from formdrift.models.catalogue import Build, ModelError


def test_every_promised_model_is_there() -> None:
    sizes = ("lite", "full", "heavy")
    promised = {"blazepose-detector", *(f"{kind}-{size}" for kind in ("blazepose", "mediapipe") for size in sizes)}
    assert set(catalogue.load().models) == promised


def test_every_entry_is_complete() -> None:
    known = catalogue.load()
    for model in known.models.values():
        assert model.what
        assert model.licence == "Apache-2.0"
        assert model.file == model.id + (".onnx" if model.outputs else ".task")
        assert set(model.weights) <= set(known.weights)
        _check_builds(model.builds)
    for members in known.weights.values():
        assert {member.package for member in members} <= set(known.packages)
        _check_builds(tuple(member.build for member in members))
    for package in known.packages.values():
        assert package.licence == "Apache-2.0"
        assert package.size > 0


def _check_builds(builds: tuple[Build, ...]) -> None:
    assert builds
    for build in builds:
        assert re.fullmatch("[0-9a-f]{64}", build.sha256)
        assert build.size > 0


def test_a_bundle_has_a_build_for_each_package_of_its_detector() -> None:
    known = catalogue.load()
    for model in known.models.values():
        if model.file.endswith(".task"):
            assert len(model.builds) == len(known.weights["pose-detection"])


def test_the_default_set_needs_pip_alone() -> None:
    known = catalogue.load()
    assert known.defaults() == ("blazepose-detector", "blazepose-full", "mediapipe-full")
    for model_id in known.defaults():
        for name in known.model(model_id).weights:
            assert "pip" in {member.package for member in known.weights[name]}


def test_an_unknown_model_is_named_with_the_choices() -> None:
    with pytest.raises(ModelError, match=r"no model 'blazepose-tiny': choose from blazepose-detector, .*\.$"):
        catalogue.load().model("blazepose-tiny")


def test_packages_are_named_without_addresses() -> None:
    for package in catalogue.load().packages.values():
        words = " ".join([package.spec, *package.options])
        assert "//" not in words
        assert "index" not in words
