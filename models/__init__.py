"""Weight files: where they come from, fetching, converting, checking and finding them."""
