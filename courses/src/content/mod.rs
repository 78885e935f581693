//! Content: packages imported from others, pages, files and links.

mod entity;

pub use entity::{attachment, package};

use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}
