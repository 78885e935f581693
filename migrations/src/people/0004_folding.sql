DROP VIEW person_sort_name;
ALTER TABLE person DROP COLUMN search_name;
ALTER TABLE person ADD COLUMN search_name FOLDED NOT NULL DEFAULT '';
CREATE VIEW person_sort_name AS SELECT id AS person_id, search_name AS sort_name FROM person;
ALTER TABLE space_person ADD COLUMN email_key FOLDED NOT NULL DEFAULT '';
CREATE INDEX space_person_email_key ON space_person (space_id, email_key);
CREATE TABLE folding (
  name TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
);
