//! Tracking: attempts, launches, commits, the state of each SCO.

mod entity;

pub use entity::{attempt, call_log, late_work, launch, sco_state};

use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}
