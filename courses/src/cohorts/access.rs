//! What may be done here beyond what the plugin's actions say.

use passerelle_web::access::{Action, Who};

use crate::access::CohortRef;

/// Read the settings, calendar and enrolments of a cohort.
#[derive(Clone, Copy, Debug)]
pub struct ReadCohort;

impl Action for ReadCohort {
    type Object = CohortRef;
    const NAME: &'static str = "cohort.read";
    fn allows(who: &Who, cohort: &CohortRef) -> bool {
        who.oversees(cohort.space.id)
    }
}
