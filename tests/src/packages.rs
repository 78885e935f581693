//! Small SCORM packages, made here.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

/// A SCORM 1.2 package of that title with so many SCOs, `SCO-1` and so on.
pub fn scorm12(title: &str, scos: usize) -> Vec<u8> {
    let items: String = (1..=scos)
        .map(|n| {
            format!(
                "<item identifier=\"SCO-{n}\" identifierref=\"RES-{n}\"><title>{title} {n}</title>\
                 <adlcp:masteryscore>50</adlcp:masteryscore></item>"
            )
        })
        .collect();
    let resources: String = (1..=scos)
        .map(|n| {
            format!(
                "<resource identifier=\"RES-{n}\" type=\"webcontent\" adlcp:scormtype=\"sco\" href=\"{n}.html\">\
                 <file href=\"{n}.html\"/></resource>"
            )
        })
        .collect();
    let manifest = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest identifier=\"test\" version=\"1\" \
         xmlns=\"http://www.imsproject.org/xsd/imscp_rootv1p1p2\" \
         xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_rootv1p2\">\n\
         <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>\n\
         <organizations default=\"org\"><organization identifier=\"org\"><title>{title}</title>{items}</organization>\
         </organizations>\n<resources>{resources}</resources>\n</manifest>\n"
    );
    let mut files = vec![("imsmanifest.xml".to_owned(), manifest)];
    files.extend((1..=scos).map(|n| {
        (
            format!("{n}.html"),
            format!("<!doctype html><title>{title} {n}</title><p>Page {n}</p>"),
        )
    }));
    zip(&files)
}

/// A zip of these files.
pub fn zip(files: &[(String, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .expect("an entry");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// A package of `tests/packages`, made for a fault that was found.
pub fn case(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("packages")
        .join(format!("{name}.zip"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
