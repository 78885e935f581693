//! From a mail to the bytes of a message (RFC 5322, RFC 2045 to 2047, RFC 2231).
//!
//! The same mail always gives the same bytes: date, Message-ID and boundaries
//! come from its identifier, so a retry is recognised as the same message.
//! Whatever comes from people is put on one line and cut before it is encoded;
//! addresses are parsed, never copied.

use std::time::{Duration, SystemTime};

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use passerelle_kernel::{Micros, Uuid};
use passerelle_text::address;
use passerelle_web::Lang;
use passerelle_web::mail::{Attachment, Mail};

use super::error::DeliveryError;
use super::model::{mask_text, written_at};

/// Characters at most in a subject: a line of a message has 998 bytes at most.
pub(super) const LONGEST_SUBJECT: usize = 250;
/// Characters at most in a name of a person or a file.
pub(super) const LONGEST_NAME: usize = 120;
/// Characters at most in a header of ours: two addresses fit.
const LONGEST_HEADER: usize = 900;

/// A message ready to be handed over.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    /// What names its file, and its boundaries.
    pub id: Uuid,
    /// With its angle brackets.
    pub message_id: String,
    /// When the mail was written, microseconds UTC.
    pub written_at: Micros,
    /// Sender and recipient of the transport.
    pub envelope: Envelope,
    /// The message itself, lines ended by CRLF.
    pub bytes: Vec<u8>,
}

impl Built {
    /// Whom it goes to.
    pub(crate) fn recipient(&self) -> String {
        let to = self.envelope.to().first();
        to.map(ToString::to_string).unwrap_or_default()
    }
}

/// What a message is made of.
#[derive(Clone, Debug)]
pub(crate) struct Letter<'a> {
    /// Kept through retries: names its file, and its boundaries.
    pub id: Uuid,
    /// With its angle brackets.
    pub message_id: String,
    /// When it was written, microseconds UTC.
    pub written_at: Micros,
    /// The sender's address.
    pub from: &'a Address,
    /// The sender's name.
    pub from_name: &'a str,
    /// Where bounces come back; the sender's address when none.
    pub returns_to: Option<Address>,
    /// The recipient's address, as it was written.
    pub to: &'a str,
    /// The recipient's name.
    pub to_name: &'a str,
    /// Where answers go.
    pub reply_to: Option<&'a str>,
    /// Subject.
    pub subject: &'a str,
    /// Plain-text part.
    pub text: &'a str,
    /// HTML part.
    pub html: &'a str,
    /// Language.
    pub lang: Lang,
    /// Files joined.
    pub attachments: &'a [Attachment],
    /// Headers of ours, values on one line.
    pub headers: &'a [(&'static str, String)],
}

/// An address whose domain is in ASCII, as mail servers take it, by the check that imports and
/// forms make. Letters with an accent before the `@` (RFC 6531) are accepted nowhere any more; what
/// was accepted before is still handed over, for a server that takes them.
pub(crate) fn address(text: &str) -> Result<Address, DeliveryError> {
    let text = text.trim();
    match address::read(text) {
        Ok(read) if read.written == text => {
            let local = read.written.split('@').next().unwrap_or_default();
            let domain = read.key.rsplit('@').next().unwrap_or_default();
            Address::new(local, domain).map_err(|_| DeliveryError::Address)
        }
        Err(address::Problem::Accent) => own_address(text),
        _ => Err(DeliveryError::Address),
    }
}

/// An address of ours, which may be of a machine without a domain.
pub(crate) fn own_address(text: &str) -> Result<Address, DeliveryError> {
    let address: Address = text.trim().parse().map_err(|_| DeliveryError::Address)?;
    if address.domain().is_ascii() {
        return Ok(address);
    }
    match url::Host::parse(address.domain()) {
        Ok(url::Host::Domain(domain)) => {
            Address::new(address.user(), domain).map_err(|_| DeliveryError::Address)
        }
        _ => Err(DeliveryError::Address),
    }
}

/// Builds the message of a mail, which comes back to `returns_to`. `now` dates it when its
/// identifier does not.
pub(super) fn build(
    mail: &Mail,
    from: &Address,
    returns_to: Option<Address>,
    now: Micros,
) -> Result<Built, DeliveryError> {
    let stop = mail.unsubscribe.as_ref().map(|page| {
        let one_click = "List-Unsubscribe=One-Click".to_owned();
        [
            ("List-Unsubscribe", format!("<{page}>")),
            ("List-Unsubscribe-Post", one_click),
        ]
    });
    write(&Letter {
        id: mail.id,
        message_id: format!("<{}@{}>", mail.id, from.domain()),
        written_at: written_at(mail.id).unwrap_or(now).max(0),
        from,
        from_name: &mail.from_name,
        returns_to,
        to: &mail.to,
        to_name: &mail.to_name,
        reply_to: mail.reply_to.as_deref(),
        subject: &mail.subject,
        text: &mail.text,
        html: &mail.html,
        lang: mail.lang,
        attachments: &mail.attachments,
        headers: stop.as_ref().map_or(&[], |headers| headers.as_slice()),
    })
}

