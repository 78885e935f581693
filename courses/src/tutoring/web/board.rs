//! The board of a cohort.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use passerelle_web::components::{
    Board, BoardCell, BoardColumn, BoardGroup, BoardRow, Button, Cell, Chips, Empty, Fact, Facts,
    Link, PAGE_ROWS, Pager, Progress, Status, Tone,
};
use passerelle_web::directory::PersonCard;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};

use super::{name_of, named};
use crate::access::{CohortRef, WatchCohort};
use crate::cohorts::{self, GroupTime};
use crate::learning::model::{Item, Plan, PlanWeek, State, state_of};
use crate::learning::present;
use crate::learning::store::plan_of;
use crate::tutoring::model::{Asked, Filter, Pace, Trainee, pace};
use crate::tutoring::store::{self, Slice};

/// What every row is drawn with.
struct View<'a> {
    ctx: &'a Ctx,
    of: &'a CohortRef,
    plan: &'a Plan,
    today: Date,
    time: GroupTime,
    expected: i64,
    asked: Asked,
}

type Named = (Trainee, Option<PersonCard>);

pub(super) async fn page(
    ctx: Ctx,
    allowed: Allowed<WatchCohort>,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let db = ctx.app.db().read();
    let asked = Asked::parse(&Form::parse(query.unwrap_or_default().as_bytes())?);
    let time = of.cohort.time();
    let day = time.today(ctx.now);
    let today = day.to_string();
    let plan = plan_of(db, of.cohort.id, None).await?;
    let counts = store::counts_of(db, of.cohort.id, &today).await?;
    let total = Filter::ALL
        .into_iter()
        .zip(counts)
        .find(|(filter, _)| *filter == asked.filter)
        .map_or(0, |(_, count)| count.cast_unsigned());
    let pager = Pager::new(asked.page, PAGE_ROWS, total, |page| {
        Asked {
            page,
            ..asked.closed()
        }
        .address(of.cohort.id)
    });
    let slice = Slice::Board {
        filter: asked.filter,
        today: &today,
        from: pager.from.saturating_sub(1),
    };
    let trainees = store::trainees_of(db, of.cohort.id, slice, PAGE_ROWS).await?;
    let shown = named(&ctx, of.space.id, trainees).await?;
    let ids: Vec<_> = shown.iter().map(|(trainee, _)| trainee.enrolment).collect();
    let works = store::works_of(db, &ids).await?;
    let none = std::collections::HashMap::new();
    let expected = plan.deadlines(time.clone()).expected_share(day);
    let view = View {
        ctx: &ctx,
        of,
        plan: &plan,
        today: day,
        time,
        expected,
        asked,
    };
    let rows: Vec<(&Named, Plan)> = shown
        .iter()
        .map(|row| (row, plan.with(works.get(&row.0.enrolment).unwrap_or(&none))))
        .collect();
    let open = rows
        .iter()
        .find(|(row, _)| Some(row.0.enrolment) == asked.open);
    let data = json!({
        "name": of.cohort.title,
        "dates": cohorts::dates(&of.cohort, ctx.lang),
        "expected": ctx.tr("tutoring-expected", &[("share", format::percent(expected, ctx.lang).into())]),
        "chips": chips(&view, counts),
        "board": board(&view, &rows),
        "pager": (pager.total > PAGE_ROWS).then_some(&pager),
        "beside": open.map(|(row, plan)| beside(&view, row, plan)),
        "csv": Button::link(ctx.t("tutoring-csv"), format!("/groupe/{}/suivi.csv", of.cohort.id)).quiet().icon("download"),
        "manage": ctx.who.oversees(of.space.id).then(|| {
            Button::link(ctx.t("tutoring-manage"), format!("/groupe/{}/gestion", of.cohort.id)).quiet().icon("settings")
        }),
    });
    ctx.page("courses/tutoring/board", &of.cohort.title)
        .space(&of.space)
        .crumb(ctx.t("learning-nav-home"), "/accueil")
        .wide()
        .render(data)
}

fn chips(view: &View<'_>, counts: [i64; Filter::ALL.len()]) -> Chips {
    let items = Filter::ALL
        .into_iter()
        .zip(counts)
        .map(|(filter, count)| {
            let address = Asked {
                filter,
                page: 1,
                ..view.asked.closed()
            }
            .address(view.of.cohort.id);
            Link::new(view.ctx.t(filter.label()), address)
                .badge(format::number(count, view.ctx.lang))
                .current(filter == view.asked.filter)
        })
        .collect();
    Chips {
        label: view.ctx.t("tutoring-filter"),
        items,
    }
}

