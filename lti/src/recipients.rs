//! Whom things about people are sent to, for the privacy notice.

use async_trait::async_trait;
use passerelle_web::access::Recipients;
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx};
use url::Url;

use crate::platforms::store::platforms_of;
use crate::tools::model::Sharing;
use crate::tools::store::tools_of;

/// The open platforms and tools of a space.
pub(crate) struct Connected;

#[async_trait]
impl Recipients for Connected {
    async fn of(&self, ctx: &Ctx, space: &Space) -> Result<Vec<String>, AppError> {
        let db = ctx.app.db().read();
        let mut sentences = Vec::new();
        for platform in platforms_of(db, space.id).await? {
            if platform.closed_at.is_none() {
                let named = named(&platform.data.name, &platform.data.issuer);
                sentences.push(ctx.tr("lti-privacy-platform", &[("name", named.into())]));
            }
        }
        for tool in tools_of(db, space.id).await? {
            if tool.closed_at.is_none() {
                let named = named(&tool.data.name, &tool.data.target_url);
                let learns = learns(ctx, tool.sharing);
                let words = [("name", named.into()), ("learns", learns.into())];
                sentences.push(ctx.tr("lti-privacy-tool", &words));
            }
        }
        Ok(sentences)
    }
}

/// A name, with the host when it says something else.
fn named(name: &str, address: &str) -> String {
    let url = Url::parse(address).ok();
    match url.as_ref().and_then(Url::host_str) {
        Some(host) if host != name => format!("{name} ({host})"),
        _ => name.to_owned(),
    }
}

fn learns(ctx: &Ctx, sharing: Sharing) -> String {
    let mut words = vec![ctx.t("lti-privacy-number")];
    for (is_told, word) in [
        (sharing.name, "lti-privacy-name"),
        (sharing.email, "lti-privacy-email"),
        (sharing.members, "lti-privacy-members"),
    ] {
        if is_told {
            words.push(ctx.t(word));
        }
    }
    words.join(", ")
}
