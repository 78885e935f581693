//! The form of the sheet: read, checked and shown again as it was typed.

use std::collections::HashMap;

use passerelle_kernel::Env;
use passerelle_web::components::{Button, Choice, Field, FieldKind, Width};
use passerelle_web::{Ctx, Form};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::model::{ActionNature, Objective, Sheet, SheetField};

/// Objectives at most.
const MAX_OBJECTIVES: usize = 30;
/// Characters at most in an objective.
const MAX_OBJECTIVE: u32 = 300;
/// Hours at most: a year of work, and more than any answer may take.
const MAX_HOURS: i64 = 2_000;
const MAX_ANSWER: i64 = 720;

/// What the form holds, numbers as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct SheetForm {
    pub title: String,
    pub sheet: Sheet,
    hours: String,
    minutes: String,
    answer: String,
}

impl SheetForm {
    /// The form of what is stored.
    pub(super) fn of(title: &str, sheet: &Sheet) -> Self {
        let told = |n: i32| if n > 0 { n.to_string() } else { String::new() };
        Self {
            title: title.to_owned(),
            hours: told(sheet.agreed_minutes / 60),
            minutes: told(sheet.agreed_minutes % 60),
            answer: told(sheet.answer_hours),
            sheet: sheet.clone(),
        }
    }

    /// What was sent; objectives that are new get an identifier.
    pub(super) fn sent(form: &Form, env: &Env) -> Self {
        let mut sheet = Sheet::default();
        for field in SheetField::ALL {
            *field.of_mut(&mut sheet) = form.text(field.code()).replace("\r\n", "\n");
        }
        let ids = form.all("objective_id");
        for (n, text) in form
            .all("objective")
            .iter()
            .take(MAX_OBJECTIVES)
            .enumerate()
        {
            let id = ids
                .get(n)
                .and_then(|id| id.parse().ok())
                .unwrap_or_else(|| env.id());
            sheet.objectives.push(Objective {
                id,
                text: text.trim().to_owned(),
            });
        }
        sheet.nature = ActionNature::parse(form.text("nature")).unwrap_or_default();
        let number = |name: &str| {
            form.number(name)
                .and_then(|n| i32::try_from(n).ok())
                .unwrap_or(0)
        };
        sheet.agreed_minutes = number("hours")
            .saturating_mul(60)
            .saturating_add(number("minutes"));
        sheet.answer_hours = number("answer_hours");
        Self {
            title: form.text("title").to_owned(),
            sheet,
            hours: form.text("hours").to_owned(),
            minutes: form.text("minutes").to_owned(),
            answer: form.text("answer_hours").to_owned(),
        }
    }

    /// Does what a button inside the form asks for; false when it asks for nothing of the kind.
    pub(super) fn apply(&mut self, action: &str, env: &Env) -> bool {
        let objectives = &mut self.sheet.objectives;
        let Some(rest) = action.strip_prefix("objective-") else {
            return false;
        };
        if rest == "add" {
            if objectives.len() < MAX_OBJECTIVES {
                objectives.push(Objective {
                    id: env.id(),
                    text: String::new(),
                });
            }
            return true;
        }
        let Some((what, at)) = rest
            .split_once('-')
            .and_then(|(w, n)| Some((w, n.parse::<usize>().ok()?)))
        else {
            return false;
        };
        match what {
            "up" if (1..objectives.len()).contains(&at) => objectives.swap(at, at - 1),
            "down" if at + 1 < objectives.len() => objectives.swap(at, at + 1),
            "remove" if at < objectives.len() => {
                objectives.remove(at);
            }
            _ => {}
        }
        true
    }

    /// The sheet to store: objectives without a text are left out.
    pub(super) fn to_store(&self) -> Sheet {
        let mut sheet = self.sheet.clone();
        sheet.objectives.retain(|o| !o.text.is_empty());
        sheet
    }

