use std::io::{Cursor, Write};

use proptest::prelude::*;

use super::*;
use crate::columns::{Kind, is_header, of_headers};

const LIMITS: Limits = Limits {
    bytes: 1024 * 1024,
    rows: 200,
    columns: 20,
    inflated: 4 * 1024 * 1024,
};

/// A file of `tests/fixtures/people`.
macro_rules! people {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/fixtures/people/", $name)).as_slice()
    };
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    let row = |row: &Row| -> Vec<&'static str> {
        let cells = row.cells.iter().map(|cell| &*cell.clone().leak());
        cells.collect()
    };
    table.rows.iter().map(row).collect()
}

fn numbers(table: &Table) -> Vec<u64> {
    table.rows.iter().map(|row| row.number).collect()
}

/// `sep=;` was taken for the line of the titles.
#[test]
fn a_line_that_announces_the_separator_is_obeyed() {
    let table = read(people!("ligne-sep.csv"), LIMITS).expect("a table");
    assert_eq!(table.encoding, Some(Encoding::Windows));
    assert_eq!(cells(&table)[1], ["lea.petit@example.org", "Léa", "Petit"]);
    assert_eq!(numbers(&table), [2, 3, 4]);
    for (text, width) in [
        ("sep=,\na;b,c\n", 2),
        ("\u{feff}\"sep=;\"\r\na;b,c\r\n", 2),
        ("SEP=\t\na;b\tc\n", 2),
        ("sep=|\na|b|c;d;e;f;g\n", 3),
    ] {
        let table = read(text.as_bytes(), LIMITS).expect("a table");
        assert_eq!(
            (table.rows.len(), table.rows[0].cells.len()),
            (1, width),
            "{text}"
        );
    }
}

/// The first person was taken for the titles.
#[test]
fn the_first_person_is_no_title() {
    let table = read(people!("sans-entete.csv"), LIMITS).expect("a table");
    assert_eq!(table.rows.len(), 2);
    assert!(!is_header(&table.rows[0].cells));
    let table = read(people!("noms.csv"), LIMITS).expect("a table");
    assert!(is_header(&table.rows[0].cells));
}

/// Letters of a Macintosh came out as others.
#[test]
fn an_old_macintosh_is_recognised() {
    let table = read(people!("stagiaires-excel-mac-ancien.csv"), LIMITS).expect("a table");
    assert_eq!(table.encoding, Some(Encoding::Mac));
    let cells = cells(&table);
    assert_eq!(cells[0][..4], ["Nom", "Prénom", "Courriel", "Téléphone"]);
    assert_eq!(cells[1][4..], ["Œuvres & Cie – Nîmes", "« à confirmer »"]);
    assert_eq!(cells[2][5], "tarif 1 250,00 €");
    assert_eq!(cells[4][..2], ["Müller-Noël", "Françoise"]);
    assert_eq!(cells[4][5], "deux\nlignes");
    assert_eq!(numbers(&table), [1, 2, 3, 4, 5]);
}

#[test]
fn each_encoding_of_a_spreadsheet_is_read() {
    let text = "Nom;Prénom\nLefèvre;Agnès\nGarçon;Maëlle\nÉtienne;Zoé\nMüller;François\n";
    let dos = |c: char| match c {
        'é' => 0x82_u8,
        'è' => 0x8a,
        'ç' => 0x87,
        'ë' => 0x89,
        'É' => 0x90,
        'ü' => 0x81,
        c => c as u8,
    };
    let wide = |big: bool, mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xfeff_u16);
        let units = mark.into_iter().chain(text.encode_utf16());
        let bytes = units.map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        bytes.flatten().collect()
    };
    let files = [
        (text.as_bytes().to_vec(), None),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), None),
        (wide(false, true), None),
        (wide(true, true), None),
        (wide(false, false), None),
        (wide(true, false), None),
        (
            encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
            Some(Encoding::Windows),
        ),
        (mac(text), Some(Encoding::Mac)),
        (text.chars().map(dos).collect(), Some(Encoding::Dos)),
    ];
    let expected = cells(&read(text.as_bytes(), LIMITS).expect("a table"))
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    for (bytes, encoding) in files {
        let table = read(&bytes, LIMITS).expect("a table");
        assert_eq!(cells(&table), expected, "{encoding:?}");
        assert_eq!(table.encoding, encoding);
    }
}

fn mac(text: &str) -> Vec<u8> {
    encoding_rs::MACINTOSH.encode(text).0.into_owned()
}

