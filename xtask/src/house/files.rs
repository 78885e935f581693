//! The text files that git tracks, or would track at the next commit.

use std::fs;

use crate::places;
use crate::process::Program;

/// A text file of the checkout.
#[derive(Debug)]
pub struct SourceFile {
    /// From the root of the checkout, with `/` between the folders.
    pub path: String,
    pub text: String,
}

impl SourceFile {
    /// What follows the last dot of the name, or nothing.
    pub fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether it only serves tests: in a folder for them, or named so.
    pub fn is_for_tests(&self) -> bool {
        let mut parts = self.path.rsplit('/');
        let name = parts.next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        stem == "tests"
            || stem.ends_with("_tests")
            || name.contains(".test.")
            || parts.any(|folder| {
                ["tests", "benches", "fuzz", "testing"].contains(&folder)
                    || folder.ends_with("-tests")
            })
    }

    #[cfg(test)]
    pub fn sample(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// Reads every tracked file, and every new one that is not ignored; those that are
/// not text are left out.
pub fn of_the_checkout() -> Result<Vec<SourceFile>, String> {
    let listed = Program::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .read()?;
    let mut paths: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let root = places::root();
    let files: Vec<SourceFile> = paths
        .into_iter()
        .filter_map(|path| {
            // A file that was removed but is still in the index has no text to check.
            let bytes = fs::read(root.join(path)).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            Some(SourceFile {
                path: path.to_owned(),
                text,
            })
        })
        .collect();
    if files.is_empty() {
        return Err("git lists no file: the house rules need a checkout".to_owned());
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkout_holds_this_file() {
        let files = of_the_checkout().unwrap();
        assert!(
            files
                .iter()
                .any(|file| file.path == "xtask/src/house/files.rs")
        );
    }

    #[test]
    fn files_for_tests_are_told_from_the_others() {
        for path in [
            "tests/src/app.rs",
            "server/kernel/src/journal/tests.rs",
            "courses/assets/player-tests/queue.test.mjs",
            "fuzz/src/zip.rs",
        ] {
            assert!(SourceFile::sample(path, "").is_for_tests(), "{path}");
        }
        for path in ["server/web/src/latest.rs", "courses/assets/player/queue.js"] {
            assert!(!SourceFile::sample(path, "").is_for_tests(), "{path}");
        }
    }

    #[test]
    fn the_extension_is_what_follows_the_last_dot() {
        assert_eq!(SourceFile::sample("a.b/Containerfile", "").extension(), "");
        assert_eq!(
            SourceFile::sample("a/queue.test.mjs", "").extension(),
            "mjs"
        );
    }
}
