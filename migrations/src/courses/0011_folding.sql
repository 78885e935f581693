DROP INDEX enrolment_board;
ALTER TABLE enrolment DROP COLUMN sort_name;
ALTER TABLE enrolment ADD COLUMN sort_name FOLDED NOT NULL DEFAULT '';
CREATE INDEX enrolment_board ON enrolment (cohort_id, state, sort_name, id, late_after, first_seen_at, completed_at);
ALTER TABLE cohort ADD COLUMN title_key FOLDED NOT NULL DEFAULT '';
ALTER TABLE course ADD COLUMN title_key FOLDED NOT NULL DEFAULT '';
