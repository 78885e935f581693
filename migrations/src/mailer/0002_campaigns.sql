CREATE TABLE mail_contact (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  organisation TEXT NOT NULL,
  job TEXT NOT NULL,
  department TEXT NOT NULL,
  lang TEXT NOT NULL,
  status TEXT NOT NULL,
  basis TEXT NOT NULL,
  source TEXT NOT NULL,
  purpose TEXT NOT NULL,
  person_id UUID,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX mail_contact_email ON mail_contact (space_id, email_key);
CREATE INDEX mail_contact_person ON mail_contact (person_id);
CREATE TABLE mail_tag (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL
);
CREATE UNIQUE INDEX mail_tag_name ON mail_tag (space_id, kind, name_key);
CREATE TABLE mail_contact_tag (
  contact_id UUID NOT NULL,
  tag_id UUID NOT NULL,
  PRIMARY KEY (contact_id, tag_id)
);
CREATE INDEX mail_contact_tag_tag ON mail_contact_tag (tag_id, contact_id);
CREATE TABLE mail_list (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE UNIQUE INDEX mail_list_slug ON mail_list (space_id, slug);
CREATE TABLE mail_subscription (
  list_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  state TEXT NOT NULL,
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (list_id, contact_id)
);
CREATE INDEX mail_subscription_contact ON mail_subscription (contact_id);
CREATE TABLE mail_segment (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  name TEXT NOT NULL,
  conditions TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX mail_segment_space ON mail_segment (space_id);
CREATE TABLE mail_import (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  file_name TEXT NOT NULL,
  list_id UUID,
  added INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  at BIGINT NOT NULL,
  undone_at BIGINT
);
CREATE INDEX mail_import_space ON mail_import (space_id, at);
CREATE TABLE mail_import_change (
  import_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  before TEXT,
  after TEXT NOT NULL,
  PRIMARY KEY (import_id, contact_id)
);
CREATE TABLE mail_campaign (
  id UUID NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL,
  space_id UUID NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  lang TEXT NOT NULL,
  subject TEXT NOT NULL,
  preheader TEXT NOT NULL,
  from_name TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  blocks TEXT NOT NULL,
  list_id UUID,
  segment_id UUID,
  target_name TEXT NOT NULL,
  is_public SMALLINT NOT NULL,
  per_second INTEGER,
  composed TEXT,
  scheduled_at BIGINT,
  approved_at BIGINT,
  started_at BIGINT,
  finished_at BIGINT,
  prepared INTEGER NOT NULL,
  is_prepared SMALLINT NOT NULL,
  run UUID,
  pause_reason TEXT,
  root TEXT,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX mail_campaign_number ON mail_campaign (number);
CREATE INDEX mail_campaign_space ON mail_campaign (space_id, updated_at);
CREATE TABLE mail_recipient (
  campaign_id UUID NOT NULL,
  place INTEGER NOT NULL,
  contact_id UUID NOT NULL,
  address TEXT NOT NULL,
  provider SMALLINT NOT NULL,
  state SMALLINT NOT NULL,
  attempts SMALLINT NOT NULL,
  repeats SMALLINT NOT NULL,
  due_at BIGINT NOT NULL,
  at BIGINT,
  detail TEXT,
  PRIMARY KEY (campaign_id, place)
);
CREATE INDEX mail_recipient_due ON mail_recipient (campaign_id, provider, place) WHERE state = 0;
CREATE INDEX mail_recipient_leaving ON mail_recipient (campaign_id) WHERE state = 1;
CREATE INDEX mail_recipient_contact ON mail_recipient (contact_id, campaign_id);
CREATE TABLE mail_picture (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL,
  name TEXT NOT NULL,
  alt TEXT NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX mail_picture_space ON mail_picture (space_id, at);
