//! The container is built from what its recipe copies: a crate that nobody added there is missed by
//! whoever builds it, and by nobody else. What would be copied is laid out and read by cargo.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::Findings;
use super::files::SourceFile;
use crate::process::Program;

const RECIPE: &str = "Containerfile";
const IGNORED: &str = ".containerignore";

/// Lays out what the recipe copies and lets cargo read it, as the build will.
pub fn check(files: &[SourceFile]) -> Result<Findings, String> {
    let copied = copied(files);
    let mut faults = out_of_reach(&copied, files);
    let folder = std::env::temp_dir().join(format!("passerelle-container-{}", std::process::id()));
    let laid_out = lay_out(&folder, &copied);
    let read = laid_out.and_then(|()| {
        Program::new("cargo")
            .args(["metadata", "--format-version", "1", "--locked", "--offline"])
            .within(folder.clone())
            .read()
    });
    // Nothing is done with it, and it is not in the checkout.
    let _ = fs::remove_dir_all(&folder);
    if let Err(error) = read {
        let said = error.replace(&folder.display().to_string(), "");
        faults.push(format!(
            "{RECIPE}: what it copies, as {IGNORED} lets it, is not the workspace: {said}"
        ));
    }
    Ok(Findings {
        faults,
        remarks: Vec::new(),
    })
}

/// The files that the first stage of the recipe copies from the checkout.
fn copied(files: &[SourceFile]) -> Vec<&SourceFile> {
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        file.map_or("", |file| file.text.as_str())
    };
    let sources = sources(text(RECIPE));
    let context = context(text(IGNORED));
    let under = |path: &str, folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    files
        .iter()
        .filter(|file| sources.iter().any(|source| under(&file.path, source)))
        .filter(|file| context.iter().any(|kept| under(&file.path, kept)))
        .collect()
}

/// What `COPY` names before the second `FROM`.
fn sources(recipe: &str) -> Vec<&str> {
    let mut stages = 0;
    let mut sources = Vec::new();
    for line in recipe.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("FROM") => stages += 1,
            Some("COPY") if stages == 1 => {
                let named: Vec<&str> = words.filter(|word| !word.starts_with("--")).collect();
                let all_but_the_last = named.len().saturating_sub(1);
                sources.extend(named.iter().take(all_but_the_last));
            }
            _ => {}
        }
    }
    sources
}

/// What the list of ignored files keeps: it begins by leaving everything out.
fn context(ignored: &str) -> Vec<&str> {
    ignored
        .lines()
        .filter_map(|line| line.trim().strip_prefix('!'))
        .collect()
}

/// Files that the code holds within itself and that are not copied.
fn out_of_reach(copied: &[&SourceFile], files: &[SourceFile]) -> Vec<String> {
    let mut faults = Vec::new();
    let code = copied
        .iter()
        .filter(|file| file.extension() == "rs" && !file.is_for_tests());
    for file in code {
        let macros = ["include_str!(\"", "include_bytes!(\""];
        for held in macros.iter().flat_map(|call| file.text.split(call).skip(1)) {
            let Some((path, _)) = held.split_once('"') else {
                continue;
            };
            let path = resolve(&file.path, path);
            let is_held = |file: &SourceFile| Path::new(&file.path) == path;
            if files.iter().any(is_held) && !copied.iter().any(|file| is_held(file)) {
                faults.push(format!(
                    "{RECIPE}: {} holds {}, which is not copied",
                    file.path,
                    path.display()
                ));
            }
        }
    }
    faults
}

/// A path beside a file, without the steps back.
fn resolve(file: &str, path: &str) -> PathBuf {
    let beside = Path::new(file).parent().unwrap_or(Path::new(""));
    let mut found = PathBuf::new();
    for part in beside.join(path).components() {
        match part {
            Component::ParentDir => {
                found.pop();
            }
            part => found.push(part),
        }
    }
    found
}

/// Manifests as they are, and code as empty files: cargo looks for them and reads nothing of them.
fn lay_out(folder: &Path, copied: &[&SourceFile]) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", folder.display());
    for file in copied {
        let text = match file.extension() {
            "toml" | "lock" => file.text.as_str(),
            "rs" => "",
            _ => continue,
        };
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(said)?;
        fs::write(&path, text).map_err(said)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[(&str, &str)] = &[
        (
            RECIPE,
            "FROM rust AS build\nCOPY Cargo.toml Cargo.lock ./\nCOPY one one\nCOPY two two\nFROM slim\nCOPY --from=build /out /in\nCOPY LICENSE /x\n",
        ),
        (IGNORED, "*\n!Cargo.toml\n!Cargo.lock\n!one\n!two\n"),
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"one\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"two\"\nversion = \"0.1.0\"\n",
        ),
        (
            "one/Cargo.toml",
            "[package]\nname = \"one\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        (
            "one/src/lib.rs",
            "const X: &str = include_str!(\"../x.txt\");",
        ),
        ("one/x.txt", "x"),
        (
            "two/Cargo.toml",
            "[package]\nname = \"two\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        ("two/src/lib.rs", ""),
        ("elsewhere.txt", "x"),
    ];

    fn found(changes: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<SourceFile> = ALL
            .iter()
            .map(|(path, text)| {
                let changed = changes.iter().find(|(other, _)| other == path);
                SourceFile::sample(path, changed.map_or(text, |(_, text)| text))
            })
            .collect();
        check(&files).unwrap().faults
    }

    /// The recipe lacked a crate: no container could be built, and no check said so.
    #[test]
    fn a_crate_that_the_recipe_does_not_copy_is_found() {
        assert_eq!(found(&[]), [""; 0]);
        let recipe = ALL[0].1.replace("COPY two two\n", "");
        let faults = found(&[(RECIPE, &recipe)]);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("two"), "{faults:?}");
    }

    /// And what it copies was not even sent to the builder.
    #[test]
    fn a_crate_that_is_ignored_is_found() {
        let faults = found(&[(IGNORED, "*\n!Cargo.toml\n!Cargo.lock\n!one\n")]);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].contains("two"), "{faults:?}");
    }

    #[test]
    fn a_file_that_code_holds_and_the_recipe_does_not_copy_is_found() {
        let code = "const X: &str = include_str!(\"../../elsewhere.txt\");";
        let faults = found(&[("one/src/lib.rs", code)]);
        assert_eq!(
            faults,
            ["Containerfile: one/src/lib.rs holds elsewhere.txt, which is not copied"]
        );
    }
}
