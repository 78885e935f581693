//! The whole board as a file for spreadsheets: one line a trainee, those who
//! left included, streamed by groups so that a large cohort costs no memory.

use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream;
use jiff::civil::Date;
use passerelle_kernel::{Micros, Uuid};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, format};

use super::model::{Trainee, inert};
use super::store::{self, Slice};
use crate::access::WatchCohort;
use crate::cohorts::GroupTime;
use crate::learning::model::{Plan, State, state_of};
use crate::learning::store::plan_of;

/// Trainees read and written at a time.
const AT_A_TIME: u64 = 500;

/// Those at their work first, then those who left.
const STATES: [&str; 2] = ["active", "left"];

/// What each group of lines needs.
struct Export {
    ctx: Ctx,
    space: Uuid,
    cohort: Uuid,
    plan: Plan,
    time: GroupTime,
    today: Date,
    words: Words,
    /// Place in [`STATES`].
    state: usize,
    /// Sort name and enrolment of the last trainee written.
    last: (String, Uuid),
    begun: bool,
}

/// Words that come back on each line.
struct Words {
    left: String,
    active: String,
    done: String,
    in_progress: String,
    late: String,
    not_started: String,
}

/// `GET /groupe/{cohort}/suivi.csv`: UTF-8 with its mark, separated by semicolons, as French spreadsheets open it.
pub(super) async fn csv(ctx: Ctx, allowed: Allowed<WatchCohort>) -> Result<Response, AppError> {
    let of = allowed.object();
    let time = of.cohort.time();
    let export = Export {
        space: of.cohort.space_id,
        cohort: of.cohort.id,
        plan: plan_of(ctx.app.db().read(), of.cohort.id, None).await?,
        today: time.today(ctx.now),
        time,
        words: Words::of(&ctx),
        state: 0,
        last: (String::new(), Uuid::nil()),
        begun: false,
        ctx,
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

impl Words {
    fn of(ctx: &Ctx) -> Self {
        Self {
            left: ctx.t("tutoring-csv-left"),
            active: ctx.t("tutoring-csv-active"),
            done: ctx.t("component-status-done"),
            in_progress: ctx.t("component-status-in-progress"),
            late: ctx.t("component-status-late"),
            not_started: ctx.t("component-status-not-started"),
        }
    }

    fn state(&self, state: State) -> &str {
        match state {
            State::Done => &self.done,
            State::InProgress => &self.in_progress,
            State::Late => &self.late,
            State::Locked | State::NotStarted => &self.not_started,
        }
    }
}

impl Export {
    /// The next trainees; none when there is nobody left.
    async fn read(&mut self) -> Result<Vec<Trainee>, AppError> {
        while let Some(state) = STATES.get(self.state) {
            let last = (self.last.0.as_str(), self.last.1);
            let slice = Slice::After { state, last };
            let db = self.ctx.app.db().read();
            let found = store::trainees_of(db, self.cohort, slice, AT_A_TIME).await?;
            if let Some(trainee) = found.last() {
                self.last = (trainee.sort_name.clone(), trainee.enrolment);
                return Ok(found);
            }
            self.state += 1;
            self.last = (String::new(), Uuid::nil());
        }
        Ok(Vec::new())
    }

    async fn next(&mut self) -> Result<Option<Bytes>, AppError> {
        let group = self.read().await?;
        if self.begun && group.is_empty() {
            return Ok(None);
        }
        let ids: Vec<Uuid> = group.iter().map(|trainee| trainee.enrolment).collect();
        let works = store::outcomes_of(self.ctx.app.db().read(), &ids).await?;
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
        let none = HashMap::new();
        let mut plan = self.plan.clone();
        for (trainee, person) in super::web::named(&self.ctx, self.space, group).await? {
            plan.fill(works.get(&trainee.enrolment).unwrap_or(&none));
            self.line(&mut writer, &trainee, person.as_ref(), &plan)
                .map_err(AppError::internal)?;
        }
        self.begun = true;
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

    fn line(
        &self,
        writer: &mut csv::Writer<Vec<u8>>,
        trainee: &Trainee,
        person: Option<&PersonCard>,
        plan: &Plan,
    ) -> Result<(), csv::Error> {
        let sum = plan.sum();
        let text =
            |of: fn(&PersonCard) -> &str| person.map(|card| inert(of(card))).unwrap_or_default();
        let left = trainee.state == "left";
        let state = if left {
            &self.words.left
        } else {
            &self.words.active
        };
        let late = plan.late(trainee.extended_to, self.today);
        for field in [
            &text(|card| &card.family_name),
            &text(|card| &card.given_name),
            &text(|card| card.email.as_deref().unwrap_or_default()),
            state,
            &sum.done.to_string(),
            &sum.needed.to_string(),
            &sum.done_minutes.to_string(),
            &format::decimal(sum.share(), 2, self.ctx.lang),
            &late.to_string(),
            &self.instant(trainee.first_seen_at),
            &self.instant(trainee.last_activity_at),
            &self.instant(trainee.completed_at),
        ] {
            writer.write_field(field)?;
        }
        for (week, item) in plan.items() {
            let state = state_of(item, week.dates, trainee.extended_to, self.today);
            writer.write_field(self.words.state(state))?;
            match item.work.and_then(|work| work.score) {
                Some(score) => {
                    writer.write_field(format::decimal(i64::from(score), 2, self.ctx.lang))?;
                }
                None => writer.write_field("")?,
            }
        }
        writer.write_record(None::<&[u8]>)
    }

    /// `2026-11-23 14:30`, local to the cohort, as spreadsheets understand it.
    fn instant(&self, at: Option<Micros>) -> String {
        let Some(at) = at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok()) else {
            return String::new();
        };
        at.to_zoned(self.time.zone().clone())
            .strftime("%Y-%m-%d %H:%M")
            .to_string()
    }
}
