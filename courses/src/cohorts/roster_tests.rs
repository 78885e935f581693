use std::collections::HashMap;

use passerelle_text::address::Problem;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::fates::{Fate, Known, Seat, Sharer, resolve};
use super::super::model::{EnrolState, Places};
use super::*;

fn free(places: i32) -> Places {
    Places {
        capacity: places,
        active: 0,
        waiting: 0,
    }
}

fn roster(text: &str) -> Roster {
    let table = read(&[], text).expect("a table");
    let columns = Columns::of(&table);
    assert!(columns.are_enough(), "{text}");
    parse(&table, &columns).expect("lines")
}

fn names(roster: &Roster) -> Vec<String> {
    roster
        .lines
        .iter()
        .map(|l| format!("{} {}", l.person.given_name, l.person.family_name))
        .collect()
}

fn person(given: &str, family: &str, email: &str) -> NewPerson {
    NewPerson {
        given_name: given.into(),
        family_name: family.into(),
        email: (!email.is_empty()).then(|| email.into()),
        organisation: None,
    }
}

#[test]
fn both_separators_and_both_languages_are_read() {
    for text in [
        "Prénom;Nom;Courriel;Structure\nAmina;Benali;amina@exemple.fr;Parole\n",
        "First name,Last name,E-mail address,Company\r\nAmina,Benali,amina@exemple.fr,Parole\r\n",
        "NOM DE FAMILLE\tPRÉNOM\tAdresse e-mail\tEmployeur\nBenali\tAmina\tAMINA@exemple.fr\tParole",
    ] {
        let roster = roster(text);
        assert_eq!(roster.lines.len(), 1, "{text}");
        let line = &roster.lines[0];
        assert_eq!((line.number, line.problems.len()), (2, 0), "{text}");
        assert_eq!(line.person.email.as_deref(), Some("amina@exemple.fr"));
        assert_eq!(line.person.organisation.as_deref(), Some("Parole"));
        assert_eq!(names(&roster), ["Amina Benali"]);
    }
}

#[test]
fn errors_are_told_line_by_line_and_good_lines_stay_good() {
    let text = "Prénom;Nom;Courriel\nAmina;Benali;amina@exemple.fr\n;Durand;\nLéo;;leo\n\n\"Zoé\";\"Le Goff; dite Zaza\";\n";
    let roster = roster(text);
    let told: Vec<_> = roster
        .lines
        .iter()
        .map(|l| (l.number, l.problems.clone()))
        .collect();
    let email = LineProblem::Email(Problem::NoAt.message());
    assert_eq!(
        told,
        [
            (2, vec![]),
            (3, vec![LineProblem::GivenName]),
            (4, vec![LineProblem::FamilyName, email]),
            (6, vec![]),
        ]
    );
    assert_eq!(roster.lines[3].person.family_name, "Le Goff; dite Zaza");
}

/// The first person was taken for the titles, or the list was refused without a way out.
#[test]
fn columns_that_no_title_names_are_asked() {
    for text in [
        "Amina;Benali\nLéo;Durand",
        "Nom;Courriel\nBenali;a@exemple.fr",
    ] {
        let table = read(&[], text).expect("a table");
        assert!(!Columns::of(&table).are_enough(), "{text}");
    }
    let table = read(
        &[],
        "lea.petit@example.org;Léa;Petit\nomar@example.org;Omar;Benali",
    )
    .expect("a table");
    let mut columns = Columns::of(&table);
    assert_eq!(
        (columns.titled, columns.kinds[0]),
        (false, Some(Kind::Email))
    );
    columns.kinds = vec![
        Some(Kind::Email),
        Some(Kind::GivenName),
        Some(Kind::FamilyName),
    ];
    let back = kept_rows(&keep_rows(&table).expect("kept")).expect("back");
    let roster = parse(&back, &columns).expect("lines");
    assert_eq!(names(&roster), ["Léa Petit", "Omar Benali"]);
    assert_eq!(read(&[], " \n\n"), Err(Refusal::Empty));
    let table = read(&[], "Prénom;Nom\n;\n").expect("a table");
    assert_eq!(parse(&table, &Columns::of(&table)), Err(Refusal::Empty));
}

/// A telephone and a date of birth were columns that nobody knew.
#[test]
fn columns_that_are_not_kept_are_told_from_those_that_are_unknown() {
    let roster = roster("Prénom;Nom;Âge;Téléphone;Né(e) le\nA;B;3;612345678;03/04/1985");
    assert_eq!(roster.ignored, ["Âge"]);
    assert_eq!(roster.not_kept, ["Téléphone", "Né(e) le"]);
    assert_eq!(roster.lines[0].also, ["0612345678", "1985-04-03"]);
}

#[test]
fn a_list_has_a_greatest_number_of_lines() {
    let list = |n: usize| format!("Prénom;Nom\n{}", "Amina;Benali\n".repeat(n));
    assert_eq!(roster(&list(MAX_LINES)).lines.len(), MAX_LINES);
    assert_eq!(read(&[], &list(MAX_LINES + 1)), Err(Refusal::TooMany));
}

fn enrol(person: Option<Uuid>, back: bool, gets: Seat, shares: Option<Sharer>) -> Fate {
    Fate::Enrol {
        person,
        back,
        gets,
        shares,
    }
}

