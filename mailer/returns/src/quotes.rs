//! What of a text is the writer's own: quotations and signatures taken out.
//!
//! Mail programs mark what they quote by `>`, or by words above it and nothing else: then all that
//! follows is taken for a quotation.

use crate::clean;
use crate::letter::MAX_LETTER;

/// Lines at most that the words above a quotation are wrapped on.
const WRAPPED: usize = 4;
/// Bytes at most in those words.
const MAX_WORDS: usize = 600;
/// Lines in which the header above a quotation is looked for.
const HEADER: usize = 8;
/// Lines at most of a signature below dashes that lost their space.
const MAX_SIGNATURE: usize = 12;

/// First words above a quotation: `Le 12 mars, X a écrit :`.
const OPENERS: [&str; 7] = ["le ", "on ", "am ", "el ", "il giorno ", "em ", "op "];
/// And their last ones.
const CLOSERS: [&str; 5] = [
    " a ecrit:",
    " wrote:",
    " escribio:",
    " ha scritto:",
    " escreveu:",
];
/// Last words of somebody who tells what they were written.
const TOLD: [&str; 5] = [
    " nous a ecrit:",
    " vous a ecrit:",
    " lui a ecrit:",
    " leur a ecrit:",
    " qui a ecrit:",
];
/// Words that stand before the name, which comes last.
const WITHIN: [&str; 4] = [" schrieb ", " schreef ", " a ecrit le ", " wrote on "];
/// Words between dashes above a quotation.
const DASHED: [&str; 17] = [
    "message d'origine",
    "message original",
    "original message",
    "mail original",
    "courriel original",
    "original appointment",
    "message transfere",
    "message reexpedie",
    "forwarded message",
    "ursprungliche nachricht",
    "original-nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "mensaje original",
    "mensaje reenviado",
    "mensagem original",
    "messaggio originale",
];
/// The same without dashes.
const BARE: [&str; 4] = [
    "debut du message reexpedie:",
    "debut du message transfere:",
    "begin forwarded message:",
    "anfang der weitergeleiteten nachricht:",
];
/// Labels of the header that Outlook puts above a quotation: who, when, to whom, about what.
const WHO: [&str; 6] = ["de:", "from:", "von:", "da:", "van:", "expediteur:"];
const REST: [&[&str]; 3] = [
    &[
        "envoye:",
        "envoye le:",
        "date:",
        "date d'envoi:",
        "sent:",
        "gesendet:",
        "datum:",
        "enviado:",
        "enviado el:",
        "fecha:",
        "inviato:",
        "verzonden:",
    ],
    &["a:", "to:", "an:", "para:", "destinataire:", "aan:"],
    &[
        "objet:",
        "sujet:",
        "subject:",
        "betreff:",
        "asunto:",
        "oggetto:",
        "onderwerp:",
    ],
];
/// Lines that programs add below a text.
const DEVICE: [&str; 27] = [
    "envoye de mon ",
    "envoye de ma ",
    "envoye depuis mon ",
    "envoye depuis ma ",
    "envoye depuis l'application ",
    "envoye depuis yahoo",
    "envoye depuis outlook",
    "envoye depuis gmail",
    "envoye depuis proton",
    "envoye a partir d'outlook",
    "envoye a partir de outlook",
    "envoye a partir de courrier",
    "envoye avec proton",
    "envoye avec la messagerie ",
    "obtenir outlook pour ",
    "obtenez outlook pour ",
    "telecharger outlook pour ",
    "telechargez outlook pour ",
    "get outlook for ",
    "sent from my ",
    "sent from outlook",
    "sent from mail for ",
    "sent from yahoo",
    "sent with proton",
    "von meinem ",
    "enviado desde mi ",
    "enviado desde outlook",
];

/// What is the writer's own.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) text: String,
    pub(crate) had_quote: bool,
}

/// The writer's own words in a text whose lines are ended by `\n`.
pub(crate) fn without(text: &str) -> Kept {
    let page = Page::new(text);
    let mut own: Vec<&str> = Vec::new();
    let mut marked = None;
    let mut signed = false;
    let mut at = 0;
    while let Some(line) = page.lines.get(at) {
        if is_quoted(line) {
            marked = marked.or(Some(at));
            signed = false;
            at += 1;
        } else if let Some(below) = page.above_quote(at) {
            marked = marked.or(Some(at));
            signed = false;
            while own.last().is_some_and(|last| is_rule(last)) {
                own.pop();
            }
            if !page.next(below).is_some_and(is_quoted) {
                break;
            }
            at = below;
        } else {
            signed = signed || page.is_dashes(at);
            if !signed && !page.is_device(at) {
                own.push(line);
            }
            at += 1;
        }
    }
    let before = || tidy(page.lines.iter().take(marked.unwrap_or(0)).copied());
    let found = [
        tidy(own.into_iter()),
        before(),
        tidy(page.lines.iter().copied()),
    ];
    Kept {
        text: found
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        had_quote: marked.is_some(),
    }
}

/// Whether a line is quoted by `>`.
fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Whether a line is empty, or drawn across the page.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || (line.len() >= 10 && line.chars().all(|c| matches!(c, '_' | '-' | '=')))
}

