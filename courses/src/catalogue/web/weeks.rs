//! The weeks of a course's page, with what is open for writing in them.

use passerelle_web::components::{Button, ErrorSummary, Field, Move, Width};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::activity;
use super::super::activity_model::ActivityKind;
use super::super::queries::{PlanWeek, parse};
use super::activity_form::ActivityForm;
use super::course::CoursePage;
use super::words::{kind_words, rule_words, week_heading, week_time};
use crate::content::import_address;

impl CoursePage<'_> {
    pub(super) fn week(&self, n: usize, week: &PlanWeek, manages: bool) -> Value {
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

    pub(super) fn add_links(&self, week: Uuid) -> Vec<Value> {
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
        // Without a plugin that knows tools there is nothing to choose from.
        let tools = crate::tools::are_known(&self.ctx.app);
        let offered = |kind: &ActivityKind| tools || *kind != ActivityKind::Tool;
        ActivityKind::ALL
            .into_iter()
            .filter(offered)
            .map(link)
            .collect()
    }

    pub(super) fn activities(&self, week: &PlanWeek, manages: bool) -> Vec<Value> {
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

    pub(super) fn activity(
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

    pub(super) fn add_form(&self, week: Uuid, form: &ActivityForm) -> Value {
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

    /// Where something may be picked in a tool, instead of describing it here.
    fn picks(&self, form: &ActivityForm, week: Option<Uuid>) -> Vec<Button> {
        let Some(week) = week.filter(|_| form.kind == ActivityKind::Tool) else {
            return Vec::new();
        };
        let (space, course) = (&self.of.space.slug, self.of.course.id);
        let tools = self.materials.tools.iter().filter(|tool| tool.picks);
        tools
            .map(|tool| {
                let label = self
                    .ctx
                    .tr("catalogue-tool-pick", &[("tool", (&tool.name).into())]);
                let href = crate::tools::picking_path(space, course, tool.id, week);
                Button::link(label, href).quiet().icon("list-checks")
            })
            .collect()
    }

    pub(super) fn edit_form(&self, id: Uuid, form: &ActivityForm) -> Value {
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

    pub(super) fn activity_form(
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
            view.insert("picks".to_owned(), json!(self.picks(form, week)));
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
    pub(super) fn week_form(&self, week: Option<&PlanWeek>) -> Value {
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
}
