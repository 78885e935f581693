//! Text enters by the readers that refuse what may not: no page reads forms with files, or places
//! where requests come from, by itself.

use super::Findings;
use super::files::SourceFile;

/// What only one file may name, and why.
const READERS: &[(&str, &str, &str)] = &[
    (
        "extract::Multipart",
        "server/web/src/parts.rs",
        "forms with files are read by passerelle_web::parts, which refuses what is no text",
    ),
    (
        "extract::multipart",
        "server/web/src/parts.rs",
        "forms with files are read by passerelle_web::parts, which refuses what is no text",
    ),
    (
        "\"x-forwarded-for\"",
        "server/web/src/place.rs",
        "where a request comes from is said by passerelle_web::place",
    ),
    (
        "\"x-real-ip\"",
        "server/web/src/place.rs",
        "where a request comes from is said by passerelle_web::place",
    ),
    (
        "axum::serve(",
        "server/web/src/listening/mod.rs",
        "sockets are served by passerelle_web::listening, which waits for nobody too long",
    ),
];

pub fn check(files: &[SourceFile]) -> Findings {
    let mut faults = Vec::new();
    let code = files.iter().filter(|file| {
        file.extension() == "rs" && !file.is_for_tests() && !file.path.starts_with("xtask/")
    });
    for file in code {
        for (name, reader, why) in READERS {
            // What is measured beside the server is bare on purpose.
            let bare = file.path.starts_with("server/src/bench/");
            if file.path != *reader && !bare && file.text.contains(name) {
                faults.push(format!("{}: names {name}: {why}", file.path));
            }
        }
    }
    Findings {
        faults,
        remarks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reader_is_found() {
        let text = "use axum::extract::Multipart;";
        let files = [
            "courses/src/x.rs",
            "server/web/src/parts.rs",
            "courses/src/tests.rs",
        ]
        .map(|path| SourceFile::sample(path, text));
        let faults = check(&files).faults;
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("courses/src/x.rs: "));
    }
}
