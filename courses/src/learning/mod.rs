//! The trainee's pages: what to do now, the course by week, an activity.


use passerelle_kernel::Registry;

/// Adds what this slice brings.
pub fn register(_r: &mut Registry) {}
