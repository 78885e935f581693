ALTER TABLE journal_seal ADD COLUMN link BYTES;
ALTER TABLE journal_cursor ADD COLUMN tag BYTES;
CREATE TABLE subscriber_failure (
  consumer TEXT NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  entry_id UUID NOT NULL,
  attempts INTEGER NOT NULL,
  since BIGINT NOT NULL,
  retry_at BIGINT NOT NULL,
  error TEXT NOT NULL
);
CREATE TABLE stored_check (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  began_at BIGINT NOT NULL,
  finished_at BIGINT,
  kind TEXT NOT NULL,
  after_key TEXT NOT NULL,
  files BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
CREATE TABLE stored_fault (
  key TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  what TEXT NOT NULL CHECK (what IN ('missing', 'altered')),
  name TEXT NOT NULL,
  found_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