/// Writes a message.
pub(crate) fn write(letter: &Letter<'_>) -> Result<Built, DeliveryError> {
    let to = address(letter.to)?;
    let returns_to = letter.returns_to.as_ref().unwrap_or(letter.from).clone();
    let envelope = Envelope::new(Some(returns_to), vec![to.clone()]).map_err(message_error)?;
    let at = Duration::from_micros(letter.written_at.unsigned_abs());
    let mut builder = lettre::Message::builder()
        .message_id(Some(letter.message_id.clone()))
        .date(SystemTime::UNIX_EPOCH + at)
        .from(mailbox(letter.from_name, letter.from.clone()))
        .to(mailbox(letter.to_name, to))
        .subject(one_line(letter.subject, LONGEST_SUBJECT))
        .raw_header(fixed("Auto-Submitted", "auto-generated"))
        .raw_header(fixed("Content-Language", letter.lang.code()))
        .envelope(envelope.clone());
    for (name, value) in letter.headers {
        builder = builder.raw_header(fixed(name, &header_line(value)));
    }
    match letter
        .reply_to
        .filter(|text| !text.trim().is_empty())
        .map(address)
    {
        Some(Ok(reply_to)) => builder = builder.reply_to(Mailbox::new(None, reply_to)),
        // The mail matters more than where its answers go.
        Some(Err(_)) => {
            tracing::warn!(mail = %letter.id, "the reply address is not an address; left out");
        }
        None => {}
    }
    let message = builder.multipart(body(letter)?).map_err(message_error)?;
    Ok(Built {
        id: letter.id,
        message_id: letter.message_id.clone(),
        written_at: letter.written_at,
        envelope,
        bytes: message.formatted(),
    })
}

fn body(letter: &Letter<'_>) -> Result<MultiPart, DeliveryError> {
    let id = letter.id.simple();
    // Every part is encoded, and `=_` is in nothing that is (RFC 2045, section
    // 6.7): no text can end its part, even when it knows the boundary.
    let part = |kind: ContentType, text: &str| {
        let encoding = ContentTransferEncoding::QuotedPrintable;
        SinglePart::builder()
            .header(kind)
            .header(encoding)
            .body(text.to_owned())
    };
    let alternative = MultiPart::alternative()
        .boundary(format!("=_alt_{id}"))
        .singlepart(part(ContentType::TEXT_PLAIN, letter.text))
        .singlepart(part(ContentType::TEXT_HTML, letter.html));
    if letter.attachments.is_empty() {
        return Ok(alternative);
    }
    let mut mixed = MultiPart::mixed()
        .boundary(format!("=_mix_{id}"))
        .multipart(alternative);
    for attachment in letter.attachments {
        mixed = mixed.singlepart(attached(attachment)?);
    }
    Ok(mixed)
}

fn attached(attachment: &Attachment) -> Result<SinglePart, DeliveryError> {
    let given = attachment.media_type.trim();
    let lower = given.to_ascii_lowercase();
    let charset = if lower.starts_with("text/") && !lower.contains("charset=") {
        "; charset=utf-8"
    } else {
        ""
    };
    let safe = given.chars().all(|c| (' '..='~').contains(&c)) && given.len() <= 200;
    let media_type = ContentType::parse(&format!("{given}{charset}"))
        .ok()
        .filter(|_| safe)
        .ok_or_else(|| {
            DeliveryError::Message("the media type of an attachment is not one".to_owned())
        })?;
    let name = one_line(&attachment.name, LONGEST_NAME).replace(['/', '\\', '"'], "-");
    Ok(SinglePart::builder()
        .header(media_type)
        .header(ContentDisposition::attachment(&name))
        .header(ContentTransferEncoding::Base64)
        .body(attachment.text.clone()))
}

fn mailbox(name: &str, address: Address) -> Mailbox {
    Mailbox::new(
        Some(one_line(name, LONGEST_NAME)).filter(|name| !name.is_empty()),
        address,
    )
}

/// A header whose value is ours.
fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A value of ours, which may hold encoded words of its own.
fn header_line(value: &str) -> String {
    let plain = value.chars().filter(|c| !c.is_control());
    plain.take(LONGEST_HEADER).collect()
}

fn message_error(error: impl std::fmt::Display) -> DeliveryError {
    DeliveryError::Message(mask_text(&error.to_string(), ""))
}

/// One line of at most `limit` characters: nothing in it ends a header, nor
/// reads as a word that is encoded already (RFC 2047), which could hide one.
/// No-break spaces are kept, other runs of spaces become one.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let ends_line = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let spaced: String = text
        .chars()
        .map(|c| if ends_line(c) { ' ' } else { c })
        .collect();
    let line = spaced
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .replace("=?", "= ?");
    if line.chars().count() <= limit {
        return line;
    }
    line.chars()
        .take(limit.saturating_sub(1))
        .chain(['…'])
        .collect()
}

#[cfg(test)]
mod tests;
