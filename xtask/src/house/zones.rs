//! What is about a group is told by the group's clock: the slices that work with
//! groups never build another one from the space's zone.

use super::Findings;
use super::files::SourceFile;

/// Folders of the slices whose days are those of a group.
const OF_GROUPS: [&str; 6] = [
    "courses/src/certification/",
    "courses/src/learning/",
    "courses/src/player/",
    "courses/src/progress/",
    "courses/src/tracking/",
    "courses/src/tutoring/",
];

/// Ways to another clock.
const OTHERS: [&str; 5] = [
    "context::zone",
    "GroupTime::of_space",
    "space.zone",
    "TimeZone::get",
    "TimeZone::UTC",
];

pub fn check(files: &[SourceFile]) -> Findings {
    let mut faults = Vec::new();
    let is_test = |path: &str| path.ends_with("tests.rs");
    let of_groups = files.iter().filter(|file| {
        OF_GROUPS.iter().any(|folder| file.path.starts_with(folder)) && !is_test(&file.path)
    });
    for file in of_groups.filter(|file| file.extension() == "rs") {
        for (number, line) in file.text.lines().enumerate() {
            for other in OTHERS.iter().filter(|other| line.contains(**other)) {
                faults.push(format!(
                    "{}:{}: {other} is another clock than the group's: ask `cohort.time()`",
                    file.path,
                    number + 1
                ));
            }
        }
    }
    Findings {
        faults,
        remarks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_of_groups_has_no_other_clock() {
        let line = "let day = today(now, &passerelle_web::context::zone(&of.space));\n";
        let faults = |path: &str| check(&[SourceFile::sample(path, line)]).faults;
        assert_eq!(
            faults("courses/src/player/pages.rs"),
            [
                "courses/src/player/pages.rs:1: context::zone is another clock than the group's: ask `cohort.time()`"
            ]
        );
        assert_eq!(
            faults("courses/src/content/web/library.rs"),
            Vec::<String>::new()
        );
        assert_eq!(
            faults("courses/src/learning/tests.rs"),
            Vec::<String>::new()
        );
    }
}