/// The lines of a text, and what is looked for in them.
struct Page<'a> {
    lines: Vec<&'a str>,
    /// The same in plain letters; empty for lines too long to be a mark.
    folded: Vec<String>,
    /// For each line, the first from there on that is not blank.
    filled: Vec<usize>,
}

impl<'a> Page<'a> {
    fn new(text: &'a str) -> Self {
        let lines: Vec<&str> = text.split('\n').collect();
        let folded = lines
            .iter()
            .map(|line| match line.len() <= MAX_WORDS {
                true => clean::fold(line).replace('*', "").trim().to_owned(),
                false => String::new(),
            })
            .collect();
        let mut filled = vec![lines.len(); lines.len()];
        let mut next = lines.len();
        for (at, place) in filled.iter_mut().enumerate().rev() {
            if lines.get(at).is_some_and(|line| !line.trim().is_empty()) {
                next = at;
            }
            *place = next;
        }
        Self {
            lines,
            folded,
            filled,
        }
    }

    fn words(&self, at: usize) -> &str {
        self.folded.get(at).map_or("", String::as_str)
    }

    /// The first line that is not blank, from `at` on.
    fn next(&self, at: usize) -> Option<&'a str> {
        self.lines.get(*self.filled.get(at)?).copied()
    }

    /// Where what is quoted starts, when the words above a quotation start at `at`.
    fn above_quote(&self, at: usize) -> Option<usize> {
        let words = self.words(at);
        if words.is_empty() {
            return None;
        }
        let dashed = words.starts_with("--") && words.ends_with("--");
        if dashed && DASHED.iter().any(|mark| words.contains(mark)) || BARE.contains(&words) {
            return Some(at + 1);
        }
        if self.is_header(at) {
            return Some(at);
        }
        self.attribution(at)
    }

    /// `Le 12 mars 2026 à 10:03, X a écrit :`, on as many lines as it takes.
    fn attribution(&self, at: usize) -> Option<usize> {
        let opens = OPENERS
            .iter()
            .any(|opener| self.words(at).starts_with(opener));
        let mut whole = String::new();
        for below in at..at + WRAPPED {
            let words = self.words(below);
            if words.is_empty() || is_quoted(words) || whole.len() + words.len() > MAX_WORDS {
                return None;
            }
            if !whole.is_empty() {
                whole.push(' ');
            }
            whole.push_str(words);
            let named = whole.ends_with(':') && WITHIN.iter().any(|w| whole.contains(w));
            if named || CLOSERS.iter().any(|closer| whole.ends_with(closer)) {
                let quoted = self.next(below + 1).is_some_and(is_quoted);
                let told = TOLD.iter().any(|told| whole.ends_with(told));
                let (timed, addressed) = (is_timed(&whole), whole.contains('@'));
                let sure = match opens {
                    true => timed || addressed,
                    false => timed && addressed,
                };
                return (quoted || sure && !told).then_some(below + 1);
            }
            if !opens {
                return None;
            }
        }
        None
    }

    /// Whether a header such as Outlook's starts at `at`.
    fn is_header(&self, at: usize) -> bool {
        if !WHO.iter().any(|label| self.words(at).starts_with(label)) {
            return false;
        }
        let below = || (at + 1..at + HEADER).map(|line| self.words(line));
        let has = |labels: &&[&str]| {
            below().any(|words| labels.iter().any(|label| words.starts_with(label)))
        };
        REST.iter().filter(|labels| has(labels)).count() >= 2
    }

    /// Whether a signature starts at `at`: two dashes and a space, or without the space when
    /// little follows.
    fn is_dashes(&self, at: usize) -> bool {
        match self.lines.get(at) {
            Some(&"-- ") => true,
            Some(line) if line.trim_end() == "--" => {
                let mut below = at + 1;
                for _ in 0..MAX_SIGNATURE {
                    let Some(&next) = self.filled.get(below) else {
                        return true;
                    };
                    let ends = self.lines.get(next).is_none_or(|line| is_quoted(line));
                    if ends || self.above_quote(next).is_some() {
                        return true;
                    }
                    below = next + 1;
                }
                false
            }
            _ => false,
        }
    }

    /// Whether the line is one that a program adds.
    fn is_device(&self, at: usize) -> bool {
        let words = self.words(at);
        let words = words.trim_start_matches(['[', '<', '(', '-', ' ']);
        let short = words.len() <= 160;
        let german = !words.starts_with("von meinem ") || words.contains("gesendet");
        short && german && DEVICE.iter().any(|device| words.starts_with(device))
    }
}

/// Whether an hour is written in it: `10:03`, `10h03`.
fn is_timed(words: &str) -> bool {
    words.as_bytes().windows(4).any(|four| {
        matches!(four, [a, b':' | b'h', b, c]
            if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit())
    })
}

/// Lines put together: none blank at either end, two blank in a row at most, [`MAX_LETTER`]
/// characters at most.
fn tidy<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut left = MAX_LETTER;
    let mut blank = 0;
    for line in lines {
        let line = line.trim_end();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        let ends = match text.is_empty() {
            true => 0,
            false => 1 + blank.min(2),
        };
        blank = 0;
        if left <= ends {
            break;
        }
        text.extend(std::iter::repeat_n('\n', ends));
        left -= ends;
        for c in line.chars().take(left) {
            text.push(c);
            left -= 1;
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests;
