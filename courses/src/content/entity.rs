//! Tables of the `content` slice.

/// An imported package, kept as the zip it came in.
pub mod package {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `package`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "package")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub title: String,
        pub standard: String,
        pub edition: String,
        pub blob_key: String,
        pub sha256: String,
        pub size_bytes: i64,
        pub file_count: i32,
        pub contents: String,
        pub problems: String,
        pub external_hosts: String,
        pub imported_at: i64,
        pub imported_by: Option<Uuid>,
        pub search: String,
        pub index_sha256: Option<String>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// A file or picture used by activities of a course.
pub mod attachment {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `attachment`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "attachment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub course_id: Uuid,
        pub file_name: String,
        pub media_type: String,
        pub size_bytes: i64,
        pub blob_key: String,
        pub created_at: i64,
        pub sha256: Option<String>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}
