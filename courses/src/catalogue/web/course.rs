//! The page of a course: read and changed in the same place, week by week.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Chips, Confirm, ErrorSummary, Fact, Facts, Field, Link, Move, Notice, NoticeKind,
    Status, Tone, Width,
};
use passerelle_web::context::zone;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::activity_model::ActivityKind;
use super::super::queries::{CoursePlan, PlanWeek, parse, plan_with};
use super::super::{PublishedSheet, activity, store};
use super::activity_form::{ActivityForm, Materials};
use super::plan::rule_field;
use super::words::{
    advice_words, course_rule_words, kind_words, rule_words, state_status, week_heading, week_time,
};
use super::{course_path, courses_path, gap_items};
use crate::access::{CourseRef, ReadCourse};
use crate::content::{import_address, query};

/// What is open for writing on the page.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// A new activity: its week and its form.
    pub adding: Option<(Uuid, ActivityForm)>,
    /// An activity that is being changed.
    pub editing: Option<(Uuid, ActivityForm)>,
    /// A week that is being changed (`Some(id)`) or added: what was typed and what is wrong.
    pub week: Option<(Option<Uuid>, Form, Option<String>)>,
    /// The rule of the course as it was typed, and what is wrong.
    pub rule: Option<(Form, Option<String>)>,
    /// The form was made from an older revision.
    pub conflict: bool,
    /// The revision that forms carry; that of the course unless told.
    pub revision: Option<i64>,
}

pub(super) async fn show(ctx: Ctx, allowed: Allowed<ReadCourse>) -> Result<Response, AppError> {
    let of = allowed.object();
    let asked = query(&ctx);
    let mut open = Open::default();
    if ctx.who.manages(of.space.id) {
        let id = |name: &str| asked.text(name).parse::<Uuid>().ok();
        if let (Some(kind), Some(week)) =
            (ActivityKind::parse(asked.text("ajouter")), id("semaine"))
        {
            let mut form = ActivityForm::blank(kind);
            if let Some(package) = id("paquet") {
                form.form.set("package", package.to_string());
            }
            open.adding = Some((week, form));
        }
        if let Some(activity) = id("modifier") {
            let stored = store::activity(ctx.app.db().read(), of.course.id, activity).await?;
            if let Some(stored) = stored.filter(|a| a.archived_at.is_none())
                && let Some(kind) = ActivityKind::parse(&stored.kind)
            {
                let mut form = ActivityForm::of(kind, &stored)?;
                if let Some(package) = id("paquet") {
                    form.form.set("package", package.to_string());
                }
                open.editing = Some((activity, form));
            }
        }
        if let Some(week) = id("modifier-semaine") {
            open.week = Some((Some(week), Form::default(), None));
        }
    }
    render(&ctx, of, open, StatusCode::OK).await
}

/// The page with what is open; the course is read again.
pub(super) async fn render(
    ctx: &Ctx,
    of: &CourseRef,
    open: Open,
    status: StatusCode,
) -> Result<Response, AppError> {
    let db = ctx.app.db().read();
    let course = if open.conflict {
        store::course(db, of.course.id)
            .await?
            .ok_or(AppError::NotFound)?
    } else {
        of.course.clone()
    };
    let plan = plan_with(db, course).await?;
    let materials = materials(ctx, &plan, &open).await?;
    let last = match plan.course.published_at {
        Some(at) => store::version(db, plan.course.id, at).await?,
        None => None,
    };
    let last = last
        .map(|v| serde_json::from_str::<PublishedSheet>(&v.sheet))
        .transpose()
        .map_err(AppError::internal)?;
    let unpublished =
        plan.course.state == "published" && last.is_some_and(|last| last != plan.published());
    let page = CoursePage {
        ctx,
        of,
        plan: &plan,
        open: &open,
        materials: &materials,
        path: course_path(of),
    };
    let data = page.data(unpublished);
    ctx.page("courses/catalogue/course", &plan.course.title)
        .space(&of.space)
        .crumb(ctx.t("catalogue-title"), courses_path(&of.space))
        .status(status)
        .render(data)
}

