CREATE TABLE journal_entry (
  id UUID NOT NULL PRIMARY KEY,
  space UUID NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  commitment BYTES NOT NULL,
  tag BYTES NOT NULL
);
CREATE TABLE journal_body (
  entry_id UUID NOT NULL PRIMARY KEY REFERENCES journal_entry (id),
  subject_id UUID NOT NULL,
  salt BYTES NOT NULL,
  body BYTES NOT NULL
);
CREATE INDEX journal_body_subject ON journal_body (subject_id);
CREATE TABLE journal_position (
  position BIGINT NOT NULL PRIMARY KEY,
  entry_id UUID NOT NULL UNIQUE REFERENCES journal_entry (id),
  link BYTES NOT NULL
);
CREATE TABLE journal_inbox (
  entry_id UUID NOT NULL PRIMARY KEY REFERENCES journal_entry (id)
);
CREATE TABLE journal_head (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  size BIGINT NOT NULL,
  link BYTES NOT NULL
);
INSERT INTO journal_head (id, size, link) VALUES (1, 0, '');
CREATE TABLE journal_node (
  level INTEGER NOT NULL,
  idx BIGINT NOT NULL,
  hash BYTES NOT NULL,
  PRIMARY KEY (level, idx)
);
CREATE TABLE journal_seal (
  size BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  root BYTES NOT NULL,
  key BYTES NOT NULL,
  signature BYTES NOT NULL
);
CREATE TABLE journal_cursor (
  consumer TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL
);
CREATE TABLE job (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  run_at BIGINT NOT NULL,
  priority INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  fence BIGINT NOT NULL,
  dedup_key TEXT UNIQUE,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  last_error TEXT
);
CREATE INDEX job_due ON job (state, run_at);
