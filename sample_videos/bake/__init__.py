"""A developer's tool that bakes bodies; it needs `anny`, torch and fast-simplification, rendering doesn't."""
