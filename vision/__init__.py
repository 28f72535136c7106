"""Pixels: containers, time stamps, rotation, drawing and encoding. Knows nothing of people."""
