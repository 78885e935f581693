//! Charts drawn here, as SVG that takes the width it is given: positions are
//! percentages and text keeps its size, so they read on a telephone and at
//! twice the text size. Labels are direct, colours few; the sentence above
//! says what one sees and the table is behind a disclosure.

use std::fmt::Write as _;

use serde::Serialize;

use super::escape;
use super::listing::Table;

/// Lines taken by one bar and its label, in the height of the text.
const BAR_STEP: usize = 3;

/// What a bar means, and so its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BarKind {
    /// A quantity like the others.
    #[default]
    Plain,
    /// The one the sentence speaks of.
    Strong,
    /// What waits.
    Wait,
}

impl BarKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Strong => "strong",
            Self::Wait => "wait",
        }
    }
}

/// One bar, or one point of a line.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// How much, zero or more.
    pub value: i64,
    /// How much, formatted.
    pub words: String,
    /// What it means.
    pub kind: BarKind,
}

impl Bar {
    /// A bar like the others.
    pub fn new(label: impl Into<String>, value: i64, words: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value,
            words: words.into(),
            kind: BarKind::Plain,
        }
    }

    /// Changes what it means.
    #[must_use]
    pub fn kind(mut self, kind: BarKind) -> Self {
        self.kind = kind;
        self
    }
}

/// A chart with its sentence and its table.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// Identifier in the page, unique.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// What one sees.
    pub sentence: String,
    /// The drawing, made by [`bar_chart`] or [`line_chart`].
    pub svg: String,
    /// The same figures.
    pub table: Table,
}

/// Horizontal bars, label and value above each, in the order given. The
/// longest bar takes the whole width. Values below zero are drawn as zero.
///
/// The drawing is hidden from assistive technologies: the sentence and the
/// table beside it carry the same.
pub fn bar_chart(bars: &[Bar]) -> String {
    let largest = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let height = bars.len() * BAR_STEP;
    let mut svg = format!(
        "<svg class=\"bars\" width=\"100%\" height=\"{height}em\" aria-hidden=\"true\" focusable=\"false\">"
    );
    for (index, bar) in bars.iter().enumerate() {
        let top = index * BAR_STEP;
        // Writing to a String cannot fail.
        let _ = write!(
            svg,
            "<text x=\"0\" y=\"{top}.95em\">{label}</text>\
             <text class=\"value\" x=\"100%\" y=\"{top}.95em\" text-anchor=\"end\">{words}</text>\
             <rect class=\"track\" x=\"0\" y=\"{under}.35em\" width=\"100%\" height=\".7em\" rx=\".35em\"/>\
             <rect class=\"{class}\" x=\"0\" y=\"{under}.35em\" width=\"{width}%\" height=\".7em\" rx=\".35em\"/>",
            under = top + 1,
            label = escape(&bar.label),
            words = escape(&bar.words),
            class = bar.kind.class(),
            width = hundredths(bar.value, largest),
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A line through points evenly spaced from left to right, from zero to the
/// largest value. The first and the last points are labelled with their
/// values; every point has its name under it when there are at most eight.
pub fn line_chart(points: &[Bar]) -> String {
    let largest = points
        .iter()
        .map(|point| point.value)
        .max()
        .unwrap_or(0)
        .max(1);
    let last = points.len().saturating_sub(1).max(1);
    let mut line = String::new();
    let mut labels = String::new();
    for (index, point) in points.iter().enumerate() {
        let left = hundredths(to_i64(index), to_i64(last));
        let up = 100 - (point.value.clamp(0, largest) * 100 / largest);
        let _ = write!(line, "{left},{up} ");
        let edge = index == 0 || index == points.len() - 1;
        let anchor = match index {
            0 => "start",
            _ if edge => "end",
            _ => "middle",
        };
        if edge {
            let _ = write!(
                labels,
                "<text class=\"value\" x=\"{left}%\" y=\"1em\" text-anchor=\"{anchor}\">{}</text>",
                escape(&point.words)
            );
        }
        if edge || points.len() <= 8 {
            let _ = write!(
                labels,
                "<text x=\"{left}%\" y=\"11.3em\" text-anchor=\"{anchor}\">{}</text>",
                escape(&point.label)
            );
        }
    }
    format!(
        "<svg class=\"line\" width=\"100%\" height=\"12em\" aria-hidden=\"true\" focusable=\"false\">\
         <svg y=\"1.7em\" width=\"100%\" height=\"8em\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" overflow=\"visible\">\
         <line class=\"axis\" x1=\"0\" y1=\"100\" x2=\"100\" y2=\"100\" vector-effect=\"non-scaling-stroke\"/>\
         <polyline points=\"{}\" vector-effect=\"non-scaling-stroke\"/></svg>{labels}</svg>",
        line.trim_end()
    )
}

/// `value` of `whole` as a percentage with two decimals.
fn hundredths(value: i64, whole: i64) -> String {
    let share = i128::from(value.clamp(0, whole)) * 10_000 / i128::from(whole.max(1));
    format!("{}.{:02}", share / 100, share % 100)
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
