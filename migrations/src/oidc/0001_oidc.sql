CREATE TABLE oidc_provider (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  name TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_secret TEXT,
  scopes TEXT NOT NULL,
  closed_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX oidc_provider_space ON oidc_provider (space_id, created_at);
CREATE TABLE oidc_identity (
  provider_id UUID NOT NULL REFERENCES oidc_provider (id),
  subject TEXT NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id),
  linked_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (provider_id, subject)
);
CREATE UNIQUE INDEX oidc_identity_person ON oidc_identity (person_id, provider_id);
CREATE TABLE oidc_pending (
  token_hash BYTES NOT NULL PRIMARY KEY,
  provider_id UUID NOT NULL REFERENCES oidc_provider (id),
  subject TEXT NOT NULL,
  name TEXT,
  id_token TEXT NOT NULL,
  leads_to TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX oidc_pending_expires ON oidc_pending (expires_at);
CREATE TABLE oidc_session (
  session_hash BYTES NOT NULL PRIMARY KEY,
  provider_id UUID NOT NULL REFERENCES oidc_provider (id),
  id_token TEXT NOT NULL,
  leaving_hash BYTES,
  created_at BIGINT NOT NULL
);
CREATE INDEX oidc_session_created ON oidc_session (created_at);
CREATE INDEX oidc_session_leaving ON oidc_session (leaving_hash);
CREATE TABLE oidc_event (
  id UUID NOT NULL PRIMARY KEY,
  provider_id UUID NOT NULL REFERENCES oidc_provider (id),
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  reference TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX oidc_event_provider ON oidc_event (provider_id, at)