/// One accent is enough to tell, and quotes or euros do not mislead.
#[test]
fn a_single_accent_tells_the_encoding() {
    for text in [
        "Nom;Prénom\nA;B",
        "Nom;Courriel\nGarçon;a@b.example",
        "Nom\nZoë",
        "a;l’été – 12 €\n",
        "Nom;Note\nA;« oui »",
    ] {
        let table = read(&mac(text), LIMITS).expect("a table");
        assert_eq!(table.encoding, Some(Encoding::Mac), "{text}");
        let windows = encoding_rs::WINDOWS_1252.encode(text).0;
        let table = read(&windows, LIMITS).expect("a table");
        assert_eq!(table.encoding, Some(Encoding::Windows), "{text}");
    }
}

#[test]
fn separators_are_found_by_what_they_make_of_the_rows() {
    for text in [
        "Nom;Tarif\nA;1,5\nB;2,5\n",
        "Nom\tTarif\nA\t1,5\n",
        "Nom,Tarif\nA,\"1;5\"\n",
        "Nom|Tarif\nA|1,5\n",
        "Nom, prénom;Tarif\nA;1\nB;2\n",
    ] {
        let table = read(text.as_bytes(), LIMITS).expect("a table");
        assert!(table.rows.iter().all(|row| row.cells.len() == 2), "{text}");
    }
    let one = read(b"Courriel\na@b.example\n", LIMITS).expect("a table");
    assert_eq!(cells(&one), [["Courriel"], ["a@b.example"]]);
    let guarded = read("Nom;Tel\n'=A;'+33\n'l'été;-5".as_bytes(), LIMITS).expect("a table");
    assert_eq!(cells(&guarded)[1..], [["=A", "+33"], ["'l'été", "-5"]]);
}

/// The hidden first sheet was read, and telephones lost their zero.
#[test]
fn the_sheet_that_is_seen_is_read() {
    let table = read(people!("stagiaires.xlsx"), LIMITS).expect("a table");
    let kinds = of_headers(&table.rows[0].cells);
    let rows: Vec<Vec<String>> = table.rows[1..]
        .iter()
        .map(|row| {
            let cells = row.cells.iter().zip(&kinds);
            cells
                .map(|(cell, kind)| kind.map_or_else(|| cell.clone(), |kind| kind.tidy(cell)))
                .collect()
        })
        .collect();
    assert_eq!(
        kinds[3..6],
        [
            Some(Kind::Phone),
            Some(Kind::BirthDate),
            Some(Kind::PostalCode)
        ]
    );
    assert_eq!(
        rows[0],
        [
            "Lefèvre-Œuf",
            "Agnès",
            "agnes@example.org",
            "0612345678",
            "1985-04-03",
            "01000",
            "2026-03-29 09:00",
            "1250.5"
        ]
    );
    assert_eq!(
        rows[1][2..6],
        [
            "Stephane.Etienne@example.org",
            "07 11 22 33 44",
            "1985-04-03",
            "2A004"
        ]
    );
    assert_eq!(rows[2][..2], ["Garçon", "Maëlle"]);
    assert_eq!(rows[2][3..6], ["+33612345679", "2000-02-29", "97400"]);
    assert_eq!(rows.len(), 3, "empty rows that have a style are left out");
}

