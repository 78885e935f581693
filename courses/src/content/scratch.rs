//! Unfinished files: made in the scratch folder, gone when nobody holds them.

use std::path::{Path, PathBuf};

use passerelle_kernel::Micros;
use passerelle_kernel::env::DAY;
use passerelle_web::App;

/// Names of our files in the scratch folder begin with it.
const PREFIX: &str = "content-";

/// A file of the scratch folder, removed when dropped unless it has moved on.
#[derive(Debug)]
pub struct ScratchFile(PathBuf);

impl ScratchFile {
    /// A fresh name; nothing is created yet.
    pub fn new(app: &App) -> Self {
        Self(
            app.settings()
                .scratch
                .join(format!("{PREFIX}{}", app.env().label())),
        )
    }

    /// Takes over a file that lies in the scratch folder; none for any other.
    pub(super) fn adopt(app: &App, path: &Path) -> Option<Self> {
        (path.parent() == Some(app.settings().scratch.as_path())).then(|| Self(path.to_owned()))
    }

    /// Leaves the file to whoever takes it over by its path.
    pub(super) fn release(mut self) -> PathBuf {
        std::mem::take(&mut self.0)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        if self.0.as_os_str().is_empty() {
            return;
        }
        // Absent when it was moved into the store: that is fine.
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.0.display(), "a scratch file could not be removed");
        }
    }
}

/// Removes what a server that was killed left behind: our files older than a day.
pub(super) fn sweep(folder: &Path, now: Micros) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let mut removed = 0;
    for entry in entries.flatten() {
        let ours = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(PREFIX));
        let modified = entry.metadata().and_then(|m| m.modified()).ok();
        let age = modified
            .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
            .map(|since| now - since.as_micros() as Micros);
        if ours && age.is_some_and(|age| age > DAY) && std::fs::remove_file(entry.path()).is_ok() {
            removed += 1;
        }
    }
    removed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_files_of_ours_are_swept() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["content-a", "other"] {
            std::fs::write(folder.path().join(name), b"x").expect("writes");
        }
        let modified = std::fs::metadata(folder.path().join("content-a"))
            .expect("there")
            .modified()
            .expect("dated");
        let written = modified
            .duration_since(std::time::UNIX_EPOCH)
            .expect("after 1970")
            .as_micros() as Micros;
        assert_eq!(sweep(folder.path(), written + DAY / 2), 0);
        assert_eq!(sweep(folder.path(), written + 2 * DAY), 1);
        assert!(folder.path().join("other").exists() && !folder.path().join("content-a").exists());
    }
}
