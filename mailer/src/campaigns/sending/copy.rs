//! One recipient's copy: what is personal in it, and its message.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passerelle_bulletin::{Composed, Press, PressError, Reader};
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::Lang;

use super::feed::Next;
use crate::delivery::DeliveryError;
use crate::delivery::message::{Built, Letter, address};
use crate::delivery::sender::Sender;
use crate::links::Links;

/// What every copy of a campaign shares.
#[derive(Debug)]
pub(crate) struct Edition {
    pub campaign: Uuid,
    pub number: i32,
    pub space_slug: String,
    pub list_slug: String,
    pub list_name: String,
    pub from_name: String,
    pub reply_to: String,
    pub lang: Lang,
    pub is_public: bool,
    pub started_at: Micros,
    /// Of a post to a discussion list: the list's address, and the campaign that sent the post it answers.
    pub thread: Option<(String, Option<Uuid>)>,
    pub press: Press,
    pub links: Links,
}

impl Edition {
    /// Reads templates that were fixed.
    pub(crate) fn press(composed: &str) -> Result<Press, PressError> {
        let composed: Composed =
            serde_json::from_str(composed).map_err(|e| PressError(e.to_string()))?;
        Press::new(&composed)
    }

    /// The message of one recipient: the same bytes each time, but for the date of its signature.
    pub(crate) fn message(&self, sender: &Sender, to: &Next) -> Result<Built, DeliveryError> {
        let token = self.links.token(to.contact, self.campaign);
        let stop = self.links.stop(&token);
        let reader = Reader {
            given_name: to.given_name.clone(),
            family_name: to.family_name.clone(),
            organisation: to.organisation.clone(),
            department: to.department.clone(),
            preferences_url: self.links.preferences(&token),
            view_url: if self.is_public {
                self.links.page(&self.space_slug, self.number)
            } else {
                String::new()
            },
            unsubscribe_url: stop.clone(),
        };
        let printed = self
            .press
            .print(&reader)
            .map_err(|error| DeliveryError::Message(error.to_string()))?;
        let domain = sender.from().domain();
        let returns_to = sender.returns_to().and_then(|mailbox| {
            let text = mailbox.to_string();
            self.links.returns_to(&text, self.number, to.place)
        });
        // Where mail is read: a request that nobody hears is worse than none.
        let listened = sender.returns_to().filter(|_| sender.is_listened());
        let listened = listened.map(ToString::to_string);
        let by_mail = listened
            .as_deref()
            .and_then(|mailbox| self.links.stops_at(mailbox, self.number, to.place));
        let unsubscribe = match by_mail {
            Some(address) => format!("<{stop}>, <mailto:{address}?subject=stop>"),
            None => format!("<{stop}>"),
        };
        let answers = listened
            .filter(|_| self.reply_to.is_empty())
            .and_then(|mailbox| self.links.answers_to(&mailbox, self.number, to.place));
        let name = self.list_name.replace(['"', '\\', '<', '>'], " ");
        let mut headers = vec![
            (
                "List-Id",
                list_id(&name, &self.list_slug, &self.space_slug, domain),
            ),
            ("List-Unsubscribe", unsubscribe),
            (
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ),
            (
                "Feedback-ID",
                format!(
                    "{}:{}:{}:{domain}",
                    self.number, self.list_slug, self.space_slug
                ),
            ),
        ];
        let place = self.joins_thread(&mut headers, to, domain);
        let full_name = format!("{} {}", to.given_name, to.family_name);
        sender.prepare(&Letter {
            id: copy_id(self.campaign, to.place),
            message_id: message_id(self.campaign, place, domain),
            written_at: self.started_at,
            from: sender.from(),
            from_name: &self.from_name,
            returns_to: returns_to
                .as_deref()
                .map(address)
                .transpose()?
                .or_else(|| sender.returns_to().cloned()),
            to: &to.address,
            to_name: full_name.trim(),
            reply_to: answers.as_deref().or(Some(self.reply_to.as_str())),
            subject: &printed.subject,
            text: &printed.text,
            html: &printed.html,
            lang: self.lang,
            attachments: &[],
            headers: &headers,
        })
    }
}

