UPDATE equivalence SET ended_at = '2025-05-01 09:00:00.000000', ended_by_id = 1 WHERE id = 1;
INSERT INTO equivalence (id, person_id, course_id, reason, at, by_id) VALUES (2, 3, 1, 'A day in Wrexham, 2024', '2025-05-02 09:00:00.000000', 1);
UPDATE event SET has_places_since = '2025-05-03 09:00:00.000000' WHERE id = 3;
