"""Many videos: found, worked on side by side, kept one by one, and put together as tables."""
