//! Queries bound to one space.
//!
//! `Scoped<E>` is the way to obtain a query on a table that belongs to spaces:
//! whoever holds one cannot read another space by forgetting a filter.

use std::marker::PhantomData;

use sea_orm::{ColumnTrait, DeleteMany, EntityTrait, QueryFilter, Select, UpdateMany};
use uuid::Uuid;

/// A table whose rows belong to a space.
pub trait InSpace: EntityTrait {
    /// The column that holds the space.
    fn space_column() -> Self::Column;
}

/// Queries on `E` within one space.
#[derive(Debug)]
pub struct Scoped<E> {
    space: Uuid,
    entity: PhantomData<E>,
}

impl<E: InSpace> Scoped<E> {
    /// Queries on `E` within `space`.
    pub fn of(space: Uuid) -> Self {
        Self {
            space,
            entity: PhantomData,
        }
    }

    /// A query that sees this space only.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the filter is added"
    )]
    pub fn find(&self) -> Select<E> {
        E::find().filter(E::space_column().eq(self.space))
    }

    /// An update that reaches this space only.
    pub fn update_many(&self) -> UpdateMany<E> {
        E::update_many().filter(E::space_column().eq(self.space))
    }

    /// A deletion that reaches this space only.
    pub fn delete_many(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::space_column().eq(self.space))
    }
}

/// Says which column of an entity holds its space.
#[macro_export]
macro_rules! in_space {
    ($entity:ty, $column:expr) => {
        impl $crate::scoped::InSpace for $entity {
            fn space_column() -> Self::Column {
                $column
            }
        }
    };
}
