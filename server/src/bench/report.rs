//! What was measured, with its conditions: Markdown to read, JSON to keep.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::load::Measured;

struct Row {
    engine: &'static str,
    name: String,
    ours: Measured,
    bare: Option<Measured>,
    moodle: Option<f64>,
}

/// Everything of one run.
pub(super) struct Report {
    conditions: Vec<(&'static str, String)>,
    engine: &'static str,
    rows: Vec<Row>,
    facts: Vec<(&'static str, String, String)>,
    /// Measures beside the same ones when nothing waits.
    shares: Vec<(&'static str, String, f64)>,
}

/// KiB as MiB.
pub(super) fn mib(kib: u64) -> String {
    format!("{:.1} MiB", kib as f64 / 1024.0)
}

impl Report {
    /// Begins with what the machine is.
    pub(super) fn new(folder: &Path) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let cpu = read("/proc/cpuinfo");
        let model = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .map_or("unknown", |rest| rest.trim_start_matches(['\t', ' ', ':']));
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let memory = read("/proc/meminfo");
        let total = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:"))
            .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok())
            .unwrap_or(0);
        let disk = Command::new("df")
            .arg("--output=fstype")
            .arg(folder)
            .output();
        let disk = disk.map_or_else(
            |_| "unknown".to_owned(),
            |out| {
                let text = String::from_utf8_lossy(&out.stdout).into_owned();
                text.lines().nth(1).unwrap_or("unknown").trim().to_owned()
            },
        );
        let build = if cfg!(debug_assertions) {
            "development"
        } else {
            "release"
        };
        let conditions = vec![
            ("when", now()),
            (
                "commit",
                std::env::var("BENCH_COMMIT").unwrap_or_else(|_| "not said".to_owned()),
            ),
            (
                "version",
                format!("{} ({build} build)", env!("CARGO_PKG_VERSION")),
            ),
            (
                "processor",
                format!("{model}, {cores} cores shared with the load generator"),
            ),
            ("memory", mib(total)),
            (
                "kernel",
                read("/proc/sys/kernel/osrelease").trim().to_owned(),
            ),
            ("disk", disk),
            ("load before", read("/proc/loadavg").trim().to_owned()),
        ];
        Self {
            conditions,
            engine: "",
            rows: Vec::new(),
            facts: Vec::new(),
            shares: Vec::new(),
        }
    }

    /// What follows is measured on that engine.
    pub(super) fn engine(&mut self, name: &'static str) {
        self.engine = name;
    }

    /// A measure of a rate.
    pub(super) fn row(
        &mut self,
        name: &str,
        ours: Measured,
        bare: Option<Measured>,
        moodle: Option<f64>,
    ) {
        self.rows.push(Row {
            engine: self.engine,
            name: name.to_owned(),
            ours,
            bare,
            moodle,
        });
    }

    /// A measure beside the same one in other circumstances.
    pub(super) fn beside(&mut self, name: &str, now: Measured, quiet: Measured) {
        let share = now.rate / quiet.rate.max(f64::MIN_POSITIVE);
        self.shares.push((self.engine, name.to_owned(), share));
        self.fact(
            name,
            format!(
                "{} a second, median {:.2} ms, p99 {:.2} ms; {share:.2} of the rate when nothing waits, {:.1} of its p99",
                figure(now.rate),
                now.median,
                now.p99,
                now.p99 / quiet.p99.max(f64::MIN_POSITIVE),
            ),
        );
    }

    /// Every ratio: engine, work, and how it compares with the bare target or with a quiet time.
    pub(super) fn ratios(&self) -> impl Iterator<Item = (&'static str, &str, f64)> {
        let rows = self.rows.iter().filter_map(|row| {
            let bare = row.bare.as_ref()?;
            Some((row.engine, row.name.as_str(), row.ours.rate / bare.rate))
        });
        let shares = self.shares.iter();
        rows.chain(shares.map(|(engine, name, share)| (*engine, name.as_str(), *share)))
    }

    /// Anything else that was measured.
    pub(super) fn fact(&mut self, name: &str, value: String) {
        self.facts.push((self.engine, name.to_owned(), value));
    }

    /// To be read.
    pub(super) fn markdown(&self) -> String {
        let mut out = String::from("## Conditions\n\n");
        for (name, value) in &self.conditions {
            out.push_str(&format!("- {name}: {value}\n"));
        }
        out.push_str(
            "\n## Rates\n\n| engine | work | rate /s | median / p99 ms | processor ms (+ database) | bare /s | bare median / p99 | of bare | × Moodle |\n\
             |---|---|---|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            let Measured {
                rate,
                median,
                p99,
                cpu,
                engine_cpu,
            } = row.ours;
            let engine = if row.engine == "PostgreSQL" {
                format!(" + {engine_cpu:.2}")
            } else {
                String::new()
            };
            let bare = row.bare.map_or_else(
                || "| | |".to_owned(),
                |b| {
                    format!(
                        "| {:.0} | {:.2} / {:.2} | {:.2}",
                        b.rate,
                        b.median,
                        b.p99,
                        rate / b.rate
                    )
                },
            );
            let moodle = row
                .moodle
                .map_or_else(String::new, |m| format!("{:.0}", rate / m));
            out.push_str(&format!(
                "| {} | {} | {} | {median:.2} / {p99:.2} | {cpu:.2}{engine} {bare} | {moodle} |\n",
                row.engine,
                row.name,
                figure(rate),
            ));
        }
        out.push_str("\n## Others\n\n| engine | what | figure |\n|---|---|---|\n");
        for (engine, name, value) in &self.facts {
            out.push_str(&format!("| {engine} | {name} | {value} |\n"));
        }
        out
    }

    /// To be kept.
    pub(super) fn json(&self) -> Value {
        let told = |m: &Measured| {
            json!({"rate": m.rate, "median_ms": m.median, "p99_ms": m.p99, "cpu_ms": m.cpu,
                "database_cpu_ms": m.engine_cpu})
        };
        let rows = self.rows.iter().map(|row| {
            json!({"engine": row.engine, "work": row.name, "measured": told(&row.ours),
                "bare": row.bare.as_ref().map(told), "moodle_rate": row.moodle})
        });
        let facts = self
            .facts
            .iter()
            .map(|(engine, name, value)| json!({"engine": engine, "what": name, "figure": value}));
        json!({
            "conditions": self.conditions.iter().map(|(n, v)| ((*n).to_owned(), json!(v))).collect::<serde_json::Map<_, _>>(),
            "rates": rows.collect::<Vec<_>>(),
            "others": facts.collect::<Vec<_>>(),
        })
    }
}

fn now() -> String {
    jiff::Timestamp::from_microsecond(passerelle_kernel::Env::system().now()).map_or_else(
        |_| String::new(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// Rates under ten with a digit more.
fn figure(rate: f64) -> String {
    if rate < 10.0 {
        format!("{rate:.2}")
    } else {
        format!("{rate:.0}")
    }
}
