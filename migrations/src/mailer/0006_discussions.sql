CREATE TABLE mail_discussion (
  list_id UUID NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  address_key TEXT NOT NULL,
  own_key TEXT,
  moderation TEXT NOT NULL,
  moderators TEXT NOT NULL,
  told_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX mail_discussion_address ON mail_discussion (address_key);
CREATE UNIQUE INDEX mail_discussion_own ON mail_discussion (own_key) WHERE own_key IS NOT NULL;
CREATE TABLE mail_post (
  id UUID NOT NULL PRIMARY KEY,
  list_id UUID NOT NULL,
  digest TEXT NOT NULL,
  contact_id UUID,
  author TEXT NOT NULL,
  email TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  is_bare SMALLINT NOT NULL,
  parent_id UUID,
  state TEXT NOT NULL,
  why TEXT NOT NULL,
  campaign_id UUID,
  at BIGINT NOT NULL,
  decided_at BIGINT
);
CREATE UNIQUE INDEX mail_post_digest ON mail_post (list_id, digest);
CREATE INDEX mail_post_list ON mail_post (list_id, state, at);
CREATE INDEX mail_post_contact ON mail_post (contact_id);
CREATE UNIQUE INDEX mail_post_campaign ON mail_post (campaign_id) WHERE campaign_id IS NOT NULL;
