"""Should it happen: pure functions, one paragraph of the document one file.

Each rule takes facts and the bureau's figures and returns a ``Verdict`` with its
name, its revision and all it rested on, in words and integers that stay the same
when a label is reworded. The files know nothing of each other; ``catalog`` knows
them all, so that an auditor can ask any of them again.
"""
