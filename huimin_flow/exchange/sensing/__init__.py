"""Appeals from files, and as files."""
