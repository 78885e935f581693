//! What people write, pure: how it is compared and sorted (`fold`), which addresses can be written
//! to (`address`), the tables they bring (`table`) and those they take away (`csv`).
//!
//! Each of these stands here only: a search, a segment, a list or an import that folded, checked
//! or read for itself would answer something else than its neighbour.

pub mod address;
pub mod columns;
pub mod csv;
pub mod fold;
pub mod table;
