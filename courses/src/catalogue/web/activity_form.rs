//! The form of an activity: read, and shown again as it was typed.

use std::collections::HashMap;

use passerelle_web::components::{Button, Choice, Field, FieldKind, Width};
use passerelle_web::{Ctx, Form, format};
use sea_orm::DbErr;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::activity;
use super::super::activity_model::{
    ActivityKind, Content, MAX_MINUTES, MAX_TITLE, NewActivity, rule_code, rule_of,
};
use super::super::model::Sheet;
use super::super::queries::parse;
use super::words::kind_words;
use crate::content::{
    FileContent, LinkContent, MAX_ATTACHMENT, PackageContent, PageContent, ToolContent, attachment,
    attachment_address, is_picture, package, package_rules,
};
use crate::progress::model::ActivityRule;
use crate::tools::ToolChoice;

/// What is chosen from in a form.
#[derive(Debug, Default)]
pub(super) struct Materials {
    /// Packages of the library: identifier, title, edition.
    pub packages: Vec<(Uuid, String, String)>,
    /// The package that is chosen.
    pub package: Option<package::Model>,
    /// Files of the course.
    pub files: Vec<attachment::Model>,
    /// Tools that may be chosen.
    pub tools: Vec<ToolChoice>,
}

/// A form of an activity with what was typed.
#[derive(Clone, Debug)]
pub(super) struct ActivityForm {
    pub kind: ActivityKind,
    pub form: Form,
    pub errors: HashMap<&'static str, String>,
    /// The page as it will look, when it was asked for.
    pub preview: Option<String>,
}

impl ActivityForm {
    pub(super) fn sent(kind: ActivityKind, form: Form) -> Self {
        Self {
            kind,
            form,
            errors: HashMap::new(),
            preview: None,
        }
    }

    pub(super) fn blank(kind: ActivityKind) -> Self {
        Self::sent(
            kind,
            Form::from_pairs([("rule", rule_code(kind.default_rule()))]),
        )
    }

    /// The form of what is stored.
    pub(super) fn of(kind: ActivityKind, activity: &activity::Model) -> Result<Self, DbErr> {
        let rule: ActivityRule = parse(&activity.rule)?;
        let objectives: Vec<Uuid> = parse(&activity.objectives)?;
        let mut pairs: Vec<(&str, String)> = vec![
            ("title", activity.title.clone()),
            ("minutes", activity.minutes.to_string()),
            ("rule", rule_code(rule).to_owned()),
        ];
        if activity.optional {
            pairs.push(("optional", "true".to_owned()));
        }
        if let ActivityRule::Score { at_least } = rule {
            pairs.push(("score", (at_least / 100).to_string()));
        }
        pairs.extend(objectives.iter().map(|id| ("objectives", id.to_string())));
        match kind {
            ActivityKind::Package => {
                let content: PackageContent = parse(&activity.content)?;
                pairs.extend(activity.package_id.map(|id| ("package", id.to_string())));
                pairs.extend(
                    content
                        .external_hosts
                        .into_iter()
                        .map(|host| ("hosts", host)),
                );
            }
            ActivityKind::Page => pairs.push((
                "markdown",
                parse::<PageContent>(&activity.content)?.markdown,
            )),
            ActivityKind::File => {
                let content: FileContent = parse(&activity.content)?;
                pairs.push(("attachment", content.attachment.to_string()));
            }
            ActivityKind::Link => {
                let content: LinkContent = parse(&activity.content)?;
                pairs.extend([("url", content.url), ("note", content.note)]);
            }
            ActivityKind::Tool => {
                let content: ToolContent = parse(&activity.content)?;
                pairs.extend([
                    ("tool", content.tool.to_string()),
                    ("url", content.url),
                    ("custom", content.custom),
                ]);
                for (name, on) in [("framed", content.framed), ("lowers", content.lowers)] {
                    pairs.extend(on.then(|| (name, "true".to_owned())));
                }
            }
        }
        Ok(Self::sent(kind, Form::from_pairs(pairs)))
    }

