//! What must not be committed: paths of the machine something was written on,
//! hosts of package registries, tests that are switched off.

use super::Findings;
use super::files::SourceFile;

/// Folders of one machine. Written in halves, or this file would refuse itself.
const FOLDERS: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("C:\\Us", "ers\\"),
];

const HOSTS: &[(&str, &str)] = &[
    ("registry.npm", "js"),
    ("registry.yarn", "pkg"),
    ("static.", "crates.io"),
    ("index.", "crates.io"),
    ("files.python", "hosted"),
    ("arti", "factory"),
];

const SWITCHED_OFF: &[(&str, &str, &str)] = &[
    ("rs", "#[ign", "ore"),
    ("rs", "#![ign", "ore"),
    ("mjs", "test.", "skip("),
    ("js", "test.", "skip("),
    ("mjs", "it.", "skip("),
    ("js", "it.", "skip("),
    ("mjs", "describe.", "skip("),
    ("js", "describe.", "skip("),
];

pub fn check(files: &[SourceFile]) -> Findings {
    let mut faults = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            for what in found_in(line, file.extension()) {
                faults.push(format!("{}:{}: {what}", file.path, number + 1));
            }
        }
    }
    Findings {
        faults,
        remarks: Vec::new(),
    }
}

fn found_in(line: &str, extension: &str) -> Vec<String> {
    let folders = FOLDERS
        .iter()
        .map(|(one, two)| format!("{one}{two}"))
        .filter(|folder| names_a_folder(line, folder))
        .map(|folder| format!("names a folder of one machine: {folder}"));
    let hosts = HOSTS
        .iter()
        .map(|(one, two)| format!("{one}{two}"))
        .filter(|host| line.contains(host.as_str()))
        .map(|host| format!("names the host of a package registry: {host}"));
    let switched_off = SWITCHED_OFF
        .iter()
        .filter(|(of, one, two)| *of == extension && line.contains(&format!("{one}{two}")))
        .map(|_| "switches a test off".to_owned());
    folders.chain(hosts).chain(switched_off).collect()
}

/// Whether the folder stands at the beginning of a path, not inside a longer one
/// (an address such as `https://example.org/work/` is no folder of a machine).
fn names_a_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let begins = line[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric() && !"./_-}*".contains(before));
        let goes_on = line[at + folder.len()..]
            .chars()
            .next()
            .is_some_and(|after| after.is_alphanumeric() || after == '.');
        begins && goes_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile::sample(path, text)]).faults
    }

    #[test]
    fn a_folder_of_one_machine_is_refused_with_its_line() {
        let text = format!("first\nsee {}/{}/notes.md\n", "/ho", "me/someone").replace("o/m", "om");
        assert_eq!(
            faults("README.md", &text),
            [format!(
                "README.md:2: names a folder of one machine: {}{}",
                "/ho", "me/"
            )]
        );
    }

    #[test]
    fn an_address_or_a_route_is_no_folder_of_a_machine() {
        let path = format!("{}{}", "/wo", "rk/list");
        assert_eq!(
            faults("a.md", &format!("https://example.org{path}")),
            Vec::<String>::new()
        );
        assert_eq!(
            faults("a.rs", &format!("\"/api{path}\"")),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_host_of_a_registry_is_refused() {
        let host = format!("https://{}{}.org/x", HOSTS[0].0, HOSTS[0].1);
        assert_eq!(faults("package-lock.json", &host).len(), 1);
    }

    #[test]
    fn a_test_that_is_switched_off_is_refused() {
        let rust = format!("    {}{}]", SWITCHED_OFF[0].1, SWITCHED_OFF[0].2);
        assert_eq!(
            faults("a/src/lib.rs", &rust),
            ["a/src/lib.rs:1: switches a test off"]
        );
        let script = format!(
            "{}{}'later', () => {{}});",
            SWITCHED_OFF[2].1, SWITCHED_OFF[2].2
        );
        assert_eq!(faults("a.test.mjs", &script).len(), 1);
        assert_eq!(faults("notes.md", &script), Vec::<String>::new());
    }
}
