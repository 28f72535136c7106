"""Rendered people with known joint angles: sample clips, their truth files, and what makes them."""
