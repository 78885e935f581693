//! Writes the sample documents into a folder, to be looked at, and says what each cost.
//!
//! `cargo run -p passerelle-documents --example samples -- FOLDER [REPEATS]`

use std::error::Error;
use std::io::Write as _;
use std::time::Instant;

use passerelle_documents::{Document, Language, Typesetter, TypstTypesetter, sample};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = std::path::PathBuf::from(args.next().ok_or("give the folder to write into")?);
    let repeats: usize = args.next().map_or(Ok(1), |count| count.parse())?;
    std::fs::create_dir_all(&folder)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "before the first document: {}", memory())?;
    let typesetter = TypstTypesetter::new();
    for round in 0..repeats {
        for language in Language::ALL {
            for document in sample::documents(language) {
                let start = Instant::now();
                let pdf = typesetter.typeset(&document)?;
                let name = format!("{}-{}.pdf", kind(&document), language.tag());
                writeln!(
                    out,
                    "{round} {name}: {} bytes, {} ms, {}",
                    pdf.len(),
                    start.elapsed().as_millis(),
                    memory()
                )?;
                std::fs::write(folder.join(name), pdf)?;
            }
        }
    }
    Ok(())
}

fn kind(document: &Document) -> &'static str {
    match document {
        Document::CompletionCertificate(_) => "completion-certificate",
        Document::EndOfTrainingStatement(_) => "end-of-training-statement",
        Document::AttendanceStatement(_) => "attendance-statement",
    }
}

/// Resident memory, now and at most, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| {
        ["VmHWM", "VmRSS", "RssAnon"]
            .iter()
            .any(|key| line.starts_with(key))
    });
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(", ")
}
