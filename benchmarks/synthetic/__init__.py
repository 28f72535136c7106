"""What the benchmarks on rendered people share: scenes, observations, statistics and tables."""