    /// The package that is chosen now.
    pub(super) fn package(&self) -> Option<Uuid> {
        self.form.text("package").parse().ok()
    }

    /// What was sent, as an activity of `week`; what is wrong with it otherwise.
    pub(super) fn read(
        &self,
        week: Uuid,
        files: &[attachment::Model],
    ) -> Result<NewActivity, Vec<(&'static str, &'static str)>> {
        let form = &self.form;
        let mut wrong = Vec::new();
        let rule = rule_of(form.text("rule"), form.number("score"));
        if rule.is_none() {
            wrong.push(if form.text("rule") == "score" {
                ("score", "catalogue-error-score")
            } else {
                ("rule", "catalogue-error-rule")
            });
        }
        let ids = |name: &str| {
            form.all(name)
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<Uuid>>()
        };
        let content = match self.kind {
            ActivityKind::Package => {
                json!(PackageContent {
                    external_hosts: form.all("hosts").to_vec()
                })
            }
            ActivityKind::Page => json!(self.page_content(files)),
            ActivityKind::File => form.text("attachment").parse().map_or_else(
                |_| json!({}),
                |attachment| Content::File(FileContent { attachment }).json(),
            ),
            ActivityKind::Link => {
                json!(LinkContent {
                    url: form.text("url").to_owned(),
                    note: text(form, "note")
                })
            }
            ActivityKind::Tool => form.text("tool").parse().map_or_else(
                |_| json!({}),
                |tool| {
                    json!(ToolContent {
                        tool,
                        url: form.text("url").to_owned(),
                        custom: text(form, "custom"),
                        framed: form.has("framed"),
                        lowers: form.has("lowers"),
                        column: None,
                    })
                },
            ),
        };
        let activity = NewActivity {
            week_id: week,
            kind: self.kind,
            title: form.text("title").to_owned(),
            minutes: form
                .number("minutes")
                .and_then(|n| i32::try_from(n).ok())
                .unwrap_or(0),
            optional: form.has("optional"),
            rule: rule.unwrap_or(self.kind.default_rule()),
            objectives: ids("objectives"),
            content,
            package_id: if self.kind == ActivityKind::Package {
                self.package()
            } else {
                None
            },
        };
        wrong.extend(activity.problems());
        if wrong.is_empty() {
            Ok(activity)
        } else {
            Err(wrong)
        }
    }

    /// The text, and the files of the course that it names.
    pub(super) fn page_content(&self, files: &[attachment::Model]) -> PageContent {
        let markdown = text(&self.form, "markdown");
        let attachments = files
            .iter()
            .map(|f| f.id)
            .filter(|id| markdown.contains(&attachment_address(*id)))
            .collect();
        PageContent {
            markdown,
            attachments,
        }
    }

    /// Adds a file that has just arrived: to the text of a page, or as the file itself.
    pub(super) fn attach(&mut self, ctx: &Ctx, id: Uuid, name: &str) {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if self.kind == ActivityKind::Page {
            let line = snippet(ctx, id, name);
            let before = text(&self.form, "markdown");
            let joined = if before.is_empty() {
                line
            } else {
                format!("{before}\n\n{line}")
            };
            self.form.set("markdown", joined);
        } else {
            self.form.set("attachment", id.to_string());
            if self.form.text("title").is_empty() {
                self.form.set("title", stem.replace('_', " "));
            }
        }
    }

