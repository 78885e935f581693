//! The Merkle tree of RFC 9162, section 2.1, over leaf hashes; pure.
//!
//! Complete subtrees are stored as nodes `(level, index)`; everything else is
//! computed from them, so an append costs a constant number of nodes and a proof
//! a logarithmic number of reads, whatever the size. Our own because the crates
//! found keep all leaves in memory; tests compare it with `ct-merkle`.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

/// SHA-256 output.
pub type Hash = [u8; 32];

/// Level (0 = leaves) and index of a complete subtree.
pub type NodeId = (u32, u64);

/// Hash of a leaf's bytes.
pub fn leaf_hash(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x01]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The right edge of a tree: enough to append and to know the root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Complete subtrees, largest first.
    peaks: Vec<(u32, Hash)>,
}

impl Frontier {
    /// The frontier of a tree of `size` leaves whose nodes `get` yields.
    pub fn load(size: u64, get: &mut dyn FnMut(NodeId) -> Hash) -> Self {
        let mut peaks = Vec::new();
        let mut start = 0_u64;
        for level in (0..64).rev() {
            if size >> level & 1 == 1 {
                peaks.push((level, get((level, start >> level))));
                start += 1 << level;
            }
        }
        Self { size, peaks }
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; returns the nodes that became complete, the leaf first.
    pub fn append(&mut self, leaf: Hash) -> Vec<(NodeId, Hash)> {
        let mut made = vec![((0, self.size), leaf)];
        let (mut level, mut hash) = (0, leaf);
        while let Some((_, left)) = self.peaks.pop_if(|(peak, _)| *peak == level) {
            hash = parent(&left, &hash);
            level += 1;
            made.push(((level, self.size >> level), hash));
        }
        self.peaks.push((level, hash));
        self.size += 1;
        made
    }

    /// The tree's root; of an empty tree, the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some((_, last)) = peaks.next() else {
            return Sha256::digest([]).into();
        };
        peaks.fold(*last, |right, (_, left)| parent(left, &right))
    }
}

/// Reads nodes while an algorithm runs: first noted, then served.
type Get<'a> = &'a mut dyn FnMut(NodeId) -> Hash;

fn range_hash(start: u64, end: u64, get: Get<'_>) -> Hash {
    let len = end - start;
    if len.is_power_of_two() && start.is_multiple_of(len) {
        let level = len.trailing_zeros();
        return get((level, start >> level));
    }
    let split = start + split_point(len);
    let left = range_hash(start, split, get);
    let right = range_hash(split, end, get);
    parent(&left, &right)
}

