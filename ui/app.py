"""The app as Streamlit runs it, once for every interaction; the pages lie in ``ui/views``.

Streamlit executes this file as a script outside of any package, so its imports are absolute.
The processes that assess videos import it too, under another name, and must find nothing to do.
"""

if __name__ == "__main__":
    from formdrift.ui.views import shell

    shell.run()
