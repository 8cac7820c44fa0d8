"""Deliberations, 专题论证会议: their records, their acts, and what they decided."""