    /// Everything the template of the form needs, but for where it goes.
    pub(super) fn view(&self, ctx: &Ctx, sheet: &Sheet, materials: &Materials) -> Value {
        let file = (self.kind == ActivityKind::File)
            .then(|| {
                materials
                    .files
                    .iter()
                    .find(|f| f.id.to_string() == self.form.text("attachment"))
            })
            .flatten();
        let files: Vec<Value> = if self.kind == ActivityKind::Page {
            materials
                .files
                .iter()
                .map(|f| json!({"name": f.file_name, "code": snippet(ctx, f.id, &f.file_name)}))
                .collect()
        } else {
            Vec::new()
        };
        json!({
            "kind": self.kind.code(),
            "kind_words": kind_words(ctx, self.kind),
            "icon": self.kind.icon(),
            "title_field": self.field(Field::text("title", ctx.t("catalogue-field-activity-title")))
                .required().maxlength(MAX_TITLE as u32).width(Width::Full),
            "matter": self.matter(ctx, materials),
            "rest": self.rest(ctx, sheet),
            "multipart": matches!(self.kind, ActivityKind::Page | ActivityKind::File),
            "is_package": self.kind == ActivityKind::Package,
            "is_page": self.kind == ActivityKind::Page,
            "attachment": file.map(|f| json!({"id": f.id, "name": f.file_name, "href": attachment_address(f.id),
                "size": f.size_bytes})),
            "files": files,
            "attach_field": (self.kind == ActivityKind::Page).then(|| file_field(ctx, "catalogue-field-attach", false)),
            "attach": Button::submit(ctx.t("catalogue-attach")).quiet().icon("paperclip").name("action").value("attach"),
            "preview": self.preview,
            "see": Button::submit(ctx.t("catalogue-see-page")).quiet().icon("eye").name("action").value("preview"),
        })
    }

    /// The value and the error of a field by its name.
    fn field(&self, field: Field) -> Field {
        let value = text(&self.form, &field.name);
        let error = self
            .errors
            .iter()
            .find(|(name, _)| **name == field.name)
            .map(|(_, text)| text.clone());
        field.value(value).error(error)
    }

    fn matter(&self, ctx: &Ctx, materials: &Materials) -> Vec<Field> {
        match self.kind {
            ActivityKind::Package => self.package_fields(ctx, materials),
            ActivityKind::Page => vec![
                self.field(Field::textarea(
                    "markdown",
                    ctx.t("catalogue-field-markdown"),
                ))
                .help(ctx.t("catalogue-help-markdown"))
                .rows(14),
            ],
            ActivityKind::File => {
                let needed = self.form.text("attachment").is_empty();
                let id = if needed {
                    "catalogue-field-file"
                } else {
                    "catalogue-field-other-file"
                };
                let error = self.errors.get("file").cloned();
                vec![file_field(ctx, id, needed).error(error)]
            }
            ActivityKind::Link => vec![
                self.field(Field::new(
                    FieldKind::Url,
                    "url",
                    ctx.t("catalogue-field-url"),
                ))
                .help(ctx.t("catalogue-help-url"))
                .required()
                .width(Width::Full),
                self.field(Field::textarea("note", ctx.t("catalogue-field-note")))
                    .help(ctx.t("catalogue-help-note"))
                    .rows(3),
            ],
            ActivityKind::Tool => self.tool_fields(ctx, materials),
        }
    }

