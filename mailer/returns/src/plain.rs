//! Bounces that are written as any mail is: qmail, old Exchange and Exim, and many others.

use crate::clean;
use crate::mime::Part;
use crate::original::Original;
use crate::report::{Action, MAX_DIAGNOSTIC, Report};
use crate::severity;

/// Lines at most in which the reason is looked for.
const MAX_LINES: usize = 300;
/// Characters at most read of a line.
const MAX_LINE: usize = 1_000;
/// Lines above the reason in which the address is looked for.
const NEAR: usize = 6;
/// What stands above the copy of the message, where nothing is said any more.
const COPIES: [&str; 9] = [
    "below this line is a copy",
    "this is a copy of",
    "original message follows",
    "original message header",
    "en-tetes de message d'origine",
    "message headers follow",
    "----- original message -----",
    "return-path:",
    "received:",
];
/// What a server that still tries writes.
const TRYING: [&str; 7] = [
    "will be retried",
    "will keep trying",
    "will continue to try",
    "will retry",
    "has been delayed",
    "is delayed",
    "nouvelle tentative",
];

/// How far a message is known for a bounce before its text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A mail server wrote it: any reason is one.
    Sure,
    /// It has no sender, as automatic answers have none: the reason must be a status beside its
    /// code.
    Faint,
}

/// The report that a bounce is; none when it gives no reason.
pub(crate) fn read(root: &Part<'_>, text: &str, sign: Sign) -> Option<Report> {
    let lines: Vec<String> = text
        .lines()
        .take(MAX_LINES)
        .map(|line| clean::line(line, MAX_LINE))
        .take_while(|line| {
            let line = clean::fold(line);
            !COPIES.iter().any(|copy| match copy.ends_with(':') {
                true => line.starts_with(copy),
                false => line.contains(copy),
            })
        })
        .collect();
    let beside = |line: &String| severity::status_beside(line).is_some();
    let at = match sign {
        Sign::Faint => lines.iter().position(beside)?,
        Sign::Sure => lines
            .iter()
            .position(beside)
            .or_else(|| {
                lines
                    .iter()
                    .position(|line| severity::status_in(line).is_some())
            })
            .or_else(|| lines.iter().position(|line| coded(line)))
            .or_else(|| lines.iter().position(|line| severity::is_known(line)))?,
    };
    let reason = lines.get(at)?;
    let status = severity::status_in(reason);
    let tries = |line: &String| {
        let line = clean::fold(line);
        TRYING.iter().any(|words| line.contains(words))
    };
    let temporary = match status {
        Some(status) => status.class == 4,
        None => severity::code_in(reason).is_some_and(|code| code < 500),
    };
    let action = match temporary && lines.iter().any(tries) {
        true => Action::Delayed,
        false => Action::Failed,
    };
    let failed = root.fields.addresses("X-Failed-Recipients", 1).pop();
    Some(Report {
        action,
        status,
        recipient: failed.or_else(|| {
            let near = lines.get(at.saturating_sub(NEAR)..=at)?;
            near.iter().rev().find_map(|line| named(line))
        }),
        original_recipient: None,
        diagnostic: clean::line(reason, MAX_DIAGNOSTIC),
        original: Original::find(root),
    })
}

/// Whether a line holds a code of SMTP.
fn coded(line: &str) -> bool {
    severity::code_in(line).is_some()
}

/// The first address in a line that is not a server's own.
fn named(line: &str) -> Option<String> {
    line.split(|c: char| c.is_whitespace() || "<>()[],;\"'".contains(c))
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter_map(clean::address)
        .find(|address| {
            let (local, _) = address.split_once('@').unwrap_or_default();
            let local = local.to_ascii_lowercase();
            local != "postmaster" && local != "mailer-daemon"
        })
}
