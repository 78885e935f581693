//! Contrast of the colour tokens, computed as WCAG 2 defines it: 7:1 between
//! text and ground, 4.5:1 for what shows an edge or a state, in both schemes
//! and for every accent that a space may choose.

use std::collections::HashMap;

const CSS: &str = include_str!("../../../assets/passerelle.css");
const ACCENTS: [&str; 4] = ["blue", "plum", "brick", "forest"];

/// Text and the grounds it is written on.
const TEXT: &[(&str, &[&str])] = &[
    (
        "ink",
        &[
            "paper",
            "surface",
            "sunk",
            "act-wash",
            "wait-wash",
            "good-wash",
            "bad-wash",
        ],
    ),
    ("soft", &["paper", "surface", "sunk", "act-wash"]),
    ("act", &["paper", "surface", "sunk", "act-wash"]),
    ("act-deep", &["paper", "surface", "act-wash"]),
    ("on-act", &["act", "act-deep"]),
    ("wait", &["paper", "surface", "wait-wash"]),
    ("good", &["paper", "surface", "good-wash"]),
    ("bad", &["paper", "surface", "bad-wash"]),
    ("on-bad", &["bad", "bad-deep"]),
];

/// Edges and marks, and what they are drawn on.
const INTERFACE: &[(&str, &[&str])] = &[
    ("edge", &["paper", "surface", "sunk"]),
    ("act", &["line"]),
    ("good", &["line"]),
    ("wait-mark", &["paper", "surface"]),
];

type Tokens = HashMap<String, [u8; 3]>;

/// The hexadecimal colours declared in the first block after `start`.
fn tokens(css: &str, start: &str) -> Tokens {
    let (_, after) = css
        .split_once(start)
        .expect("the block is in the style sheet");
    let (block, _) = after.split_once('}').expect("the block ends");
    block
        .split(';')
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(':')?;
            let hex = value.trim().strip_prefix('#')?;
            let part = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
            Some((name.to_owned(), [part(0)?, part(2)?, part(4)?]))
        })
        .collect()
}

/// Both schemes, then each accent over both.
fn schemes() -> Vec<(String, Tokens)> {
    let (light_css, dark_css) = CSS
        .split_once("@media (prefers-color-scheme: dark)")
        .expect("the sheet has a dark scheme");
    let light = tokens(light_css, ":root {");
    let dark = tokens(dark_css, ":root {");
    let (_, dark_accents) = dark_css
        .split_once("@media (prefers-color-scheme: dark)")
        .expect("accents have a dark scheme");
    let mut all = vec![
        ("light".to_owned(), light.clone()),
        ("dark".to_owned(), dark.clone()),
    ];
    for accent in ACCENTS {
        let start = format!(":root[data-accent=\"{accent}\"] {{");
        for (name, base, css) in [("light", &light, dark_css), ("dark", &dark, dark_accents)] {
            let mut scheme = base.clone();
            scheme.extend(tokens(css, &start));
            all.push((format!("{accent}, {name}"), scheme));
        }
    }
    all
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn failures(pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let mut failures = Vec::new();
    for (scheme, tokens) in schemes() {
        for (front, grounds) in pairs {
            for ground in *grounds {
                let ratio = contrast(tokens[*front], tokens[*ground]);
                if ratio < least {
                    failures.push(format!("{scheme}: {front} on {ground} is {ratio:.2}:1"));
                }
            }
        }
    }
    failures
}

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.001);
}

#[test]
fn text_is_readable_at_seven_to_one() {
    assert_eq!(failures(TEXT, 7.0), Vec::<String>::new());
}

#[test]
fn edges_and_marks_are_seen_at_four_and_a_half_to_one() {
    assert_eq!(failures(INTERFACE, 4.5), Vec::<String>::new());
}

#[test]
fn every_accent_changes_the_colour_of_what_can_be_done() {
    let schemes = schemes();
    let light = &schemes[0].1;
    for (name, tokens) in &schemes[2..] {
        assert_ne!(tokens["act"], light["act"], "{name}");
    }
}
