//! Complaints: somebody said that a message was unwanted (RFC 5965).

use crate::clean;
use crate::fields::{self, Fields};
use crate::mime::Part;
use crate::original::Original;

/// Characters at most in the kind of a complaint.
const MAX_KIND: usize = 40;
/// The field in which Microsoft names who complained, in its own older form.
const MICROSOFT: &str = "X-HmXmrOriginalRecipient";

/// A complaint, or another of the reports of that form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Which, in lower case: `abuse`, `fraud`, `virus`, `opt-out`, `other`; but also `not-spam`,
    /// which is the contrary, and `auth-failure`, which nobody wrote. Empty when not said.
    pub kind: String,
    /// Who complains, when they are named; many providers leave it out.
    pub recipient: Option<String>,
    /// The message that they complain about.
    pub original: Original,
}

impl Complaint {
    /// Whether a person wants no more of it.
    pub fn is_refusal(&self) -> bool {
        !matches!(self.kind.as_str(), "not-spam" | "auth-failure" | "dmarc")
    }

    /// The complaint that a message is; none when it is something else.
    pub(crate) fn read(root: &Part<'_>) -> Option<Self> {
        let kind = |fields: &Fields<'_>| -> String {
            let known = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
            let word = fields.word("Feedback-Type");
            word.chars().filter(known).take(MAX_KIND).collect()
        };
        if let Some(part) = root.find(&["message/feedback-report"]) {
            let bytes = part.bytes();
            let (fields, _) = fields::split(bytes.trim_ascii_start());
            let named = ["Original-Rcpt-To", "Redacted-Address", "Removal-Recipient"]
                .iter()
                .find_map(|name| fields.addresses(name, 1).pop());
            return Some(Self {
                kind: kind(&fields),
                recipient: named.or_else(|| Self::microsoft(root)),
                original: Original::find(root),
            });
        }
        if root
            .attribute("report-type")
            .eq_ignore_ascii_case("feedback-report")
        {
            return Some(Self {
                kind: String::new(),
                recipient: Self::microsoft(root),
                original: Original::find(root),
            });
        }
        // Junk Mail Reporting Program, before it took the common form: the message, enclosed.
        let (_, from) = root.fields.person("From");
        let (_, domain) = from.as_deref()?.rsplit_once('@')?;
        let ours = ["hotmail.com", "outlook.com", "live.com", "microsoft.com"].contains(&domain);
        let recipient = ours.then(|| Self::microsoft(root)).flatten()?;
        Some(Self {
            kind: "abuse".to_owned(),
            recipient: Some(recipient),
            original: Original::find(root),
        })
    }

    fn microsoft(root: &Part<'_>) -> Option<String> {
        let outside = || {
            root.fields
                .has(MICROSOFT)
                .then(|| root.fields.plain(MICROSOFT, 500))
        };
        let named = Original::field(root, MICROSOFT).or_else(outside)?;
        clean::address(&named)
    }
}
