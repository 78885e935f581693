//! Numbers as people read them. Only integers come in: scores and shares are
//! ten-thousandths, sizes are bytes.

use super::{NBSP, NNBSP};
use crate::lang::Lang;

/// « 6 620 » with narrow no-break spaces, "6,620".
pub fn number(value: i64, lang: Lang) -> String {
    let sign = if value < 0 { "−" } else { "" };
    format!("{sign}{}", grouped(&value.unsigned_abs().to_string(), lang))
}

/// A fixed-point number: `decimal(66_205, 1, Fr)` is « 6 620,5 ». Zeros at
/// the end of the decimals are kept.
pub fn decimal(value: i64, decimals: u32, lang: Lang) -> String {
    let scale = 10_u64.saturating_pow(decimals.min(18));
    let whole = value.unsigned_abs() / scale;
    let rest = value.unsigned_abs() % scale;
    let sign = if value < 0 { "−" } else { "" };
    let text = grouped(&whole.to_string(), lang);
    if decimals == 0 {
        return format!("{sign}{text}");
    }
    let width = decimals.min(18) as usize;
    format!("{sign}{text}{}{rest:0width$}", decimal_mark(lang))
}

/// A share in ten-thousandths as a whole percentage: « 85 % ». Rounded to the
/// nearest, but never up to 100 nor down to 0 before it is really so.
pub fn percent(ten_thousandths: i64, lang: Lang) -> String {
    let rounded = (ten_thousandths + 50).div_euclid(100);
    let shown = match ten_thousandths {
        1..=49 => 1,
        9_950..=9_999 => 99,
        _ => rounded,
    };
    match lang {
        Lang::Fr => format!("{}{NNBSP}%", number(shown, lang)),
        Lang::En => format!("{}%", number(shown, lang)),
    }
}

/// A score in ten-thousandths, or the score that is needed, as a percentage: « 80 % », and with one
/// decimal when it is no whole percentage, « 79,6 % ». Always rounded down: what is shown never reaches
/// a threshold that the score does not. Shares of something done are [`percent`].
pub fn mark(ten_thousandths: i64, lang: Lang) -> String {
    let tenths = ten_thousandths.div_euclid(10);
    let text = if tenths % 10 == 0 {
        number(tenths / 10, lang)
    } else {
        decimal(tenths, 1, lang)
    };
    match lang {
        Lang::Fr => format!("{text}{NNBSP}%"),
        Lang::En => format!("{text}%"),
    }
}

/// A scaled score in ten-thousandths out of a hundred, decimals only when
/// there are some: « 82,5 ».
pub fn score(ten_thousandths: i64, lang: Lang) -> String {
    let text = decimal(ten_thousandths, 2, lang);
    text.trim_end_matches('0')
        .trim_end_matches(decimal_mark(lang))
        .to_owned()
}

/// A size in bytes, in powers of 1,000: « 12,5 Mo », "12.5 MB".
pub fn bytes(size: u64, lang: Lang) -> String {
    let units = match lang {
        Lang::Fr => ["octets", "ko", "Mo", "Go", "To"],
        Lang::En => ["bytes", "kB", "MB", "GB", "TB"],
    };
    let mut step = 1_u64;
    let mut unit = 0;
    // 999,950 would be shown as « 1000,0 ko »: leave each unit a little early.
    while unit + 1 < units.len() && size >= step.saturating_mul(999_950) / 1_000 && size >= 1_000 {
        step = step.saturating_mul(1_000);
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        // French keeps the singular below two.
        let name = if size < 2 {
            name.trim_end_matches('s')
        } else {
            name
        };
        return format!("{size}{NBSP}{name}");
    }
    let tenths = (u128::from(size) * 10 + u128::from(step) / 2) / u128::from(step);
    let text = decimal(i64::try_from(tenths).unwrap_or(i64::MAX), 1, lang);
    let short = match text.strip_suffix('0') {
        Some(whole) => whole.trim_end_matches(decimal_mark(lang)),
        None => &text,
    };
    format!("{short}{NBSP}{name}")
}

const fn decimal_mark(lang: Lang) -> char {
    match lang {
        Lang::Fr => ',',
        Lang::En => '.',
    }
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str, lang: Lang) -> String {
    let mark = match lang {
        Lang::Fr => NNBSP,
        Lang::En => ',',
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}
