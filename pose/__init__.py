"""Landmarks: engines, joint topologies, following a person, repairing tracks."""
