CREATE TABLE automation (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  course_id UUID,
  moment TEXT NOT NULL,
  days INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  audience TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  button TEXT NOT NULL,
  link TEXT NOT NULL,
  active_since BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX automation_space ON automation (space_id, created_at);
CREATE TABLE automation_run (
  automation_id UUID NOT NULL REFERENCES automation (id) ON DELETE CASCADE,
  cohort_id UUID NOT NULL,
  week_rank INTEGER NOT NULL,
  state TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (automation_id, cohort_id, week_rank)
);
CREATE INDEX automation_run_cohort ON automation_run (cohort_id);
CREATE TABLE automation_sent (
  automation_id UUID NOT NULL REFERENCES automation (id) ON DELETE CASCADE,
  enrolment_id UUID NOT NULL,
  week_rank INTEGER NOT NULL,
  mail_id UUID,
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (automation_id, enrolment_id, week_rank)
);
CREATE INDEX automation_sent_enrolment ON automation_sent (enrolment_id);
