//! `journal verify` and `journal head`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use passerelle_kernel::journal::{self, TreeHead};
use serde_json::json;

use super::out::{self, JsonArgs};
use crate::config::Config;
use crate::host::{Host, HostError, Parts};
use crate::schema;

#[derive(Debug, Subcommand)]
pub(super) enum JournalAction {
    /// Check the whole journal, and that it continues an earlier head.
    Verify {
        /// A head that left the house before (JSON, as `journal head` prints it).
        #[arg(long)]
        head: Option<PathBuf>,
        #[command(flatten)]
        format: JsonArgs,
    },
    /// Seal the journal and print its signed head, to be kept elsewhere.
    Head,
}

pub(super) async fn run(config: &Config, action: JournalAction) -> Result<ExitCode, HostError> {
    schema::require_file(config)?;
    let host = Host::open(config, Parts::default(), false).await?;
    schema::require(host.app.db(), config).await?;
    match action {
        JournalAction::Head => {
            let head = journal::seal(host.app.db())
                .await
                .map_err(HostError::doing("journal"))?;
            let head = head.ok_or_else(|| HostError("the journal is empty".to_owned()))?;
            out::json(&serde_json::to_value(head).map_err(HostError::doing("journal"))?);
            Ok(ExitCode::SUCCESS)
        }
        JournalAction::Verify { head, format } => {
            let earlier = head.map(|path| read_head(&path)).transpose()?;
            let report = journal::verify(host.app.db(), earlier.as_ref())
                .await
                .map_err(HostError::doing("journal"))?;
            print(&report, format);
            Ok(if report.holds() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

fn read_head(path: &std::path::Path) -> Result<TreeHead, HostError> {
    let text = std::fs::read_to_string(path).map_err(HostError::doing("head"))?;
    serde_json::from_str(&text).map_err(HostError::doing("head"))
}

fn print(report: &journal::Verified, format: JsonArgs) {
    if format.json {
        let faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
        out::json(&json!({
            "holds": report.holds(), "entries": report.entries, "sealed": report.sealed, "seals": report.seals,
            "erased": report.erased, "bound_at": report.bound, "head_holds": report.head_holds, "faults": faults,
        }));
        return;
    }
    out::line(&format!(
        "{} entries, {} sealed under {} seals, {} contents erased",
        report.entries, report.sealed, report.seals, report.erased
    ));
    for at in &report.bound {
        let day = jiff::Timestamp::from_microsecond(*at).unwrap_or_default();
        out::line(&format!(
            "links were given on {day} to seals and cursors made before there were any: that none of those had been \
             removed is known since then only"
        ));
    }
    for fault in &report.faults {
        out::line(&format!("FAULT: {fault}"));
    }
    match report.head_holds {
        Some(true) => out::line("the journal is a continuation of the given head"),
        Some(false) => {}
        None => out::line(
            "no earlier head was given: this does not prove that the whole journal was not rewritten and sealed \
             again by whoever holds its key",
        ),
    }
    out::line(if report.holds() {
        "everything else holds"
    } else {
        "the journal does NOT hold"
    });
}
