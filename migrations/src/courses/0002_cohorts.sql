ALTER TABLE enrolment ADD COLUMN left_note TEXT;
ALTER TABLE enrolment ADD COLUMN calendar_token TEXT;
ALTER TABLE enrolment ADD COLUMN convened_at BIGINT;
CREATE UNIQUE INDEX enrolment_calendar_token ON enrolment (calendar_token);
CREATE INDEX cohort_turning ON cohort (state, start_date);
