//! Text of people is compared, searched and sorted by what `passerelle-text` folded, never by what
//! a database or a line of Rust makes of its capitals: SQLite folds ASCII only, PostgreSQL what its
//! collation says, and two places that fold each in their way find each other's people nowhere.

use super::Findings;
use super::files::SourceFile;

/// Where text is folded.
const FOLDING: &str = "server/text/";

/// What a string of SQL may not hold elsewhere. Written in halves, or this file would refuse itself.
const IN_SQL: &[(&str, &str)] = &[
    ("LOW", "ER("),
    ("UPP", "ER("),
    (" LI", "KE "),
    (" ILI", "KE "),
    ("COLL", "ATE "),
    ("CITE", "XT"),
    (" SIMILAR ", "TO "),
];

/// What a query that is built may not say elsewhere: these make a `LIKE` whose wildcards are whoever
/// types them.
const IN_QUERIES: &[(&str, &str)] = &[
    ("Column::", ".contains("),
    ("Column::", ".starts_with("),
    ("Column::", ".ends_with("),
];

/// The type of a table that is taken away: only its writer guards its cells.
const OF_TABLES: (&str, &str) = ("text/csv; ", "charset");
/// Who names types of files by their ending.
const TYPES: &[&str] = &["server/web/src/assets.rs", "courses/src/content/model.rs"];
/// Where columns that hold text folded are told to be compared byte by byte.
const SCHEMA: &str = "migrations/";

/// What a line that sorts may not say: capitals and accents would decide.
const WHERE_SORTED: &[&str] = &[
    "to_lowercase",
    "to_uppercase",
    "listed_name",
    ".title.clone()",
    ".name.clone()",
];

pub fn check(files: &[SourceFile]) -> Findings {
    let mut faults = Vec::new();
    for file in files {
        if file.extension() != "rs"
            || file.is_for_tests()
            || file.path.starts_with(FOLDING)
            || file.path.starts_with(SCHEMA)
            || file.path.starts_with("xtask/")
        {
            continue;
        }
        for (number, line) in code(&file.text) {
            for what in found_in(line) {
                faults.push(format!("{}:{number}: {what}", file.path));
            }
            if line.contains(&format!("{}{}", OF_TABLES.0, OF_TABLES.1))
                && !TYPES.contains(&file.path.as_str())
            {
                faults.push(format!(
                    "{}:{number}: writes a table by itself: use passerelle_text::csv, which guards its cells",
                    file.path
                ));
            }
        }
    }
    Findings {
        faults,
        remarks: Vec::new(),
    }
}

/// Lines of code with their numbers: no comments, and nothing of the tests at the end of a file.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn found_in(line: &str) -> Vec<String> {
    let sql = IN_SQL
        .iter()
        .map(|(one, two)| format!("{one}{two}"))
        .filter(|word| holds(line, word))
        .map(|word| {
            format!(
                "compares text by {} in SQL: store it folded, and compare it by passerelle_text::fold",
                word.trim()
            )
        });
    let built = IN_QUERIES
        .iter()
        .filter(|(one, two)| {
            line.split_once(one)
                .is_some_and(|(_, rest)| rest.contains(two))
        })
        .map(|(_, two)| {
            format!("searches by {two} with wildcards of whoever types: use passerelle_text::fold::within")
        });
    let sorts = line.contains("sort_") || line.contains(".sort(");
    let sorted = WHERE_SORTED
        .iter()
        .filter(|word| sorts && line.contains(**word))
        .map(|word| {
            format!("sorts by {word}: sort by passerelle_text::fold or PersonCard::sort_key")
        });
    sql.chain(built).chain(sorted).collect()
}

/// Whether a line holds the word: a function in capitals or small, not as the end of a longer
/// name; an operator in capitals, or before a parameter. Prose says "like" as well.
fn holds(line: &str, word: &str) -> bool {
    let large = line.to_ascii_uppercase();
    if word.starts_with(' ') {
        return line.contains(word) || large.contains(&format!("{word}$"));
    }
    large.match_indices(word).any(|(at, _)| {
        let before = large[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        check(&[SourceFile::sample(path, text)]).faults.len()
    }

    #[test]
    fn text_that_a_database_would_fold_is_refused() {
        for (one, two) in [
            ("let sql = \"WHERE LOW", "ER(name) = $1\";"),
            ("let sql = \"WHERE low", "er(name) = $1\";"),
            ("let sql = \"WHERE name LI", "KE $1\";"),
            ("let sql = \"ORDER BY name COLL", "ATE NOCASE\";"),
            ("query.filter(package::Column::Search.con", "tains(word))"),
            ("found.sort_by_key(|one| one.name.to_low", "ercase());"),
            ("cards.sort_by_key(|card| card.listed_", "name());"),
            ("(header::CONTENT_TYPE, \"text/csv; ", "charset=utf-8\")"),
        ] {
            let line = format!("{one}{two}");
            assert_eq!(faults("mailer/src/a.rs", &line), 1, "{line}");
            assert_eq!(faults("server/text/src/a.rs", &line), 0, "{line}");
            assert_eq!(faults("tests/it/a.rs", &line), 0, "{line}");
            assert_eq!(faults("mailer/src/a.rs", &format!("// {line}")), 0);
        }
    }

    #[test]
    fn what_is_no_comparison_of_text_passes() {
        for line in [
            "text.to_lowercase()",
            "names.iter().any(|name| name.contains(word))",
            "rows.sort_by_key(|row| row.number);",
            "let said = \"nothing like that\";",
            "fold::contains(\"c.search\", 1)",
        ] {
            assert_eq!(faults("mailer/src/a.rs", line), 0, "{line}");
        }
    }
}
