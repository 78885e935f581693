//! Values of attributes and elements.

use super::{LmsControl, TimeLimitAction};

/// Reads a decimal number into ten-thousandths; further digits are rounded half up in
/// magnitude. `None` for anything else, and beyond a thousand million.
pub(super) fn decimal(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    if whole > 1_000_000_000 {
        return None;
    }
    let digit =
        |index: usize| i64::from(fraction.as_bytes().get(index).map_or(0, |byte| byte - b'0'));
    let parts = (0..4).fold(0, |sum, index| sum * 10 + digit(index)) + i64::from(digit(4) >= 5);
    let value = whole * 10_000 + parts;
    Some(if negative { -value } else { value })
}

/// A value in ten-thousandths as the shortest decimal number: 800,000 is `80`.
pub fn decimal_text(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let text = format!("{sign}{}.{:04}", magnitude / 10_000, magnitude % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A measure between 0 and 1 in ten-thousandths.
pub(super) fn measure(text: &str) -> Option<i64> {
    decimal(text).filter(|value| (0..=10_000).contains(value))
}

/// `xs:boolean`, in any capitalisation.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// `timelimitaction`; the space after the comma varies.
pub(super) fn time_limit_action(text: &str) -> Option<TimeLimitAction> {
    let compact: String = text.to_ascii_lowercase().split_whitespace().collect();
    match compact.as_str() {
        "exit,message" => Some(TimeLimitAction::ExitMessage),
        "exit,nomessage" => Some(TimeLimitAction::ExitNoMessage),
        "continue,message" => Some(TimeLimitAction::ContinueMessage),
        "continue,nomessage" => Some(TimeLimitAction::ContinueNoMessage),
        _ => None,
    }
}

/// `hideLMSUI`.
pub(super) fn lms_control(text: &str) -> Option<LmsControl> {
    match text.trim().to_ascii_lowercase().as_str() {
        "continue" => Some(LmsControl::Continue),
        "previous" => Some(LmsControl::Previous),
        "exit" => Some(LmsControl::Exit),
        "exitall" => Some(LmsControl::ExitAll),
        "abandon" => Some(LmsControl::Abandon),
        "abandonall" => Some(LmsControl::AbandonAll),
        "suspendall" => Some(LmsControl::SuspendAll),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_in_ten_thousandths() {
        for (text, value) in [
            ("80", 800_000),
            (" 0.75 ", 7_500),
            (".5", 5_000),
            ("1.", 10_000),
            ("-0.00005", -1),
            ("+66.66666", 666_667),
        ] {
            assert_eq!(decimal(text), Some(value), "{text}");
        }
        for text in ["", ".", "1e3", "1,5", "--1", "99999999999", "NaN", "1.2.3"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_are_written_back_as_short_as_they_can_be() {
        for (value, text) in [(800_000, "80"), (7_500, "0.75"), (-1, "-0.0001"), (0, "0")] {
            assert_eq!(decimal_text(value), text);
            assert_eq!(decimal(text), Some(value));
        }
    }
}
