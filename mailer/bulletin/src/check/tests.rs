use super::*;
use crate::compose::Frame;
use crate::{Press, Reader};

fn frame() -> Frame {
    Frame {
        lang: "fr".into(),
        sender: "Centre de ressources".into(),
        address: "12 rue des Exemples, 31000 Toulouse".into(),
        why: "Vous recevez ce message parce que vous êtes abonné·e à « Flash Info ».".into(),
        view: "Voir cette lettre en ligne".into(),
        preferences: "Choisir ce que je reçois".into(),
        unsubscribe: "Ne plus recevoir cette lettre".into(),
        read: "Lire la suite".into(),
    }
}

fn block(kind: Kind, fields: &[(&str, &str)]) -> Block {
    let mut block = Block::new(kind);
    for (name, value) in fields {
        block.set(name, value);
    }
    block
}

fn codes(subject: &str, blocks: &[Block]) -> Vec<(Option<usize>, &'static str, &'static str)> {
    let frame = frame();
    let bulletin = Bulletin {
        subject,
        preheader: "",
        blocks,
        frame: &frame,
    };
    bulletin
        .check()
        .into_iter()
        .map(|f| (f.block, f.field, f.code))
        .collect()
}

#[test]
fn a_good_bulletin_is_whole_in_both_parts() {
    let blocks = [
        block(
            Kind::Text,
            &[(
                "text",
                "{{#if prenom}}Bonjour {{prenom}},{{else}}Bonjour,{{/if}}\n\nVoici *la lettre*.",
            )],
        ),
        block(Kind::Heading, &[("title", "À la une & ailleurs")]),
        block(
            Kind::Article,
            &[
                ("title", "Un guide"),
                ("text", "Pour **tous**."),
                ("href", "https://exemple.fr/guide?a=1&b=2"),
                ("picture", "https://exemple.fr/i.png"),
                ("alt", "La couverture du guide"),
            ],
        ),
        block(
            Kind::Event,
            &[
                ("title", "Rencontre"),
                ("when", "lundi 23 novembre, Toulouse"),
            ],
        ),
        block(
            Kind::Button,
            &[
                ("label", "S’inscrire"),
                ("href", "https://exemple.fr/inscription"),
            ],
        ),
        block(Kind::Divider, &[]),
    ];
    assert_eq!(codes("Flash Info de novembre", &blocks), []);
    let frame = frame();
    let composed = Bulletin {
        subject: "Flash",
        preheader: "Un guide",
        blocks: &blocks,
        frame: &frame,
    }
    .compose()
    .expect("composed");
    let press = Press::new(&composed).expect("a press");
    let reader = Reader {
        given_name: "Amina <b>".into(),
        unsubscribe_url: "https://exemple.fr/d/abc".into(),
        ..Reader::default()
    };
    let printed = press.print(&reader).expect("printed");
    assert!(
        printed.html.contains("Bonjour Amina &lt;b&gt;,"),
        "{}",
        printed.html
    );
    assert!(printed.html.contains("À la une &amp; ailleurs"));
    assert!(
        printed.html.contains("<html lang=\"fr\""),
        "{}",
        &printed.html[..300]
    );
    assert!(
        printed.text.contains("Bonjour Amina <b>,"),
        "{}",
        printed.text
    );
    for part in [&printed.html, &printed.text] {
        assert!(part.contains("https://exemple.fr/d/abc"), "{part}");
        assert!(!part.contains("{{") && !part.contains("<script"), "{part}");
    }
    let nobody = press.print(&Reader::default()).expect("printed");
    assert!(nobody.text.contains("\nBonjour,\n"), "{}", nobody.text);
}

#[test]
fn what_would_shame_is_found_where_it_is() {
    let blocks = [
        block(Kind::Picture, &[("picture", "https://exemple.fr/i.png")]),
        block(
            Kind::Button,
            &[("label", "Ici"), ("href", "javascript:alert(1)")],
        ),
        block(
            Kind::Text,
            &[("text", "Du <b>gras</b> et [un lien](ftp://x)")],
        ),
        block(Kind::Text, &[("text", "{{prenon}} {{#each x}}{{/each}}")]),
        block(Kind::Article, &[("text", "sans titre")]),
        block(Kind::Text, &[("text", "Bonjour {{prenom}}")]),
        block(Kind::Text, &[]),
    ];
    assert_eq!(
        codes("", &blocks),
        [
            (None, "subject", "empty"),
            (Some(0), "alt", "alt"),
            (Some(1), "href", "link"),
            (Some(2), "text", "link"),
            (Some(2), "text", "html"),
            (Some(3), "text", "variable"),
            (Some(4), "title", "missing"),
            (Some(5), "text", "bare"),
            (Some(6), "text", "blank"),
        ]
    );
}

#[test]
fn subjects_that_are_too_long_or_break_lines_are_refused() {
    let text = [block(Kind::Text, &[("text", "Bonjour")])];
    assert_eq!(
        codes(&"é".repeat(1_000_000), &text),
        [(None, "subject", "long")]
    );
    assert_eq!(
        codes("Bonjour\r\nBcc: x@exemple.fr", &text),
        [(None, "subject", "control")]
    );
    assert_eq!(codes(&"mot ".repeat(25), &text), [(None, "subject", "cut")]);
    assert_eq!(
        codes("{{#if prenom}}", &text),
        [(None, "subject", "variable")]
    );
}