/// A workbook whose sheets are these: name, state, cells as XML.
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a file");
        zip.write_all(text.as_bytes()).expect("written");
    };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    part(
        "[Content_Types].xml",
        &format!("<Types xmlns=\"{package}/content-types\"/>"),
    );
    part(
        "_rels/.rels",
        &format!(
            "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    let (mut listed, mut related) = (String::new(), String::new());
    for (at, (name, state, cells)) in sheets.iter().enumerate() {
        listed.push_str(&format!(
            "<sheet name=\"{name}\" sheetId=\"{0}\" state=\"{state}\" r:id=\"rId{0}\"/>",
            at + 1
        ));
        related.push_str(&format!("<Relationship Id=\"rId{0}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{0}.xml\"/>", at + 1));
        part(
            &format!("xl/worksheets/sheet{}.xml", at + 1),
            &format!("<worksheet xmlns=\"{main}\"><sheetData>{cells}</sheetData></worksheet>"),
        );
    }
    part(
        "xl/workbook.xml",
        &format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{listed}</sheets></workbook>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!("<Relationships xmlns=\"{package}/relationships\">{related}</Relationships>"),
    );
    zip.finish().expect("a zip").into_inner()
}

fn text_cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn a_workbook_is_read_and_never_laid_out_beyond_its_limits() {
    let head = format!(
        "<row r=\"1\">{}{}</row>",
        text_cell("A1", "Courriel"),
        text_cell("B1", "Département")
    );
    let line = format!(
        "<row r=\"3\">{}<c r=\"B3\"><v>31</v></c></row>",
        text_cell("A3", " a@exemple.fr ")
    );
    let seen = format!("{head}{line}");
    let table = read(&workbook(&[("A", "visible", &seen)]), LIMITS).expect("a table");
    assert_eq!((numbers(&table), &table.sheet), (vec![1, 3], &None));
    assert_eq!(cells(&table)[1], ["a@exemple.fr", "31"]);
    let several = [
        ("Listes", "hidden", head.as_str()),
        ("Calculs", "veryHidden", &head),
        ("Vide", "visible", ""),
        ("B", "visible", &seen),
    ];
    let table = read(&workbook(&several), LIMITS).expect("a table");
    assert_eq!((table.rows.len(), table.sheet.as_deref()), (2, Some("B")));
    assert_eq!(read(&workbook(&several[..2]), LIMITS), Err(Refusal::Hidden));
    assert_eq!(read(&workbook(&several[2..3]), LIMITS), Err(Refusal::Empty));
    // One cell at the far corner of the sheet, which laid out would be seventeen thousand million.
    let corner = format!(
        "{head}<row r=\"1048576\">{}{}</row>",
        text_cell("A1048576", "y"),
        text_cell("XFD1048576", "x")
    );
    let table = read(&workbook(&[("A", "visible", &corner)]), LIMITS).expect("a table");
    assert_eq!(
        (numbers(&table), cells(&table)[1].len()),
        (vec![1, 1_048_576], 1)
    );
    let many: String = (1..=LIMITS.rows + 1)
        .map(|n| format!("<row r=\"{n}\">{}</row>", text_cell(&format!("A{n}"), "x")))
        .collect();
    assert_eq!(
        read(&workbook(&[("A", "visible", &many)]), LIMITS),
        Err(Refusal::TooMany)
    );
    // Little that becomes much.
    let bomb = workbook(&[("A", "visible", &" ".repeat(LIMITS.inflated as usize + 1))]);
    assert!(bomb.len() < LIMITS.bytes, "{}", bomb.len());
    assert_eq!(read(&bomb, LIMITS), Err(Refusal::Unreadable));
}

#[test]
fn what_is_no_table_is_refused_by_its_name() {
    for (bytes, refusal) in [
        (b"".as_slice(), Refusal::Empty),
        (b" \n;;\n", Refusal::Empty),
        (b"PK\x03\x04 not a workbook", Refusal::Unreadable),
        (b"a;b\n\0;c", Refusal::Unreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", Refusal::OldWorkbook),
        (b"%PDF-1.7", Refusal::Pdf),
    ] {
        assert_eq!(read(bytes, LIMITS), Err(refusal), "{bytes:?}");
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("mimetype", zip::write::SimpleFileOptions::default())
        .expect("a file");
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet")
        .expect("written");
    let ods = zip.finish().expect("a zip").into_inner();
    assert_eq!(read(&ods, LIMITS), Err(Refusal::OpenDocument));
    assert_eq!(
        read("e\n".repeat(LIMITS.rows + 1).as_bytes(), LIMITS),
        Err(Refusal::TooMany)
    );
    assert_eq!(
        read(&vec![b'a'; LIMITS.bytes + 1], LIMITS),
        Err(Refusal::TooLarge)
    );
}

proptest! {
    #[test]
    fn whatever_is_read_nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, LIMITS);
        let _ = read(&[b"PK\x03\x04", bytes.as_slice()].concat(), LIMITS);
    }

    /// What is written is read back.
    #[test]
    fn what_is_exported_comes_back(rows in prop::collection::vec(prop::collection::vec("[a-zé;\"'=+@\n,-]{0,6}x", 3), 1..10)) {
        let mut writer = crate::csv::Writer::new();
        writer.row(["Nom", "Prénom", "Courriel"]);
        for row in &rows {
            writer.row(row);
        }
        let table = read(&writer.into_bytes(), LIMITS).expect("a table");
        let trimmed: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(|cell| cell.trim()).collect()).collect();
        prop_assert_eq!(&cells(&table)[1..], trimmed);
    }
}
