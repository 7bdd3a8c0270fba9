UPDATE person SET manager_named_at = '2025-06-02 09:00:00.000000', manager_name = 'Mia Manager', manager_email = 'mia.manager@example.org' WHERE id = 2;
UPDATE invitation SET copied_in = 'evaluation-copy:max.manager@example.org:2025-06-03' WHERE id = 2;
