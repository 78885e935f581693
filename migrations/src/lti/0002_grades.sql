CREATE TABLE lti_grade (
  id UUID NOT NULL PRIMARY KEY,
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  enrolment_id UUID NOT NULL REFERENCES enrolment (id),
  activity_id UUID,
  subject TEXT NOT NULL,
  line_item TEXT NOT NULL,
  sent TEXT,
  sent_at BIGINT,
  problem TEXT,
  UNIQUE (platform_id, subject, line_item)
);
CREATE INDEX lti_grade_enrolment ON lti_grade (enrolment_id);
CREATE INDEX lti_grade_problem ON lti_grade (platform_id) WHERE problem IS NOT NULL
