//! The documents as their readers get them: the files are opened and read back.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failure must fail the test"
)]

use std::sync::LazyLock;

use lopdf::Object;
use passerelle_documents::{
    ActivityLine, CompletionCertificate, Document, DocumentError, Language, TimeBasis, Typesetter,
    TypstTypesetter, sample,
};
use proptest::prelude::*;

static TYPESETTER: LazyLock<TypstTypesetter> = LazyLock::new(TypstTypesetter::new);

fn typeset(document: &Document) -> Vec<u8> {
    TYPESETTER.typeset(document).expect("the document typesets")
}

/// A file that was read back.
struct Read {
    pdf: lopdf::Document,
}

impl Read {
    fn new(bytes: &[u8]) -> Self {
        Self {
            pdf: lopdf::Document::load_mem(bytes).expect("a sound PDF"),
        }
    }

    fn pages(&self) -> usize {
        self.pdf.get_pages().len()
    }

    /// All the text, with every kind and number of spaces made one ordinary space.
    fn text(&self) -> String {
        let pages: Vec<u32> = self.pdf.get_pages().into_keys().collect();
        let text = self
            .pdf
            .extract_text(&pages)
            .expect("text can be extracted");
        let visible = text.replace(['\u{200b}', '\u{ad}'], "");
        visible.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text without any space, for what may be broken over lines.
    fn run_together(&self) -> String {
        self.text().replace(' ', "")
    }

    fn catalog(&self) -> &lopdf::Dictionary {
        self.pdf.catalog().expect("a catalog")
    }

    fn metadata(&self) -> String {
        let id = self
            .catalog()
            .get(b"Metadata")
            .unwrap()
            .as_reference()
            .unwrap();
        let stream = self.pdf.get_object(id).unwrap().as_stream().unwrap();
        let plain = stream
            .decompressed_content()
            .unwrap_or_else(|_| stream.content.clone());
        String::from_utf8(plain).unwrap()
    }

    /// The identifier of the file that does not change with its revisions.
    fn identifier(&self) -> Vec<u8> {
        let ids = self.pdf.trailer.get(b"ID").unwrap().as_array().unwrap();
        ids[0].as_str().unwrap().to_vec()
    }

    /// Every alternative text of the structure tree.
    fn alternative_texts(&self) -> Vec<String> {
        let dictionaries = self
            .pdf
            .objects
            .values()
            .filter_map(|object| object.as_dict().ok());
        dictionaries
            .filter_map(|dictionary| dictionary.get(b"Alt").ok())
            .map(|alt| lopdf::decode_text_string(alt).unwrap())
            .collect()
    }
}

fn certificate(change: impl FnOnce(&mut CompletionCertificate)) -> Document {
    let mut certificate = sample::completion_certificate(Language::Fr);
    change(&mut certificate);
    Document::CompletionCertificate(certificate)
}

fn every_sample() -> impl Iterator<Item = Document> {
    Language::ALL.into_iter().flat_map(sample::documents)
}

#[test]
fn every_document_in_every_language_is_one_page_that_names_who_and_what() {
    for document in every_sample() {
        let read = Read::new(&typeset(&document));
        let text = read.text();
        assert_eq!(read.pages(), 1, "{text}");
        for said in [
            "Centre de ressources Les Passeurs",
            "12, rue des Tilleuls",
            "123 456 789 00012",
            "76 31 00000 31",
            "Hélène Castagné",
            "Maïwenn Lacaze-Dubreuil",
            "Association Parler d’ici",
            "Accompagner l’apprentissage de l’écrit à l’âge adulte",
            "9f2c4be1 770a5d38 e6c1f402 9bd85a77 13ce60fa 48b2d991 5e07c3a6 f1248d0b",
        ] {
            assert!(text.contains(said), "{said} is missing from: {text}");
        }
        let issue = document.issue();
        assert!(text.contains(&issue.serial_number));
        assert!(read.run_together().contains(&issue.verification_url));
    }
}

#[test]
fn every_document_is_tagged_archivable_and_in_its_language() {
    for document in every_sample() {
        let read = Read::new(&typeset(&document));
        let catalog = read.catalog();
        let metadata = read.metadata();
        assert!(
            metadata.contains("<pdfaid:part>2</pdfaid:part>"),
            "{metadata}"
        );
        assert!(metadata.contains("<pdfaid:conformance>A</pdfaid:conformance>"));
        assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"));
        assert!(metadata.contains("Maïwenn Lacaze-Dubreuil"));
        assert!(catalog.get(b"StructTreeRoot").is_ok());
        let marked = catalog.get(b"MarkInfo").unwrap().as_dict().unwrap();
        assert_eq!(marked.get(b"Marked").unwrap(), &Object::Boolean(true));
        let language = lopdf::decode_text_string(catalog.get(b"Lang").unwrap()).unwrap();
        assert_eq!(language, document.issue().language.tag());
    }
}

#[test]
fn the_qr_code_has_an_alternative_text_that_gives_the_address() {
    for document in every_sample() {
        let texts = Read::new(&typeset(&document)).alternative_texts();
        let url = &document.issue().verification_url;
        assert!(texts.iter().any(|alt| alt.contains(url)), "{texts:?}");
    }
}

#[test]
fn the_certificate_follows_the_official_model() {
    let text = Read::new(&typeset(&certificate(|_| {}))).text();
    for said in [
        "Certificat de réalisation",
        "directrice, représentant·e légal·e du dispensateur de l’action concourant au \
         développement des compétences",
        "atteste que :",
        "a suivi l’action",
        "action de formation",
        "bilan de compétences",
        "action de validation des acquis de l’expérience (VAE)",
        "action de formation par apprentissage",
        "qui s’est déroulée du lundi 2 novembre 2026 au vendredi 27 novembre 2026",
        "pour une durée de 28 h 30",
        "la réalisation des activités pédagogiques et le temps estimé pour les réaliser",
        "Fait à Toulouse, le 30 novembre 2026",
        "Cachet et signature",
        "Scellé par le journal des preuves : 18 432 entrées, le 30 novembre 2026 à 14 h 30",
    ] {
        assert!(text.contains(said), "{said} is missing from: {text}");
    }
}

#[test]
fn the_certificate_undertakes_to_keep_the_documents_three_years() {
    // The paragraph is hyphenated, so it is compared without what the line ends add.
    let squeeze = |text: &str| text.replace([' ', '-', '\u{2010}'], "");
    let french = Read::new(&typeset(&certificate(|_| {}))).text();
    let undertaking = "pendant une durée de trois ans à compter de la fin de l’année du dernier \
                       paiement";
    assert!(squeeze(&french).contains(&squeeze(undertaking)), "{french}");
    let english = sample::completion_certificate(Language::En);
    let english = Read::new(&typeset(&Document::CompletionCertificate(english))).text();
    let undertaking = "for three years from the end of the year of the last payment";
    assert!(
        squeeze(&english).contains(&squeeze(undertaking)),
        "{english}"
    );
}

#[test]
fn the_certificate_bears_no_result_and_asks_no_signature_of_the_trainee() {
    for language in Language::ALL {
        let document = Document::CompletionCertificate(sample::completion_certificate(language));
        let text = Read::new(&typeset(&document)).text().to_lowercase();
        for unsaid in ["score", "résultat", "result", "%", "stagiaire", "trainee"] {
            assert!(!text.contains(unsaid), "{unsaid} is in: {text}");
        }
        let signatures = if language == Language::Fr {
            "cachet et signature"
        } else {
            "stamp and"
        };
        assert_eq!(text.matches(signatures).count(), 1);
    }
}

#[test]
fn a_training_all_in_person_has_no_note_on_distance() {
    let document = certificate(|certificate| certificate.includes_distance = false);
    assert!(!Read::new(&typeset(&document)).text().contains("à distance"));
}

#[test]
fn a_trainee_without_employer_has_no_employer_line() {
    for employer in [None, Some("  ".to_owned())] {
        let document = certificate(|certificate| certificate.trainee.employer = employer);
        assert!(!Read::new(&typeset(&document)).text().contains("Employeur"));
    }
}

#[test]
fn an_action_of_one_day_has_one_date() {
    let document = certificate(|certificate| {
        certificate.action.ends_on = certificate.action.starts_on;
    });
    let text = Read::new(&typeset(&document)).text();
    assert!(
        text.contains("qui s’est déroulée le lundi 2 novembre 2026 pour"),
        "{text}"
    );
}

#[test]
fn the_end_of_training_statement_gives_objectives_and_results_in_words() {
    let statement = sample::end_of_training_statement(Language::Fr);
    let text = Read::new(&typeset(&Document::EndOfTrainingStatement(statement))).text();
    for said in [
        "Attestation de fin de formation",
        "Nature de l’action action de formation",
        "Comprendre comment un adulte entre dans l’écrit",
        "Concevoir une séquence d’écrit à partir d’un besoin Acquis 90 %",
        "Choisir des supports adaptés à un public peu scripteur Acquis 72,5 %",
        "Évaluer les progrès d’un groupe hétérogène En cours d’acquisition 58 %",
        "Animer une classe virtuelle Non évalué –",
    ] {
        assert!(text.contains(said), "{said} is missing from: {text}");
    }
}

#[test]
fn a_statement_without_results_says_so() {
    let mut statement = sample::end_of_training_statement(Language::Fr);
    statement.results.clear();
    let text = Read::new(&typeset(&Document::EndOfTrainingStatement(statement))).text();
    assert!(
        text.contains("Aucune évaluation des acquis n’a été enregistrée."),
        "{text}"
    );
}

#[test]
fn the_attendance_statement_gives_hours_rate_and_activities() {
    let statement = sample::attendance_statement(Language::Fr);
    let text = Read::new(&typeset(&Document::AttendanceStatement(statement))).text();
    for said in [
        "Durée prévue 30 h",
        "Durée réalisée 28 h 30",
        "Taux d’assiduité 95 %",
        "Construire sa séquence (devoir) 23/11/2026 7 h (estimée)",
        "Classe virtuelle de clôture 27/11/2026 1 h 30 (suivie)",
        "Total retenu 28 h 30",
    ] {
        assert!(text.contains(said), "{said} is missing from: {text}");
    }
    assert!(!text.contains("plafonné") && !text.contains("corrigé"));
}

#[test]
fn a_total_that_is_not_the_sum_says_why() {
    let noted = |planned, realised| {
        let mut statement = sample::attendance_statement(Language::Fr);
        statement.planned_minutes = planned;
        statement.realised_minutes = realised;
        Read::new(&typeset(&Document::AttendanceStatement(statement))).text()
    };
    assert!(noted(1_500, 1_500).contains("plafonné à la durée prévue"));
    assert!(noted(1_800, 1_200).contains("corrigé par l’organisme"));
}

#[test]
fn a_long_list_of_activities_goes_on_over_numbered_pages_under_the_same_head() {
    let mut statement = sample::attendance_statement(Language::Fr);
    statement.activities = (1..=120)
        .map(|index| ActivityLine {
            title: format!("Activité numéro {index}"),
            done_on: None,
            basis: TimeBasis::Estimated,
            minutes: 15,
        })
        .collect();
    statement.realised_minutes = 1_800;
    let read = Read::new(&typeset(&Document::AttendanceStatement(statement)));
    let (pages, text) = (read.pages(), read.text());
    assert!((3..=5).contains(&pages), "{pages}");
    assert!(text.contains(&format!("page 1 sur {pages}")), "{text}");
    assert!(text.contains(&format!("page {pages} sur {pages}")));
    assert!(text.contains("Activité numéro 1 ") && text.contains("Activité numéro 120"));
    assert_eq!(
        text.matches("Activité Date Durée").count(),
        pages - usize::from(!text_ends_in_table(&read))
    );
}

/// Whether the last page still holds lines of the table, whose head then comes back there.
fn text_ends_in_table(read: &Read) -> bool {
    let last = u32::try_from(read.pages()).unwrap();
    read.pdf
        .extract_text(&[last])
        .unwrap()
        .contains("Activité numéro")
}

#[test]
fn the_same_document_gives_the_same_bytes_whoever_sets_it_and_when() {
    for document in every_sample() {
        let first = typeset(&document);
        assert_eq!(first, typeset(&document));
        assert_eq!(first, TypstTypesetter::new().typeset(&document).unwrap());
    }
}

#[test]
fn documents_set_at_the_same_time_do_not_disturb_each_other() {
    let documents: Vec<Document> = every_sample().collect();
    let expected: Vec<Vec<u8>> = documents.iter().map(typeset).collect();
    std::thread::scope(|scope| {
        let running: Vec<_> = documents
            .iter()
            .map(|document| scope.spawn(|| typeset(document)))
            .collect();
        for (thread, expected) in running.into_iter().zip(&expected) {
            assert_eq!(&thread.join().unwrap(), expected);
        }
    });
}

#[test]
fn two_documents_that_differ_have_two_identifiers() {
    let one = typeset(&certificate(|_| {}));
    let other = typeset(&certificate(|certificate| {
        certificate.realised_minutes += 1;
    }));
    assert_ne!(Read::new(&one).identifier(), Read::new(&other).identifier());
}

#[test]
fn markup_in_the_data_stays_text() {
    for hostile in [
        "#panic(\"boum\")",
        "#import \"/data.json\": *",
        "$x^2$ `code` *gras* _penché_",
        "= Titre",
        "\\ \\u{41} \\n",
        "<label> @reference ~ --- 'a' \"b\"",
        "// rien /* rien",
        "@page@ @pages@",
        "{\"a\": [1]}",
        "{ $name }",
        "https://exemple.fr",
    ] {
        let document = certificate(|certificate| {
            certificate.trainee.name = hostile.to_owned();
            certificate.action.title = hostile.to_owned();
            certificate.trainee.employer = Some(hostile.to_owned());
            certificate.issue.body.name = hostile.to_owned();
            certificate.issue.body.address = hostile.to_owned();
            certificate.issue.body.place = hostile.to_owned();
        });
        let read = Read::new(&typeset(&document));
        let found = read
            .run_together()
            .matches(&hostile.replace(' ', ""))
            .count();
        assert!(found >= 6, "{hostile}: {found} times in {}", read.text());
    }
}

#[test]
fn names_in_other_scripts_typeset_and_what_no_font_has_is_shown_as_missing() {
    let text = |name: &str| {
        let document = certificate(|certificate| certificate.trainee.name = name.to_owned());
        Read::new(&typeset(&document)).text()
    };
    for name in [
        "Nguyễn Thị Ánh",
        "Łukasz Żółć",
        "Владимир Ильин",
        "Ελένη Γεωργίου",
        "Şükrü Ğ",
    ] {
        assert!(
            text(name).contains(name),
            "{name} is missing from {}",
            text(name)
        );
    }
    for name in [
        "מיכאל",
        "محمد علي",
        "王小明",
        "अनिता",
        "สมชาย",
        "👩‍🚒🇫🇷🦊",
        "Zoé\u{202e}abc\u{0}",
    ] {
        assert!(text(name).contains("atteste que"), "{name}");
    }
    assert!(text("Lou 🦊").contains("Lou □"));
    // A font declares this one and maps it to nothing.
    assert!(text("Lou \u{a72e}").contains("Lou □"));
}

#[test]
fn long_titles_and_names_wrap_and_stay_on_the_page() {
    let long = certificate(|certificate| {
        certificate.action.title =
            "Accompagner l’apprentissage de l’écrit à l’âge adulte ".repeat(6);
        certificate.trainee.name =
            "Marie-Antoinette Josèphe Jeanne de La Tour d’Auvergne-Lauraguais".to_owned();
        certificate.trainee.employer =
            Some("Association départementale pour l’insertion ".repeat(3));
        certificate.issue.body.name =
            "Groupement d’intérêt public Centre régional de ressources".to_owned();
    });
    assert_eq!(Read::new(&typeset(&long)).pages(), 1);
    let unbroken = certificate(|certificate| certificate.action.title = "x".repeat(1_000));
    let read = Read::new(&typeset(&unbroken));
    assert!(read.run_together().contains(&"x".repeat(1_000)));
    assert!(read.pages() <= 2);
}

#[test]
fn a_document_that_could_not_be_true_is_refused() {
    let refuse = |change: fn(&mut CompletionCertificate)| {
        TYPESETTER
            .typeset(&certificate(change))
            .expect_err("it must be refused")
    };
    assert!(matches!(
        refuse(|c| c.trainee.name = " \u{200b}\n".to_owned()),
        DocumentError::Incomplete {
            field: "trainee.name"
        }
    ));
    assert!(matches!(
        refuse(|c| c.issue.body.representative.quality.clear()),
        DocumentError::Incomplete {
            field: "issue.body.representative.quality"
        }
    ));
    assert!(matches!(
        refuse(|c| c.action.title = "x".repeat(1_001)),
        DocumentError::TooLong {
            field: "action.title",
            limit: 1_000
        }
    ));
    assert!(matches!(
        refuse(|c| c.action.ends_on = c.action.starts_on.yesterday().unwrap()),
        DocumentError::Malformed {
            field: "action.ends_on",
            ..
        }
    ));
    assert!(matches!(
        refuse(|c| c.issue.verification_url = "javascript:alert(1)".to_owned()),
        DocumentError::Malformed {
            field: "issue.verification_url",
            ..
        }
    ));
    assert!(matches!(
        refuse(|c| c.issue.journal_head.root_hash = "zz".to_owned()),
        DocumentError::Malformed {
            field: "issue.journal_head.root_hash",
            ..
        }
    ));
    assert!(matches!(
        refuse(|c| c.issue.time_zone = "Mars/Olympus".to_owned()),
        DocumentError::Malformed {
            field: "issue.time_zone",
            ..
        }
    ));
}

#[test]
fn a_document_kept_as_json_comes_back_the_same() {
    for document in every_sample() {
        let kept = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<Document>(&kept).unwrap(), document);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_the_text_a_document_comes_out(name in any::<String>(), title in "\\PC{1,200}") {
        let document = certificate(|certificate| {
            certificate.trainee.name = format!("A{name}");
            certificate.action.title = format!("A{title}");
        });
        let bytes = TYPESETTER.typeset(&document);
        prop_assert!(bytes.is_ok(), "{:?}", bytes.err());
    }
}