fn board(view: &View<'_>, rows: &[(&Named, Plan)]) -> Board {
    let ctx = view.ctx;
    let filled = view.plan.weeks.iter().filter(|week| !week.items.is_empty());
    Board {
        id: "suivi".to_owned(),
        caption: ctx.tr(
            "tutoring-caption",
            &[("group", (&view.of.cohort.title).into())],
        ),
        first: ctx.t("tutoring-trainee"),
        progress_label: ctx.t("tutoring-progress"),
        last_label: ctx.t("tutoring-last"),
        groups: filled
            .clone()
            .map(|week| BoardGroup {
                label: present::week_title(ctx, week),
                span: week.items.len(),
            })
            .collect(),
        columns: view
            .plan
            .items()
            .map(|(week, item)| column(ctx, week, item))
            .collect(),
        rows: rows
            .iter()
            .map(|(row, plan)| board_row(view, row, plan))
            .collect(),
        empty: Some(match view.asked.filter {
            Filter::All => Empty::new(ctx.t("tutoring-empty-title"), ctx.t("tutoring-empty-text"))
                .icon("users"),
            _ => Empty::new(
                ctx.t("tutoring-empty-filter-title"),
                ctx.t("tutoring-empty-filter-text"),
            )
            .button(
                Button::link(
                    ctx.t("tutoring-see-all"),
                    format!("/groupe/{}", view.of.cohort.id),
                )
                .quiet(),
            ),
        }),
    }
}

fn column(ctx: &Ctx, week: &PlanWeek, item: &Item) -> BoardColumn {
    let due = format::civil_date_short(week.dates.due_on, ctx.lang);
    let note = match item.optional {
        true => ctx.t("component-optional"),
        false => ctx.tr("tutoring-due", &[("day", due.into())]),
    };
    BoardColumn {
        label: item.title.clone(),
        note: Some(note),
        href: None,
    }
}

fn progress(view: &View<'_>, trainee: &Trainee, plan: &Plan) -> Progress {
    let ctx = view.ctx;
    let sum = plan.sum();
    let words = ctx.tr(
        "tutoring-done",
        &[("done", sum.done.into()), ("needed", sum.needed.into())],
    );
    let late = plan.late(trainee.extended_to, view.today);
    let (tone, pace) = match pace(sum.share(), view.expected, late) {
        _ if sum.needed > 0 && sum.done == sum.needed => {
            (Tone::Done, ctx.t("tutoring-pace-finished"))
        }
        Pace::Late => (
            Tone::Late,
            ctx.tr("tutoring-pace-late", &[("count", late.into())]),
        ),
        Pace::Kept => (Tone::InProgress, ctx.t("tutoring-pace-kept")),
        Pace::Below => (Tone::InProgress, ctx.t("tutoring-pace-below")),
    };
    Progress::new(ctx.t("tutoring-progress"), words, sum.share())
        .expected(view.expected, pace)
        .tone(tone)
}

/// Sign and word of a cell: four of them, closed weeks are not started.
pub(super) fn cell_status(state: State) -> Status {
    Status::of(present::tone(if state == State::Locked {
        State::NotStarted
    } else {
        state
    }))
}

fn board_row(view: &View<'_>, (trainee, card): &Named, plan: &Plan) -> BoardRow {
    let ctx = view.ctx;
    let open = |activity| {
        view.asked
            .opening(trainee.enrolment, activity)
            .address(view.of.cohort.id)
    };
    let name = card
        .as_ref()
        .map_or_else(|| ctx.t("tutoring-unknown"), PersonCard::sort_name);
    let mut head = Cell::link(name, open(None));
    if trainee.first_seen_at.is_none() {
        head = head.note(ctx.t("tutoring-never"));
    }
    let cells = plan.items().map(|(week, item)| {
        let state = state_of(item, week.dates, trainee.extended_to, view.today);
        let mut cell = BoardCell::new(cell_status(state), open(Some(item.id)));
        if let Some(score) = item.work.and_then(|work| work.score) {
            cell = cell.note(format::percent(i64::from(score), ctx.lang));
        }
        let current =
            view.asked.open == Some(trainee.enrolment) && view.asked.activity == Some(item.id);
        BoardCell { current, ..cell }
    });
    BoardRow {
        head,
        progress: progress(view, trainee, plan),
        last: Cell::text(last(view, trainee)),
        cells: cells.collect(),
        current: view.asked.open == Some(trainee.enrolment),
    }
}

