//! What is still missing, in words.

use passerelle_web::format;
use passerelle_web::i18n::Words;
use passerelle_web::lang::Lang;

use super::model::{ActivityRule, Missing};

/// One sentence for one thing that is missing.
pub fn missing_words(words: &Words, lang: Lang, missing: &Missing) -> String {
    match missing {
        Missing::More { count } => {
            words.with(lang, "progress-missing-more", &[("count", (*count).into())])
        }
        Missing::Minutes { minutes } => {
            let time = format::duration(i64::from(*minutes), lang);
            words.with(lang, "progress-missing-minutes", &[("time", time.into())])
        }
        Missing::Activity {
            title, rule, score, ..
        } => {
            let title = ("title", title.into());
            match (rule, score) {
                (ActivityRule::Viewed, _) => words.with(lang, "progress-missing-viewed", &[title]),
                (ActivityRule::Completed, _) => {
                    words.with(lang, "progress-missing-completed", &[title])
                }
                (ActivityRule::Passed, _) => words.with(lang, "progress-missing-passed", &[title]),
                (ActivityRule::Declared, _) => {
                    words.with(lang, "progress-missing-declared", &[title])
                }
                (ActivityRule::Score { at_least }, None) => {
                    let need = ("need", format::mark(i64::from(*at_least), lang).into());
                    words.with(lang, "progress-missing-score", &[title, need])
                }
                (ActivityRule::Score { at_least }, Some(score)) => {
                    let [have, need] = compared(i64::from(*score), i64::from(*at_least), lang);
                    let (have, need) = (("have", have.into()), ("need", need.into()));
                    words.with(lang, "progress-missing-score-have", &[title, have, need])
                }
            }
        }
    }
}

/// A score and what is needed, never in the same words when they are not the same.
fn compared(score: i64, need: i64, lang: Lang) -> [String; 2] {
    let short = [score, need].map(|value| format::mark(value, lang));
    if score == need || short[0] != short[1] {
        return short;
    }
    [score, need].map(|value| {
        let whole = format::mark(0, lang);
        whole.replacen('0', &format::decimal(value, 2, lang), 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// « vous avez 80 %, il faut 80 % »: it was 79.6.
    #[test]
    fn a_score_and_its_threshold_read_differently_when_they_differ() {
        let words = |score, need| {
            compared(score, need, Lang::Fr)
                .join(" / ")
                .replace('\u{202f}', " ")
        };
        assert_eq!(words(7_960, 8_000), "79,6 % / 80 %");
        assert_eq!(words(7_999, 8_000), "79,9 % / 80 %");
        assert_eq!(words(8_001, 8_003), "80,01 % / 80,03 %");
        assert_eq!(words(8_000, 8_000), "80 % / 80 %");
    }
}
