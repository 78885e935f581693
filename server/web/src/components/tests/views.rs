//! The page of all components, rendered strictly in both languages, and what
//! a template may not do: name an icon, a message or a colour that is not.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use passerelle_kernel::Registry;
use serde_json::json;

use crate::assets::{Locales, PublicAssets, Views};
use crate::components::samples;
use crate::i18n::Words;
use crate::icons;
use crate::lang::Lang;
use crate::plugin::WebPlugin;
use crate::render::Templates;

struct Web {
    registry: Registry,
    words: Words,
    templates: Templates,
}

fn web() -> Web {
    let registry = Registry::compose(&[&WebPlugin], &HashSet::new());
    let words = Words::collect(&registry).expect("the words are read");
    let assets = PublicAssets::collect(&registry);
    let templates = Templates::collect(&registry, &words, &assets).expect("the templates are read");
    Web {
        registry,
        words,
        templates,
    }
}

fn sources(registry: &Registry) -> BTreeMap<String, String> {
    registry
        .all::<Views>()
        .flat_map(|views| views.0.texts())
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

fn look(web: &Web, lang: Lang) -> String {
    web.templates
        .render("dev/look", &json!({ "lang": lang.code(), "zone": "Europe/Paris", "title": "", "path": "", "samples": samples() }))
        .expect("the page of all components is rendered")
}

/// What stands between `before` and the next quote, everywhere in the text.
fn quoted<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}

#[test]
fn every_component_is_rendered_in_every_language() {
    let web = web();
    for lang in Lang::ALL {
        let page = look(&web, lang);
        assert!(page.contains("class=\"now\""), "{}", lang.code());
        assert!(!page.contains("{{"), "{}", lang.code());
    }
    assert_ne!(look(&web, Lang::Fr), look(&web, Lang::En));
}

#[test]
fn every_component_is_on_the_page_of_all_components() {
    let web = web();
    let sources = sources(&web.registry);
    // A partial is shown by the page, or by another that is.
    let mut shown: BTreeSet<String> = BTreeSet::new();
    let mut next = vec!["dev/look.hbs".to_owned()];
    while let Some(path) = next.pop() {
        let text = &sources[&path];
        for name in text
            .split("> c/")
            .skip(1)
            .filter_map(|rest| rest.split(['}', ' ']).next())
        {
            let path = format!("components/{name}.hbs");
            if shown.insert(path.clone()) {
                next.push(path);
            }
        }
    }
    let all: BTreeSet<_> = sources
        .keys()
        .filter(|path| path.starts_with("components/"))
        .cloned()
        .collect();
    assert_eq!(shown, all);
}

#[test]
fn identifiers_are_unique_and_labels_lead_to_a_control() {
    let page = look(&web(), Lang::Fr);
    let mut seen = HashSet::new();
    for id in quoted(&page, " id=\"") {
        assert!(seen.insert(id), "{id} is there twice");
    }
    for attribute in [
        " for=\"",
        "aria-labelledby=\"",
        "aria-describedby=\"",
        "data-show-password=\"",
    ] {
        for id in quoted(&page, attribute).flat_map(str::split_whitespace) {
            assert!(seen.contains(id), "{attribute}{id} leads nowhere");
        }
    }
}

#[test]
fn nothing_that_the_content_policy_refuses_is_written() {
    let web = web();
    let page = look(&web, Lang::Fr);
    let sources = sources(&web.registry);
    // Mails are read where our policy does not hold and where sheets are not loaded.
    let pages = sources
        .iter()
        .filter(|(path, _)| !path.starts_with("mail/"));
    for (place, text) in pages
        .map(|(path, text)| (path.as_str(), text))
        .chain([("look", &page)])
    {
        for refused in [
            " style=\"",
            " onclick=",
            "javascript:",
            "<style",
            "<script>",
        ] {
            assert!(!text.contains(refused), "{place} writes {refused}");
        }
    }
}

#[test]
fn every_icon_and_every_message_that_a_template_names_exists() {
    let web = web();
    let known: HashSet<_> = icons::names().collect();
    for (path, text) in sources(&web.registry) {
        for name in quoted(&text, "{{icon \"") {
            assert!(known.contains(name), "{path} draws {name}");
        }
        for id in quoted(&text, "{{t \"") {
            for lang in Lang::ALL {
                assert!(
                    web.words.has(lang, id),
                    "{path} says {id}, unknown in {}",
                    lang.code()
                );
            }
        }
    }
}

#[test]
fn both_languages_have_the_same_messages() {
    let web = web();
    let keys = |lang: Lang| -> BTreeSet<String> {
        web.registry
            .all::<Locales>()
            .flat_map(|locales| locales.0.texts())
            .filter(|(path, _)| path.starts_with(lang.code()))
            .flat_map(|(_, text)| text.lines())
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(id, _)| id.to_owned()))
            .collect()
    };
    assert!(keys(Lang::Fr).len() > 60);
    assert_eq!(keys(Lang::Fr), keys(Lang::En));
}

#[test]
fn french_marks_are_preceded_by_spaces_that_do_not_break() {
    let web = web();
    let files = web
        .registry
        .all::<Locales>()
        .flat_map(|locales| locales.0.texts());
    for (path, text) in files.filter(|(path, _)| path.starts_with("fr/")) {
        for line in text.lines() {
            for bad in [" ;", " !", " ?", " :", "« ", " »", "...", " %"] {
                // Percent signs also mark a place in a message that scripts fill.
                assert!(
                    !line.contains(bad) || line.contains(" %p"),
                    "{path}: {line}"
                );
            }
            assert!(!line.contains('\''), "{path}: {line}");
        }
    }
}

#[test]
fn every_asset_that_a_page_needs_fits_the_weight_of_a_first_visit() {
    let sheet = include_str!("../../../assets/passerelle.css").len();
    let script = include_str!("../../../assets/app.js").len();
    assert!(sheet <= 33_000, "the style sheet has {sheet} bytes");
    assert!(script <= 18_000, "the script has {script} bytes");
}
