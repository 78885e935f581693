CREATE TABLE mail_counting (
  space_id UUID NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
);
CREATE TABLE mail_link (
  campaign_id UUID NOT NULL,
  place INTEGER NOT NULL,
  address TEXT NOT NULL,
  hits BIGINT NOT NULL,
  PRIMARY KEY (campaign_id, place)
);
