"""The loops around the pure core."""
