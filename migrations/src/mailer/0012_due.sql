CREATE INDEX mail_contact_unconfirmed ON mail_contact (updated_at) WHERE status = 'unconfirmed';
CREATE INDEX mail_subscription_asked ON mail_subscription (at) WHERE state = 'unconfirmed';
CREATE INDEX mail_answer_at ON mail_answer (at);
CREATE INDEX mail_return_at ON mail_return (at);
CREATE INDEX mail_post_waiting ON mail_post (at) WHERE state <> 'passed';
