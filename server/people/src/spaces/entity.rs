//! Tables of the `spaces` slice.

/// A space.
pub mod space {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `space`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "space")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(unique)]
        pub slug: String,
        pub name: String,
        pub zone: String,
        pub lang: String,
        pub accent: Option<String>,
        /// The training body, as JSON.
        pub body: String,
        pub created_at: i64,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
