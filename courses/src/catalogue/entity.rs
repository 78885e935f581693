//! Tables of the `catalogue` slice.

/// A course (programme).
pub mod course {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `course`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "course")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub slug: String,
        pub title: String,
        pub title_key: String,
        pub state: String,
        pub sheet: String,
        pub rule: String,
        pub revision: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub published_at: Option<i64>,
        pub search: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// The public sheet as it was published, dated.
pub mod course_version {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `course_version`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "course_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub course_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub published_at: i64,
        pub sheet: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A week of a course.
pub mod week {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `week`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "week")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub course_id: Uuid,
        pub rank: i32,
        pub title: String,
        pub summary: String,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// An activity of a course.
pub mod activity {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `activity`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "activity")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub course_id: Uuid,
        pub week_id: Uuid,
        pub rank: i32,
        pub kind: String,
        pub title: String,
        pub minutes: i32,
        pub optional: bool,
        pub rule: String,
        pub objectives: String,
        pub content: String,
        pub package_id: Option<Uuid>,
        pub archived_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}
