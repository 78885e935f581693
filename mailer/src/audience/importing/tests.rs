use super::*;

fn common() -> Common {
    Common {
        source: "Salon 2026".into(),
        purpose: "Lettre".into(),
        basis: Basis::Professional,
    }
}

#[test]
fn a_file_of_a_spreadsheet_is_read_whatever_its_signs() {
    for bytes in [
        "Prénom;Nom;Courriel\nAmina;Benali;amina@exemple.fr\n\n"
            .as_bytes()
            .to_vec(),
        "Prénom,Nom,Courriel\nAmina,Benali,amina@exemple.fr\n"
            .as_bytes()
            .to_vec(),
        b"Pr\xe9nom\tNom\tCourriel\nAmina\tBenali\tamina@exemple.fr".to_vec(),
    ] {
        let sheet = Sheet::read(&bytes).expect("a sheet");
        assert_eq!(
            sheet.guess(),
            [Some("given_name"), Some("family_name"), Some("email")]
        );
        assert_eq!(
            sheet.lines,
            [(
                2,
                vec![
                    "Amina".to_owned(),
                    "Benali".into(),
                    "amina@exemple.fr".into()
                ]
            )]
        );
        assert_eq!(Sheet::from_csv(&sheet.to_csv()), Some(sheet));
    }
    assert_eq!(Sheet::read(b""), Err(SheetError::Empty));
    assert_eq!(Sheet::read(b"Courriel\n"), Err(SheetError::Empty));
    assert_eq!(
        Sheet::read(b"PK\x03\x04 not a workbook"),
        Err(SheetError::Unreadable)
    );
    assert_eq!(Sheet::read(b"a;b\n\0;c"), Err(SheetError::Unreadable));
    let long = "e\n".repeat(MAX_LINES + 5);
    assert_eq!(Sheet::read(long.as_bytes()), Err(SheetError::TooMany));
}

#[test]
fn lines_are_added_merged_or_refused() {
    let sheet = Sheet::read(
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
    let Fate::Add(added) = &fill[0].1 else {
        panic!("{fill:?}")
    };
    assert_eq!(
        (added.given_name.as_str(), added.source.as_str()),
        ("Ana", "Salon 2026")
    );
    assert_eq!(added.networks, ["FLE", "VRL"]);
    assert_eq!(fill[1].1, Fate::Same("b@exemple.fr".into()));
    assert_eq!(fill[2], (4, Fate::Refused("import-line-email")));
    assert_eq!(fill[3], (5, Fate::Refused("import-line-twice")));
    assert_eq!(fill[4].1, Fate::Same("c@exemple.fr".into()));
    let replace = fates(&sheet, &mapping, &common(), Merge::Replace, &known);
    assert!(
        matches!(&replace[1].1, Fate::Change(key, fields) if key == "b@exemple.fr" && fields.given_name == "Bruno")
    );
}

/// A workbook of one sheet whose cells are these, as XML.
fn workbook(cells: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{cells}</sheetData></worksheet>"
    );
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
          Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
          xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
          Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a file");
        zip.write_all(text.as_bytes()).expect("written");
    }
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
        text_cell("A3", "a@exemple.fr")
    );
    let sheet = Sheet::read(&workbook(&format!("{head}{line}"))).expect("a sheet");
    assert_eq!(sheet.guess(), [Some("email"), Some("department")]);
    assert_eq!(
        sheet.lines,
        [(3, vec!["a@exemple.fr".to_owned(), "31".into()])]
    );
    // One cell at the far corner of the sheet, which laid out would be seventeen thousand million.
    let corner = format!(
        "{head}<row r=\"1048576\">{}</row>",
        text_cell("XFD1048576", "x")
    );
    assert!(Sheet::read(&workbook(&corner)).is_err());
    let low = format!(
        "{head}<row r=\"1048576\">{}</row>",
        text_cell("A1048576", "x")
    );
    assert_eq!(Sheet::read(&workbook(&low)), Err(SheetError::TooMany));
    // Little that becomes much.
    let bomb = workbook(&" ".repeat(MAX_INFLATED as usize + 1));
    assert!(bomb.len() < MAX_BYTES, "{}", bomb.len());
    assert_eq!(Sheet::read(&bomb), Err(SheetError::Unreadable));
}
