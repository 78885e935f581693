//! Where things are: the checkout, the build folder, the built binary.
//!
//! It only computes paths. The build folder stays outside the checkout unless the
//! caller asked otherwise, so that a clean clone stays clean.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the checkout, from where this crate was compiled.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// The folder that cargo builds into: what the environment says, else
/// `$HOME/.cache/passerelle/target`, else `target` in the checkout.
pub fn target() -> PathBuf {
    choose_target(
        env::var_os("CARGO_TARGET_DIR").map(PathBuf::from),
        env::var_os("HOME").map(PathBuf::from),
        &root(),
    )
}

fn choose_target(set: Option<PathBuf>, home: Option<PathBuf>, root: &Path) -> PathBuf {
    match (set, home) {
        (Some(set), _) if !set.as_os_str().is_empty() => root.join(set),
        (_, Some(home)) if !home.as_os_str().is_empty() => home.join(".cache/passerelle/target"),
        _ => root.join("target"),
    }
}

/// The server's binary, as the development profile builds it.
pub fn server_binary() -> PathBuf {
    target()
        .join("debug")
        .join(format!("passerelle{}", env::consts::EXE_SUFFIX))
}

/// The folder of the packages that others made: what the environment says, else
/// `shared/packages` beside the checkout.
pub fn packages() -> PathBuf {
    env::var_os("PASSERELLE_PACKAGES")
        .map_or_else(|| root().join("../shared/packages"), PathBuf::from)
}

/// The first of `names` that is an executable file in `PATH`.
pub fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        env::split_paths(&path)
            .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
            .find(|candidate| candidate.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_folder_that_is_set_is_kept() {
        let chosen = choose_target(
            Some("/fast/disk".into()),
            Some("/h".into()),
            Path::new("/r"),
        );
        assert_eq!(chosen, PathBuf::from("/fast/disk"));
    }

    #[test]
    fn a_relative_build_folder_is_taken_from_the_checkout() {
        let chosen = choose_target(Some("out".into()), None, Path::new("/r"));
        assert_eq!(chosen, PathBuf::from("/r/out"));
    }

    #[test]
    fn without_one_the_build_goes_outside_the_checkout() {
        let chosen = choose_target(None, Some("/h".into()), Path::new("/r"));
        assert_eq!(chosen, PathBuf::from("/h/.cache/passerelle/target"));
        let empty = choose_target(Some(PathBuf::new()), Some("/h".into()), Path::new("/r"));
        assert_eq!(empty, chosen);
    }

    #[test]
    fn a_program_that_does_not_exist_is_not_found() {
        assert_eq!(in_path(&["no-such-program-anywhere"]), None);
    }
}