    fn tool_fields(&self, ctx: &Ctx, materials: &Materials) -> Vec<Field> {
        let options = materials
            .tools
            .iter()
            .map(|tool| Choice::new(tool.id.to_string(), &tool.name));
        let tool = self
            .field(Field::new(
                FieldKind::Select,
                "tool",
                ctx.t("catalogue-field-tool"),
            ))
            .options(options);
        let help = if materials.tools.is_empty() {
            "catalogue-no-tool"
        } else {
            "catalogue-help-tool"
        };
        let tick = |name: &'static str| {
            let label = ctx.t(&format!("catalogue-field-{name}"));
            let mut field =
                Field::checkbox(name, label).help(ctx.t(&format!("catalogue-help-{name}")));
            field.checked = self.form.has(name);
            field
        };
        vec![
            tool.help(ctx.t(help)),
            self.field(Field::new(
                FieldKind::Url,
                "url",
                ctx.t("catalogue-field-tool-url"),
            ))
            .help(ctx.t("catalogue-help-tool-url"))
            .width(Width::Full),
            self.field(Field::textarea("custom", ctx.t("catalogue-field-custom")))
                .help(ctx.t("catalogue-help-custom"))
                .rows(2),
            tick("framed"),
            tick("lowers"),
        ]
    }

    fn package_fields(&self, ctx: &Ctx, materials: &Materials) -> Vec<Field> {
        let choice = |(id, title, edition): &(Uuid, String, String)| {
            Choice::new(id.to_string(), format!("{title} (SCORM {edition})"))
        };
        let mut package = self
            .field(Field::new(
                FieldKind::Select,
                "package",
                ctx.t("catalogue-field-package"),
            ))
            .options(materials.packages.iter().map(choice));
        if materials.packages.is_empty() {
            package = package.help(ctx.t("catalogue-no-package"));
        }
        let chosen = materials.package.as_ref();
        if let Some(rules) = chosen.and_then(|p| package_rules(ctx, &p.contents)) {
            package = package.help(rules);
        }
        let mut fields = vec![package];
        let hosts: Vec<String> = materials
            .package
            .as_ref()
            .and_then(|p| serde_json::from_str(&p.external_hosts).ok())
            .unwrap_or_default();
        if !hosts.is_empty() {
            let field = Field::new(
                FieldKind::Checkboxes,
                "hosts",
                ctx.t("catalogue-field-hosts"),
            )
            .help(ctx.t("catalogue-help-hosts"))
            .options(hosts.iter().map(|host| Choice::new(host, host)))
            .chosen(self.form.all("hosts"))
            .error(self.errors.get("hosts").cloned());
            fields.push(field);
        }
        fields
    }

    fn rest(&self, ctx: &Ctx, sheet: &Sheet) -> Vec<Field> {
        let minutes = self
            .field(Field::new(
                FieldKind::Number,
                "minutes",
                ctx.t("catalogue-field-estimate"),
            ))
            .help(ctx.t("catalogue-help-estimate"))
            .unit(ctx.t("catalogue-unit-minutes"))
            .between(1, MAX_MINUTES)
            .required();
        let optional = Field::checkbox("optional", ctx.t("catalogue-field-optional"))
            .help(ctx.t("catalogue-help-optional"))
            .checked(self.form.has("optional"));
        let choice = |code: &&str| {
            let of_tool = self.kind == ActivityKind::Tool && *code == "completed";
            let suffix = if of_tool { "-tool" } else { "" };
            Choice::new(*code, ctx.t(&format!("catalogue-choice-{code}{suffix}")))
        };
        let rule = self
            .field(Field::new(
                FieldKind::Radio,
                "rule",
                ctx.t("catalogue-field-rule"),
            ))
            .options(self.kind.rules().iter().map(choice));
        let mut fields = vec![minutes, optional, rule];
        if self.kind.rules().contains(&"score") {
            let score = self
                .field(Field::new(
                    FieldKind::Number,
                    "score",
                    ctx.t("catalogue-field-score"),
                ))
                .help(ctx.t("catalogue-help-score"))
                .unit("%")
                .between(1, 100);
            fields.push(score);
        }
        if !sheet.objectives.is_empty() {
            let objectives = Field::new(
                FieldKind::Checkboxes,
                "objectives",
                ctx.t("catalogue-field-assessed"),
            )
            .help(ctx.t("catalogue-help-assessed"))
            .options(
                sheet
                    .objectives
                    .iter()
                    .map(|o| Choice::new(o.id.to_string(), &o.text)),
            )
            .chosen(self.form.all("objectives"));
            fields.push(objectives);
        }
        fields
    }
}

fn file_field(ctx: &Ctx, label: &str, required: bool) -> Field {
    let limit = format::bytes(MAX_ATTACHMENT, ctx.lang);
    let field = Field::new(FieldKind::File, "file", ctx.t(label))
        .help(ctx.tr("catalogue-help-file", &[("limit", limit.into())]));
    if required { field.required() } else { field }
}

/// A text as it was typed, with the ends of lines of the web.
fn text(form: &Form, name: &str) -> String {
    form.text(name).replace("\r\n", "\n")
}

/// What to write in a page to show a file there.
fn snippet(ctx: &Ctx, id: Uuid, name: &str) -> String {
    let words = name.replace(['[', ']', '\\'], "");
    if is_picture(name) {
        format!(
            "![{}]({})",
            ctx.t("catalogue-picture-words"),
            attachment_address(id)
        )
    } else {
        format!("[{words}]({})", attachment_address(id))
    }
}
