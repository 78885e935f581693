//! The whole board as a file for spreadsheets: one line a trainee, those who
//! left included, streamed by groups so that a large cohort costs no memory.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, format};

use super::model::{Trainee, inert};
use super::store;
use crate::access::WatchCohort;
use crate::cohorts::calendar::{today, zone_named};
use crate::learning::model::{Plan, State, state_of};
use crate::learning::store::plan_of;

/// Trainees written at a time.
const AT_A_TIME: usize = 100;

/// What each group of lines needs.
struct Export {
    ctx: Ctx,
    plan: Plan,
    zone: TimeZone,
    today: Date,
    rows: Vec<(Trainee, Option<PersonCard>)>,
    at: usize,
    begun: bool,
}

/// `GET /groupe/{cohort}/suivi.csv`: UTF-8 with its mark, separated by semicolons, as French spreadsheets open it.
pub(super) async fn csv(ctx: Ctx, allowed: Allowed<WatchCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    let db = ctx.app.db().read();
    let zone = zone_named(&of.cohort.zone);
    let day = today(ctx.now, &zone);
    let plan = plan_of(db, of.cohort.id, None).await?;
    let trainees = store::trainees_of(db, of.cohort.id, &day.to_string(), true).await?;
    let rows = super::web::named(&ctx, of.cohort.space_id, trainees).await?;
    let export = Export {
        ctx,
        plan,
        zone,
        today: day,
        rows,
        at: 0,
        begun: false,
    };
    let lines = stream::try_unfold(export, |mut export| async move {
        let chunk = export.next().await?;
        Ok::<_, AppError>(chunk.map(|bytes| (bytes, export)))
    });
    let mut response = Response::new(Body::from_stream(lines));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"suivi.csv\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

impl Export {
    async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        if self.begun && self.at >= self.rows.len() {
            return Ok(None);
        }
        let end = (self.at + AT_A_TIME).min(self.rows.len());
        let group = self.rows.get(self.at..end).unwrap_or_default();
        let ids: Vec<Uuid> = group.iter().map(|(trainee, _)| trainee.enrolment).collect();
        let works = store::works_of(self.ctx.app.db().read(), &ids).await?;
        let start = if self.begun {
            Vec::new()
        } else {
            "\u{feff}".as_bytes().to_vec()
        };
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(start);
        if !self.begun {
            writer
                .write_record(self.header())
                .map_err(AppError::internal)?;
        }
        for (trainee, person) in group {
            let plan = self.plan.with(
                works
                    .get(&trainee.enrolment)
                    .unwrap_or(&std::collections::HashMap::new()),
            );
            writer
                .write_record(self.line(trainee, person.as_ref(), &plan))
                .map_err(AppError::internal)?;
        }
        self.begun = true;
        self.at = end;
        let bytes = writer
            .into_inner()
            .map_err(|error| AppError::internal(error.error()))?;
        Ok(Some(Bytes::from(bytes)))
    }

    fn header(&self) -> Vec<String> {
        let ids = [
            "family",
            "given",
            "email",
            "state",
            "done",
            "needed",
            "minutes",
            "share",
            "late",
            "first",
            "last",
            "completed",
        ];
        let mut out: Vec<String> = ids
            .iter()
            .map(|id| self.ctx.t(&format!("tutoring-csv-{id}")))
            .collect();
        for (week, item) in self.plan.items() {
            let title = self.ctx.tr(
                "tutoring-csv-activity",
                &[("rank", week.rank.into()), ("title", (&item.title).into())],
            );
            out.push(inert(&title));
            out.push(
                self.ctx
                    .tr("tutoring-csv-score", &[("title", (&item.title).into())]),
            );
        }
        out
    }

    fn line(&self, trainee: &Trainee, person: Option<&PersonCard>, plan: &Plan) -> Vec<String> {
        let sum = plan.sum();
        let text =
            |of: fn(&PersonCard) -> &str| person.map(|card| inert(of(card))).unwrap_or_default();
        let mut out = vec![
            text(|card| &card.family_name),
            text(|card| &card.given_name),
            text(|card| card.email.as_deref().unwrap_or_default()),
            self.ctx.t(if trainee.state == "left" {
                "tutoring-csv-left"
            } else {
                "tutoring-csv-active"
            }),
            sum.done.to_string(),
            sum.needed.to_string(),
            sum.done_minutes.to_string(),
            format::decimal(sum.share(), 2, self.ctx.lang),
            trainee.late(&self.plan, self.today).to_string(),
            self.instant(trainee.first_seen_at),
            self.instant(trainee.last_activity_at),
            self.instant(trainee.completed_at),
        ];
        for (week, item) in plan.items() {
            let state = state_of(item, week.dates, trainee.extended_to, self.today);
            out.push(self.ctx.t(state_word(state)));
            let score = item.work.and_then(|work| work.score);
            out.push(
                score
                    .map(|score| format::decimal(i64::from(score), 2, self.ctx.lang))
                    .unwrap_or_default(),
            );
        }
        out
    }

    /// `2026-11-23 14:30`, local to the cohort, as spreadsheets understand it.
    fn instant(&self, at: Option<Micros>) -> String {
        let Some(at) = at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok()) else {
            return String::new();
        };
        at.to_zoned(self.zone.clone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }
}

fn state_word(state: State) -> &'static str {
    match state {
        State::Done => "component-status-done",
        State::InProgress => "component-status-in-progress",
        State::Late => "component-status-late",
        State::Locked | State::NotStarted => "component-status-not-started",
    }
}
