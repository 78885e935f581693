//! The short form of the bench beside what was recorded: figures go stale unseen otherwise.
//!
//! It runs in the suite, on a development build and a machine that does other things, so it fails
//! only where a ratio is below a third of the recorded one.

use std::collections::BTreeMap;

use super::BenchError;
use super::report::Report;
use crate::cli::out;

/// The recorded ratios: by engine and work.
const RECORDED: &str = include_str!("recorded.toml");
/// A ratio may be that many times smaller than the recorded one.
const SLACK: f64 = 3.0;

type Ratios = BTreeMap<String, BTreeMap<String, f64>>;

/// Prints each ratio beside the recorded one.
///
/// # Errors
///
/// One is below a third of it, or has none: then what to write in `recorded.toml` is printed.
pub(super) fn compare(report: &Report) -> Result<(), BenchError> {
    let recorded: Ratios = toml::from_str(RECORDED).map_err(BenchError::doing("recorded.toml"))?;
    let mut faults = Vec::new();
    for (engine, work, ratio) in report.ratios() {
        let known = recorded.get(engine).and_then(|of| of.get(work));
        let beside = known.map_or_else(|| "none".to_owned(), |known| format!("{known:.2}"));
        out::line(&format!(
            "{engine:12} {work:60} {ratio:.2} (recorded: {beside})"
        ));
        match known {
            None => faults.push(format!("{engine}: “{work}” has no recorded ratio")),
            Some(known) if ratio * SLACK < *known => {
                faults.push(format!(
                    "{engine}: “{work}” is at {ratio:.2}, recorded at {known:.2}"
                ));
            }
            Some(_) => {}
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(BenchError(faults.join("\n")))
    }
}
