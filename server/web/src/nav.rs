//! The navigation: what each plugin proposes to whoever asks.

use serde_json::{Value, json};

use crate::context::Ctx;
use crate::directory::Space;

/// A link of the main navigation.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Smaller comes first.
    pub rank: i32,
    /// Address.
    pub href: String,
    /// Id of its message.
    pub label: &'static str,
    /// Icon.
    pub icon: &'static str,
}

impl NavItem {
    pub(crate) fn shell(&self, ctx: &Ctx, path: &str) -> Value {
        let current =
            path == self.href || (self.href != "/" && path.starts_with(&format!("{}/", self.href)));
        json!({
            "href": self.href,
            "label": ctx.t(self.label),
            "icon": self.icon,
            "current": current,
            "badge": null,
        })
    }
}

/// Registry entry: links for a request, computed without the database.
#[derive(Clone, Copy)]
pub struct NavEntry {
    /// The links; the space is that of the page.
    pub items: fn(&Ctx, Option<&Space>) -> Vec<NavItem>,
}