impl Edition {
    /// Members answer each other: their programs must see one message, and what it answers. The
    /// place that its Message-ID names.
    fn joins_thread(
        &self,
        headers: &mut Vec<(&'static str, String)>,
        to: &Next,
        domain: &str,
    ) -> i32 {
        let Some((address, parent)) = &self.thread else {
            return to.place;
        };
        headers.push(("List-Post", format!("<mailto:{address}>")));
        headers.push(("Precedence", "list".to_owned()));
        if let Some(parent) = parent {
            let parent = message_id(*parent, WHOLE, domain);
            headers.push(("In-Reply-To", parent.clone()));
            headers.push(("References", parent));
        }
        WHOLE
    }
}

/// The place in the Message-ID that all copies of a post share.
const WHOLE: i32 = 0;

/// The Message-ID of a recipient's copy, always the same.
pub(crate) fn message_id(campaign: Uuid, place: i32, domain: &str) -> String {
    format!("<{}.{place}@{domain}>", campaign.simple())
}

/// The campaign and the place that a Message-ID of ours names, brackets or not.
pub(crate) fn copy_of(message_id: &str) -> Option<(Uuid, i32)> {
    let bare = message_id.trim().trim_matches(['<', '>']);
    let (campaign, place) = bare.split_once('@')?.0.split_once('.')?;
    Some((campaign.parse().ok()?, place.parse().ok()?))
}

/// An identifier for one copy, made of the campaign's and its place.
fn copy_id(campaign: Uuid, place: i32) -> Uuid {
    let mut bytes = campaign.into_bytes();
    for (byte, of) in bytes[12..].iter_mut().zip(place.to_be_bytes()) {
        *byte ^= of;
    }
    Uuid::from_bytes(bytes)
}

/// The name of a list and what tells it from any other (RFC 2919). In quotes only ASCII may stand;
/// a name with accents is made of encoded words (RFC 2047, section 5, rule 3).
fn list_id(name: &str, list: &str, space: &str, domain: &str) -> String {
    let id = format!("<{list}.{space}.{domain}>");
    let name = name.trim();
    if name.is_empty() {
        return id;
    }
    if name.is_ascii() {
        return format!("\"{}\" {id}", name.replace("=?", "= ?"));
    }
    format!("{} {id}", encoded_words(name))
}

/// Bytes of a text in one encoded word: less than 75 characters, and room for the header's name.
const WORD: usize = 36;

fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.floor_char_boundary(WORD).max(1));
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(word)));
        rest = after;
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::list_id;

    /// The name lost its accents: a reader's program showed "Lettre d'nquetes".
    #[test]
    fn a_list_keeps_its_accents_in_its_header() {
        for name in [
            "Lettre d’été à Évry",
            "Plain",
            "Œuvres, échanges et réseaux du français langue étrangère en Occitanie : été 2026",
            "ﬁn 🌍🌍🌍🌍🌍🌍🌍🌍🌍🌍🌍🌍🌍",
        ] {
            let value = list_id(name, "flash", "centre", "exemple.fr");
            assert!(value.is_ascii(), "{value}");
            assert!(value.ends_with(" <flash.centre.exemple.fr>"), "{value}");
            let message = format!("Comments: {}\r\n\r\n", value.replace(' ', "\r\n "));
            let read = MessageParser::default()
                .parse(message.as_bytes())
                .expect("read");
            let text = read
                .header("Comments")
                .and_then(|value| value.as_text())
                .expect("text");
            assert_eq!(
                text.replace('"', ""),
                format!("{name} <flash.centre.exemple.fr>")
            );
            for word in value.split(' ') {
                assert!(word.len() <= 75, "{word}");
            }
        }
        assert_eq!(list_id(" ", "a", "b", "c.fr"), "<a.b.c.fr>");
    }
}
