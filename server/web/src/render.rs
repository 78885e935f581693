//! Templates: Handlebars, strict, with the helpers every page uses.
//!
//! Helpers read the language and the zone from the root data (`lang`, `zone`).

use std::sync::Arc;

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender, Output, RenderContext,
    RenderError, RenderErrorReason, ScopedJson,
};
use jiff::tz::TimeZone;
use passerelle_kernel::Registry;
use serde_json::Value;

use crate::app::ComposeError;
use crate::assets::{PublicAssets, Views};
use crate::i18n::{Arg, Words};
use crate::lang::Lang;
use crate::{format, icons};

/// All templates; cheap to clone.
#[derive(Clone)]
pub struct Templates(Arc<Handlebars<'static>>);

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Templates")
    }
}

impl Templates {
    pub(crate) fn collect(
        registry: &Registry,
        words: &Words,
        assets: &PublicAssets,
    ) -> Result<Self, ComposeError> {
        let mut bars = Handlebars::new();
        bars.set_strict_mode(true);
        // An indented partial must not indent what is inside a textarea.
        bars.set_prevent_indent(true);
        for Views(embedded) in registry.all::<Views>() {
            for (path, text) in embedded.texts() {
                let name = template_name(embedded.plugin, path);
                bars.register_template_string(&name, text)
                    .map_err(|e| ComposeError::Template(format!("{name}: {e}")))?;
            }
        }
        register_helpers(&mut bars, words, assets);
        Ok(Self(Arc::new(bars)))
    }

    /// Renders a template.
    pub fn render(&self, name: &str, data: &Value) -> Result<String, RenderError> {
        self.0.render(name, data)
    }

    /// Names of all templates.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.0.get_templates().keys()
    }
}

/// `components/field.hbs` of `web` is `c/field`; `cohorts/views/board.hbs` of `courses` is
/// `courses/cohorts/board`.
fn template_name(plugin: &str, path: &str) -> String {
    let path = path.strip_suffix(".hbs").unwrap_or(path);
    let path = path.replace("/views/", "/");
    let path = path.strip_prefix("views/").unwrap_or(&path);
    if plugin == "web" {
        path.strip_prefix("components/")
            .map_or_else(|| path.to_owned(), |name| format!("c/{name}"))
    } else {
        format!("{plugin}/{path}")
    }
}

fn register_helpers(bars: &mut Handlebars<'static>, words: &Words, assets: &PublicAssets) {
    bars.register_helper("t", Box::new(Translate(words.clone())));
    let assets = assets.clone();
    bars.register_helper(
        "asset",
        Box::new(
            move |h: &Helper<'_>,
                  _: &Handlebars<'_>,
                  _: &Context,
                  _: &mut RenderContext<'_, '_>,
                  out: &mut dyn Output| {
                out.write(&assets.address(&text(h, 0)))?;
                Ok(())
            },
        ),
    );
    bars.register_helper("icon", Box::new(icon));
    bars.register_helper("status", Box::new(StatusSign(words.clone())));
    bars.register_helper("eq", Box::new(Equal));
    bars.register_helper("markdown", Box::new(markdown));
    bars.register_helper("json", Box::new(json));
    for (name, kind) in [
        ("date", Kind::Date),
        ("datetime", Kind::DateTime),
        ("date_short", Kind::DateShort),
        ("time", Kind::Time),
        ("local_date", Kind::LocalDate),
        ("duration", Kind::Duration),
        ("number", Kind::Number),
        ("percent", Kind::Percent),
        ("score", Kind::Score),
        ("bytes", Kind::Bytes),
        ("machine_datetime", Kind::Machine),
    ] {
        bars.register_helper(name, Box::new(Formatted(kind)));
    }
}

fn text(h: &Helper<'_>, index: usize) -> String {
    h.param(index)
        .map(|p| p.value().render())
        .unwrap_or_default()
}

fn root_lang(context: &Context) -> Lang {
    context
        .data()
        .get("lang")
        .and_then(Value::as_str)
        .and_then(Lang::from_code)
        .unwrap_or_default()
}

fn root_zone(context: &Context) -> TimeZone {
    context
        .data()
        .get("zone")
        .and_then(Value::as_str)
        .and_then(|zone| TimeZone::get(zone).ok())
        .unwrap_or(TimeZone::UTC)
}

struct Translate(Words);

impl HelperDef for Translate {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let args: Vec<(&str, Arg)> = h
            .hash()
            .iter()
            .map(|(name, value)| {
                let value = value.value();
                let arg = value
                    .as_i64()
                    .map_or_else(|| Arg::Text(value.render()), Arg::Number);
                (*name, arg)
            })
            .collect();
        Ok(ScopedJson::Derived(Value::String(self.0.with(
            root_lang(context),
            &text(h, 0),
            &args,
        ))))
    }
}

