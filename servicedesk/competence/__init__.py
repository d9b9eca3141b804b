"""What people lack in skill rather than in equipment: topics of tickets, offers of courses, where a visit would help,
and whether it did."""
