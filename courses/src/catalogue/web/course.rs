//! The page of a course: read and changed in the same place, week by week.

use axum::http::StatusCode;
use axum::response::Response;
use passerelle_web::components::{
    Button, Chips, Confirm, ErrorSummary, Fact, Facts, Link, Notice, NoticeKind, Status, Tone,
};
use passerelle_web::context::zone;
use passerelle_web::{Allowed, AppError, Ctx, Form, format};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::activity_model::ActivityKind;
use super::super::queries::{CoursePlan, plan_with};
use super::super::{PublishedSheet, store};
use super::activity_form::{ActivityForm, Materials};
use super::plan::rule_field;
use super::words::{advice_words, course_rule_words, state_status};
use super::{course_path, courses_path, gap_items};
use crate::access::{CourseRef, ReadCourse};

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
    let asked = ctx.query();
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
        Some(ActivityKind::Tool) => {
            materials.tools = crate::tools::of_space(&ctx.app, plan.course.space_id).await?;
        }
        Some(ActivityKind::Link) | None => {}
    }
    Ok(materials)
}

pub(super) struct CoursePage<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) of: &'a CourseRef,
    pub(super) plan: &'a CoursePlan,
    pub(super) open: &'a Open,
    pub(super) materials: &'a Materials,
    pub(super) path: String,
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

    pub(super) fn revision(&self) -> i64 {
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
        let id: Uuid = self.ctx.query().text("retiree").parse().ok()?;
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
