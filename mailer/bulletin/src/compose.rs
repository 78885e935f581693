//! From blocks to templates of the two parts.

use std::sync::OnceLock;

use handlebars::{Handlebars, no_escape};
use mrml::prelude::render::RenderOptions;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::block::{Block, Kind};
use crate::text;

/// A bulletin to lay out.
#[derive(Clone, Debug)]
pub struct Bulletin<'a> {
    /// Subject; may hold variables.
    pub subject: &'a str,
    /// First words that lists of mails show after the subject; may be empty.
    pub preheader: &'a str,
    /// Its blocks, in order.
    pub blocks: &'a [Block],
    /// What stands around them.
    pub frame: &'a Frame,
}

/// Who sends, and the words that stand around the blocks, in the bulletin's language.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// `fr` or `en`.
    pub lang: String,
    /// Name of the sender, above the blocks.
    pub sender: String,
    /// Postal address of the sender, one line; may be empty.
    pub address: String,
    /// Why the reader receives it.
    pub why: String,
    /// Says what the link to the page does.
    pub view: String,
    /// Says what the link to one's choices does.
    pub preferences: String,
    /// Says what the link to stop does.
    pub unsubscribe: String,
    /// What a link without words of its own says.
    pub read: String,
}

/// A bulletin laid out: templates whose variables are [`crate::VARIABLES`] and the reader's own
/// addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composed {
    /// Subject.
    pub subject: String,
    /// HTML part.
    pub html: String,
    /// Plain-text part.
    pub text: String,
}

/// Why a bulletin cannot be laid out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ComposeError {
    /// Our layout does not hold; a defect of ours.
    #[error("the layout of the bulletin: {0}")]
    Layout(String),
}

const MJML: &str = include_str!("bulletin.mjml.hbs");
const PLAIN: &str = include_str!("bulletin.txt.hbs");

/// The engine that lays out; what it fills in for everybody is escaped, variables of one reader
/// come through as they are.
fn layouts() -> &'static Handlebars<'static> {
    static LAYOUTS: OnceLock<Handlebars<'static>> = OnceLock::new();
    LAYOUTS.get_or_init(|| {
        let mut bars = Handlebars::new();
        bars.set_strict_mode(true);
        let _ = bars.register_template_string("mjml", MJML);
        bars
    })
}

fn plain_layouts() -> &'static Handlebars<'static> {
    static LAYOUTS: OnceLock<Handlebars<'static>> = OnceLock::new();
    LAYOUTS.get_or_init(|| {
        let mut bars = Handlebars::new();
        bars.set_strict_mode(true);
        bars.register_escape_fn(no_escape);
        let _ = bars.register_template_string("text", PLAIN);
        bars
    })
}

impl Bulletin<'_> {
    /// Lays it out.
    ///
    /// # Errors
    ///
    /// The layout itself does not hold, whatever was written in the blocks.
    pub fn compose(&self) -> Result<Composed, ComposeError> {
        let layout = |e: &dyn std::fmt::Display| ComposeError::Layout(e.to_string());
        let mjml = layouts()
            .render("mjml", &self.data(Part::Html))
            .map_err(|e| layout(&e))?;
        let root = mrml::parse(&mjml).map_err(|e| layout(&e))?.element;
        let options = RenderOptions {
            disable_comments: true,
            // Nothing is fetched by who reads: no web font.
            fonts: std::collections::HashMap::new(),
            ..RenderOptions::default()
        };
        let html = root.render(&options).map_err(|e| layout(&e))?;
        let text = plain_layouts()
            .render("text", &self.data(Part::Plain))
            .map_err(|e| layout(&e))?;
        Ok(Composed {
            subject: self.subject.to_owned(),
            html: named(&html, &self.frame.lang),
            text: tidy(&text),
        })
    }

    fn data(&self, part: Part) -> Value {
        let blocks: Vec<Value> = self
            .blocks
            .iter()
            .filter(|block| !block.is_empty())
            .map(|block| self.block(block, part))
            .collect();
        let frame = self.frame;
        json!({
            "lang": frame.lang,
            "subject": self.subject,
            "preheader": self.preheader,
            "sender": frame.sender,
            "address": frame.address,
            "why": frame.why,
            "view": frame.view,
            "preferences": frame.preferences,
            "unsubscribe": frame.unsubscribe,
            "blocks": blocks,
        })
    }

    fn block(&self, block: &Block, part: Part) -> Value {
        let followed = |address: &str| {
            if text::is_followed(address) {
                address.to_owned()
            } else {
                String::new()
            }
        };
        let body = match part {
            Part::Html => text::html(&block.text),
            Part::Plain => text::plain(&block.text),
        };
        let label = if block.label.is_empty() {
            &self.frame.read
        } else {
            &block.label
        };
        let card = matches!(
            block.kind,
            Kind::Article | Kind::Event | Kind::Course | Kind::Item
        );
        json!({
            "heading": block.kind == Kind::Heading,
            "paragraphs": block.kind == Kind::Text,
            "single": block.kind == Kind::Picture && !followed(&block.picture).is_empty(),
            "card": card,
            "button": block.kind == Kind::Button && !followed(&block.href).is_empty(),
            "divider": block.kind == Kind::Divider,
            "title": block.title,
            "line": "=".repeat(block.title.chars().count().clamp(3, 60)),
            "text": body,
            "when": block.when,
            "href": followed(&block.href),
            "label": label,
            "picture": followed(&block.picture),
            "alt": if block.alt == "-" { "" } else { &block.alt },
        })
    }
}

#[derive(Clone, Copy)]
enum Part {
    Html,
    Plain,
}

/// The language and a title for screen readers, which the layout engine does not write by itself.
fn named(html: &str, lang: &str) -> String {
    if html.contains("<html lang=") {
        return html.to_owned();
    }
    html.replacen("<html ", &format!("<html lang=\"{lang}\" "), 1)
}

/// At most one empty line in a row, none at the ends of lines.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            if empty {
                continue;
            }
            empty = true;
        } else {
            empty = false;
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
