//! Queries of the `cohorts` slice.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::entity::{cohort, enrolment};

/// A cohort by id, whatever its space: the caller checks who may see it.
#[expect(clippy::disallowed_methods, reason = "the space is only known from the row; access is checked on it")]
pub async fn find_cohort<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<cohort::Model>, DbErr> {
    cohort::Entity::find_by_id(id).one(conn).await
}

/// An enrolment by id, whatever its space: the caller checks who may see it.
#[expect(clippy::disallowed_methods, reason = "the space is only known from the row; access is checked on it")]
pub async fn find_enrolment<C: ConnectionTrait>(conn: &C, id: Uuid) -> Result<Option<enrolment::Model>, DbErr> {
    enrolment::Entity::find_by_id(id).one(conn).await
}
