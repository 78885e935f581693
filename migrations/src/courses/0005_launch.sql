CREATE INDEX launch_current ON launch (attempt_id) WHERE superseded_at IS NULL;
