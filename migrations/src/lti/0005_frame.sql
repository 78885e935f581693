CREATE TABLE lti_frame (
  code_hash BYTES NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  person_id UUID NOT NULL REFERENCES person (id),
  enrolment_id UUID NOT NULL REFERENCES enrolment (id),
  activity_id UUID,
  origins TEXT NOT NULL,
  door_until BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_frame_expires ON lti_frame (expires_at);
DROP TABLE lti_entry
