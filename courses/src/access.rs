//! The objects that addresses name in this plugin, and who may do what to them.

use std::sync::Arc;

use async_trait::async_trait;
use passerelle_kernel::db::statement;
use passerelle_kernel::scoped::Scoped;
use passerelle_web::access::{Action, Loaded, Params, Who};
use passerelle_web::directory::Space;
use passerelle_web::{AppError, Ctx};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};
use uuid::Uuid;

use crate::catalogue::{activity, course};
use crate::cohorts::{Term, cohort, enrolment};

/// A course in its space; address part `{course}`.
#[derive(Clone, Debug)]
pub struct CourseRef {
    /// The course.
    pub course: course::Model,
    /// Its space.
    pub space: Arc<Space>,
}

/// A cohort in its space; address part `{cohort}`.
#[derive(Clone, Debug)]
pub struct CohortRef {
    /// The cohort.
    pub cohort: cohort::Model,
    /// Its space.
    pub space: Arc<Space>,
    /// Whether whoever asks tutors it.
    pub tutored: bool,
}

/// An enrolment in its cohort; address part `{enrolment}`.
#[derive(Clone, Debug)]
pub struct EnrolmentRef {
    /// The enrolment.
    pub enrolment: enrolment::Model,
    /// Its cohort.
    pub cohort: cohort::Model,
    /// Its space.
    pub space: Arc<Space>,
    /// Whether whoever asks tutors the cohort.
    pub tutored: bool,
}

/// An activity of an enrolment; address parts `{enrolment}` and `{activity}`.
#[derive(Clone, Debug)]
pub struct ActivityRef {
    /// The enrolment.
    pub of: EnrolmentRef,
    /// The activity, of the cohort's course.
    pub activity: activity::Model,
}

async fn space(ctx: &Ctx, id: Uuid) -> Result<Option<Arc<Space>>, AppError> {
    Ok(ctx.app.directory().space(ctx.app.db(), id).await?)
}

/// Whether a person tutors a cohort.
pub async fn is_tutor<C: ConnectionTrait>(
    conn: &C,
    cohort: Uuid,
    person: Option<Uuid>,
) -> Result<bool, AppError> {
    let Some(person) = person else {
        return Ok(false);
    };
    let sql = "SELECT 1 FROM cohort_tutor WHERE cohort_id = $1 AND person_id = $2";
    Ok(conn
        .query_one_raw(statement(conn, sql, [cohort.into(), person.into()]))
        .await?
        .is_some())
}

#[async_trait]
impl Loaded for CourseRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(space) = Arc::<Space>::load(ctx, params).await? else {
            return Ok(None);
        };
        let query = Scoped::<course::Entity>::of(space.id)
            .find()
            .filter(course::Column::Id.eq(params.id("course")?));
        Ok(query
            .one(ctx.app.db().read())
            .await?
            .map(|course| Self { course, space }))
    }
}

#[async_trait]
impl Loaded for CohortRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(cohort) =
            crate::cohorts::find_cohort(ctx.app.db().read(), params.id("cohort")?).await?
        else {
            return Ok(None);
        };
        let Some(space) = space(ctx, cohort.space_id).await? else {
            return Ok(None);
        };
        let tutored = is_tutor(ctx.app.db().read(), cohort.id, ctx.who.in_charge()).await?;
        Ok(Some(Self {
            cohort,
            space,
            tutored,
        }))
    }
}

#[async_trait]
impl Loaded for EnrolmentRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let db = ctx.app.db().read();
        let id = params.id("enrolment")?;
        let Some((enrolment, cohort)) = crate::cohorts::enrolment_in_cohort(db, id).await? else {
            return Ok(None);
        };
        let Some(space) = space(ctx, cohort.space_id).await? else {
            return Ok(None);
        };
        // A trainee reads their own: no need to ask whether they tutor it.
        let own = ctx.who.person() == Some(enrolment.person_id);
        let tutored = !own && is_tutor(db, cohort.id, ctx.who.in_charge()).await?;
        Ok(Some(Self {
            enrolment,
            cohort,
            space,
            tutored,
        }))
    }
}

#[async_trait]
impl Loaded for ActivityRef {
    async fn load(ctx: &Ctx, params: &Params) -> Result<Option<Self>, AppError> {
        let Some(of) = EnrolmentRef::load(ctx, params).await? else {
            return Ok(None);
        };
        let activity = Scoped::<activity::Entity>::of(of.space.id)
            .find()
            .filter(activity::Column::Id.eq(params.id("activity")?))
            .filter(activity::Column::CourseId.eq(of.cohort.course_id))
            .one(ctx.app.db().read())
            .await?;
        Ok(activity.map(|activity| Self { of, activity }))
    }
}

