//! How far a connection works, step by step, from the last exchanges.

use jiff::tz::TimeZone;
use passerelle_kernel::Micros;
use passerelle_web::components::{Status, Tone};
use passerelle_web::{Ctx, format};
use serde_json::{Value, json};

/// The last exchange of a step.
pub(crate) struct Last {
    /// Whether it went well.
    pub(crate) well: bool,
    /// When.
    pub(crate) at: Micros,
}

/// A step: the id of its name, and its last exchange; none when there was none yet.
pub(crate) type Step = (&'static str, Option<Last>);

/// Steps as a list shows them.
pub(crate) fn shown(ctx: &Ctx, zone: &TimeZone, steps: &[Step]) -> Vec<Value> {
    steps
        .iter()
        .map(|(name, last)| {
            let status = match last {
                None => Status::new(Tone::NotStarted, ctx.t("lti-step-never")),
                Some(last) if last.well => Status::new(Tone::Success, ctx.t("lti-step-works")),
                Some(_) => Status::new(Tone::Danger, ctx.t("lti-step-refused")),
            };
            let when = last
                .as_ref()
                .map(|last| format::datetime_short(last.at, zone, ctx.lang));
            json!({"label": ctx.t(name), "status": status, "when": when})
        })
        .collect()
}
