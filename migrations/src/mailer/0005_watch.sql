CREATE TABLE mail_feed (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  address TEXT NOT NULL,
  title TEXT NOT NULL,
  etag TEXT NOT NULL,
  modified TEXT NOT NULL,
  next_at BIGINT NOT NULL,
  read_at BIGINT,
  failures SMALLINT NOT NULL,
  trouble TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX mail_feed_address ON mail_feed (space_id, address);
CREATE INDEX mail_feed_next ON mail_feed (next_at);
CREATE TABLE mail_feed_tag (
  feed_id UUID NOT NULL,
  tag_id UUID NOT NULL,
  PRIMARY KEY (feed_id, tag_id)
);
CREATE TABLE mail_item (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  feed_id UUID,
  digest TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  summary TEXT NOT NULL,
  source TEXT NOT NULL,
  departments TEXT NOT NULL,
  state TEXT NOT NULL,
  published_at BIGINT,
  found_at BIGINT NOT NULL,
  kept_at BIGINT
);
CREATE UNIQUE INDEX mail_item_digest ON mail_item (space_id, digest);
CREATE INDEX mail_item_state ON mail_item (space_id, state, found_at);
CREATE INDEX mail_item_kept ON mail_item (space_id, kept_at) WHERE kept_at IS NOT NULL;
CREATE TABLE mail_item_tag (
  item_id UUID NOT NULL,
  tag_id UUID NOT NULL,
  PRIMARY KEY (item_id, tag_id)
);
CREATE TABLE mail_alert (
  contact_id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  rhythm TEXT NOT NULL,
  departments TEXT NOT NULL,
  since BIGINT NOT NULL,
  next_at BIGINT NOT NULL
);
CREATE INDEX mail_alert_next ON mail_alert (next_at);
