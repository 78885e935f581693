CREATE INDEX mail_return_sender ON mail_return (campaign_id, at) WHERE kind = 'sender';
CREATE INDEX mail_return_sender_at ON mail_return (at) WHERE kind = 'sender';
CREATE TABLE mail_departure (
  length BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  gone BIGINT NOT NULL,
  PRIMARY KEY (length, slot)
);
INSERT INTO mail_departure (length, slot, gone) SELECT 60000000, at / 60000000 * 60000000, COUNT(*) FROM mail_recipient WHERE state IN (2, 6, 7) AND at IS NOT NULL GROUP BY at / 60000000;
INSERT INTO mail_departure (length, slot, gone) SELECT 86400000000, at / 86400000000 * 86400000000, COUNT(*) FROM mail_recipient WHERE state IN (2, 6, 7) AND at IS NOT NULL GROUP BY at / 86400000000;
CREATE TABLE mail_trial (
  id UUID NOT NULL PRIMARY KEY,
  campaign_id UUID NOT NULL,
  recipient TEXT NOT NULL,
  at BIGINT NOT NULL,
  fate TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX mail_trial_campaign ON mail_trial (campaign_id, at);
ALTER TABLE mail_feed ADD COLUMN unread INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mail_feed ADD COLUMN old INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mail_item ADD COLUMN said_title TEXT;
ALTER TABLE mail_item ADD COLUMN said_link TEXT;
ALTER TABLE mail_item ADD COLUMN said_summary TEXT;
CREATE TABLE mail_item_name (
  space_id UUID NOT NULL,
  name TEXT NOT NULL,
  item_id UUID,
  feed_id UUID NOT NULL,
  PRIMARY KEY (space_id, name)
);
CREATE INDEX mail_item_name_feed ON mail_item_name (feed_id);
