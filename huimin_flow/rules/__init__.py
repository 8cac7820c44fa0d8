"""Should it happen: pure functions, one paragraph of the document one file.

Each takes facts and figures and returns a ``Verdict`` with its name, its
revision and all it rested on. The files know nothing of each other.
"""
