CREATE TABLE mail_delivery (
  mail_id UUID NOT NULL PRIMARY KEY,
  space UUID NOT NULL,
  about UUID,
  message_id TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX mail_delivery_about ON mail_delivery (about);
