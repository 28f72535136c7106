"""The app's pages without a browser."""

from __future__ import annotations

import datetime as dt

from streamlit.testing.v1 import AppTest

TODAY = dt.date(2026, 3, 20)


def opened(page: str, **query: str) -> AppTest:
    """Open a page at an address."""
    script = f"from formdrift.ui.views import shell\nshell.run(first={page!r})"
    test = AppTest.from_string(script, default_timeout=120)
    for name, value in query.items():
        test.query_params[name] = value
    return drawn(test.run())


def drawn(page: AppTest) -> AppTest:
    """Return a page that was drawn without an error."""
    assert not page.exception, page.exception[0].value
    return page
