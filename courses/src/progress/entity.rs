//! Tables of the `progress` slice.

/// What a trainee has done of an activity.
pub mod activity_state {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `activity_state`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity_state")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub enrolment_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub activity_id: Uuid,
        pub status: String,
        pub score: Option<i32>,
        pub success: Option<String>,
        pub seconds: i64,
        pub started_at: i64,
        pub last_at: i64,
        pub done_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
