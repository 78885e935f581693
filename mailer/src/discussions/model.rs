//! What a discussion list is, and what becomes of what is written to it. Pure.

use passerelle_kernel::{Micros, Uuid};

use crate::audience::model::words;

/// Posts of one member in a day that go through without anybody looking.
pub const A_DAY: i64 = 20;
/// Posts of a list that wait at most: what comes beyond is not taken.
pub const MOST_HELD: i64 = 200;
/// Characters of a piece of a text: as Markdown each may take two, and a line three more.
const PIECE: usize = 4_000;
/// Addresses of moderators at most.
pub const MODERATORS: usize = 5;

words! {
    /// Whose posts somebody looks at before they leave.
    Moderation {
        /// Everybody's.
        All = "all",
        /// Those of members of whom none has been let through yet.
        New = "new",
        /// Nobody's: members write freely.
        Free = "free",
    }
}

words! {
    /// What became of a post.
    State {
        /// Waits for somebody.
        Held = "held",
        /// Was sent to the members.
        Passed = "passed",
        /// Was refused.
        Refused = "refused",
    }
}

words! {
    /// Why a post waits.
    Why {
        /// Every post of the list is looked at.
        Moderated = "moderated",
        /// The first of this member.
        First = "first",
        /// Who writes is not on the list.
        Stranger = "stranger",
        /// This member writes a lot today.
        Many = "many",
        /// It holds no words that could be read.
        Empty = "empty",
        /// It could not be laid out.
        Broken = "broken",
        /// It waits for nothing.
        Nothing = "",
    }
}

/// The settings of a discussion list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discussion {
    /// The list.
    pub list: Uuid,
    /// The address that members write to.
    pub address: String,
    /// Whose posts are looked at.
    pub moderation: Moderation,
    /// Addresses told of what waits.
    pub moderators: Vec<String>,
    /// When they were last told.
    pub told_at: Micros,
}

/// Something written to a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Identifier.
    pub id: Uuid,
    /// The list.
    pub list: Uuid,
    /// The member who wrote it; none when it was nobody on the list, or when they were forgotten.
    pub contact: Option<Uuid>,
    /// Name of who wrote it; may be empty.
    pub author: String,
    /// Their address; empty when they were forgotten.
    pub email: String,
    /// Subject.
    pub subject: String,
    /// Their words, plain text.
    pub body: String,
    /// Whether files came with it, which are not passed on.
    pub is_bare: bool,
    /// The post it answers.
    pub parent: Option<Uuid>,
    /// What became of it.
    pub state: State,
    /// Why it waits, or waited.
    pub why: Why,
    /// The sending to the members.
    pub campaign: Option<Uuid>,
    /// When it came.
    pub at: Micros,
    /// When somebody decided.
    pub decided_at: Option<Micros>,
}

/// What is known of who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Whether they are on the list and may be written to.
    pub is_member: bool,
    /// Posts of theirs that were let through.
    pub passed: i64,
    /// Posts of theirs in the last day.
    pub today: i64,
}

/// Whether a post waits, and why; [`Why::Nothing`] when it leaves at once.
pub fn verdict(moderation: Moderation, writer: Writer, has_words: bool) -> Why {
    if !writer.is_member {
        Why::Stranger
    } else if !has_words {
        Why::Empty
    } else if writer.today >= A_DAY {
        Why::Many
    } else {
        match moderation {
            Moderation::All => Why::Moderated,
            Moderation::New if writer.passed == 0 => Why::First,
            Moderation::New | Moderation::Free => Why::Nothing,
        }
    }
}

/// The subject of a post as members see it: « [Réseau FLE] Re: Une question ».
pub fn subject(list: &str, subject: &str, none: &str) -> String {
    let tag = format!("[{list}]");
    let bare = subject.replace(&tag, " ");
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = if bare.is_empty() { none } else { &bare };
    unbraced(&format!(
        "{tag} {}",
        bare.chars().take(200).collect::<String>()
    ))
}

/// A text in which no variable begins: two braces that follow each other are held apart.
pub fn unbraced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '{' && out.ends_with('{') {
            out.push('\u{2060}');
        }
        out.push(c);
    }
    out
}

