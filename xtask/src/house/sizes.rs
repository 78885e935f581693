//! A file that grows too long is two ideas: says so from 400 lines, refuses over 500.
//!
//! Code is held to it; styles, pages and documents are only remarked. Files for
//! tests, and the tests at the end of a file, do not count towards the remark.

use super::Findings;
use super::files::SourceFile;

const REMARKED: usize = 400;
const REFUSED: usize = 500;

const HELD: &[&str] = &["rs", "js", "mjs"];
const REPORTED: &[&str] = &["css", "hbs", "typ"];

pub fn check(files: &[SourceFile]) -> Findings {
    let mut findings = Findings::default();
    let mut measured = 0_usize;
    let mut lines_of_code = 0_usize;
    let mut sizes: Vec<(usize, &SourceFile)> = files
        .iter()
        .filter(|file| HELD.contains(&file.extension()) || REPORTED.contains(&file.extension()))
        .map(|file| (file.text.lines().count(), file))
        .collect();
    sizes.sort_by(|(one, _), (other, _)| other.cmp(one));
    for (lines, file) in sizes {
        measured += 1;
        lines_of_code += lines;
        let path = &file.path;
        if file.is_for_tests() {
            continue;
        }
        if lines > REFUSED && HELD.contains(&file.extension()) {
            findings.faults.push(format!(
                "{path}: {lines} lines, {REFUSED} at most: split it"
            ));
        } else if without_tests(&file.text) > REMARKED {
            findings.remarks.push(format!(
                "{path}: {lines} lines; over {REMARKED} it is two ideas"
            ));
        }
    }
    findings.remarks.push(format!(
        "{measured} source files, {lines_of_code} lines in all"
    ));
    findings
}

/// Lines before the tests that close a Rust file.
fn without_tests(text: &str) -> usize {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> SourceFile {
        SourceFile::sample(path, &"let a = 1;\n".repeat(lines))
    }

    #[test]
    fn a_file_of_five_hundred_lines_is_remarked_and_the_next_line_is_refused() {
        let findings = check(&[file("a/src/long.rs", 500), file("a/src/longer.rs", 501)]);
        assert_eq!(
            findings.faults,
            ["a/src/longer.rs: 501 lines, 500 at most: split it"]
        );
        assert_eq!(
            findings.remarks,
            [
                "a/src/long.rs: 500 lines; over 400 it is two ideas",
                "2 source files, 1001 lines in all"
            ]
        );
    }

    #[test]
    fn tests_and_styles_are_not_refused() {
        let findings = check(&[
            file("tests/src/story.rs", 900),
            file("web/assets/site.css", 900),
        ]);
        assert_eq!(findings.faults, Vec::<String>::new());
        assert_eq!(findings.remarks.len(), 2);
    }

    #[test]
    fn tests_at_the_end_of_a_file_do_not_count_towards_the_remark() {
        let text = format!(
            "{}#[cfg(test)]\n{}",
            "a();\n".repeat(300),
            "b();\n".repeat(150)
        );
        let findings = check(&[SourceFile::sample("a/src/rules.rs", &text)]);
        assert_eq!(findings.remarks, ["1 source files, 451 lines in all"]);
    }
}
