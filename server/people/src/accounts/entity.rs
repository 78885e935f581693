//! Tables of the `accounts` slice. Sessions, links and counts of attempts have
//! keys that are hashes; their few statements are written in `store.rs`.

/// What a person signs in with.
pub mod account {
    use sea_orm::entity::prelude::*;
    use uuid::Uuid;

    /// A row of `account`.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        #[sea_orm(unique)]
        pub person_id: Uuid,
        #[sea_orm(unique)]
        pub identifier: String,
        pub password_hash: Option<String>,
        pub created_at: i64,
        pub last_sign_in_at: Option<i64>,
        pub disabled_at: Option<i64>,
    }

    /// Relations are written as queries.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
