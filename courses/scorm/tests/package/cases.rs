//! Packages that came in badly, or not at all: each told what was wrong with us.

use crate::archive::{Archive, Entry};
use passerelle_scorm::manifest::Kind;
use passerelle_scorm::package::{Limits, Package, find, inspect, verify_content};
use passerelle_scorm::problem::{Code, Severity};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;

fn case(name: &str) -> Package {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/packages")
        .join(format!("{name}.zip"));
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let package = inspect(&file, &Limits::default()).unwrap_or_else(|error| panic!("{error}"));
    verify_content(&file, &package.files, &Limits::default(), &mut |_, _| {
        ControlFlow::Continue(())
    })
    .expect("whole");
    package
}

/// What was found, with what it is about, in the order of the codes.
fn found(package: &Package) -> Vec<(Code, Option<&str>)> {
    let mut all: Vec<_> = package
        .problems
        .iter()
        .map(|one| {
            (
                one.code,
                ["path", "id", "href"].iter().find_map(|name| one.arg(name)),
            )
        })
        .collect();
    all.sort();
    all
}

/// A SCORM 1.2 manifest of SCOs with these identifiers and addresses.
fn scorm12_of(scos: &[(&str, &str)]) -> String {
    let items: String = scos
        .iter()
        .map(|(id, _)| {
            format!(r#"<item identifier="{id}" identifierref="r-{id}"><title>{id}</title></item>"#)
        })
        .collect();
    let resources: String = scos
        .iter()
        .map(|(id, href)| {
            format!(r#"<resource identifier="r-{id}" type="webcontent" adlcp:scormtype="sco" href="{href}"/>"#)
        })
        .collect();
    format!(
        r#"<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
 xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schemaversion>1.2</schemaversion></metadata>
<organizations><organization identifier="o"><title>T</title>{items}</organization></organizations>
<resources>{resources}</resources></manifest>"#
    )
}

/// One dead item refused the whole package.
#[test]
fn dead_references_are_told_and_the_rest_is_played() {
    let package = case("renvois-casses");
    assert_eq!(
        found(&package),
        [
            (Code::ResourceMissing, Some("RESSOURCE_ABSENTE")),
            (Code::LaunchFileMissing, Some("absent.html")),
            (Code::HrefRepaired, Some("annexe/page.html")),
            (Code::FileMissing, Some("absent/illustration.png")),
            (Code::FileMissing, Some("imsmetadata.xml")),
        ]
    );
    assert!(
        package
            .problems
            .iter()
            .all(|one| one.severity == Severity::Warning)
    );
    let lines = package.manifest.launchable();
    let shown: Vec<_> = lines
        .iter()
        .map(|line| (line.identifier.as_str(), line.kind, line.href.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            ("I1", Kind::Sco, Some("index.html")),
            ("I2", Kind::Asset, None),
            ("I3", Kind::Sco, None),
            ("I4", Kind::Sco, Some("annexe/page.html")),
        ]
    );
}

/// A package in which nothing is left to play is refused, with every reason.
#[test]
fn a_package_of_dead_items_only_is_refused_with_each_reason() {
    let manifest = scorm12_of(&[("a", "javascript:alert(1)"), ("b", "absent.html")]);
    let refusal =
        Archive::manifest(manifest.as_bytes(), &["x.html"]).refused(Code::NothingToLaunch);
    for code in [Code::HrefRefused, Code::LaunchFileMissing] {
        assert!(refusal.has(code), "{refusal}");
    }
}

/// Addresses that never open were taken for other sites and imported without a word that was true.
#[test]
fn an_address_that_cannot_open_is_a_dead_item_and_another_site_is_not() {
    for href in [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///C:/cours/index.html",
        "JAVASCRIPT:x",
    ] {
        let manifest = scorm12_of(&[("a", href), ("b", "b.html")]);
        let package = Archive::manifest(manifest.as_bytes(), &["b.html"]).read();
        assert_eq!(found(&package), [(Code::HrefRefused, Some(href))]);
        let lines = package.manifest.launchable();
        assert_eq!(
            (lines[0].href.as_deref(), lines[0].external),
            (None, false),
            "{href}"
        );
        let alone = scorm12_of(&[("a", href)]);
        Archive::manifest(alone.as_bytes(), &["b.html"]).refused(Code::HrefRefused);
    }
    for (href, kept) in [
        ("https://exemple.fr/a", "https://exemple.fr/a"),
        ("http://exemple.fr/a", "http://exemple.fr/a"),
        ("//exemple.fr/a", "https://exemple.fr/a"),
    ] {
        let manifest = scorm12_of(&[("a", href)]);
        let package = Archive::manifest(manifest.as_bytes(), &["b.html"]).read();
        assert_eq!(found(&package), [(Code::HrefExternal, Some(href))]);
        let line = package.manifest.launchable().remove(0);
        assert_eq!((line.href.as_deref(), line.external), (Some(kept), true));
    }
}

/// A package whose names had backslashes between their folders was refused.
#[test]
fn backslashes_in_names_of_entries_are_separators() {
    let package = case("entrees-avec-antislash");
    assert_eq!(
        found(&package),
        [(Code::ZipBackslash, Some("contenu\\page.html"))]
    );
    assert_eq!(package.problems[0].severity, Severity::Note);
    for path in [
        "contenu/page.html",
        "contenu/img/point.svg",
        "contenu/js/outil.js",
        "contenu/js/probe.js",
    ] {
        assert!(find(&package.files, path).is_some(), "{path}");
    }
    let line = package.manifest.launchable().remove(0);
    assert_eq!(line.path.as_deref(), Some("contenu/page.html"));
    // A folder by its backslash, and the same file under both names.
    Archive::package([Entry::stored("a\\", b""), Entry::stored("a\\b.html", b"x")]).read();
    Archive::package([
        Entry::stored("a/b.html", b"x"),
        Entry::stored("a\\b.html", b"x"),
    ])
    .refused(Code::ZipNameCollision);
}

/// An item with `isvisible="false"` is told apart, alone: what is below it is not hidden with it.
#[test]
fn invisible_items_are_told_apart() {
    let lines = case("plusieurs-modules").manifest.launchable();
    let hidden: Vec<_> = lines.iter().filter(|line| !line.visible).collect();
    assert_eq!(hidden.len(), 1);
    assert_eq!(
        (hidden[0].identifier.as_str(), hidden[0].href.as_deref()),
        ("CACHE", Some("m5.html"))
    );
}

/// The others of the same trial come in without a word.
#[test]
fn the_other_packages_come_in_as_they_are() {
    for name in [
        "contenu-en-fenetre",
        "memoire-croissante-12",
        "presque-80",
        "rejouer-12",
        "reprise-2e-sco-2004",
    ] {
        let package = case(name);
        assert_eq!(package.problems, [], "{name}");
        assert!(
            package
                .manifest
                .launchable()
                .iter()
                .all(|line| line.href.is_some())
        );
    }
    assert_eq!(
        case("presque-80").manifest.launchable()[0].mastery_score,
        Some(800_000)
    );
}