#[test]
fn each_line_is_told_what_will_happen_to_it() {
    let text = "Prénom;Nom;Courriel\nAmina;Benali;amina@exemple.fr\nAMINA;BENALI;Amina@exemple.fr\n\
                Léo;Durand;leo@exemple.fr\nZoé;Petit;zoe@exemple.fr\nNina;Roux;nina@exemple.fr\nNina;Roux;\n;X;";
    let id = Uuid::from_u128;
    let known = [
        (1, person("Léo", "Durand", "leo@exemple.fr")),
        (2, person("Zoe", "PETIT", "zoe@exemple.fr")),
        // The same address, somebody else: not Nina.
        (3, person("Jeanne", "Roux", "nina@exemple.fr")),
    ]
    .map(|(n, person)| Known { id: id(n), person });
    let enrolled = HashMap::from([(id(1), EnrolState::Active), (id(2), EnrolState::Left)]);
    let fates = resolve(&roster(text), &known, &enrolled, free(2));
    let jeanne = Sharer::Person("Jeanne Roux".into());
    assert_eq!(
        fates,
        [
            enrol(None, false, Seat::Place, None),
            Fate::Duplicate(2),
            Fate::Enrolled,
            enrol(Some(id(2)), true, Seat::Place, None),
            enrol(None, false, Seat::WaitingList, Some(jeanne)),
            enrol(None, false, Seat::WaitingList, None),
            Fate::Wrong(vec![LineProblem::GivenName]),
        ]
    );
}

/// Straße and Strasse were two for the preview and one for the directory; Paul and Jeanne shared an
/// address without a word.
#[test]
fn one_person_is_one_line_and_two_who_share_an_address_are_told() {
    let file = include_bytes!("../../../tests/fixtures/people/doublons.csv");
    let table = read(file, "").expect("a table");
    let roster = parse(&table, &Columns::of(&table)).expect("lines");
    let fates = resolve(&roster, &[], &HashMap::new(), free(10));
    let new = |shares| enrol(None, false, Seat::Place, shares);
    assert_eq!(
        fates,
        [
            new(None),
            Fate::Duplicate(2),
            Fate::Duplicate(2),
            new(Some(Sharer::Line(6))),
            new(Some(Sharer::Line(5))),
            new(None),
            Fate::Duplicate(7),
        ]
    );
}

/// Our own file, sent back, enrolled again who had left and made anew who has no address.
#[test]
fn people_of_the_group_are_known_without_an_address_and_those_who_left_stay_away() {
    let id = Uuid::from_u128;
    let known = [
        (1, person("Nina", "Roux", "")),
        (2, person("Léo", "Durand", "")),
        (3, person("Zoé", "Petit", "")),
    ]
    .map(|(n, person)| Known { id: id(n), person });
    let enrolled = HashMap::from([(id(1), EnrolState::Active), (id(2), EnrolState::Left)]);
    let text = "Nom;Prénom;État\nRoux;Nina;Inscrit·e\nDurand;Léo;Parti·e\nPetit;Zoé;Parti·e\n";
    let fates = resolve(&roster(text), &known, &enrolled, free(2));
    assert_eq!(
        fates,
        [
            Fate::Enrolled,
            Fate::Left,
            enrol(None, false, Seat::Place, None)
        ],
        "a name alone is known within the group only"
    );
}

proptest! {
    #[test]
    fn whatever_is_read_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..600), places in 0_i32..5) {
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(table) = read(&[], &format!("Prénom;Nom;Courriel\n{text}"))
            && let Ok(roster) = parse(&table, &Columns::of(&table)) {
            let fates = resolve(&roster, &[], &HashMap::new(), free(places));
            prop_assert_eq!(fates.len(), roster.lines.len());
        }
        let _ = kept(&text);
        let _ = kept_rows(&text);
    }

    #[test]
    fn places_are_never_given_twice(names in prop::collection::vec("[a-c]{1,2}", 1..30), places in 0_i32..12) {
        let text = names.iter().fold("prenom,nom\n".to_owned(), |all, name| format!("{all}{name},x\n"));
        let fates = resolve(&roster(&text), &[], &HashMap::new(), free(places));
        let seated = fates.iter().filter(|f| matches!(f, Fate::Enrol { gets: Seat::Place, .. })).count();
        let enrolled = fates.iter().filter(|f| matches!(f, Fate::Enrol { .. })).count();
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        prop_assert_eq!(enrolled, distinct.len());
        prop_assert_eq!(seated, distinct.len().min(places as usize));
    }

    #[test]
    fn a_list_that_is_confirmed_is_read_the_same(rows in prop::collection::vec(("[a-zé;\",' ]{1,8}x", "[a-z]{1,5}"), 1..20)) {
        let mut writer = passerelle_text::csv::Writer::new();
        writer.row(["Prénom", "Nom"]);
        for (given, family) in &rows {
            writer.row([given, family]);
        }
        let table = read(&writer.into_bytes(), "").expect("a table");
        let first = parse(&table, &Columns::of(&table)).expect("parses");
        let second = kept(&keep(&first).expect("kept")).expect("back");
        prop_assert_eq!(&first.lines, &second.lines);
    }
}
