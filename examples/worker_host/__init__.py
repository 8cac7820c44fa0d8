"""A worker that forks: what a department asks for by night becomes items."""
