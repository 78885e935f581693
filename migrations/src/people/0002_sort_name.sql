CREATE VIEW person_sort_name AS SELECT id AS person_id, search_name AS sort_name FROM person;
