//! What is written on the envelope: signatures, and addresses that come back to us.
//!
//! Pure: no database, no page, no network. [`Signer`] signs a message (DKIM, RFC 6376);
//! [`Seal`] makes short tokens that only we can have made, for addresses in links and for the
//! addresses that bounces and answers come back to.

mod dkim;
mod seal;

pub use dkim::{KeyError, Signer, generate_key};
pub use seal::{Ballot, Returned, Seal};
