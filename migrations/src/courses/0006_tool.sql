ALTER TABLE activity RENAME COLUMN kind TO old_kind;
ALTER TABLE activity ADD COLUMN kind TEXT NOT NULL DEFAULT 'page' CHECK (kind IN ('scorm', 'page', 'file', 'link', 'tool'));
UPDATE activity SET kind = old_kind;
ALTER TABLE activity DROP COLUMN old_kind
