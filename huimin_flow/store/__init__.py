"""All SQL of the package: it stores and reads data, and decides nothing."""
