//! Commands of the slice on a database of their own.
