"""The parts that all rooms share: rules."""
