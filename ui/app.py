"""The app as Streamlit runs it, once for every interaction; the pages lie in ``ui/views``.

Streamlit executes this file as a script outside of any package, so its imports are absolute.
"""

import streamlit as st

from formdrift.ui.views import score

st.set_page_config(page_title="Formdrift", layout="centered")
score.page()