    /// What is wrong with what was typed, by field; a field that is empty is not wrong, only missing.
    pub(super) fn errors(&self, ctx: &Ctx) -> HashMap<String, String> {
        let mut errors = HashMap::new();
        let mut add = |wrong: bool, field: String, message: &str| {
            if wrong {
                errors.insert(field, ctx.t(message));
            }
        };
        let title = self.title.chars().count();
        add(title == 0, "title".to_owned(), "catalogue-error-title");
        add(
            title > super::super::activity_model::MAX_TITLE,
            "title".to_owned(),
            "catalogue-error-title-long",
        );
        for field in SheetField::ALL {
            let long = field.of(&self.sheet).chars().count() > field.limit() as usize;
            add(long, field.code().to_owned(), "catalogue-error-text-long");
        }
        for (n, objective) in self.sheet.objectives.iter().enumerate() {
            let long = objective.text.chars().count() > MAX_OBJECTIVE as usize;
            add(long, format!("objective-{n}"), "catalogue-error-text-long");
        }
        add(
            !within(&self.hours, MAX_HOURS),
            "hours".to_owned(),
            "catalogue-error-hours",
        );
        add(
            !within(&self.minutes, 59),
            "minutes".to_owned(),
            "catalogue-error-rest",
        );
        add(
            !within(&self.answer, MAX_ANSWER),
            "answer_hours".to_owned(),
            "catalogue-error-answer",
        );
        errors
    }

    /// The fields in their groups, and the objectives with their buttons.
    pub(super) fn view(&self, ctx: &Ctx, errors: &HashMap<String, String>) -> Value {
        let text = |field: SheetField| text_field(ctx, field, &self.sheet, errors);
        let title = Field::text("title", ctx.t("catalogue-field-title"))
            .value(&self.title)
            .required()
            .maxlength(200)
            .width(Width::Full)
            .error(errors.get("title").cloned());
        let presentation = [
            title,
            text(SheetField::Summary),
            text(SheetField::Audience),
            text(SheetField::Prerequisites),
        ];
        let teaching = [
            SheetField::Programme,
            SheetField::Modalities,
            SheetField::Methods,
            SheetField::Assessment,
        ]
        .map(text);
        let practical = [
            SheetField::Access,
            SheetField::Price,
            SheetField::Contact,
            SheetField::Accessibility,
            SheetField::Results,
        ]
        .map(text);
        json!({
            "presentation": presentation,
            "objectives": self.objectives(ctx, errors),
            "teaching": teaching,
            "length": self.numbers(ctx, errors),
            "practical": practical,
            "nature": self.nature(ctx),
            "can_add": self.sheet.objectives.len() < MAX_OBJECTIVES,
        })
    }

    fn objectives(&self, ctx: &Ctx, errors: &HashMap<String, String>) -> Vec<Value> {
        let one = Objective {
            id: Uuid::nil(),
            text: String::new(),
        };
        // There is always one line to write in.
        let lines: Vec<&Objective> = if self.sheet.objectives.is_empty() {
            vec![&one]
        } else {
            self.sheet.objectives.iter().collect()
        };
        let last = lines.len() - 1;
        lines
            .iter()
            .enumerate()
            .map(|(n, objective)| {
                let number = ctx.tr("catalogue-objective-number", &[("number", (n + 1).into())]);
                let field = Field::text("objective", number.clone())
                    .id(format!("field-objective-{n}"))
                    .value(&objective.text)
                    .maxlength(MAX_OBJECTIVE)
                    .width(Width::Full)
                    .error(errors.get(&format!("objective-{n}")).cloned());
                let button = |what: &str, icon: &str| {
                    let about = format!("{number} ({})", objective.text);
                    Button::submit(ctx.t(&format!("catalogue-objective-{what}")))
                        .quiet()
                        .about(about)
                        .icon(icon)
                        .name("action")
                        .value(format!("objective-{what}-{n}"))
                };
                let mut buttons = Vec::new();
                if n > 0 {
                    buttons.push(button("up", "arrow-up"));
                }
                if n < last {
                    buttons.push(button("down", "arrow-down"));
                }
                buttons.push(button("remove", "x"));
                let id = if objective.id.is_nil() {
                    String::new()
                } else {
                    objective.id.to_string()
                };
                json!({"field": field, "id": id, "buttons": buttons})
            })
            .collect()
    }

