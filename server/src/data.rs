//! The data folder: who may make it and its keys, and that nobody but its owner reads it.
//!
//! Three commands found a server: `serve`, `migrate` and the first `user create`. Every other one
//! works on what is there: run in a wrong folder, or without its configuration, it says what is
//! missing and makes nothing, least of all another key for the journal.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use passerelle_kernel::Env;
use passerelle_kernel::journal::JournalKey;

use crate::config::Config;
use crate::host::HostError;

/// Files beside the data that only the server may read, when they are there.
const SECRET_FILES: [&str; 2] = ["journal.key", "dkim.key"];
/// Folders within the data folder.
const FOLDERS: [&str; 3] = ["blobs", "scratch", "mail"];
/// What SQLite writes beside its file.
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// The data folder of a configuration.
#[derive(Debug)]
pub(crate) struct Data {
    folder: PathBuf,
    key_file: PathBuf,
    /// The embedded database; none on a database server.
    database: Option<PathBuf>,
    founding: bool,
}

impl Data {
    /// Looks at what is there and makes nothing; what is missing is an error unless `founding`.
    pub fn find(config: &Config, founding: bool) -> Result<Self, HostError> {
        let folder = absolute(&config.data_dir);
        let found = Self {
            key_file: folder.join("journal.key"),
            database: config.database_file().map(|path| absolute(&path)),
            folder,
            founding,
        };
        if founding {
            return Ok(found);
        }
        let given = config.origin("data_dir");
        if !is_there(&found.folder)? {
            return Err(HostError(format!(
                "there is no data folder {} ({given}). Nothing was made. Say where the data is with --config FILE, \
                 PASSERELLE_CONFIG or PASSERELLE_DATA_DIR; for a new server, `passerelle serve` or `passerelle migrate` \
                 makes the folder and its keys",
                found.folder.display()
            )));
        }
        let needed = [Some(&found.key_file), found.database.as_ref()];
        for path in needed.into_iter().flatten() {
            if !is_there(path)? {
                return Err(HostError(format!(
                    "{} is missing, in the data folder ({given}). Nothing was made. Put it back from a backup or, on a \
                     second machine, from the first; is it another folder, say so with --config FILE, \
                     PASSERELLE_CONFIG or PASSERELLE_DATA_DIR. For a new server, `passerelle serve` or `passerelle \
                     migrate` makes it",
                    path.display()
                )));
            }
        }
        Ok(found)
    }

    /// The key of the journal, and its text when it is new and not yet written.
    pub fn key(&self, env: &Env) -> Result<(JournalKey, Option<String>), HostError> {
        let wrong = |error| HostError(format!("{}: {error}", self.key_file.display()));
        match JournalKey::load(&self.key_file).map_err(wrong)? {
            Some(key) => Ok((key, None)),
            None => {
                let (key, text) = JournalKey::generate(env).map_err(wrong)?;
                Ok((key, Some(text)))
            }
        }
    }

    /// Makes sure that the embedded database can be written to; its file is made, and closed to others.
    pub fn open_database(&self) -> Result<(), HostError> {
        let Some(file) = &self.database else {
            return Ok(());
        };
        if self.founding {
            self.make()?;
        }
        private::file(file, self.founding).map_err(at("the database", file))?;
        // Its log stands beside it: a folder that takes no file would only be told by a number.
        let beside = file.parent().filter(|p| !p.as_os_str().is_empty());
        let beside = beside.unwrap_or(Path::new("."));
        tempfile::Builder::new()
            .prefix(".passerelle-")
            .tempfile_in(beside)
            .map(drop)
            .map_err(at("the folder of the database", beside))
    }

    /// Makes the folders and closes everything to other people of the machine.
    pub fn make(&self) -> Result<(), HostError> {
        private::folder(&self.folder).map_err(at("the data folder", &self.folder))?;
        for name in FOLDERS {
            let path = self.folder.join(name);
            if name != "mail" || path.exists() {
                private::folder(&path).map_err(at("the data folder", &path))?;
            }
        }
        for name in SECRET_FILES {
            private::close(&self.folder.join(name), 0o600);
        }
        if let Some(database) = &self.database {
            for end in BESIDE {
                let mut path = database.clone().into_os_string();
                path.push(end);
                private::close(Path::new(&path), 0o600);
            }
        }
        Ok(())
    }

    /// Writes the new key of a journal that has not begun.
    pub fn keep_key(&self, text: &str) -> Result<(), HostError> {
        self.make()?;
        JournalKey::write(&self.key_file, text)
            .map_err(|error| HostError(format!("{}: {error}", self.key_file.display())))
    }

    /// Where the key of the journal is.
    pub fn key_file(&self) -> &Path {
        &self.key_file
    }

    /// A file or folder within.
    pub fn within(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Whether what is missing may be made.
    pub fn is_founding(&self) -> bool {
        self.founding
    }
}

/// What went wrong, with the file.
fn at<'a>(what: &'a str, path: &'a Path) -> impl FnOnce(std::io::Error) -> HostError + 'a {
    move |error| HostError(format!("{what} {}: {error}", path.display()))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn is_there(path: &Path) -> Result<bool, HostError> {
    match path.try_exists() {
        Ok(there) => Ok(there),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(at("cannot look at", path)(error)),
    }
}

#[cfg(unix)]
mod private {
    use std::fs::{DirBuilder, OpenOptions, Permissions};
    use std::io::{ErrorKind, Result};
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

    /// Makes a folder that its owner alone enters; one that is there is closed.
    pub fn folder(path: &Path) -> Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        close(path, 0o700);
        Ok(())
    }

    /// A file that can be read and written, made when it may be, for its owner alone.
    pub fn file(path: &Path, make: bool) -> Result<()> {
        OpenOptions::new()
            .read(true)
            .append(true)
            .create(make)
            .mode(0o600)
            .open(path)?;
        close(path, 0o600);
        Ok(())
    }

    /// Takes from others what they need not have; a folder that everybody shares stays as it is.
    pub fn close(path: &Path, mode: u32) {
        let known = match std::fs::metadata(path) {
            Ok(known) => known,
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    tracing::warn!(path = %path.display(), %error, "cannot look at who may read it");
                }
                return;
            }
        };
        let has = |bits| known.mode() & bits != 0;
        if !has(0o077) {
            return;
        }
        if known.is_dir() && (has(0o1000) || path.parent().is_none()) {
            let path = path.display();
            tracing::warn!(%path, "everybody of this machine may read the data folder: give it one of its own");
            return;
        }
        match std::fs::set_permissions(path, Permissions::from_mode(mode)) {
            Ok(()) => {
                tracing::info!(path = %path.display(), "closed to other people of this machine")
            }
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "others may read it, and it cannot be closed");
            }
        }
    }
}

#[cfg(not(unix))]
mod private {
    use std::path::Path;

    pub fn folder(path: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(path)
    }

    pub fn file(path: &Path, make: bool) -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).append(true).create(make).open(path)?;
        Ok(())
    }

    pub fn close(_: &Path, _: u32) {}
}
