CREATE TABLE mail_import_changed (
  import_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  before TEXT,
  after TEXT,
  subscribed SMALLINT NOT NULL,
  PRIMARY KEY (import_id, contact_id)
);
INSERT INTO mail_import_changed (import_id, contact_id, before, after, subscribed)
  SELECT import_id, contact_id, before, after, 0 FROM mail_import_change;
DROP TABLE mail_import_change;
ALTER TABLE mail_import_changed RENAME TO mail_import_change;
