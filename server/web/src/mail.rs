//! Mails written from templates: a folder for each (subject, text, html).

use passerelle_kernel::jobs::NewJob;
use passerelle_kernel::sea_orm::DbErr;
use passerelle_kernel::{Uuid, WriteTx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::app::App;
use crate::error::AppError;
use crate::lang::Lang;

/// Kind of the job that delivers one mail.
pub const DELIVER: &str = "mail.deliver";

/// A mail ready to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Identifier, kept through retries: it makes the Message-ID.
    pub id: Uuid,
    /// Address of the recipient.
    pub to: String,
    /// Name of the recipient.
    pub to_name: String,
    /// Name of the sender; the address is that of the configuration.
    pub from_name: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Subject, one line.
    pub subject: String,
    /// Plain-text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// Language.
    pub lang: Lang,
    /// Files joined.
    pub attachments: Vec<Attachment>,
    /// Space in whose name it is sent; none for what the server sends for itself.
    #[serde(default)]
    pub space: Option<Uuid>,
    /// What it is about: a person, an enrolment. Written in the proof of sending.
    #[serde(default)]
    pub about: Option<Uuid>,
    /// Page where its reader stops receiving the like, for what they chose to receive.
    #[serde(default)]
    pub unsubscribe: Option<String>,
    /// Whether it holds what opens an account (a link to sign in): nothing of it is kept once it
    /// could not be delivered.
    #[serde(default)]
    pub secret: bool,
}

/// A small file joined to a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Text content (calendars).
    pub text: String,
}

/// To whom.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// Address.
    pub email: &'a str,
    /// Name.
    pub name: &'a str,
    /// Language.
    pub lang: Lang,
}

impl App {
    /// Writes a mail from `template` (`people/mail/sign_in`), whose folder holds
    /// `subject`, `text` and `html`; the latter is put in the common frame.
    pub fn write_mail(
        &self,
        template: &str,
        to: Recipient<'_>,
        from_name: &str,
        mut data: Value,
        zone: &str,
    ) -> Result<Mail, AppError> {
        if let Some(map) = data.as_object_mut() {
            map.insert("lang".to_owned(), json!(to.lang.code()));
            map.insert("zone".to_owned(), json!(zone));
            map.insert("to_name".to_owned(), json!(to.name));
            map.insert("from_name".to_owned(), json!(from_name));
            map.insert("public_url".to_owned(), json!(self.settings().public_url));
        }
        let part = |name: &str| {
            self.templates()
                .render(&format!("{template}/{name}"), &data)
                .map_err(AppError::internal)
        };
        let subject = unescape(part("subject")?.trim()).replace(['\r', '\n'], " ");
        let text = unescape(&part("text")?);
        let body = part("html")?;
        let frame = json!({"lang": to.lang.code(), "zone": zone, "subject": subject, "body": body, "from_name": from_name,
            "public_url": self.settings().public_url});
        let html = self
            .templates()
            .render("mail/frame", &frame)
            .map_err(AppError::internal)?;
        Ok(Mail {
            id: self.env().id(),
            to: to.email.to_owned(),
            to_name: to.name.to_owned(),
            from_name: from_name.to_owned(),
            reply_to: None,
            subject,
            text,
            html,
            lang: to.lang,
            attachments: Vec::new(),
            space: None,
            about: None,
            unsubscribe: None,
            secret: false,
        })
    }
}

/// Puts a mail in the outbox, with the change that decided it.
pub async fn send(tx: &WriteTx, mail: &Mail) -> Result<(), DbErr> {
    let payload = serde_json::to_value(mail).map_err(|e| DbErr::Json(e.to_string()))?;
    let job = NewJob::new(DELIVER, payload).dedup(format!("mail-{}", mail.id));
    tx.enqueue(if mail.secret { job.secret() } else { job })
        .await
}

/// Text parts are rendered by an HTML engine: what it escaped is put back.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x60;", "`")
        .replace("&#x3D;", "=")
        .replace("&amp;", "&")
}
