CREATE TABLE lti_tool (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  name TEXT NOT NULL,
  client_id TEXT NOT NULL UNIQUE,
  login_url TEXT NOT NULL,
  redirects TEXT NOT NULL,
  jwks_uri TEXT NOT NULL,
  target_url TEXT NOT NULL,
  picker_url TEXT,
  custom TEXT NOT NULL,
  sends_name BOOLEAN NOT NULL,
  sends_email BOOLEAN NOT NULL,
  takes_grades BOOLEAN NOT NULL,
  takes_members BOOLEAN NOT NULL,
  closed_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX lti_tool_space ON lti_tool (space_id, created_at);
CREATE TABLE lti_tool_offer (
  token_hash BYTES NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  created_by UUID NOT NULL REFERENCES person (id),
  expires_at BIGINT NOT NULL
);
CREATE TABLE lti_tool_person (
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  person_id UUID NOT NULL REFERENCES person (id),
  subject TEXT NOT NULL,
  PRIMARY KEY (tool_id, person_id),
  UNIQUE (tool_id, subject)
);
CREATE INDEX lti_tool_person_person ON lti_tool_person (person_id);
CREATE TABLE lti_tool_launch (
  hint_hash BYTES NOT NULL PRIMARY KEY,
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  person_id UUID NOT NULL REFERENCES person (id),
  enrolment_id UUID,
  activity_id UUID,
  course_id UUID,
  week_id UUID,
  framed BOOLEAN NOT NULL,
  lang TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_tool_launch_expires ON lti_tool_launch (expires_at);
CREATE TABLE lti_assertion (
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  unique_hash BYTES NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tool_id, unique_hash)
);
CREATE INDEX lti_assertion_expires ON lti_assertion (expires_at);
CREATE TABLE lti_token (
  token_hash BYTES NOT NULL PRIMARY KEY,
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  scopes TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_token_expires ON lti_token (expires_at);
CREATE TABLE lti_line_item (
  id UUID NOT NULL PRIMARY KEY,
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  activity_id UUID,
  is_main BOOLEAN NOT NULL,
  label TEXT NOT NULL,
  maximum DOUBLE PRECISION NOT NULL,
  resource_id TEXT,
  tag TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX lti_line_item_context ON lti_line_item (tool_id, cohort_id);
CREATE UNIQUE INDEX lti_line_item_activity ON lti_line_item (tool_id, cohort_id, activity_id) WHERE is_main;
CREATE TABLE lti_result (
  line_item_id UUID NOT NULL REFERENCES lti_line_item (id),
  person_id UUID NOT NULL REFERENCES person (id),
  given DOUBLE PRECISION,
  maximum DOUBLE PRECISION,
  activity_progress TEXT NOT NULL,
  grading_progress TEXT NOT NULL,
  comment TEXT,
  scored_at BIGINT NOT NULL,
  PRIMARY KEY (line_item_id, person_id)
);
CREATE TABLE lti_tool_call (
  id UUID NOT NULL PRIMARY KEY,
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  kind TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX lti_tool_call_tool ON lti_tool_call (tool_id, at);
CREATE TABLE lti_picked (
  code_hash BYTES NOT NULL PRIMARY KEY,
  tool_id UUID NOT NULL REFERENCES lti_tool (id),
  person_id UUID NOT NULL REFERENCES person (id),
  course_id UUID NOT NULL,
  week_id UUID NOT NULL,
  items TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_picked_expires ON lti_picked (expires_at)
