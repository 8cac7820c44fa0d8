"""Acts and questions on appeals, items and their screening."""
