"""What can be wrong with what is kept."""


class StoreError(Exception):
    """What is kept can't be read, or what is asked of it makes no sense; one sentence says what to do."""
