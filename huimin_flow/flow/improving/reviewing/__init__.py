"""Review meetings, their decisions, digests, and the burden of all this (F3, X4)."""
