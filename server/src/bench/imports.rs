//! People by file, and packages: time and memory of an import in the browser,
//! against `unzip` unpacking the same file.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use super::client::{Browser, between};
use super::report::{Report, mib};
use super::scene::{MANAGER, Scene};
use super::server::Server;
use super::{BenchError, Plan};
use crate::cli::out;
use crate::demo::PASSWORD;

const MIB: u64 = 1024 * 1024;
const LIBRARY: &str = "/e/accueil/gestion/contenus";

/// A thousand people by file, shown and then enrolled.
pub(super) async fn people(
    scene: &Scene,
    server: &Server,
    report: &mut Report,
) -> Result<(), BenchError> {
    let mut browser = Browser::sign_in(server.pages, MANAGER, PASSWORD).await?;
    let folder = tempfile::tempdir().map_err(BenchError::doing("a folder"))?;
    let file = folder.path().join("liste.csv");
    let mut text = String::from("prénom;nom;adresse électronique\n");
    for n in 0..1_000 {
        text.push_str(&format!("Camille;Liste-{n};liste{n}@exemple.fr\n"));
    }
    std::fs::write(&file, text).map_err(BenchError::doing("a list"))?;
    let path = format!("/groupe/{}/gestion/liste", scene.empty);
    let begun = Instant::now();
    let page = browser.upload(&path, "file", &file).await?;
    let page = page.expect(200, "a list of people")?;
    let shown = begun.elapsed();
    let value = |name: &str| {
        between(&page, &format!("name=\"{name}\" value=\""), "\"")
            .replace("&quot;", "\"")
            .replace("&#x27;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    let (digest, list) = (value("digest"), value("list"));
    let fields = [("digest", digest.as_str()), ("list", list.as_str())];
    let reply = browser.post(&format!("{path}/confirmer"), &fields).await?;
    reply.expect(303, "enrolling a list")?;
    let lasted = begun.elapsed();
    report.fact(
        "1,000 people by file, shown and enrolled",
        format!(
            "{:.2} s, of which {:.2} s to show (Moodle: 53 s, {:.0} ×)",
            lasted.as_secs_f64(),
            shown.as_secs_f64(),
            53.0 / lasted.as_secs_f64()
        ),
    );
    Ok(())
}

/// The three packages of the table, made here.
pub(super) async fn packages(
    plan: &Plan,
    folder: &Path,
    server: &Server,
    report: &mut Report,
) -> Result<(), BenchError> {
    for (name, mib, files, moodle) in [
        ("200 MB package", 191, 20, Some(7.7)),
        ("100 MB in 2,000 files", 95, 2_000, Some(13.4)),
        ("large package", plan.import_mib, 200, None),
    ] {
        out::note(&format!("import: {name}"));
        let zip = folder.join("bench.zip");
        write_package(&zip, mib * MIB, files).map_err(BenchError::doing("a package"))?;
        one(server, &zip, name, moodle, report).await?;
        std::fs::remove_file(&zip).map_err(BenchError::doing("a package"))?;
    }
    Ok(())
}

async fn one(
    server: &Server,
    zip: &Path,
    name: &str,
    moodle: Option<f64>,
    report: &mut Report,
) -> Result<(), BenchError> {
    let size = std::fs::metadata(zip).map_or(0, |m| m.len());
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let mut grown = 0;
    for _ in 0..3 {
        let mut browser = Browser::sign_in(server.pages, MANAGER, PASSWORD).await?;
        let before = server.rss();
        server.forget_peak();
        let begun = Instant::now();
        import(&mut browser, zip).await?;
        ours.push(begun.elapsed());
        grown = grown.max(server.peak().saturating_sub(before));
        theirs.push(unzip(zip).await?);
    }
    let (ours, theirs) = (half(ours), half(theirs));
    let beside = moodle.map_or_else(String::new, |seconds| {
        format!(
            "; Moodle {seconds} s, {:.1} ×",
            seconds / ours.as_secs_f64()
        )
    });
    report.fact(
        &format!("import: {name}, {} as sent", mib(size / 1024)),
        format!(
            "{:.2} s; unzip {:.2} s, {:.2} of its throughput; {} above idle{beside}",
            ours.as_secs_f64(),
            theirs.as_secs_f64(),
            theirs.as_secs_f64() / ours.as_secs_f64(),
            mib(grown)
        ),
    );
    Ok(())
}

fn half(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// As a browser does it: the file, then its state until it is in the library.
async fn import(browser: &mut Browser, zip: &Path) -> Result<(), BenchError> {
    let sent = browser
        .upload(&format!("{LIBRARY}/importer"), "file", zip)
        .await?;
    let to = sent.location().to_owned();
    sent.expect(303, "an import")?;
    if !to.contains("/import/") {
        return Ok(());
    }
    loop {
        if browser.json(&to).await?["done"] == true {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let end = browser.get(&to).await?;
    if end.status == 303 {
        Ok(())
    } else {
        Err(BenchError(format!("an import ended with {}", end.status)))
    }
}

async fn unzip(zip: &Path) -> Result<Duration, BenchError> {
    let folder: PathBuf = zip.with_extension("unzipped");
    let begun = Instant::now();
    let status = Command::new("unzip")
        .args(["-q", "-o"])
        .arg(zip)
        .arg("-d")
        .arg(&folder)
        .stdout(Stdio::null())
        .status()
        .await
        .map_err(BenchError::doing("unzip (Debian: unzip)"))?;
    let lasted = begun.elapsed();
    let _ = std::fs::remove_dir_all(&folder);
    if status.success() {
        Ok(lasted)
    } else {
        Err(BenchError(format!("unzip: {status}")))
    }
}

/// A package of `files` files and `bytes` bytes that do not compress, like media;
/// deflated, as authoring tools leave them.
fn write_package(path: &Path, bytes: u64, files: u64) -> std::io::Result<()> {
    let mut zip = zip::ZipWriter::new(std::io::BufWriter::new(File::create(path)?));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let fast = options.compression_level(Some(1));
    let start = |zip: &mut zip::ZipWriter<_>, name: &str| {
        zip.start_file(name, fast).map_err(std::io::Error::other)
    };
    start(&mut zip, "imsmanifest.xml")?;
    zip.write_all(MANIFEST.as_bytes())?;
    start(&mut zip, "index.html")?;
    zip.write_all(b"<!doctype html><title>Mesure</title>")?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut block = vec![0_u8; 64 * 1024];
    for n in 0..files {
        start(&mut zip, &format!("media/{n}.bin"))?;
        let mut left = bytes / files;
        while left > 0 {
            for word in block.chunks_exact_mut(8) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                word.copy_from_slice(&state.to_le_bytes());
            }
            let part = left.min(block.len() as u64);
            zip.write_all(block.get(..part as usize).unwrap_or(&block))?;
            left -= part;
        }
    }
    zip.finish().map_err(std::io::Error::other)?;
    Ok(())
}

const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="bench" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="org"><organization identifier="org"><title>Mesure</title>
<item identifier="item" identifierref="res"><title>Mesure</title></item></organization></organizations>
<resources><resource identifier="res" type="webcontent" adlcp:scormtype="sco" href="index.html"><file href="index.html"/></resource></resources>
</manifest>
"#;
