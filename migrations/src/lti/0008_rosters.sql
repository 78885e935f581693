CREATE TABLE lti_context (
  id UUID NOT NULL PRIMARY KEY,
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  context TEXT NOT NULL,
  title TEXT NOT NULL,
  memberships_url TEXT,
  line_items_url TEXT,
  scopes TEXT NOT NULL,
  differences_url TEXT,
  read_at BIGINT,
  seen_at BIGINT NOT NULL,
  UNIQUE (platform_id, context)
);
CREATE TABLE lti_member (
  context_id UUID NOT NULL REFERENCES lti_context (id),
  subject TEXT NOT NULL,
  is_active BOOLEAN NOT NULL,
  teaches BOOLEAN NOT NULL,
  PRIMARY KEY (context_id, subject)
);
CREATE TABLE lti_column (
  context_id UUID NOT NULL REFERENCES lti_context (id),
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  line_item TEXT NOT NULL,
  PRIMARY KEY (context_id, cohort_id)
);
CREATE INDEX lti_column_cohort ON lti_column (cohort_id);
ALTER TABLE lti_grade ADD COLUMN held INTEGER
