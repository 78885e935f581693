CREATE TABLE lti_platform (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  name TEXT NOT NULL,
  product TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  authorization_endpoint TEXT NOT NULL,
  token_endpoint TEXT NOT NULL,
  token_audience TEXT,
  jwks_uri TEXT NOT NULL,
  closed_at BIGINT,
  created_at BIGINT NOT NULL,
  UNIQUE (issuer, client_id)
);
CREATE INDEX lti_platform_space ON lti_platform (space_id, created_at);
CREATE TABLE lti_deployment (
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  deployment TEXT NOT NULL,
  accepted BOOLEAN NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (platform_id, deployment)
);
CREATE TABLE lti_login (
  state_hash BYTES NOT NULL PRIMARY KEY,
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  nonce TEXT NOT NULL,
  target TEXT NOT NULL,
  browser_hash BYTES NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_login_expires ON lti_login (expires_at);
CREATE TABLE lti_subject (
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  subject TEXT NOT NULL,
  person_id UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (platform_id, subject)
);
CREATE INDEX lti_subject_person ON lti_subject (person_id);
CREATE TABLE lti_entry (
  code_hash BYTES NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  person_id UUID NOT NULL REFERENCES person (id),
  leads_to TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX lti_entry_expires ON lti_entry (expires_at);
CREATE TABLE lti_call (
  id UUID NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  platform_id UUID NOT NULL REFERENCES lti_platform (id),
  kind TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  reference TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX lti_call_platform ON lti_call (platform_id, at);
CREATE INDEX lti_call_at ON lti_call (at);
CREATE TABLE lti_offer (
  token_hash BYTES NOT NULL PRIMARY KEY,
  space_id UUID NOT NULL REFERENCES space (id),
  created_by UUID NOT NULL REFERENCES person (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  platform_id UUID REFERENCES lti_platform (id)
);
CREATE INDEX lti_offer_space ON lti_offer (space_id, created_at);
CREATE TABLE lti_signing_key (
  kid TEXT NOT NULL PRIMARY KEY,
  pem TEXT NOT NULL,
  created_at BIGINT NOT NULL
)
