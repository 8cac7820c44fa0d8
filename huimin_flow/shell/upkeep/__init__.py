"""The upkeep of a database: founding, health, timetable, backups."""
