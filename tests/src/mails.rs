//! Mails that were delivered to the test's folder.

use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders};

/// A mail, as its reader sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Address of the recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Files joined: name and text.
    pub attachments: Vec<(String, String)>,
    /// The whole of it, as it left.
    pub raw: String,
}

impl Mail {
    /// The path of the first address of ours in the text that begins so.
    pub fn path(&self, beginning: &str) -> String {
        let wanted = format!("{}{beginning}", crate::app::PUBLIC);
        let at = self.text.find(&wanted);
        let at = at.unwrap_or_else(|| panic!("no {wanted} in {}", self.text));
        self.text[at + crate::app::PUBLIC.len()..]
            .chars()
            .take_while(|c| !c.is_whitespace() && !"<>\"".contains(*c))
            .collect()
    }
}

pub(crate) fn read(folder: &Path) -> Vec<Mail> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "eml"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| parse(&std::fs::read(path).expect("a mail")))
        .collect()
}

fn parse(bytes: &[u8]) -> Mail {
    let message = MessageParser::default().parse(bytes).expect("a mail");
    let to = message
        .to()
        .and_then(|to| to.first())
        .and_then(|a| a.address());
    Mail {
        to: to.unwrap_or_default().to_owned(),
        subject: message.subject().unwrap_or_default().to_owned(),
        text: message.body_text(0).unwrap_or_default().into_owned(),
        attachments: message
            .attachments()
            .map(|part| {
                (
                    part.attachment_name().unwrap_or_default().to_owned(),
                    part.text_contents().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
        raw: String::from_utf8_lossy(bytes).into_owned(),
    }
}
