//! The web: page shell, components, forms, errors, translations, and the
//! extractor that decides who may do what. It knows no feature.

pub mod access;
pub mod app;
pub mod assets;
pub mod audience;
pub mod components;
pub mod context;
pub mod directory;
pub mod error;
pub mod failure;
pub mod folding;
pub mod form;
pub mod format;
pub mod i18n;
pub mod icons;
pub mod jobs;
pub mod lang;
pub mod limits;
pub mod listening;
mod log;
pub mod mail;
pub mod nav;
pub mod offers;
pub mod parts;
pub mod place;
pub mod plugin;
pub mod render;
pub mod routes;
pub mod serve;
pub mod state;
pub mod stored;
pub mod text;

pub use access::{Action, Allowed, Loaded, Params, Role, Who};
pub use app::{App, Settings};
pub use context::{Ctx, Page};
pub use error::AppError;
pub use form::Form;
pub use lang::Lang;
pub use routes::{Access, Routes};
