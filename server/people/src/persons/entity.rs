//! Tables of the `persons` slice.

/// A person, whatever the spaces they belong to.
pub mod person {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `person`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub given_name: String,
        pub family_name: String,
        pub search_name: String,
        pub lang: String,
        pub created_at: i64,
        pub erased_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A person within a space: how that space writes to them.
pub mod space_person {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `space_person`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "space_person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub space_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub email: Option<String>,
        pub email_key: String,
        pub organisation: Option<String>,
        pub created_at: i64,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}

/// A role held in a space, from when to when.
pub mod role_grant {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `role_grant`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "role_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub space_id: Uuid,
        pub person_id: Uuid,
        pub role: String,
        pub granted_at: i64,
        pub ended_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    passerelle_kernel::in_space!(Entity, Column::SpaceId);
}
