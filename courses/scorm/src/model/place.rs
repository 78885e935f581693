//! Where an element name leads: its pattern in the description and the
//! collections on the way.

use super::description::Model;

/// An element name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The name in the description, with `n` for indices.
    pub pattern: String,
    /// Collections gone through, outermost first.
    pub steps: Vec<Step>,
}

/// One item of one collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// The collection's name in the description.
    pub name: String,
    /// The collection's own name, with the indices before it.
    pub path: String,
    /// Position in the collection; `u32::MAX` for what is no position.
    pub index: u32,
    /// The item's own name.
    pub item: String,
}

/// Takes a name apart. Any text is accepted: what leads nowhere has a pattern
/// that the description does not know.
pub(super) fn locate(model: &Model, element: &str) -> Place {
    if let Some(pattern) = targeted(element) {
        return Place {
            pattern,
            steps: Vec::new(),
        };
    }
    let mut place = Place {
        pattern: String::new(),
        steps: Vec::new(),
    };
    let mut read = 0;
    for part in element.split('.') {
        let end = read + part.len();
        let index = index(part).filter(|_| model.collections.contains_key(&place.pattern));
        if let Some(index) = index {
            place.steps.push(Step {
                name: place.pattern.clone(),
                path: element[..read.saturating_sub(1)].to_owned(),
                index,
                item: element[..end].to_owned(),
            });
        }
        if read > 0 {
            place.pattern.push('.');
        }
        // What stands for something in the description is no name for a SCO.
        place.pattern.push_str(match (index, part) {
            (Some(_), _) => "n",
            (None, "n" | "{target=}") => "?",
            (None, part) => part,
        });
        read = end + 1;
    }
    place
}

/// `adl.nav.request_valid.choice.{target=…}`: the target may hold dots.
fn targeted(element: &str) -> Option<String> {
    let (before, target) = element.strip_suffix('}')?.split_once(".{target=")?;
    (!target.is_empty() && !target.contains('}')).then(|| format!("{before}.{{target=}}"))
}

fn index(part: &str) -> Option<u32> {
    let digits = !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return None;
    }
    // "01" is no index of ours: it comes after every place that exists.
    if part.len() > 1 && part.starts_with('0') {
        return Some(u32::MAX);
    }
    part.parse().ok()
}
