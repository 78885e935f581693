//! Tables of the `tracking` slice.

/// A try at a package activity.
pub mod attempt {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `attempt`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attempt")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub enrolment_id: Option<Uuid>,
        pub person_id: Uuid,
        pub activity_id: Uuid,
        pub package_id: Uuid,
        pub number: i32,
        pub mode: String,
        pub label: String,
        pub capability: String,
        pub started_at: i64,
        pub last_at: i64,
        pub ended_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// An opening of an attempt; the latest one writes.
pub mod launch {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `launch`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "launch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub attempt_id: Uuid,
        pub number: i32,
        pub code_hash: Option<Vec<u8>>,
        pub token_hash: Option<Vec<u8>>,
        pub created_at: i64,
        pub opened_at: Option<i64>,
        pub used_at: i64,
        pub expires_at: i64,
        pub deposit_until: i64,
        pub superseded_at: Option<i64>,
        pub last_seq: i64,
        pub own_window: bool,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The data model of one SCO in one attempt.
pub mod sco_state {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `sco_state`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sco_state")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub attempt_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub sco: String,
        pub elements: String,
        pub completion: String,
        pub success: String,
        pub score: Option<i32>,
        pub progress: Option<i32>,
        pub seconds: i64,
        pub exited: String,
        pub launch_id: Uuid,
        pub session: i32,
        pub updated_at: i64,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Commits of a superseded launch, or after the end: kept and shown, never merged.
pub mod late_work {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `late_work`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "late_work")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub attempt_id: Uuid,
        pub launch_id: Uuid,
        pub seq: i64,
        pub received_at: i64,
        pub body: String,
        pub reason: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The black box of an attempt: its last run-time calls.
pub mod call_log {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `call_log`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "call_log")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub launch_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub attempt_id: Uuid,
        pub received_at: i64,
        pub calls: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
