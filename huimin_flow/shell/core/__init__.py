"""The parts that all rooms share: commands."""
