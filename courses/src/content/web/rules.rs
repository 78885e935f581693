//! What a package decides by itself, and what in it cannot be opened: said to whoever builds
//! courses with it, in words.

use axum::response::Response;
use passerelle_scorm::manifest::{TocItem, decimal_text};
use passerelle_web::components::{Button, Status, Tone};
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::super::access::ManagePackage;
use super::super::commands::want_item;
use super::super::model::Contents;
use super::done;

/// Sentences shown at most; the rest is in the package.
const MAX_SENTENCES: usize = 40;

/// One sentence for each threshold and each prerequisite of the manifest, in the order of the items.
pub(super) fn rule_sentences(ctx: &Ctx, contents: &Contents) -> Vec<String> {
    contents
        .items
        .iter()
        .flat_map(|item| of_item(ctx, contents, item))
        .take(MAX_SENTENCES)
        .collect()
}

/// The same in one text, for the form of an activity; `contents` is the row's. None without rules.
pub fn package_rules(ctx: &Ctx, contents: &str) -> Option<String> {
    let contents = serde_json::from_str(contents).ok()?;
    let rules = rule_sentences(ctx, &contents).join(" ");
    (!rules.is_empty()).then(|| ctx.tr("content-rules-help", &[("rules", rules.into())]))
}

fn of_item(ctx: &Ctx, contents: &Contents, item: &TocItem) -> Vec<String> {
    let say = |id: &str, name: &str, value: String| {
        ctx.tr(id, &[("item", (&item.title).into()), (name, value.into())])
    };
    let percent = |value: i64| format::mark(value, ctx.lang);
    let mut out = Vec::new();
    if let Some(points) = item.mastery_score {
        let points = decimal_text(points);
        let points = match ctx.lang {
            passerelle_web::Lang::Fr => points.replace('.', ","),
            passerelle_web::Lang::En => points,
        };
        out.push(say("content-rule-mastery", "points", points));
    }
    if let Some(score) = item.scaled_passing_score {
        out.push(say("content-rule-passing", "share", percent(score)));
    }
    if let Some(measure) = item.completion_threshold.and_then(|it| it.effective()) {
        out.push(say("content-rule-progress", "share", percent(measure)));
    }
    if let Some(before) = &item.prerequisites {
        let script = with_titles(&before.script, &contents.items);
        out.push(say("content-rule-before", "script", script));
    }
    out
}

/// A script of prerequisites with the titles of the items that it names.
fn with_titles(script: &str, items: &[TocItem]) -> String {
    let part_of_name = |c: char| c.is_alphanumeric() || "_.-".contains(c);
    let mut out = String::new();
    let mut rest = script.trim();
    while let Some(first) = rest.chars().next() {
        let end = if part_of_name(first) {
            rest.find(|c| !part_of_name(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        match items.iter().find(|item| item.identifier == word) {
            Some(item) => out.push_str(&item.title),
            None => out.push_str(word),
        }
        rest = after;
    }
    out
}

/// Items that cannot be opened, each with the button that makes it count, or not any more.
pub(super) fn dead_items(ctx: &Ctx, contents: &Contents, action: Option<&str>) -> Vec<Value> {
    contents
        .dead()
        .map(|item| {
            let wanted = contents.wanted.contains(&item.identifier);
            let (tone, word, label) = if wanted {
                (Tone::Warn, "content-dead-wanted", "content-dead-leave")
            } else {
                (Tone::Neutral, "content-dead-left", "content-dead-want")
            };
            let button = action.map(|action| {
                Button::post(ctx.t(label), action)
                    .hidden("item", &item.identifier)
                    .hidden("wanted", if wanted { "0" } else { "1" })
                    .about(&item.title)
                    .quiet()
            });
            json!({"title": item.title, "status": Status::new(tone, ctx.t(word)), "button": button})
        })
        .collect()
}

/// `POST …/element`: an item that cannot be opened counts all the same, or not any more.
pub(super) async fn want(
    ctx: Ctx,
    allowed: Allowed<ManagePackage>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let to = format!(
        "/e/{}/gestion/contenus/{}#indisponibles",
        of.space.slug, of.package.id
    );
    let wanted = form.text("wanted") == "1";
    let tx = ctx.app.db().write().await?;
    want_item(&tx, &allowed, form.text("item"), wanted).await?;
    tx.commit().await?;
    let said = if wanted {
        "content-dead-now-wanted"
    } else {
        "content-dead-now-left"
    };
    Ok(ctx.redirect(&to, done(said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_prerequisites_reads_with_titles() {
        let item = |id: &str, title: &str| -> TocItem {
            serde_json::from_value(json!({
                "identifier": id, "title": title, "depth": 0, "kind": "sco", "visible": true,
                "external": false, "objectives": [], "hide_lms_ui": [], "data_maps": [],
            }))
            .expect("an item")
        };
        let items = [item("M1", "Accueil"), item("M1A", "Suite")];
        assert_eq!(with_titles(" M1&M1A ", &items), "Accueil&Suite");
        assert_eq!(
            with_titles("M1=\"passed\" | ~X.1", &items),
            "Accueil=\"passed\" | ~X.1"
        );
    }
}