fn last(view: &View<'_>, trainee: &Trainee) -> String {
    match trainee.last_activity_at {
        Some(at) => format::relative(at, view.ctx.now, view.time.zone(), view.ctx.lang),
        None => view.ctx.t("tutoring-none"),
    }
}

/// What is open beside: one trainee, or one of their cells.
fn beside(view: &View<'_>, (trainee, card): &Named, plan: &Plan) -> Value {
    let ctx = view.ctx;
    let name = name_of(ctx, card.as_ref());
    let cell = view.asked.activity.and_then(|activity| plan.find(activity));
    let page = format!("/suivi/{}", trainee.enrolment);
    let (facts, status, link) = match cell {
        Some((week, item)) => {
            let state = state_of(item, week.dates, trainee.extended_to, view.today);
            let link = Button::link(
                ctx.t("tutoring-cell-detail"),
                format!("{page}/activite/{}", item.id),
            );
            (cell_facts(view, week, item), Some(cell_status(state)), link)
        }
        None => (
            trainee_facts(view, trainee, plan),
            None,
            Button::link(ctx.t("tutoring-trainee-detail"), &page),
        ),
    };
    let late: Vec<String> = plan
        .items()
        .filter(|(week, item)| {
            state_of(item, week.dates, trainee.extended_to, view.today) == State::Late
        })
        .map(|(_, item)| item.title.clone())
        .collect();
    json!({
        "title": name,
        "activity": cell.map(|(_, item)| &item.title),
        "status": status,
        "facts": facts,
        "progress": cell.is_none().then(|| progress(view, trainee, plan)),
        "late": if cell.is_none() { late } else { Vec::new() },
        "link": link,
        "write": card.as_ref().and_then(|card| card.email.as_ref()).map(|email| {
            Button::link(ctx.t("tutoring-write"), format!("mailto:{email}")).quiet().about(&name).icon("mail")
        }),
        "close": view.asked.closed().address(view.of.cohort.id),
    })
}

fn trainee_facts(view: &View<'_>, trainee: &Trainee, plan: &Plan) -> Facts {
    let ctx = view.ctx;
    let sum = plan.sum();
    let date = |at| format::datetime_short(at, view.time.zone(), ctx.lang);
    let first = trainee
        .first_seen_at
        .map_or_else(|| ctx.t("tutoring-never"), date);
    let mut items = vec![
        Fact::new(ctx.t("tutoring-time"), present::sum_words(ctx, &sum)),
        Fact::new(ctx.t("tutoring-first-seen"), first),
        Fact::new(ctx.t("tutoring-last"), last(view, trainee)),
    ];
    if let Some(day) = trainee.extended_to {
        items.push(Fact::new(
            ctx.t("tutoring-extended"),
            format::civil_date(day, ctx.lang),
        ));
    }
    if let Some(at) = trainee.completed_at {
        items.push(Fact::new(ctx.t("tutoring-completed"), date(at)));
    }
    Facts {
        items,
        columns: false,
    }
}

fn cell_facts(view: &View<'_>, week: &PlanWeek, item: &Item) -> Facts {
    let ctx = view.ctx;
    let date = |at| format::datetime_short(at, view.time.zone(), ctx.lang);
    let mut items = vec![
        Fact::new(ctx.t("tutoring-week"), present::week_title(ctx, week)),
        Fact::new(
            ctx.t("tutoring-estimate"),
            present::minutes(ctx, item.minutes),
        ),
    ];
    if let Some(work) = item.work {
        if let Some(score) = work.score {
            items.push(Fact::new(
                ctx.t("tutoring-score"),
                format::percent(i64::from(score), ctx.lang),
            ));
        }
        if work.seconds > 0 {
            items.push(Fact::new(
                ctx.t("tutoring-spent"),
                format::duration_seconds(work.seconds, ctx.lang),
            ));
        }
        items.push(Fact::new(ctx.t("tutoring-started"), date(work.started_at)));
        items.push(Fact::new(ctx.t("tutoring-last-opened"), date(work.last_at)));
        if let Some(at) = work.done_at {
            items.push(Fact::new(ctx.t("tutoring-done-at"), date(at)));
        }
    }
    Facts {
        items,
        columns: false,
    }
}