struct Equal;

impl HelperDef for Equal {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let equal = h.param(0).map(handlebars::PathAndJson::value)
            == h.param(1).map(handlebars::PathAndJson::value);
        Ok(ScopedJson::Derived(Value::Bool(equal)))
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Date,
    DateTime,
    DateShort,
    Time,
    LocalDate,
    Duration,
    Number,
    Percent,
    Score,
    Bytes,
    Machine,
}

struct Formatted(Kind);

impl HelperDef for Formatted {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let lang = root_lang(context);
        if let Kind::LocalDate = self.0 {
            return Ok(ScopedJson::Derived(Value::String(format::local_date(
                &text(h, 0),
                lang,
            ))));
        }
        let value = h.param(0).and_then(|p| p.value().as_i64()).ok_or_else(|| {
            RenderErrorReason::Other(format!(
                "{}: a whole number is expected, not {}",
                h.name(),
                text(h, 0)
            ))
        })?;
        let shown = match self.0 {
            Kind::Date => format::date(value, &root_zone(context), lang),
            Kind::DateTime => format::datetime(value, &root_zone(context), lang),
            Kind::DateShort => format::date_short(value, &root_zone(context), lang),
            Kind::Time => format::time(value, &root_zone(context), lang),
            Kind::Duration => format::duration(value, lang),
            Kind::Percent => format::percent(value, lang),
            Kind::Score => format::score(value, lang),
            Kind::Bytes => format::bytes(value.max(0) as u64, lang),
            Kind::Machine => format::machine_datetime(value),
            Kind::Number | Kind::LocalDate => format::number(value, lang),
        };
        Ok(ScopedJson::Derived(Value::String(shown)))
    }
}

fn icon(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    if let Some(svg) = icons::svg(&text(h, 0)) {
        out.write(svg)?;
    }
    Ok(())
}

/// `{{status object}}` or `{{status tone="late" word=words}}`: the sign and the word of a
/// [`crate::components::Status`]. A helper and not a partial: a board has hundreds of them.
struct StatusSign(Words);

impl HelperDef for StatusSign {
    fn call<'reg: 'rc, 'rc>(
        &self,
        h: &Helper<'rc>,
        bars: &'reg Handlebars<'reg>,
        context: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let field = |name: &str| {
            let of = h.param(0).and_then(|p| p.value().get(name));
            let own = || h.hash_get(name).map(handlebars::PathAndJson::value);
            of.or_else(own).and_then(Value::as_str)
        };
        let tone = field("tone").unwrap_or_default();
        let (sign, own) = match tone {
            "done" => ("circle-check", "component-status-done"),
            "in-progress" => ("circle-dot", "component-status-in-progress"),
            "late" => ("triangle-alert", "component-status-late"),
            "not-started" => ("circle-dashed", "component-status-not-started"),
            "locked" => ("lock", "component-status-locked"),
            "success" => ("check", ""),
            "warn" => ("clock", ""),
            "danger" => ("circle-alert", ""),
            "info" => ("info", ""),
            "neutral" => ("circle", ""),
            _ => {
                let told = format!("status: « {tone} » is no tone");
                return Err(RenderErrorReason::Other(told).into());
            }
        };
        out.write("<span class=\"status\" data-tone=\"")?;
        out.write(tone)?;
        out.write("\">")?;
        out.write(icons::svg(sign).unwrap_or_default())?;
        out.write("<span>")?;
        match field("word").filter(|word| !word.is_empty()) {
            Some(word) => out.write(&bars.get_escape_fn()(word))?,
            None if own.is_empty() => {}
            None => out.write(&self.0.text(root_lang(context), own))?,
        }
        out.write("</span></span>")?;
        Ok(())
    }
}

/// Writes HTML that has already been made safe.
fn markdown(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    out.write(&text(h, 0))?;
    Ok(())
}

/// Writes JSON safe inside a `<script>`.
fn json(
    h: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = h
        .param(0)
        .map_or("null".to_owned(), |p| p.value().to_string());
    out.write(
        &value
            .replace('<', "\\u003c")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029"),
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::template_name;

    #[test]
    fn templates_are_named_after_their_place() {
        assert_eq!(template_name("web", "components/field.hbs"), "c/field");
        assert_eq!(template_name("web", "shell.hbs"), "shell");
        assert_eq!(
            template_name("courses", "cohorts/views/board.hbs"),
            "courses/cohorts/board"
        );
        assert_eq!(
            template_name("courses", "tutoring/views/mail/late/text.hbs"),
            "courses/tutoring/mail/late/text"
        );
    }
}