async fn materials(ctx: &Ctx, plan: &CoursePlan, open: &Open) -> Result<Materials, AppError> {
    let db = ctx.app.db().read();
    let mut materials = Materials::default();
    let form = open
        .adding
        .as_ref()
        .or(open.editing.as_ref())
        .map(|(_, form)| form);
    match form.map(|form| form.kind) {
        Some(ActivityKind::Package) => {
            materials.packages = crate::content::store::choices(db, plan.course.space_id).await?;
            if let Some(id) = form.and_then(ActivityForm::package) {
                materials.package =
                    crate::content::store::package_in(db, plan.course.space_id, id).await?;
            }
        }
        Some(ActivityKind::Page | ActivityKind::File) => {
            materials.files = store::attachments(db, plan.course.id).await?;
        }
        Some(ActivityKind::Link) | None => {}
    }
    Ok(materials)
}

struct CoursePage<'a> {
    ctx: &'a Ctx,
    of: &'a CourseRef,
    plan: &'a CoursePlan,
    open: &'a Open,
    materials: &'a Materials,
    path: String,
}

impl CoursePage<'_> {
    fn data(&self, unpublished: bool) -> Value {
        let (ctx, course) = (self.ctx, &self.plan.course);
        let manages = ctx.who.manages(self.of.space.id);
        let gaps = self.plan.sheet.gaps();
        let advice: Vec<String> = self
            .plan
            .advice()
            .iter()
            .map(|a| advice_words(ctx, a))
            .collect();
        json!({
            "notices": self.notices(unpublished),
            "removed": self.removed(),
            "manages": manages,
            "status": state_status(ctx, &course.state),
            "facts": self.facts(),
            "gaps": gap_items(ctx, &gaps, &format!("{}/fiche", self.path)),
            "advice": advice,
            "weeks": self.plan.weeks.iter().enumerate().map(|(n, week)| self.week(n, week, manages)).collect::<Vec<_>>(),
            "new_week": manages.then(|| self.week_form(None)),
            "rule": self.rule(),
            "actions": self.actions(manages, gaps.is_empty(), unpublished),
            "archive": (manages && course.state != "archived").then(|| self.archive()),
            "links": self.links(manages),
        })
    }

    fn revision(&self) -> i64 {
        self.open
            .revision
            .filter(|_| !self.open.conflict)
            .unwrap_or(self.plan.course.revision)
    }

    fn notices(&self, unpublished: bool) -> Vec<Notice> {
        let ctx = self.ctx;
        let mut notices = Vec::new();
        if self.open.conflict {
            notices.push(
                Notice::new(NoticeKind::Warn, ctx.t("catalogue-conflict-text"))
                    .title(ctx.t("catalogue-conflict-title")),
            );
        }
        if unpublished {
            notices.push(Notice::new(
                NoticeKind::Info,
                ctx.t("catalogue-unpublished"),
            ));
        }
        notices
    }

    /// What was removed just before can be put back.
    fn removed(&self) -> Option<Value> {
        let id: Uuid = query(self.ctx).text("retiree").parse().ok()?;
        let button = Button::post(
            self.ctx.t("catalogue-restore"),
            format!("{}/activite/{id}/retablir", self.path),
        );
        Some(
            json!({"text": self.ctx.t("catalogue-removed"), "button": button.quiet().icon("undo")}),
        )
    }

    fn facts(&self) -> Facts {
        let ctx = self.ctx;
        let time = |minutes: i32| format::duration(i64::from(minutes), ctx.lang);
        let agreed = self.plan.sheet.agreed_minutes;
        let agreed = if agreed > 0 {
            time(agreed)
        } else {
            ctx.t("catalogue-not-told")
        };
        let mut items = vec![
            Fact::new(ctx.t("catalogue-fact-agreed"), agreed).icon("clock"),
            Fact::new(ctx.t("catalogue-fact-planned"), time(self.plan.minutes())).icon("timer"),
        ];
        if let Some(at) = self.plan.course.published_at {
            let at = format::datetime(at, &zone(&self.of.space), ctx.lang);
            items.push(Fact::new(ctx.t("catalogue-fact-published"), at).icon("calendar"));
        }
        Facts {
            items,
            columns: true,
        }
    }

    fn links(&self, manages: bool) -> Chips {
        let (ctx, course) = (self.ctx, &self.plan.course);
        let mut items = Vec::new();
        if manages {
            items.push(Link::new(
                ctx.t("catalogue-edit-sheet"),
                format!("{}/fiche", self.path),
            ));
        }
        items.push(Link::new(
            ctx.t("catalogue-see-preview"),
            format!("{}/apercu", self.path),
        ));
        if course.state == "published" {
            let href = format!("/e/{}/formations/{}", self.of.space.slug, course.slug);
            items.push(Link::new(ctx.t("catalogue-see-public"), href));
        }
        if let Some(at) = course.published_at {
            items.push(Link::new(
                ctx.t("catalogue-see-versions"),
                format!("{}/version/{at}", self.path),
            ));
        }
        Chips {
            label: ctx.t("catalogue-links"),
            items,
        }
    }

    fn actions(&self, manages: bool, whole: bool, unpublished: bool) -> Vec<Button> {
        let (ctx, course) = (self.ctx, &self.plan.course);
        let mut buttons = Vec::new();
        if !manages {
            return buttons;
        }
        let revision = self.revision().to_string();
        match course.state.as_str() {
            "archived" => {
                buttons.push(
                    Button::post(
                        ctx.t("catalogue-unarchive"),
                        format!("{}/reprendre", self.path),
                    )
                    .icon("undo"),
                );
            }
            "published" if !unpublished => {}
            state => {
                let label = if state == "published" {
                    "catalogue-publish-again"
                } else {
                    "catalogue-publish"
                };
                let publish = Button::post(ctx.t(label), format!("{}/publier", self.path));
                let publish = publish.hidden("revision", revision).icon("globe");
                buttons.push(if whole { publish } else { publish.disabled() });
            }
        }
        buttons.push(
            Button::post(
                ctx.t("catalogue-duplicate"),
                format!("{}/dupliquer", self.path),
            )
            .quiet()
            .icon("copy"),
        );
        buttons
    }

    fn archive(&self) -> Confirm {
        let (ctx, course) = (self.ctx, &self.plan.course);
        let sentence = ctx.tr(
            "catalogue-archive-sentence",
            &[("title", (&course.title).into())],
        );
        Confirm::quiet(
            "archive",
            ctx.t("catalogue-archive"),
            sentence,
            format!("{}/archiver", self.path),
        )
        .consequence(ctx.t("catalogue-archive-public"))
        .consequence(ctx.t("catalogue-archive-cohorts"))
        .submit(ctx.t("catalogue-archive-submit"))
        .icon("archive")
    }

    fn week(&self, n: usize, week: &PlanWeek, manages: bool) -> Value {
        let ctx = self.ctx;
        let id = week.week.id;
        let number = ctx.tr("catalogue-week-number", &[("number", (n + 1).into())]);
        let base = format!("{}/semaine/{id}", self.path);
        let hidden = vec![passerelle_web::components::Hidden::new(
            "revision",
            self.revision().to_string(),
        )];
        let order = Move {
            hidden,
            ..Move::new(
                format!("{base}/deplacer"),
                &number,
                n,
                self.plan.weeks.len(),
            )
        };
        let remove = (week.activities.is_empty() && self.plan.weeks.len() > 1).then(|| {
            Button::post(ctx.t("catalogue-week-remove"), format!("{base}/retirer"))
                .quiet()
                .about(&number)
                .icon("trash")
                .hidden("revision", self.revision().to_string())
        });
        let open = self
            .open
            .week
            .as_ref()
            .is_some_and(|(open, ..)| *open == Some(id));
        let optional = week.optional_minutes();
        let adding = self
            .open
            .adding
            .as_ref()
            .filter(|(at, _)| *at == id)
            .map(|(_, form)| self.add_form(id, form));
        json!({
            "id": format!("semaine-{id}"),
            "number": number,
            "heading": week_heading(ctx, n + 1, &week.week.title),
            "html": crate::content::render_under(&week.week.summary, &[], 3),
            "sum": week_time(ctx, "catalogue-week-sum", week.minutes()),
            "optional_sum": (optional > 0).then(|| week_time(ctx, "catalogue-week-optional-sum", optional)),
            "edit": manages.then(|| {
                Button::link(ctx.t("catalogue-week-edit"), format!("{}?modifier-semaine={id}#semaine-{id}", self.path))
                    .quiet().about(&number).icon("pencil")
            }),
            "move": manages.then_some(order),
            "remove": remove.filter(|_| manages),
            "form": open.then(|| self.week_form(Some(week))),
            "activities": self.activities(week, manages),
            "adding": adding,
            "add": manages.then(|| self.add_links(id)),
        })
    }

    fn add_links(&self, week: Uuid) -> Vec<Value> {
        let link = |kind: ActivityKind| {
            let href = format!(
                "{}?ajouter={}&semaine={week}#ajouter",
                self.path,
                kind.code()
            );
            json!(
                Button::link(kind_words(self.ctx, kind), href)
                    .quiet()
                    .icon(kind.icon())
            )
        };
        ActivityKind::ALL.into_iter().map(link).collect()
    }

    fn activities(&self, week: &PlanWeek, manages: bool) -> Vec<Value> {
        let total: usize = self.plan.weeks.iter().map(|w| w.activities.len()).sum();
        // Past the ends of its week an activity goes to the neighbouring one.
        let weeks = self.plan.weeks.len();
        let here = self
            .plan
            .weeks
            .iter()
            .position(|w| w.week.id == week.week.id)
            .unwrap_or(0);
        week.activities
            .iter()
            .enumerate()
            .map(|(n, activity)| {
                let first = here == 0 && n == 0;
                let last = here + 1 == weeks && n + 1 == week.activities.len();
                self.activity(activity, manages, first || total == 0, last)
            })
            .collect()
    }

    fn activity(
        &self,
        activity: &activity::Model,
        manages: bool,
        first: bool,
        last: bool,
    ) -> Value {
        let ctx = self.ctx;
        let kind = ActivityKind::parse(&activity.kind).unwrap_or(ActivityKind::Page);
        let base = format!("{}/activite/{}", self.path, activity.id);
        let hidden = vec![passerelle_web::components::Hidden::new(
            "revision",
            self.revision().to_string(),
        )];
        let action = format!("{base}/deplacer");
        let order = Move {
            hidden,
            first,
            last,
            action,
            about: activity.title.clone(),
        };
        let rule = parse(&activity.rule)
            .map(|rule| rule_words(ctx.app.words(), ctx.lang, rule))
            .unwrap_or_default();
        let editing = self
            .open
            .editing
            .as_ref()
            .filter(|(id, _)| *id == activity.id);
        let edit = format!(
            "{}?modifier={}#activite-{}",
            self.path, activity.id, activity.id
        );
        json!({
            "id": format!("activite-{}", activity.id),
            "title": activity.title,
            "icon": kind.icon(),
            "kind": kind_words(ctx, kind),
            "minutes": activity.minutes,
            "optional": activity.optional,
            "rule": rule,
            "edit": manages.then(|| {
                Button::link(ctx.t("catalogue-activity-edit"), edit).quiet().about(&activity.title).icon("pencil")
            }),
            "move": manages.then_some(order),
            "remove": manages.then(|| {
                Button::post(ctx.t("catalogue-activity-remove"), format!("{base}/retirer"))
                    .quiet().about(&activity.title).icon("trash").hidden("revision", self.revision().to_string())
            }),
            "form": editing.map(|(id, form)| self.edit_form(*id, form)),
        })
    }

    fn add_form(&self, week: Uuid, form: &ActivityForm) -> Value {
        let here = format!("{}?ajouter={}&semaine={week}", self.path, form.kind.code());
        let submit = Button::submit(self.ctx.t("catalogue-activity-add")).icon("plus");
        self.activity_form(
            form,
            "ajouter",
            &format!("{}/activites", self.path),
            &here,
            submit,
            Some(week),
        )
    }

    fn edit_form(&self, id: Uuid, form: &ActivityForm) -> Value {
        let here = format!("{}?modifier={id}", self.path);
        let submit = Button::submit(self.ctx.t("catalogue-activity-save")).icon("save");
        self.activity_form(
            form,
            "modifier",
            &format!("{}/activite/{id}", self.path),
            &here,
            submit,
            None,
        )
    }

    fn activity_form(
        &self,
        form: &ActivityForm,
        anchor: &str,
        action: &str,
        here: &str,
        submit: Button,
        week: Option<Uuid>,
    ) -> Value {
        let ctx = self.ctx;
        let mut view = form.view(ctx, &self.plan.sheet, self.materials);
        let cancel = Button::link(ctx.t("catalogue-cancel"), self.path.clone()).quiet();
        let import = Button::link(
            ctx.t("catalogue-import"),
            import_address(&self.of.space, &format!("{here}#{anchor}")),
        );
        let items: Vec<Value> = form
            .errors
            .iter()
            .map(|(field, text)| json!({"href": format!("#field-{field}"), "text": text}))
            .collect();
        if let Some(view) = view.as_object_mut() {
            view.insert("anchor".to_owned(), json!(anchor));
            view.insert("action".to_owned(), json!(action));
            view.insert("revision".to_owned(), json!(self.revision()));
            view.insert("week".to_owned(), json!(week));
            view.insert(
                "draft".to_owned(),
                json!(here.split_once('?').map_or(here, |(_, q)| q)),
            );
            view.insert(
                "submit".to_owned(),
                json!(submit.name("action").value("save")),
            );
            view.insert("cancel".to_owned(), json!(cancel));
            view.insert("import".to_owned(), json!(import.quiet().icon("upload")));
            view.insert(
                "errors".to_owned(),
                json!((!items.is_empty()).then(|| json!({"items": items}))),
            );
        }
        view
    }

    /// The form of a week, or of a new one.
    fn week_form(&self, week: Option<&PlanWeek>) -> Value {
        let ctx = self.ctx;
        let id = week.map(|w| w.week.id);
        let typed = self
            .open
            .week
            .as_ref()
            .filter(|(open, form, _)| *open == id && form.has("title"));
        let title = typed
            .map(|(_, f, _)| f.text("title").to_owned())
            .or_else(|| week.map(|w| w.week.title.clone()));
        let summary = typed
            .map(|(_, f, _)| f.text("summary").to_owned())
            .or_else(|| week.map(|w| w.week.summary.clone()));
        let fallback = ctx.tr(
            "catalogue-week-number",
            &[("number", (self.plan.weeks.len() + 1).into())],
        );
        let suffix = if week.is_some() { "week" } else { "new-week" };
        let fields = [
            Field::text("title", ctx.t("catalogue-field-week-title"))
                .id(format!("field-{suffix}-title"))
                .value(title.unwrap_or(fallback))
                .required()
                .maxlength(200)
                .width(Width::Full)
                .error(typed.and_then(|(_, _, error)| error.clone())),
            Field::textarea("summary", ctx.t("catalogue-field-week-summary"))
                .id(format!("field-{suffix}-summary"))
                .help(ctx.t("catalogue-help-week-summary"))
                .value(summary.unwrap_or_default())
                .rows(3)
                .maxlength(2_000),
        ];
        let action = id.map_or_else(
            || format!("{}/semaines", self.path),
            |id| format!("{}/semaine/{id}", self.path),
        );
        let label = if week.is_some() {
            "catalogue-week-save"
        } else {
            "catalogue-week-add"
        };
        json!({
            "action": action,
            "revision": self.revision(),
            "errors": ErrorSummary::of(&fields),
            "open": typed.is_some(),
            "fields": fields,
            "submit": Button::submit(ctx.t(label)).icon(if week.is_some() { "save" } else { "plus" }),
            "cancel": Button::link(ctx.t("catalogue-cancel"), self.path.clone()).quiet(),
        })
    }

    fn rule(&self) -> Value {
        let ctx = self.ctx;
        let (form, error) = match &self.open.rule {
            Some((form, error)) => (Some(form), error.clone()),
            None => (None, None),
        };
        let [rule, count, share] = rule_field(ctx, self.plan.rule, form, error);
        json!({
            "words": course_rule_words(ctx, self.plan.rule),
            "status": Status::new(Tone::Info, course_rule_words(ctx, self.plan.rule)),
            "action": format!("{}/regle", self.path),
            "revision": self.revision(),
            "open": form.is_some(),
            "errors": ErrorSummary::of([&rule, &count, &share]),
            "fields": [rule, count, share],
            "submit": Button::submit(ctx.t("catalogue-rule-save")).icon("save"),
        })
    }
}
