//! End of session: hours realised, corrections, certificates, verification.

mod entity;

pub use entity::{certificate, hours_correction};

use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}