/// The words of a post as the Markdown of a block: lines stay lines, and nothing is a template or
/// hides where it leads.
pub fn as_markdown(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 64);
    for line in body.lines() {
        let line = line.trim();
        let begins = line.starts_with(['#', '=', '|', '~'])
            || line.starts_with("---")
            || line.starts_with("___");
        if begins {
            out.push('\\');
        }
        for (n, word) in unbraced(line).split(' ').enumerate() {
            if n > 0 {
                out.push(' ');
            }
            // An address stays whole: it becomes a link.
            let is_address = word.starts_with("https://") || word.starts_with("http://");
            for c in word.chars() {
                // An entity would be read as the letter that it names.
                let means = matches!(c, '<' | '[' | ']' | '*' | '`' | '!' | '&' | '\\');
                if means && !is_address {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        out.push_str(if line.is_empty() { "\n" } else { "  \n" });
    }
    out.trim_end().to_owned()
}

/// A text in pieces that a block holds whole once they are written as Markdown, cut between lines
/// where they can be.
pub fn pieces(body: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut length = 0;
    for line in body.lines() {
        let letters: Vec<char> = line.chars().collect();
        for part in letters.chunks(PIECE) {
            if length + part.len() > PIECE && length > 0 {
                pieces.push(std::mem::take(&mut piece));
                length = 0;
            }
            piece.extend(part);
            length += part.len();
        }
        piece.push('\n');
        length += 1;
    }
    if length > 0 {
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEMBER: Writer = Writer {
        is_member: true,
        passed: 0,
        today: 0,
    };

    #[test]
    fn only_members_whose_list_trusts_them_are_not_looked_at() {
        let known = Writer {
            passed: 1,
            ..MEMBER
        };
        let many = Writer {
            today: A_DAY,
            ..known
        };
        let stranger = Writer {
            is_member: false,
            ..known
        };
        assert_eq!(verdict(Moderation::All, known, true), Why::Moderated);
        assert_eq!(verdict(Moderation::New, MEMBER, true), Why::First);
        assert_eq!(verdict(Moderation::New, known, true), Why::Nothing);
        assert_eq!(verdict(Moderation::Free, MEMBER, true), Why::Nothing);
        assert_eq!(verdict(Moderation::Free, MEMBER, false), Why::Empty);
        assert_eq!(verdict(Moderation::Free, many, true), Why::Many);
        assert_eq!(verdict(Moderation::Free, stranger, true), Why::Stranger);
    }

    #[test]
    fn subjects_name_the_list_once() {
        assert_eq!(subject("FLE", "Une question", "—"), "[FLE] Une question");
        assert_eq!(
            subject("FLE", "Re: [FLE] Re: [FLE]  Une question", "—"),
            "[FLE] Re: Re: Une question"
        );
        assert_eq!(subject("FLE", " ", "sans objet"), "[FLE] sans objet");
        assert!(!subject("{{FLE", "{{{#if x}}", "—").contains("{{"));
    }

    #[test]
    fn words_stay_words() {
        let shown = as_markdown(
            "Bonjour {{prenom}},\n# Un\n<b>x</b> [ici](https://exemple.fr)\n\nA_b https://exemple.fr/a_b",
        );
        assert!(
            !shown.contains("{{")
                && shown.contains("\\# Un")
                && shown.contains("\\<b")
                && shown.contains("\\[ici\\]"),
            "{shown}"
        );
        assert!(shown.contains("https://exemple.fr/a_b"));
        assert_eq!(
            as_markdown("voir https://exemple.fr/?a=1&b=*2 & *dire*"),
            "voir https://exemple.fr/?a=1&b=*2 \\& \\*dire\\*"
        );
    }

    proptest! {
        #[test]
        fn long_texts_lose_nothing_in_pieces(body in "[a*\\n]{0,9000}") {
            let pieces = pieces(&body);
            let letters = |text: &str| text.chars().filter(|c| *c != '\n').count();
            prop_assert_eq!(pieces.iter().map(|piece| letters(piece)).sum::<usize>(), letters(&body));
            for piece in pieces {
                prop_assert!(as_markdown(&piece).chars().count() <= passerelle_bulletin::MAX_TEXT);
            }
        }

        #[test]
        fn no_template_begins_in_what_people_write(body in "[{}#&1;23 a\\n]{0,60}") {
            prop_assert!(!as_markdown(&body).contains("{{"));
        }
    }
}