/// Largest power of two smaller than `n`, for `n` of at least 2.
fn split_point(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// Root of the first `size` leaves.
pub fn root(size: u64, get: Get<'_>) -> Hash {
    if size == 0 {
        Sha256::digest([]).into()
    } else {
        range_hash(0, size, get)
    }
}

/// Inclusion proof of leaf `index` in the tree of `size` leaves (2.1.3.1).
pub fn inclusion(index: u64, size: u64, get: Get<'_>) -> Vec<Hash> {
    fn path(index: u64, start: u64, end: u64, get: Get<'_>, out: &mut Vec<Hash>) {
        if end - start <= 1 {
            return;
        }
        let split = start + split_point(end - start);
        if index < split {
            path(index, start, split, get, out);
            out.push(range_hash(split, end, get));
        } else {
            path(index, split, end, get, out);
            out.push(range_hash(start, split, get));
        }
    }
    let mut out = Vec::new();
    if index < size {
        path(index, 0, size, get, &mut out);
    }
    out
}

/// Consistency proof between the trees of `old` and `new` leaves (2.1.4.1).
pub fn consistency(old: u64, new: u64, get: Get<'_>) -> Vec<Hash> {
    fn sub(old: u64, start: u64, end: u64, whole: bool, get: Get<'_>, out: &mut Vec<Hash>) {
        if old == end {
            if !whole {
                out.push(range_hash(start, end, get));
            }
            return;
        }
        let split = start + split_point(end - start);
        if old <= split {
            sub(old, start, split, whole, get, out);
            out.push(range_hash(split, end, get));
        } else {
            sub(old, split, end, false, get, out);
            out.push(range_hash(start, split, get));
        }
    }
    let mut out = Vec::new();
    if old > 0 && old < new {
        sub(old, 0, new, true, get, &mut out);
    }
    out
}

/// Which nodes an algorithm needs, so that they can be read in one query.
pub fn needed(algorithm: impl FnOnce(Get<'_>)) -> Vec<NodeId> {
    let mut ids = BTreeSet::new();
    algorithm(&mut |id| {
        ids.insert(id);
        [0; 32]
    });
    ids.into_iter().collect()
}

/// Checks an inclusion proof (2.1.3.2).
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut fnode, mut snode, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if snode == 0 {
            return false;
        }
        if fnode & 1 == 1 || fnode == snode {
            hash = parent(sibling, &hash);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            hash = parent(&hash, sibling);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    snode == 0 && hash == *root
}

/// Checks a consistency proof (2.1.4.2).
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> bool {
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 || old > new {
        return false;
    }
    let mut proof = proof.iter();
    let first = if old.is_power_of_two() {
        Some(old_root)
    } else {
        proof.next()
    };
    let Some(first) = first else { return false };
    let (mut fnode, mut snode) = (old - 1, new - 1);
    while fnode & 1 == 1 {
        fnode >>= 1;
        snode >>= 1;
    }
    let (mut from_old, mut from_new) = (*first, *first);
    for sibling in proof {
        if snode == 0 {
            return false;
        }
        if fnode & 1 == 1 || fnode == snode {
            from_old = parent(sibling, &from_old);
            from_new = parent(sibling, &from_new);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            from_new = parent(&from_new, sibling);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    snode == 0 && from_old == *old_root && from_new == *new_root
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;

    use super::*;

    fn build(
        leaves: u64,
    ) -> (
        Frontier,
        HashMap<NodeId, Hash>,
        MemoryBackedTree<Sha256, Vec<u8>>,
    ) {
        let mut frontier = Frontier::default();
        let mut nodes = HashMap::new();
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        for n in 0..leaves {
            let bytes = n.to_be_bytes().to_vec();
            nodes.extend(frontier.append(leaf_hash(&[&bytes])));
            theirs.push(bytes);
        }
        (frontier, nodes, theirs)
    }

    #[test]
    fn the_root_is_the_one_that_another_implementation_finds() {
        for size in 0..70 {
            let (frontier, nodes, theirs) = build(size);
            assert_eq!(
                frontier.root().as_slice(),
                theirs.root().as_bytes().as_slice(),
                "size {size}"
            );
            assert_eq!(root(size, &mut |id| nodes[&id]), frontier.root());
            assert_eq!(Frontier::load(size, &mut |id| nodes[&id]), frontier);
        }
    }

    proptest! {
        #[test]
        fn proofs_are_those_of_another_implementation_and_hold(size in 1_u64..200, pick: u64, old: u64) {
            let (frontier, nodes, theirs) = build(size);
            let index = pick % size;
            let proof = inclusion(index, size, &mut |id| nodes[&id]);
            prop_assert_eq!(proof.concat(), theirs.prove_inclusion(index as usize).as_bytes().to_vec());
            let leaf = leaf_hash(&[&index.to_be_bytes()]);
            prop_assert!(verify_inclusion(leaf, index, size, &proof, &frontier.root()));
            prop_assert!(!verify_inclusion(leaf_hash(&[b"x"]), index, size, &proof, &frontier.root()));
            prop_assert!(!verify_inclusion(leaf, index, size + 1, &proof, &[7; 32]));

            let old = 1 + old % size;
            let (before, ..) = build(old);
            let proof = consistency(old, size, &mut |id| nodes[&id]);
            if old < size {
                let added = (size - old) as usize;
                prop_assert_eq!(proof.concat(), theirs.prove_consistency(added).as_bytes().to_vec());
            }
            prop_assert!(verify_consistency(old, size, &proof, &before.root(), &frontier.root()));
            prop_assert!(!verify_consistency(old, size, &proof, &[9; 32], &frontier.root()));
        }

        #[test]
        fn a_proof_reads_a_logarithmic_number_of_nodes(size in 1_u64..1_000_000, pick: u64) {
            let read = needed(|get| { inclusion(pick % size, size, get); });
            prop_assert!(read.len() <= 64, "{} nodes", read.len());
        }
    }
}
