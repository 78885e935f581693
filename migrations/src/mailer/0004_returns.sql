CREATE TABLE mail_return (
  id UUID NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  space_id UUID NOT NULL,
  contact_id UUID,
  campaign_id UUID,
  place INTEGER,
  mail_id UUID,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  detail TEXT NOT NULL,
  counts SMALLINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX mail_return_digest ON mail_return (digest);
CREATE INDEX mail_return_contact ON mail_return (contact_id, at);
CREATE INDEX mail_return_mail ON mail_return (at) WHERE mail_id IS NOT NULL;
CREATE TABLE mail_answer (
  id UUID NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL,
  space_id UUID NOT NULL,
  campaign_id UUID NOT NULL,
  place INTEGER NOT NULL,
  contact_id UUID NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  is_bare SMALLINT NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE UNIQUE INDEX mail_answer_digest ON mail_answer (digest);
CREATE INDEX mail_answer_campaign ON mail_answer (campaign_id, at);
CREATE INDEX mail_answer_contact ON mail_answer (contact_id);
CREATE TABLE mail_door (
  name TEXT NOT NULL PRIMARY KEY,
  validity BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  unknown BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  trouble TEXT NOT NULL
);