impl ActivityRef {
    /// An activity of somebody's enrolment without a session, for those whom a launch of another
    /// site has recognised; none when it is not in the plan, or they have no place.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub async fn of_launch(
        ctx: &Ctx,
        enrolment: Uuid,
        activity: Uuid,
    ) -> Result<Option<Self>, AppError> {
        let Some(of) = EnrolmentRef::of_launch(ctx, enrolment).await? else {
            return Ok(None);
        };
        let db = ctx.app.db().read();
        let planned = crate::learning::opening_of(db, of.cohort.id, activity).await?;
        let found = crate::catalogue::activity_of(db, of.cohort.course_id, activity).await?;
        let found = found.filter(|_| planned.is_some());
        Ok(found.map(|activity| Self { of, activity }))
    }
}

impl EnrolmentRef {
    /// What decides whether their work counts.
    pub fn term(&self) -> Term {
        let of = &self.enrolment;
        Term::of(&self.cohort, &of.state, of.extended_to.as_deref())
    }

    /// Somebody's enrolment without a session; none when they have no place.
    ///
    /// # Errors
    ///
    /// The database refuses.
    pub async fn of_launch(ctx: &Ctx, enrolment: Uuid) -> Result<Option<Self>, AppError> {
        let db = ctx.app.db().read();
        let found = crate::cohorts::enrolment_in_cohort(db, enrolment).await?;
        let Some((enrolment, cohort)) = found.filter(|(e, _)| e.state == "active") else {
            return Ok(None);
        };
        let space = space(ctx, cohort.space_id).await?;
        Ok(space.map(|space| Self {
            enrolment,
            cohort,
            space,
            tutored: false,
        }))
    }
}

macro_rules! action {
    ($(#[$doc:meta])* $name:ident, $object:ty, $code:literal, |$who:ident, $o:ident| $rule:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl Action for $name {
            type Object = $object;
            const NAME: &'static str = $code;
            fn allows($who: &Who, $o: &Self::Object) -> bool {
                $rule
            }
        }
    };
}

action!(
    /// Make courses, packages and cohorts in a space.
    ManageCourses, Arc<Space>, "courses.manage", |who, space| who.manages(space.id)
);
action!(
    /// Read the courses, packages and cohorts of a space.
    ReadCourses, Arc<Space>, "courses.read", |who, space| who.oversees(space.id)
);
action!(
    /// Change a course.
    EditCourse, CourseRef, "course.edit", |who, course| who.manages(course.space.id)
);
action!(
    /// Read a course as those who make it do.
    ReadCourse, CourseRef, "course.read", |who, course| who.oversees(course.space.id)
);
action!(
    /// Change a cohort: dates, tutors, enrolments, certificates.
    ManageCohort, CohortRef, "cohort.manage", |who, cohort| who.manages(cohort.space.id)
);
action!(
    /// See who is where in a cohort.
    WatchCohort, CohortRef, "cohort.watch", |who, cohort| cohort.tutored || who.oversees(cohort.space.id)
);
action!(
    /// Follow one's own course.
    FollowCourse, EnrolmentRef, "enrolment.follow",
    |who, of| who.person() == Some(of.enrolment.person_id) && of.enrolment.state == "active"
);
action!(
    /// Fetch one's own documents; who has left keeps what was realised.
    OwnDocuments, EnrolmentRef, "enrolment.documents", |who, of| who.person() == Some(of.enrolment.person_id)
);
action!(
    /// See the work of one trainee.
    WatchTrainee, EnrolmentRef, "enrolment.watch", |who, of| of.tutored || who.oversees(of.space.id)
);
action!(
    /// Change one enrolment.
    ManageEnrolment, EnrolmentRef, "enrolment.manage", |who, of| who.manages(of.space.id)
);
action!(
    /// Open an activity of one's own course.
    DoActivity, ActivityRef, "activity.do",
    |who, a| who.person() == Some(a.of.enrolment.person_id) && a.of.enrolment.state == "active"
);
action!(
    /// See the work of one trainee in one activity.
    WatchActivity, ActivityRef, "activity.watch", |who, a| a.of.tutored || who.oversees(a.of.space.id)
);
