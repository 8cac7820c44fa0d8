"""Gathering: comparing appeals, answering proposals, and what came together (A6)."""
