CREATE TABLE lti_choosing (
  code_hash BYTES NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  deployment TEXT NOT NULL,
  settings TEXT NOT NULL,
  origins TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_choosing_expires ON lti_choosing (expires_at)
