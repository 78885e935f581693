//! Words for what courses hold.

use passerelle_web::components::{Status, Tone};
use passerelle_web::i18n::Words;
use passerelle_web::{Ctx, Lang, format};

use super::super::activity_model::ActivityKind;
use super::super::queries::{Advice, NextSession};
use crate::progress::model::{ActivityRule, CourseRule};

/// When an activity is done, in words: « à terminer », « note d’au moins 80 % ».
pub fn rule_words(words: &Words, lang: Lang, rule: ActivityRule) -> String {
    match rule {
        ActivityRule::Viewed => words.text(lang, "catalogue-rule-viewed"),
        ActivityRule::Completed => words.text(lang, "catalogue-rule-completed"),
        ActivityRule::Passed => words.text(lang, "catalogue-rule-passed"),
        ActivityRule::Declared => words.text(lang, "catalogue-rule-declared"),
        ActivityRule::Score { at_least } => {
            let score = format::mark(i64::from(at_least), lang);
            words.with(lang, "catalogue-rule-score", &[("score", score.into())])
        }
    }
}

/// When a course is completed, in words.
pub(super) fn course_rule_words(ctx: &Ctx, rule: CourseRule) -> String {
    match rule {
        CourseRule::All => ctx.t("catalogue-course-rule-all"),
        CourseRule::Count { at_least } => {
            ctx.tr("catalogue-course-rule-count", &[("count", at_least.into())])
        }
        CourseRule::Share { at_least } => {
            let share = format::percent(i64::from(at_least), ctx.lang);
            ctx.tr("catalogue-course-rule-share", &[("share", share.into())])
        }
    }
}

/// « Semaine 2 : lire et écrire à l’écran »; the number alone for a week without a name of its own.
pub(super) fn week_heading(ctx: &Ctx, number: usize, title: &str) -> String {
    let number = ctx.tr("catalogue-week-number", &[("number", number.into())]);
    if title.is_empty() || title == number {
        return number;
    }
    ctx.tr(
        "catalogue-week-heading",
        &[("number", number.into()), ("title", title.into())],
    )
}

/// A sum of estimates in a sentence: « 2 h d’activités ».
pub(super) fn week_time(ctx: &Ctx, message: &str, minutes: i32) -> String {
    ctx.tr(
        message,
        &[(
            "time",
            format::duration(i64::from(minutes), ctx.lang).into(),
        )],
    )
}

/// The name of a kind.
pub(super) fn kind_words(ctx: &Ctx, kind: ActivityKind) -> String {
    ctx.t(match kind {
        ActivityKind::Package => "catalogue-kind-scorm",
        ActivityKind::Page => "catalogue-kind-page",
        ActivityKind::File => "catalogue-kind-file",
        ActivityKind::Link => "catalogue-kind-link",
        ActivityKind::Tool => "catalogue-kind-tool",
    })
}

/// The state of a course.
pub(super) fn state_status(ctx: &Ctx, state: &str) -> Status {
    match state {
        "published" => Status::new(Tone::Success, ctx.t("catalogue-state-published")),
        "archived" => Status::new(Tone::Neutral, ctx.t("catalogue-state-archived")),
        _ => Status::new(Tone::Warn, ctx.t("catalogue-state-draft")),
    }
}

/// One sentence of advice.
pub(super) fn advice_words(ctx: &Ctx, advice: &Advice) -> String {
    match advice {
        Advice::NoActivity => ctx.t("catalogue-advice-no-activity"),
        Advice::Minutes { planned, agreed } => {
            let time = |minutes: i32| format::duration(i64::from(minutes), ctx.lang).into();
            ctx.tr(
                "catalogue-advice-minutes",
                &[("planned", time(*planned)), ("agreed", time(*agreed))],
            )
        }
        Advice::NotAssessed { objective } => ctx.tr(
            "catalogue-advice-objective",
            &[("objective", objective.into())],
        ),
    }
}

/// Places left in a session.
pub(super) fn places_status(ctx: &Ctx, session: &NextSession) -> Status {
    match session.places {
        0 => Status::new(Tone::Neutral, ctx.t("catalogue-places-none")),
        few @ 1..=3 => Status::new(
            Tone::Warn,
            ctx.tr("catalogue-places-few", &[("count", few.into())]),
        ),
        many => Status::new(
            Tone::Success,
            ctx.tr("catalogue-places", &[("count", many.into())]),
        ),
    }
}

/// The first words of a Markdown text, for a card: one line without its marks, cut at a word.
pub(super) fn plain_line(markdown: &str, most: usize) -> String {
    let mark = |c: char| matches!(c, '#' | '*' | '-' | '>' | '+' | '_' | '`') || c.is_whitespace();
    let line = markdown
        .lines()
        .map(|l| l.trim_start_matches(mark).trim())
        .find(|l| !l.is_empty())
        .unwrap_or_default();
    let bare: String = line
        .chars()
        .filter(|c| !matches!(c, '*' | '_' | '`'))
        .collect();
    if bare.chars().count() <= most {
        return bare;
    }
    let cut: String = bare.chars().take(most).collect();
    let kept = cut.rsplit_once(' ').map_or(cut.as_str(), |(kept, _)| kept);
    format!("{}…", kept.trim_end_matches([',', ';', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_shows_one_plain_line() {
        assert_eq!(
            plain_line("\n- **Formateurs** et formatrices\n- Bénévoles", 80),
            "Formateurs et formatrices"
        );
        assert_eq!(plain_line("## ", 80), "");
        assert_eq!(
            plain_line("Un texte bien trop long, vraiment", 26),
            "Un texte bien trop long…"
        );
    }
}
