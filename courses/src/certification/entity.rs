//! Tables of the `certification` slice.

/// Hours corrected by a person, with the reason.
pub mod hours_correction {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `hours_correction`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "hours_correction")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub enrolment_id: Uuid,
        pub minutes: i32,
        pub reason: String,
        pub made_by: Uuid,
        pub made_at: i64,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// A document requested or issued at the end.
pub mod certificate {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `certificate`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "certificate")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub enrolment_id: Uuid,
        pub kind: String,
        pub serial: String,
        pub code: String,
        pub minutes: i32,
        pub facts: String,
        pub state: String,
        pub blob_key: Option<String>,
        pub sha256: Option<String>,
        pub entry_id: Option<Uuid>,
        pub head: Option<String>,
        pub requested_at: i64,
        pub requested_by: Uuid,
        pub issued_at: Option<i64>,
        pub replaced_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}
