//! Launching package activities on the content hosts.


use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}
