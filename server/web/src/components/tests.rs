//! Rules of the components; their drawing is looked at in `views`, their
//! colours in `contrast`.

use super::*;

mod contrast;
mod views;

fn numbers(pager: &Pager) -> Vec<Option<u64>> {
    pager.items.iter().map(|item| item.page).collect()
}

#[test]
fn a_pager_shows_its_ends_and_its_neighbours() {
    let pager = Pager::new(6, PAGE_ROWS, 550, |page| format!("?page={page}"));
    assert_eq!(
        numbers(&pager),
        [Some(1), None, Some(5), Some(6), Some(7), None, Some(11)]
    );
    assert_eq!((pager.from, pager.to), (251, 300));
    assert_eq!(pager.previous.as_deref(), Some("?page=5"));
    assert_eq!(pager.next.as_deref(), Some("?page=7"));
}

#[test]
fn a_gap_never_hides_a_single_page() {
    let pager = Pager::new(4, 50, 350, |page| page.to_string());
    assert_eq!(numbers(&pager), (1..=7).map(Some).collect::<Vec<_>>());
}

#[test]
fn a_page_beyond_the_last_is_the_last() {
    let pager = Pager::new(99, 50, 51, |page| page.to_string());
    assert_eq!((pager.from, pager.to, pager.total), (51, 51, 51));
    assert_eq!(pager.next, None);
}

#[test]
fn an_empty_list_has_one_page_of_nothing() {
    let pager = Pager::new(1, 50, 0, |page| page.to_string());
    assert_eq!((pager.from, pager.to), (0, 0));
    assert_eq!(numbers(&pager), [Some(1)]);
}

#[test]
fn a_field_is_described_by_its_unit_its_help_and_its_error() {
    let field = Field::new(FieldKind::Number, "minutes", "Durée")
        .error(Some("Trop long".to_owned()))
        .unit("minutes")
        .help("Une estimation suffit.")
        .id("m");
    assert_eq!(field.described_by.as_deref(), Some("m-unit m-help m-error"));
    assert_eq!(
        field.error(None).described_by.as_deref(),
        Some("m-unit m-help")
    );
}

#[test]
fn the_choice_that_was_sent_comes_back_chosen() {
    let field = Field::new(FieldKind::Select, "department", "Département")
        .value("31")
        .options([
            Choice::new("09", "Ariège"),
            Choice::new("31", "Haute-Garonne"),
        ]);
    let chosen: Vec<_> = field.options.iter().map(|choice| choice.chosen).collect();
    assert_eq!(chosen, [false, true]);
}

#[test]
fn nothing_is_chosen_when_nothing_was_sent() {
    let field = Field::new(FieldKind::Radio, "mode", "Modalité").options([
        Choice::new("", "Aucune"),
        Choice::new("distance", "À distance"),
    ]);
    assert!(field.options.iter().all(|choice| !choice.chosen));
}

#[test]
fn the_summary_leads_to_each_field_in_error() {
    let fields = [
        Field::text("name", "Nom").error(Some("Écrivez un nom.".to_owned())),
        Field::text("fine", "Prénom"),
        Field::new(FieldKind::Radio, "mode", "Modalité").error(Some("Choisissez.".to_owned())),
    ];
    let summary = ErrorSummary::of(&fields).expect("two fields are in error");
    let targets: Vec<_> = summary
        .items
        .iter()
        .filter_map(|item| item.href.as_deref())
        .collect();
    assert_eq!(targets, ["#field-name", "#field-mode-0"]);
    assert!(ErrorSummary::of(&fields[1..2]).is_none());
}

#[test]
fn a_typed_name_is_matched_to_the_letter() {
    let confirm = Confirm::danger("c", "Supprimer", "Supprimer\u{202f}?", "/x")
        .typed("name", "Été (2026) + 1/2");
    let typed = confirm.typed.expect("a name is asked for");
    assert_eq!(typed.pattern, r"Été \(2026\) \+ 1\/2");
    assert_eq!(typed.expected, "Été (2026) + 1/2");
}

#[test]
fn progress_stays_between_nothing_and_all() {
    assert_eq!(Progress::new("", "", -5).share, "0.00");
    assert_eq!(Progress::new("", "", 2_777).share, "27.77");
    assert_eq!(Progress::new("", "", 12_000).share, "100.00");
    assert_eq!(Progress::new("", "", 10_000).tone, Tone::Done);
}

#[test]
fn bars_are_shares_of_the_largest_and_their_labels_are_escaped() {
    let svg = bar_chart(&[
        Bar::new("Lire & <écrire>", 50, "50"),
        Bar::new("Autre", 200, "200"),
        Bar::new("Rien", -3, "0"),
    ]);
    assert!(svg.contains("width=\"25.00%\""), "{svg}");
    assert!(svg.contains("width=\"100.00%\""), "{svg}");
    assert!(svg.contains("width=\"0.00%\""), "{svg}");
    assert!(svg.contains("Lire &amp; &lt;écrire&gt;"), "{svg}");
    assert!(svg.contains("height=\"9em\""), "{svg}");
}

#[test]
fn a_line_goes_from_edge_to_edge() {
    let points = [
        Bar::new("S1", 0, "0"),
        Bar::new("S2", 10, "10"),
        Bar::new("S3", 5, "5"),
    ];
    let svg = line_chart(&points);
    assert!(
        svg.contains("points=\"0.00,100 50.00,0 100.00,50\""),
        "{svg}"
    );
}

#[test]
fn charts_of_nothing_are_drawn_without_dividing_by_zero() {
    assert!(bar_chart(&[]).contains("height=\"0em\""));
    assert!(line_chart(&[]).contains("points=\"\""));
    assert!(line_chart(&[Bar::new("S1", 0, "0")]).contains("points=\"0.00,100\""));
}

#[test]
fn initials_are_those_of_the_first_and_last_names() {
    assert_eq!(AccountCard::new("Élodie Marie Puech-Latour").initials, "ÉP");
    assert_eq!(AccountCard::new("Amina").initials, "A");
    assert_eq!(AccountCard::new("  ").initials, "");
}

#[test]
fn steps_before_the_current_one_can_be_gone_back_to() {
    let stepper = Stepper::new(
        "Import",
        2,
        &[
            ("Fichier", Some("/1")),
            ("Lignes", Some("/2")),
            ("Fin", Some("/3")),
        ],
    );
    let states: Vec<_> = stepper
        .steps
        .iter()
        .map(|step| (step.state, step.href.as_deref()))
        .collect();
    assert_eq!(
        states,
        [("done", Some("/1")), ("current", None), ("todo", None)]
    );
    assert_eq!(stepper.total, 3);
}

#[test]
fn the_first_cannot_go_up_and_the_last_cannot_go_down() {
    let only = Move::new("/x", "Module", 0, 1);
    assert!(only.first && only.last);
    let middle = Move::new("/x", "Module", 1, 3);
    assert!(!middle.first && !middle.last);
}
