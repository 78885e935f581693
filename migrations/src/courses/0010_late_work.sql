ALTER TABLE late_work ADD COLUMN reason TEXT NOT NULL DEFAULT 'superseded' CHECK (reason IN ('superseded', 'over'));
CREATE TABLE late_result (
  enrolment_id UUID NOT NULL REFERENCES enrolment (id),
  activity_id UUID NOT NULL REFERENCES activity (id),
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  score INTEGER,
  PRIMARY KEY (enrolment_id, activity_id)
);
CREATE INDEX attempt_person ON attempt (person_id, activity_id);
ALTER TABLE cohort ADD COLUMN calendar_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cohort ADD COLUMN calendar_changed_at BIGINT;
ALTER TABLE cohort ADD COLUMN calendar_weeks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN calendar_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrolment ADD COLUMN calendar_changed_at BIGINT;
ALTER TABLE enrolment ADD COLUMN told_extension BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE enrolment SET told_extension = TRUE WHERE extended_to IS NOT NULL;
