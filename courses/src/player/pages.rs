//! The application's side of a launch: a page that posts the code to the content host.

use std::sync::Arc;

use async_trait::async_trait;
use axum::response::Response;
use passerelle_kernel::Uuid;
use passerelle_kernel::scoped::Scoped;
use passerelle_scorm::model::Mode;
use passerelle_web::access::{Action, Allowed, Loaded, Params, Who};
use passerelle_web::directory::Space;
use passerelle_web::form::Form;
use passerelle_web::{AppError, Ctx};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::json;

use crate::access::{ActivityRef, DoActivity};
use crate::content::package;
use crate::learning;
use crate::tracking::{self, OpenRequest, Opened};

/// `POST …/ouvrir`: opens the activity where it was left.
pub(super) async fn open(
    ctx: Ctx,
    allowed: Allowed<DoActivity>,
    form: Form,
) -> Result<Response, AppError> {
    let at = allowed.object();
    let asked = Asked {
        own_window: form.text("window") == "own",
        review: form.text("mode") == "review",
        afresh: form.has("afresh"),
        ancestors: "",
    };
    let back = format!("/formation/{}", at.of.enrolment.id);
    launch(&ctx, at, asked, &back).await
}

/// How a package is opened.
#[derive(Clone, Copy)]
struct Asked<'a> {
    own_window: bool,
    review: bool,
    afresh: bool,
    ancestors: &'a str,
}

/// Opens the package of an activity within pages of another site, for somebody whom a launch of that
/// site has recognised. `origins` may hold it in a frame, `back` is where it leads when it is closed.
///
/// # Errors
///
/// Not a package, not open yet, or not of that person's course.
pub async fn open_framed(
    ctx: &Ctx,
    at: &ActivityRef,
    origins: &str,
    back: &str,
) -> Result<Response, AppError> {
    let asked = Asked {
        own_window: false,
        review: false,
        afresh: false,
        ancestors: origins,
    };
    launch(ctx, at, asked, back).await
}

async fn launch(
    ctx: &Ctx,
    at: &ActivityRef,
    asked: Asked<'_>,
    back: &str,
) -> Result<Response, AppError> {
    let package = at.activity.package_id.ok_or(AppError::NotFound)?;
    let opening =
        learning::opening_of(ctx.app.db().read(), at.of.cohort.id, at.activity.id).await?;
    let opening = opening.ok_or(AppError::NotFound)?;
    if !learning::may_open(&at.of.cohort, &opening.opens_on, ctx.now) {
        return Err(AppError::Conflict("learning-error-not-open"));
    }
    let over = at.of.term().is_over(ctx.now);
    let mode = if asked.review || over {
        Mode::Review
    } else {
        Mode::Normal
    };
    let request = OpenRequest {
        space: at.of.space.id,
        enrolment: Some(at.of.enrolment.id),
        person: at.of.enrolment.person_id,
        activity: at.activity.id,
        package,
        mode,
        own_window: asked.own_window,
        afresh: asked.afresh,
    };
    let tx = ctx.app.db().write().await?;
    let opened = tracking::open(&tx, request).await?;
    if !asked.ancestors.is_empty() {
        tracking::frame(&tx, opened.attempt, asked.ancestors).await?;
    }
    tx.commit().await?;
    page(
        ctx,
        &at.of.space,
        &at.activity.title,
        &opened,
        &request,
        back,
        !asked.ancestors.is_empty(),
    )
}

/// A package, previewed by whoever makes courses.
#[derive(Clone, Debug)]
pub(super) struct PackageRef {
    package: package::Model,
    space: Arc<Space>,
}

#[async_trait]
impl Loaded for PackageRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let id = params.id("package")?;
        let query = Scoped::<package::Entity>::of(space.id)
            .find()
            .filter(package::Column::Id.eq(id));
        Ok(query
            .one(ctx.app.db().read())
            .await?
            .map(|package| Self { package, space }))
    }
}

/// Look at a package as a trainee would, without a trace.
#[derive(Clone, Copy, Debug)]
pub(super) struct PreviewPackage;

impl Action for PreviewPackage {
    type Object = PackageRef;
    const NAME: &'static str = "package.preview";
    fn allows(who: &Who, of: &PackageRef) -> bool {
        who.oversees(of.space.id)
    }
}

/// `POST …/apercu`: looks around, nothing counts.
pub(super) async fn preview(
    ctx: Ctx,
    allowed: Allowed<PreviewPackage>,
    form: Form,
) -> Result<Response, AppError> {
    let of = allowed.object();
    let person = allowed.person().ok_or(AppError::SignIn)?;
    let tx = ctx.app.db().write().await?;
    let Some(activity) = any_activity(&tx, of.package.id).await? else {
        return Err(AppError::Conflict("player-preview-unused"));
    };
    let request = OpenRequest {
        space: of.space.id,
        enrolment: None,
        person,
        activity,
        package: of.package.id,
        mode: Mode::Browse,
        own_window: form.text("window") == "own",
        afresh: false,
    };
    let opened = tracking::open(&tx, request).await?;
    tx.commit().await?;
    let back = format!("/e/{}/gestion/contenus/{}", of.space.slug, of.package.id);
    page(
        &ctx,
        &of.space,
        &of.package.title,
        &opened,
        &request,
        &back,
        false,
    )
}

/// An attempt needs an activity; the preview of a package takes any that uses it.
async fn any_activity(
    tx: &passerelle_kernel::WriteTx,
    package: Uuid,
) -> Result<Option<Uuid>, AppError> {
    use passerelle_kernel::db::statement;
    use sea_orm::ConnectionTrait;
    let sql = "SELECT id FROM activity WHERE package_id = $1 ORDER BY id LIMIT 1";
    let row = tx
        .query_one_raw(statement(&**tx, sql, [package.into()]))
        .await?;
    Ok(row.map(|row| row.try_get("", "id")).transpose()?)
}

fn page(
    ctx: &Ctx,
    space: &Space,
    title: &str,
    opened: &Opened,
    request: &OpenRequest,
    back: &str,
    held: bool,
) -> Result<Response, AppError> {
    let action = format!(
        "{}/launch",
        ctx.app.settings().content_origin(&opened.label)
    );
    let data = json!({
        "action": action, "code": opened.code, "back": back, "name": title, "own": request.own_window,
        "origin": ctx.app.settings().content_origin(&opened.label),
    });
    let page = ctx
        .page("courses/player/open", title)
        .space(space)
        .crumb(ctx.t("player-back"), back)
        .script("player-open.js")
        .wide();
    let page = if held { page.held() } else { page };
    page.render(data)
}
