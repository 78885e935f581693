//! What plugins know of persons that others may choose them by: a role, a group.

use futures_util::future::BoxFuture;
use passerelle_kernel::Uuid;
use passerelle_kernel::sea_orm::{DbErr, Value};

use crate::app::App;

/// SQL that selects identifiers of persons of a space, over the plugin's own tables, with its
/// values, the first of which is numbered `from`; none when what was chosen cannot be.
pub type Persons = fn(space: Uuid, chosen: &str, from: usize) -> Option<(String, Vec<Value>)>;
/// The values that may be chosen in a space, with their names in the plugin's own words.
pub type Choices =
    fn(App, Uuid, crate::Lang) -> BoxFuture<'static, Result<Vec<(String, String)>, DbErr>>;

/// Registry entry: persons may be chosen by this.
#[derive(Clone, Copy)]
pub struct Within {
    /// Stable word for it, as saved.
    pub code: &'static str,
    /// Id of the message that names it.
    pub label: &'static str,
    /// Who.
    pub persons: Persons,
    /// What may be chosen.
    pub choices: Choices,
}
