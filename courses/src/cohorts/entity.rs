//! Tables of the `cohorts` slice.

/// A cohort: a course with a start date, tutors and trainees.
pub mod cohort {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `cohort`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cohort")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub course_id: Uuid,
        pub title: String,
        pub start_date: String,
        pub end_date: String,
        pub zone: String,
        pub capacity: i32,
        pub state: String,
        pub rule: String,
        pub sheet: String,
        pub agreed_minutes: i32,
        pub answer_hours: i32,
        pub frozen_at: Option<i64>,
        pub join_code: Option<String>,
        pub created_at: i64,
        pub calendar_sequence: i32,
        pub calendar_changed_at: Option<i64>,
        pub calendar_weeks: i32,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// A week of a cohort with its local dates.
pub mod cohort_week {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `cohort_week`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cohort_week")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub cohort_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub rank: i32,
        pub title: String,
        pub summary: String,
        pub opens_on: String,
        pub due_on: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An activity as the cohort agreed on it; frozen when the cohort starts.
pub mod cohort_activity {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `cohort_activity`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cohort_activity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub cohort_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub activity_id: Uuid,
        pub week_rank: i32,
        pub rank: i32,
        pub kind: String,
        pub title: String,
        pub minutes: i32,
        pub optional: bool,
        pub rule: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who tutors a cohort.
pub mod cohort_tutor {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `cohort_tutor`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cohort_tutor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub cohort_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person in a cohort, with the sum of what is done.
pub mod enrolment {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `enrolment`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "enrolment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub cohort_id: Uuid,
        pub person_id: Uuid,
        pub state: String,
        pub source: String,
        pub enrolled_at: i64,
        pub left_at: Option<i64>,
        pub left_cause: Option<String>,
        pub extended_to: Option<String>,
        pub first_seen_at: Option<i64>,
        pub last_activity_at: Option<i64>,
        pub done_count: i32,
        pub done_minutes: i32,
        pub completed_at: Option<i64>,
        pub left_note: Option<String>,
        pub calendar_token: Option<String>,
        pub convened_at: Option<i64>,
        pub calendar_sequence: i32,
        pub calendar_changed_at: Option<i64>,
        pub told_extension: bool,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}
