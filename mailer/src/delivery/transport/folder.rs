//! A folder in place of a mail server: one file for each mail, whole or absent.
//!
//! A file is written aside and renamed. Its name comes from the mail's date and
//! identifier, so a retry replaces the file of the first attempt and names sort
//! by time.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use passerelle_kernel::Micros;
use passerelle_kernel::Uuid;

use super::{Lane, Transport};
use crate::delivery::error::DeliveryError;
use crate::delivery::message::Built;

const EXTENSION: &str = ".eml";

/// Writes mails in a folder, made when absent.
#[derive(Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    async fn put(&self, message: &Built) -> Result<(), DeliveryError> {
        let folder = self.0.clone();
        let name = file_name(message.written_at, message.id);
        let bytes = message.bytes.clone();
        tokio::task::spawn_blocking(move || write(&folder, &name, &bytes))
            .await
            .map_err(|error| DeliveryError::Folder(error.to_string()))?
            .map_err(|error| DeliveryError::Folder(error.to_string()))
    }
}

#[async_trait]
impl Transport for Folder {
    async fn deliver(&self, message: &Built) -> Result<(), DeliveryError> {
        self.put(message).await
    }

    fn lane(&self) -> Box<dyn Lane> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Lane for Folder {
    async fn deliver(&mut self, message: &Built) -> Result<(), DeliveryError> {
        self.put(message).await
    }
}

/// `20261123T130205.123Z-0194….eml`, in UTC.
pub(super) fn file_name(at: Micros, id: Uuid) -> String {
    let at = jiff::Timestamp::from_microsecond(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    format!("{}-{id}{EXTENSION}", at.strftime("%Y%m%dT%H%M%S.%3fZ"))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))
        .map_err(|error| error.error)?;
    // The name is durable with its folder; not every system opens folders.
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Whether `name` is one that [`file_name`] gives: it leads nowhere else.
pub(in crate::delivery) fn is_file_name(name: &str) -> bool {
    name.strip_suffix(EXTENSION).is_some_and(|stem| {
        stem.starts_with(|c: char| c.is_ascii_digit())
            && stem.len() <= 80
            && stem
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
            && !stem.contains("..")
    })
}

/// Names of the files of a folder, the newest first; none when it is absent.
pub(in crate::delivery) fn list(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        if let Ok(name) = entry?.file_name().into_string()
            && is_file_name(&name)
        {
            names.push(name);
        }
    }
    names.sort_unstable_by(|a, b| b.cmp(a));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_time_and_lead_nowhere_else() {
        let early = file_name(1_795_000_000_123_000, Uuid::nil());
        assert_eq!(
            early,
            "20261118T110640.123Z-00000000-0000-0000-0000-000000000000.eml"
        );
        assert!(file_name(1_795_000_000_124_000, Uuid::nil()) > early);
        assert!(is_file_name(&early));
        for wrong in [
            "../1.eml",
            "1/../2.eml",
            ".1.part",
            "1..eml.eml",
            "1.txt",
            ".eml",
            "1\\2.eml",
        ] {
            assert!(!is_file_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_mail_is_whole_or_absent_and_a_retry_replaces_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("mail");
        let name = file_name(1, Uuid::nil());
        write(&folder, &name, b"first").expect("written");
        write(&folder, &name, b"second attempt").expect("written again");
        assert_eq!(
            std::fs::read(folder.join(&name)).expect("read"),
            b"second attempt"
        );
        assert_eq!(
            std::fs::read_dir(&folder).expect("listed").count(),
            1,
            "nothing is left aside"
        );
        assert_eq!(list(&folder).expect("listed"), [name]);
    }

    #[test]
    fn a_reader_never_sees_part_of_a_mail() {
        let dir = tempfile::tempdir().expect("a folder");
        let (folder, name) = (dir.path().to_owned(), file_name(1, Uuid::nil()));
        let writer = std::thread::spawn({
            let (folder, name) = (folder.clone(), name.clone());
            move || {
                for round in 0..40_u8 {
                    write(&folder, &name, &vec![round; 200_000]).expect("written");
                }
            }
        });
        while !writer.is_finished() {
            for shown in list(&folder).expect("listed") {
                let bytes = std::fs::read(folder.join(shown)).expect("read");
                assert_eq!(bytes.len(), 200_000);
                assert!(bytes.iter().all(|byte| *byte == bytes[0]));
            }
        }
        writer.join().expect("no panic");
    }

    #[test]
    fn nothing_remains_of_a_mail_that_cannot_be_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let name = file_name(1, Uuid::nil());
        // A folder stands where the file should be: the renaming fails.
        std::fs::create_dir_all(dir.path().join(&name).join("x")).expect("made");
        assert!(write(dir.path(), &name, b"mail").is_err());
        assert_eq!(std::fs::read_dir(dir.path()).expect("listed").count(), 1);
    }
}
