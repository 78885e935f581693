CREATE TABLE write_proof (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  writes BIGINT NOT NULL
);
INSERT INTO write_proof (id, writes) VALUES (1, 0);
ALTER TABLE job ADD COLUMN worker TEXT;
ALTER TABLE job ADD COLUMN secret BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX job_due;
CREATE INDEX job_open ON job (priority DESC, run_at, id) WHERE state IN ('waiting', 'running');
CREATE INDEX job_running ON job (worker) WHERE state = 'running';
CREATE INDEX job_failed ON job (created_at) WHERE state = 'failed';
