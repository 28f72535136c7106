"""The composition of frames, pose and scoring; the public Python interface."""
