use std::collections::HashMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::super::fates::{Fate, Known, Seat, resolve};
use super::super::model::{EnrolState, Places};
use super::*;

fn free(places: i32) -> Places {
    Places {
        capacity: places,
        active: 0,
        waiting: 0,
    }
}

fn names(roster: &Roster) -> Vec<String> {
    roster
        .lines
        .iter()
        .map(|l| format!("{} {}", l.person.given_name, l.person.family_name))
        .collect()
}

#[test]
fn both_separators_and_both_languages_are_read() {
    for text in [
        "Prénom;Nom;Courriel;Structure\nAmina;Benali;amina@exemple.fr;Parole\n",
        "First name,Last name,E-mail address,Company\r\nAmina,Benali,amina@exemple.fr,Parole\r\n",
        "NOM DE FAMILLE\tPRÉNOM\tAdresse e-mail\tEmployeur\nBenali\tAmina\tAMINA@exemple.fr\tParole",
    ] {
        let roster = parse(text).expect(text);
        assert_eq!(roster.lines.len(), 1, "{text}");
        let line = &roster.lines[0];
        assert_eq!((line.number, line.problems.len()), (2, 0), "{text}");
        assert_eq!(line.person.email.as_deref(), Some("amina@exemple.fr"));
        assert_eq!(line.person.organisation.as_deref(), Some("Parole"));
        assert_eq!(names(&roster), ["Amina Benali"]);
    }
}

#[test]
fn what_spreadsheets_write_is_decoded() {
    let text = "Prénom;Nom\nÉlodie;Lefèvre\n";
    let utf8: Vec<u8> = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    let (latin, _, _) = WINDOWS_1252.encode(text);
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for bytes in [utf8, text.as_bytes().to_vec(), latin.into_owned(), wide] {
        let roster = parse(&decode(&bytes).expect("decodes")).expect("parses");
        assert_eq!(names(&roster), ["Élodie Lefèvre"]);
    }
    assert_eq!(decode(b"PK\x03\x04\x14\x00"), Err(RosterError::NotText));
    assert_eq!(
        decode(&vec![b'a'; MAX_BYTES + 1]),
        Err(RosterError::TooLarge)
    );
}

#[test]
fn errors_are_told_line_by_line_and_good_lines_stay_good() {
    let text = "Prénom;Nom;Courriel\nAmina;Benali;amina@exemple.fr\n;Durand;\nLéo;;leo\n\n\"Zoé\";\"Le Goff; dite Zaza\";\n";
    let roster = parse(text).expect("parses");
    let told: Vec<_> = roster
        .lines
        .iter()
        .map(|l| (l.number, l.problems.clone()))
        .collect();
    assert_eq!(
        told,
        [
            (2, vec![]),
            (3, vec![LineProblem::GivenName]),
            (4, vec![LineProblem::FamilyName, LineProblem::Email]),
            (6, vec![]),
        ]
    );
    assert_eq!(roster.lines[3].person.family_name, "Le Goff; dite Zaza");
}

#[test]
fn a_list_without_usable_header_is_refused() {
    assert_eq!(
        parse("Amina;Benali\nLéo;Durand"),
        Err(RosterError::NoHeader)
    );
    assert_eq!(
        parse("Nom;Courriel\nBenali;a@exemple.fr"),
        Err(RosterError::NoHeader)
    );
    assert_eq!(parse(" \n\n"), Err(RosterError::Empty));
    assert_eq!(parse("Prénom;Nom\n;\n"), Err(RosterError::Empty));
    assert_eq!(
        parse("Prénom;Nom;Âge\nA;B;3").expect("parses").ignored,
        ["Âge"]
    );
}

#[test]
fn a_list_has_a_greatest_number_of_lines() {
    let list = |n: usize| format!("Prénom;Nom\n{}", "Amina;Benali\n".repeat(n));
    assert_eq!(
        parse(&list(MAX_LINES)).expect("parses").lines.len(),
        MAX_LINES
    );
    assert_eq!(parse(&list(MAX_LINES + 1)), Err(RosterError::TooManyLines));
}

