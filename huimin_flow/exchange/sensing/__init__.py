"""Appeals from files, and as files; tables of direct-report points."""
