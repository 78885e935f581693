//! Pages of the `tutoring` slice.

mod board;
mod cell;
mod trainee;
mod work;

use jiff::tz::TimeZone;
use passerelle_kernel::Uuid;
use passerelle_web::access::Action;
use passerelle_web::directory::PersonCard;
use passerelle_web::routes::{Access, Routes};
use passerelle_web::{AppError, Ctx, format};

use super::export;
use super::model::Trainee;
use crate::access::{WatchActivity, WatchCohort, WatchTrainee};
use crate::learning::model::Late;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get(
            "/groupe/{cohort}",
            Access::Action(WatchCohort::NAME),
            board::page,
        )
        .get(
            "/groupe/{cohort}/suivi.csv",
            Access::Action(WatchCohort::NAME),
            export::csv,
        )
        .get(
            "/suivi/{enrolment}",
            Access::Action(WatchTrainee::NAME),
            trainee::page,
        )
        .get(
            "/suivi/{enrolment}/activite/{activity}",
            Access::Action(WatchActivity::NAME),
            cell::page,
        )
}

/// Trainees with their names, in the order given; one statement.
pub(super) async fn named(
    ctx: &Ctx,
    space: Uuid,
    trainees: Vec<Trainee>,
) -> Result<Vec<(Trainee, Option<PersonCard>)>, AppError> {
    let ids: Vec<Uuid> = trainees.iter().map(|trainee| trainee.person).collect();
    let mut cards = ctx
        .app
        .directory()
        .persons(ctx.app.db(), space, &ids)
        .await?;
    Ok(trainees
        .into_iter()
        .map(|trainee| {
            let card = cards.remove(&trainee.person);
            (trainee, card)
        })
        .collect())
}

/// When work came after the end, and the score in it if there was one.
fn after_end(ctx: &Ctx, late: Late, zone: &TimeZone) -> String {
    let date = |at| format::datetime_short(at, zone, ctx.lang);
    let (first, last) = (date(late.first_at), date(late.last_at));
    let when = if first == last {
        last
    } else {
        format!("{first} – {last}")
    };
    match late.score {
        Some(score) => format!("{when} · {}", format::percent(i64::from(score), ctx.lang)),
        None => when,
    }
}

/// The name of a trainee, or what stands for it once they are erased.
pub(super) fn name_of(ctx: &Ctx, card: Option<&PersonCard>) -> String {
    card.map_or_else(|| ctx.t("tutoring-unknown"), PersonCard::name)
}
