//! The journal: every fact that may have to be proved, appended in the same
//! transaction as the change, in one append-only log sealed in a Merkle tree.
//!
//! An entry's header is its id, space, instant and kind; actor, subject and
//! payload are inside a commitment and live, with their salt, in a table apart,
//! the only one that may be deleted from. *Position* orders consumers, *sealing*
//! proves; they are two things. Pages read state tables, never the journal.

mod append;
mod erase;
mod follow;
mod key;
mod prove;
mod seal;
mod sequence;
pub mod tree;
mod verify;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::env::Micros;

pub use append::AppendError;
pub use erase::{ERASED, erase_subject};
pub use follow::{
    Failing, Record, SET_ASIDE, Subscriber, Subscription, failing, follow, read_after, retry_now,
    run_subscriptions, set_aside,
};
pub use key::{JournalKey, KeyError, is_begun, verify_signature};
pub use prove::{Content, Inclusion, Told, content, prove, told_of};
pub use seal::{BOUND, SealError, bind, latest_head, seal};
pub use sequence::{run_sequencer, sequence};
pub use tree::Hash;
pub use verify::{Fault, Verified, verify, verify_in};

/// Bytes at most in an entry's canonical body.
pub const MAX_BODY: usize = 64 * 1024;

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person of the register.
    Person(Uuid),
    /// The server itself: a job, the command line.
    System(&'static str),
    /// Somebody not signed in.
    Visitor,
}

impl Actor {
    fn canonical(self) -> Value {
        match self {
            Self::Person(id) => serde_json::json!({"person": id}),
            Self::System(reason) => serde_json::json!({"system": reason}),
            Self::Visitor => serde_json::json!({"visitor": true}),
        }
    }
}

/// A fact to append. Payloads name people by identifier, never by name.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Space in which it happened.
    pub space: Uuid,
    /// Registered, versioned kind: `enrolment.created.v1`.
    pub kind: &'static str,
    /// Who did it.
    pub actor: Actor,
    /// Whom or what it is about; erasing works by subject.
    pub subject: Uuid,
    /// The rest.
    pub payload: Value,
}

/// Registry entry: a kind of fact, for the check that none is misspelt.
#[derive(Clone, Copy, Debug)]
pub struct FactKind(pub &'static str);

/// A signed state of the tree, small enough to print on a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeHead {
    /// Entries covered.
    pub size: u64,
    /// Root, 64 hexadecimal characters.
    pub root: String,
    /// When it was sealed, microseconds UTC.
    pub at: Micros,
    /// Public key (Ed25519), hexadecimal.
    pub key: String,
    /// Signature, hexadecimal.
    pub signature: String,
}

impl TreeHead {
    /// The bytes that are signed.
    fn message(size: u64, root: &Hash, at: Micros) -> Vec<u8> {
        let mut message = b"passerelle tree head v1\n".to_vec();
        message.extend(size.to_be_bytes());
        message.extend(at.to_be_bytes());
        message.extend(root);
        message
    }

    /// Whether the signature is that of the key it names.
    pub fn is_signed(&self) -> bool {
        let mut root = [0; 32];
        let mut key = [0; 32];
        let mut signature = [0; 64];
        hex::decode_to_slice(&self.root, &mut root).is_ok()
            && hex::decode_to_slice(&self.key, &mut key).is_ok()
            && hex::decode_to_slice(&self.signature, &mut signature).is_ok()
            && verify_signature(&key, &Self::message(self.size, &root, self.at), &signature)
    }
}

/// The header bytes of an entry: what the leaf holds beside the commitment.
fn header(id: Uuid, space: Uuid, at: Micros, kind: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(48 + kind.len());
    bytes.extend(id.as_bytes());
    bytes.extend(space.as_bytes());
    bytes.extend(at.to_be_bytes());
    bytes.extend((kind.len() as u16).to_be_bytes());
    bytes.extend(kind.as_bytes());
    bytes
}
