ALTER TABLE lti_grade ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lti_grade ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lti_grade_due ON lti_grade (platform_id, id) WHERE due <> done;
ALTER TABLE lti_platform ADD COLUMN grades_waiting BOOLEAN NOT NULL DEFAULT FALSE
