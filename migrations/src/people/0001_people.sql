CREATE TABLE space (
  id UUID NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  lang TEXT NOT NULL,
  accent TEXT,
  body TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE TABLE person (
  id UUID NOT NULL PRIMARY KEY,
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL,
  search_name TEXT NOT NULL,
  lang TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  erased_at BIGINT
);
CREATE TABLE space_person (
  space_id UUID NOT NULL REFERENCES space (id),
  person_id UUID NOT NULL REFERENCES person (id),
  email TEXT,
  organisation TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (space_id, person_id)
);
CREATE INDEX space_person_email ON space_person (space_id, email);
CREATE INDEX space_person_person ON space_person (person_id);
CREATE TABLE role_grant (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  person_id UUID NOT NULL REFERENCES person (id),
  role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'auditor')),
  granted_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX role_grant_person ON role_grant (person_id);
CREATE UNIQUE INDEX role_grant_current ON role_grant (space_id, person_id, role) WHERE ended_at IS NULL;
CREATE TABLE account (
  id UUID NOT NULL PRIMARY KEY,
  person_id UUID NOT NULL UNIQUE REFERENCES person (id),
  identifier TEXT NOT NULL UNIQUE,
  password_hash TEXT,
  created_at BIGINT NOT NULL,
  last_sign_in_at BIGINT,
  disabled_at BIGINT
);
CREATE TABLE sign_in_session (
  token_hash BYTES NOT NULL PRIMARY KEY,
  account_id UUID NOT NULL REFERENCES account (id),
  person_id UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  device TEXT NOT NULL
);
CREATE INDEX sign_in_session_account ON sign_in_session (account_id);
CREATE INDEX sign_in_session_expires ON sign_in_session (expires_at);
CREATE TABLE sign_in_link (
  token_hash BYTES NOT NULL PRIMARY KEY,
  account_id UUID NOT NULL REFERENCES account (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'invitation', 'password')),
  next_path TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX sign_in_link_account ON sign_in_link (account_id);
CREATE TABLE sign_in_throttle (
  key TEXT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL,
  failures INTEGER NOT NULL,
  blocked_until BIGINT NOT NULL
);