    fn numbers(&self, ctx: &Ctx, errors: &HashMap<String, String>) -> [Field; 3] {
        let number = |name: &str, value: &str, most: i64, unit: &str| {
            Field::new(
                FieldKind::Number,
                name,
                ctx.t(&format!("catalogue-field-{}", name.replace('_', "-"))),
            )
            .value(value)
            .between(0, most)
            .unit(ctx.t(unit))
            .error(errors.get(name).cloned())
        };
        [
            number("hours", &self.hours, MAX_HOURS, "catalogue-unit-hours")
                .help(ctx.t("catalogue-help-hours")),
            number("minutes", &self.minutes, 59, "catalogue-unit-minutes"),
            number(
                "answer_hours",
                &self.answer,
                MAX_ANSWER,
                "catalogue-unit-hours",
            )
            .help(ctx.t("catalogue-help-answer-hours")),
        ]
    }

    fn nature(&self, ctx: &Ctx) -> Field {
        let label = |nature: ActionNature| {
            ctx.t(&format!(
                "catalogue-nature-{}",
                nature.code().replace('_', "-")
            ))
        };
        Field::new(FieldKind::Select, "nature", ctx.t("catalogue-field-nature"))
            .help(ctx.t("catalogue-help-nature"))
            .value(self.sheet.nature.code())
            .required()
            .options(ActionNature::ALL.map(|nature| Choice::new(nature.code(), label(nature))))
    }
}

fn text_field(
    ctx: &Ctx,
    field: SheetField,
    sheet: &Sheet,
    errors: &HashMap<String, String>,
) -> Field {
    let code = field.code();
    let rows = match field {
        SheetField::Programme => 12,
        SheetField::Summary | SheetField::Price | SheetField::Prerequisites => 2,
        _ => 4,
    };
    Field::textarea(code, ctx.t(&format!("catalogue-field-{code}")))
        .help(ctx.t(&format!("catalogue-help-{code}")))
        .value(field.of(sheet))
        .rows(rows)
        .maxlength(field.limit())
        .error(errors.get(code).cloned())
}

/// Empty, or a whole number from 0 to `most`.
fn within(text: &str, most: i64) -> bool {
    text.is_empty() || text.parse::<i64>().is_ok_and(|n| (0..=most).contains(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> SheetForm {
        SheetForm::sent(&Form::from_pairs(pairs.iter().copied()), &Env::system())
    }

    #[test]
    fn objectives_keep_their_identifiers_when_they_move() {
        let (a, b) = (
            Uuid::from_u128(1).to_string(),
            Uuid::from_u128(2).to_string(),
        );
        let mut form = sent(&[
            ("objective_id", &a),
            ("objective", "Lire"),
            ("objective_id", &b),
            ("objective", "Écrire"),
        ]);
        assert!(form.apply("objective-down-0", &Env::system()));
        let texts: Vec<_> = form
            .sheet
            .objectives
            .iter()
            .map(|o| (o.id.as_u128(), o.text.as_str()))
            .collect();
        assert_eq!(texts, [(2, "Écrire"), (1, "Lire")]);
        assert!(
            form.apply("objective-remove-0", &Env::system())
                && form.apply("objective-add", &Env::system())
        );
        assert_eq!(form.sheet.objectives.len(), 2);
        assert_eq!(
            form.to_store().objectives.len(),
            1,
            "an objective without a text is not stored"
        );
        for nothing in ["objective-up-0", "objective-down-9", "objective-remove-9"] {
            assert!(form.apply(nothing, &Env::system()), "{nothing}");
        }
        assert!(
            !form.apply("save", &Env::system()) && !form.apply("objective-up-x", &Env::system())
        );
    }

    #[test]
    fn a_duration_is_hours_and_minutes() {
        let form = sent(&[("hours", "28"), ("minutes", "30"), ("answer_hours", "72")]);
        assert_eq!(
            (form.sheet.agreed_minutes, form.sheet.answer_hours),
            (1_710, 72)
        );
        let back = SheetForm::of("Titre", &form.sheet);
        assert_eq!((back.hours.as_str(), back.minutes.as_str()), ("28", "30"));
        assert!(
            within("", 59)
                && within("59", 59)
                && !within("60", 59)
                && !within("-1", 59)
                && !within("1,5", 59)
        );
    }
}
