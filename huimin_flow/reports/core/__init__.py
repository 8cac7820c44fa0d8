"""The parts that all rooms share: values of pages."""
