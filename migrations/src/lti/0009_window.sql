ALTER TABLE lti_login ADD COLUMN window_hash BYTES;
ALTER TABLE lti_login ADD COLUMN window_name TEXT
