CREATE TABLE package (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  title TEXT NOT NULL,
  standard TEXT NOT NULL CHECK (standard IN ('scorm12', 'scorm2004')),
  edition TEXT NOT NULL,
  blob_key TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  file_count INTEGER NOT NULL,
  contents TEXT NOT NULL,
  problems TEXT NOT NULL,
  external_hosts TEXT NOT NULL,
  imported_at BIGINT NOT NULL,
  imported_by UUID
);
CREATE INDEX package_space ON package (space_id, imported_at);
CREATE TABLE course (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'archived')),
  sheet TEXT NOT NULL,
  rule TEXT NOT NULL,
  revision BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  published_at BIGINT,
  UNIQUE (space_id, slug)
);
CREATE TABLE course_version (
  course_id UUID NOT NULL REFERENCES course (id),
  published_at BIGINT NOT NULL,
  sheet TEXT NOT NULL,
  PRIMARY KEY (course_id, published_at)
);
CREATE TABLE week (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  course_id UUID NOT NULL REFERENCES course (id),
  rank INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL
);
CREATE INDEX week_course ON week (course_id, rank);
CREATE TABLE activity (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  course_id UUID NOT NULL REFERENCES course (id),
  week_id UUID NOT NULL REFERENCES week (id),
  rank INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('scorm', 'page', 'file', 'link')),
  title TEXT NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes > 0),
  optional BOOLEAN NOT NULL,
  rule TEXT NOT NULL,
  objectives TEXT NOT NULL,
  content TEXT NOT NULL,
  package_id UUID REFERENCES package (id),
  archived_at BIGINT
);
CREATE INDEX activity_course ON activity (course_id, rank);
CREATE TABLE attachment (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  course_id UUID NOT NULL REFERENCES course (id),
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size_bytes BIGINT NOT NULL,
  blob_key TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX attachment_course ON attachment (course_id);
CREATE TABLE cohort (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  course_id UUID NOT NULL REFERENCES course (id),
  title TEXT NOT NULL,
  start_date TEXT NOT NULL,
  end_date TEXT NOT NULL,
  zone TEXT NOT NULL,
  capacity INTEGER NOT NULL CHECK (capacity > 0),
  state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'ended', 'certified', 'cancelled')),
  rule TEXT NOT NULL,
  sheet TEXT NOT NULL,
  agreed_minutes INTEGER NOT NULL,
  answer_hours INTEGER NOT NULL,
  frozen_at BIGINT,
  join_code TEXT UNIQUE,
  created_at BIGINT NOT NULL
);
CREATE INDEX cohort_space ON cohort (space_id, start_date);
CREATE INDEX cohort_course ON cohort (course_id);
CREATE TABLE cohort_week (
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  rank INTEGER NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  opens_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  PRIMARY KEY (cohort_id, rank)
);
CREATE TABLE cohort_activity (
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  activity_id UUID NOT NULL REFERENCES activity (id),
  week_rank INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  optional BOOLEAN NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (cohort_id, activity_id)
);
CREATE TABLE cohort_tutor (
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  person_id UUID NOT NULL REFERENCES person (id),
  PRIMARY KEY (cohort_id, person_id)
);
CREATE INDEX cohort_tutor_person ON cohort_tutor (person_id);
CREATE TABLE enrolment (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  cohort_id UUID NOT NULL REFERENCES cohort (id),
  person_id UUID NOT NULL REFERENCES person (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'active', 'left')),
  source TEXT NOT NULL,
  enrolled_at BIGINT NOT NULL,
  left_at BIGINT,
  left_cause TEXT,
  extended_to TEXT,
  first_seen_at BIGINT,
  last_activity_at BIGINT,
  done_count INTEGER NOT NULL,
  done_minutes INTEGER NOT NULL,
  completed_at BIGINT,
  UNIQUE (cohort_id, person_id)
);
CREATE INDEX enrolment_person ON enrolment (person_id);
CREATE TABLE activity_state (
  enrolment_id UUID NOT NULL REFERENCES enrolment (id),
  activity_id UUID NOT NULL REFERENCES activity (id),
  status TEXT NOT NULL CHECK (status IN ('started', 'done')),
  score INTEGER,
  success TEXT,
  seconds BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  done_at BIGINT,
  PRIMARY KEY (enrolment_id, activity_id)
);
CREATE TABLE attempt (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  enrolment_id UUID REFERENCES enrolment (id),
  person_id UUID NOT NULL REFERENCES person (id),
  activity_id UUID NOT NULL REFERENCES activity (id),
  package_id UUID NOT NULL REFERENCES package (id),
  number INTEGER NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('normal', 'review', 'browse')),
  label TEXT NOT NULL UNIQUE,
  capability TEXT NOT NULL UNIQUE,
  started_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX attempt_enrolment ON attempt (enrolment_id, activity_id);
CREATE TABLE launch (
  id UUID NOT NULL PRIMARY KEY,
  attempt_id UUID NOT NULL REFERENCES attempt (id),
  number INTEGER NOT NULL,
  code_hash BYTES UNIQUE,
  token_hash BYTES UNIQUE,
  created_at BIGINT NOT NULL,
  opened_at BIGINT,
  used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  deposit_until BIGINT NOT NULL,
  superseded_at BIGINT,
  last_seq BIGINT NOT NULL,
  own_window BOOLEAN NOT NULL
);
CREATE INDEX launch_attempt ON launch (attempt_id, number);
CREATE TABLE sco_state (
  attempt_id UUID NOT NULL REFERENCES attempt (id),
  sco TEXT NOT NULL CHECK (LENGTH(sco) BETWEEN 1 AND 4000),
  elements TEXT NOT NULL,
  completion TEXT NOT NULL,
  success TEXT NOT NULL,
  score INTEGER,
  progress INTEGER,
  seconds BIGINT NOT NULL,
  exited TEXT NOT NULL,
  launch_id UUID NOT NULL,
  session INTEGER NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (attempt_id, sco)
);
CREATE TABLE late_work (
  id UUID NOT NULL PRIMARY KEY,
  attempt_id UUID NOT NULL REFERENCES attempt (id),
  launch_id UUID NOT NULL REFERENCES launch (id),
  seq BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (launch_id, seq)
);
CREATE TABLE call_log (
  launch_id UUID NOT NULL REFERENCES launch (id),
  seq BIGINT NOT NULL,
  attempt_id UUID NOT NULL REFERENCES attempt (id),
  received_at BIGINT NOT NULL,
  calls TEXT NOT NULL,
  PRIMARY KEY (launch_id, seq)
);
CREATE INDEX call_log_attempt ON call_log (attempt_id, received_at);
CREATE TABLE hours_correction (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  enrolment_id UUID NOT NULL REFERENCES enrolment (id),
  minutes INTEGER NOT NULL CHECK (minutes >= 0),
  reason TEXT NOT NULL,
  made_by UUID NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX hours_correction_enrolment ON hours_correction (enrolment_id, made_at);
CREATE TABLE certificate (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  enrolment_id UUID NOT NULL REFERENCES enrolment (id),
  kind TEXT NOT NULL CHECK (kind IN ('completion', 'end_of_training')),
  serial TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  minutes INTEGER NOT NULL,
  facts TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested', 'issued', 'replaced')),
  blob_key TEXT,
  sha256 TEXT,
  entry_id UUID,
  head TEXT,
  requested_at BIGINT NOT NULL,
  requested_by UUID NOT NULL,
  issued_at BIGINT,
  replaced_at BIGINT
);
CREATE INDEX certificate_enrolment ON certificate (enrolment_id);
