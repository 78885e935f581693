//! The course of somebody whom a launch of another site has recognised, within a page of that site.

use jiff::civil::Date;
use passerelle_web::components::Week;
use passerelle_web::{AppError, Ctx};

use super::present::Look;
use super::store;
use crate::access::EnrolmentRef;

/// The weeks of a course, their activities leading below `base` instead of to the pages that need
/// a session.
///
/// # Errors
///
/// The database refuses.
pub async fn weeks_framed(ctx: &Ctx, of: &EnrolmentRef, base: &str) -> Result<Vec<Week>, AppError> {
    let extended = of.enrolment.extended_to.as_deref();
    let plan = store::plan_of(ctx.app.db().read(), of.cohort.id, Some(of.enrolment.id)).await?;
    let extended_to: Option<Date> = extended.and_then(|text| text.parse().ok());
    let look = Look {
        ctx,
        enrolment: of.enrolment.id,
        extended_to,
        today: of.cohort.time().today(ctx.now),
        over: of.term().is_over(ctx.now),
    };
    let own = format!("/formation/{}", of.enrolment.id);
    let mut weeks = look.weeks(&plan);
    for line in weeks.iter_mut().flat_map(|week| &mut week.activities) {
        if let Some(rest) = line
            .href
            .as_deref()
            .and_then(|href| href.strip_prefix(&own))
        {
            line.href = Some(format!("{base}{rest}"));
        }
    }
    Ok(weeks)
}
