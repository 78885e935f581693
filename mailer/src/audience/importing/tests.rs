use super::*;

fn common() -> Common {
    Common {
        source: "Salon 2026".into(),
        purpose: "Lettre".into(),
        basis: Basis::Professional,
    }
}

#[test]
fn a_file_of_a_spreadsheet_is_read_and_its_columns_are_guessed() {
    let (sheet, _) =
        Sheet::read("Prénom;Nom;Courriel\nAmina;Benali;amina@exemple.fr\n\n".as_bytes())
            .expect("a sheet");
    assert_eq!(
        sheet.guess(),
        [Some("given_name"), Some("family_name"), Some("email")]
    );
    let line = ["Amina", "Benali", "amina@exemple.fr"].map(str::to_owned);
    assert_eq!(sheet.lines(), [(2, line.to_vec())]);
    assert_eq!(Sheet::from_bytes(&sheet.to_bytes(), true), Some(sheet));
    assert_eq!(Sheet::read(b"Courriel\n").err(), Some(Refusal::Empty));
    let long = "e\n".repeat(MAX_LINES + 5);
    assert_eq!(Sheet::read(long.as_bytes()).err(), Some(Refusal::TooMany));
}

/// The first person was taken for the titles.
#[test]
fn a_file_without_titles_begins_with_a_person() {
    let file = include_bytes!("../../../../tests/fixtures/people/sans-entete.csv");
    let (sheet, _) = Sheet::read(file).expect("a sheet");
    assert!(!sheet.titled);
    assert_eq!((sheet.lines().len(), sheet.guess()[0]), (2, Some("email")));
}

/// Accepted here, addresses were refused by every sending, and one reason was told for all.
#[test]
fn each_address_is_taken_put_in_order_or_refused_with_its_reason() {
    let file = include_bytes!("../../../../tests/fixtures/people/adresses.csv");
    let (sheet, _) = Sheet::read(file).expect("a sheet");
    let told = fates(
        &sheet,
        &sheet.guess(),
        &common(),
        Merge::Fill,
        &HashMap::new(),
    );
    let refused: Vec<(&str, Why)> = sheet
        .lines()
        .iter()
        .zip(&told)
        .filter_map(|((_, row), told)| match told.fate {
            Fate::Refused(why) => Some((row[0].as_str(), why)),
            _ => None,
        })
        .collect();
    assert_eq!(
        refused,
        [
            ("04", Why::Address(Problem::Accent)),
            ("06", Why::Twice(6)),
            ("08", Why::Address(Problem::Domain)),
            ("09", Why::Address(Problem::Sign)),
            ("10", Why::Address(Problem::Ats)),
            ("14", Why::Address(Problem::Several)),
            ("21", Why::Address(Problem::Long)),
            ("22", Why::Address(Problem::Dots)),
        ]
    );
    // What is accepted can be written to.
    for told in &told {
        if let Fate::Add(fields) = &told.fate {
            assert!(
                crate::delivery::message::address(&fields.email).is_ok(),
                "{}",
                fields.email
            );
        }
    }
}

#[test]
fn lines_are_added_merged_or_refused() {
    let (sheet, _) = Sheet::read(
        "Courriel;Prénom;Structure;Réseaux\nA@exemple.fr;Ana;Asso;VRL, FLE\nb@exemple.fr;Bruno;;\nrien;X;;\nb@exemple.fr;Bis;;\nc@exemple.fr;Chloé;;".as_bytes(),
    )
    .expect("a sheet");
    let mapping = sheet.guess();
    let known = HashMap::from([
        (
            "b@exemple.fr".to_owned(),
            ContactFields {
                email: "b@exemple.fr".into(),
                given_name: "Bernard".into(),
                ..ContactFields::default()
            },
        ),
        (
            "c@exemple.fr".to_owned(),
            ContactFields {
                email: "c@exemple.fr".into(),
                given_name: "Chloé".into(),
                ..ContactFields::default()
            },
        ),
    ]);
    let fill = fates(&sheet, &mapping, &common(), Merge::Fill, &known);
    let Fate::Add(added) = &fill[0].fate else {
        panic!("{fill:?}")
    };
    assert_eq!(
        (added.given_name.as_str(), added.source.as_str()),
        ("Ana", "Salon 2026")
    );
    assert_eq!(added.networks, ["FLE", "VRL"]);
    assert_eq!(fill[1].fate, Fate::Same("b@exemple.fr".into()));
    assert_eq!(fill[1].known_as.as_deref(), Some("Bernard"));
    let refused = |why| Fate::Refused(why);
    assert_eq!(fill[2].fate, refused(Why::Address(Problem::NoAt)));
    assert_eq!((fill[3].line, &fill[3].fate), (5, &refused(Why::Shared(3))));
    assert_eq!(fill[4].fate, Fate::Same("c@exemple.fr".into()));
    assert_eq!(fill[4].known_as, None);
    let replace = fates(&sheet, &mapping, &common(), Merge::Replace, &known);
    assert!(
        matches!(&replace[1].fate, Fate::Change(key, fields) if key == "b@exemple.fr" && fields.given_name == "Bruno")
    );
}
