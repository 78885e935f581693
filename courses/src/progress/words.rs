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
                    let need = ("need", format::percent(i64::from(*at_least), lang).into());
                    words.with(lang, "progress-missing-score", &[title, need])
                }
                (ActivityRule::Score { at_least }, Some(score)) => {
                    let need = ("need", format::percent(i64::from(*at_least), lang).into());
                    let have = ("have", format::percent(i64::from(*score), lang).into());
                    words.with(lang, "progress-missing-score-have", &[title, have, need])
                }
            }
        }
    }
}
