"""Pages that are not Streamlit's, as Jinja templates; whatever is put into them is escaped."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("formdrift.ui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(name: str, **values: object) -> str:
    """Return a page of this folder, filled in."""
    return _environment().get_template(f"{name}.html.j2").render(**values)