#[test]
fn each_line_is_told_what_will_happen_to_it() {
    let text = "Prénom;Nom;Courriel\nAmina;Benali;amina@exemple.fr\nAMINA;BENALI;Amina@exemple.fr\n\
                Léo;Durand;leo@exemple.fr\nZoé;Petit;zoe@exemple.fr\nNina;Roux;nina@exemple.fr\nNina;Roux;\n;X;";
    let person = |given: &str, family: &str, email: &str| NewPerson {
        given_name: given.into(),
        family_name: family.into(),
        email: Some(email.into()),
        organisation: None,
    };
    let id = Uuid::from_u128;
    let known = [
        Known {
            id: id(1),
            person: person("Léo", "Durand", "leo@exemple.fr"),
        },
        Known {
            id: id(2),
            person: person("Zoe", "PETIT", "zoe@exemple.fr"),
        },
        // The same address, somebody else: not Nina.
        Known {
            id: id(3),
            person: person("Jeanne", "Roux", "nina@exemple.fr"),
        },
    ];
    let enrolled = HashMap::from([(id(1), EnrolState::Active), (id(2), EnrolState::Left)]);
    let fates = resolve(&parse(text).expect("parses"), &known, &enrolled, free(2));
    let enrol = |person, back, gets| Fate::Enrol { person, back, gets };
    assert_eq!(
        fates,
        [
            enrol(None, false, Seat::Place),
            Fate::Duplicate(2),
            Fate::Enrolled,
            enrol(Some(id(2)), true, Seat::Place),
            enrol(None, false, Seat::WaitingList),
            enrol(None, false, Seat::WaitingList),
            Fate::Wrong(vec![LineProblem::GivenName]),
        ]
    );
}

proptest! {
    #[test]
    fn whatever_is_read_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..600), places in 0_i32..5) {
        if let Ok(text) = decode(&bytes) {
            let text = format!("Prénom;Nom;Courriel\n{text}");
            if let Ok(roster) = parse(&text) {
                let fates = resolve(&roster, &[], &HashMap::new(), free(places));
                prop_assert_eq!(fates.len(), roster.lines.len());
            }
        }
        let _ = decode(&bytes).map(|text| parse(&text));
    }

    #[test]
    fn places_are_never_given_twice(names in prop::collection::vec("[a-c]{1,2}", 1..30), places in 0_i32..12) {
        let text = names.iter().fold("prenom,nom\n".to_owned(), |all, name| format!("{all}{name},x\n"));
        let roster = parse(&text).expect("parses");
        let fates = resolve(&roster, &[], &HashMap::new(), free(places));
        let seated = fates.iter().filter(|f| matches!(f, Fate::Enrol { gets: Seat::Place, .. })).count();
        let enrolled = fates.iter().filter(|f| matches!(f, Fate::Enrol { .. })).count();
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        prop_assert_eq!(enrolled, distinct.len());
        prop_assert_eq!(seated, distinct.len().min(places as usize));
    }

    #[test]
    fn a_list_that_is_confirmed_is_read_the_same(rows in prop::collection::vec(("[a-zé;\",' ]{1,8}x", "[a-z]{1,5}"), 1..20)) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(["Prénom", "Nom"]).expect("writes");
        for (given, family) in &rows {
            writer.write_record([given, family]).expect("writes");
        }
        let text = String::from_utf8(writer.into_inner().expect("bytes")).expect("text");
        let first = parse(&text).expect("parses");
        let second = parse(&rewrite(&first).expect("writes")).expect("parses");
        let people = |r: &Roster| r.lines.iter().map(|l| l.person.clone()).collect::<Vec<_>>();
        prop_assert_eq!(people(&first), people(&second));
    }
}
