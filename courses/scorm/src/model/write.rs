//! The rules to write: what a SCO may store, and in which order.

use std::collections::HashMap;

use super::State;
use super::description::{Access, Collection, Element, Type};
use super::place::{Step, locate};
use super::state::is_keyword;
use super::values::{Verdict, check};

/// A value that was not taken, with the standard's error code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ElementError {
    /// The element's name as it was sent.
    pub element: String,
    /// The code that `GetLastError` gives for it.
    pub code: u16,
}

impl State {
    /// Stores a value of the SCO, or says with which code it is refused.
    pub fn write(&mut self, element: &str, value: &str) -> Result<(), u16> {
        self.admit(element, value, &HashMap::new())?;
        self.put(element, value);
        Ok(())
    }

    /// `coming` holds the values that the same commit brings: an identifier
    /// that is about to change is no obstacle to its reuse.
    fn admit(&self, element: &str, value: &str, coming: &HashMap<&str, &str>) -> Result<(), u16> {
        let model = self.model();
        let codes = &model.codes;
        if element.is_empty() {
            return Err(codes.set);
        }
        let (parent, last) = element.rsplit_once('.').unwrap_or(("", element));
        if is_keyword(last) {
            let known = model.parents.contains(&locate(model, parent).pattern);
            return Err(if known { codes.keyword } else { codes.unknown });
        }
        let place = locate(model, element);
        let Some(Element(access, kind, ..)) = model.elements.get(&place.pattern) else {
            return Err(codes.unknown);
        };
        if *access == Access::Read {
            return Err(codes.read_only);
        }
        self.check_place(element, &place.steps)?;
        if !self.is_shared(&place, 'w') {
            return Err(codes.read_only);
        }
        let kind = model.types.get(kind).ok_or(codes.unknown)?;
        self.check_content(element, value, kind, &place.steps, coming)?;
        self.check_room(element, value)
    }

    /// Order of indices, and what must be there first.
    fn check_place(&self, element: &str, steps: &[Step]) -> Result<(), u16> {
        let codes = &self.model().codes;
        for step in steps {
            let Some(rule) = self.collection(step) else {
                return Err(codes.unknown);
            };
            let count = self.count(&step.path);
            if let Some(needs) = &rule.needs {
                let item = step.path.rsplit_once('.').map_or("", |(item, _)| item);
                if self.get(&format!("{item}.{needs}")).is_none() {
                    return Err(codes.depends);
                }
            }
            if step.index > count || (rule.fixed && step.index >= count) {
                return Err(codes.order);
            }
            if step.index >= self.limits.items {
                return Err(codes.full);
            }
            let creates = |first| element == format!("{}.{first}", step.item);
            if step.index == count && !rule.first.as_ref().is_none_or(creates) {
                return Err(codes.depends);
            }
        }
        Ok(())
    }

    /// Type and range of the value, then what it must not repeat.
    fn check_content(
        &self,
        element: &str,
        value: &str,
        kind: &Type,
        steps: &[Step],
        coming: &HashMap<&str, &str>,
    ) -> Result<(), u16> {
        let model = self.model();
        let codes = &model.codes;
        let is_pattern = matches!(kind, Type::Pattern {});
        let mut response = None;
        if is_pattern || matches!(kind, Type::Response {}) {
            let interaction = steps
                .first()
                .and_then(|step| self.get(&format!("{}.type", step.item)));
            let rule = interaction
                .and_then(|kind| model.responses.get(kind))
                .ok_or(codes.depends)?;
            if is_pattern && rule.patterns == 1 && steps.get(1).is_some_and(|step| step.index > 0) {
                return Err(codes.set);
            }
            response = Some(rule);
        }
        match check(value, kind, response) {
            Verdict::Fine => {}
            Verdict::WrongType => return Err(codes.wrong_type),
            Verdict::OutOfRange => return Err(codes.range),
        }
        let Some(step) = steps.last() else {
            return Ok(());
        };
        let Some(rule) = self.collection(step) else {
            return Ok(());
        };
        let first = rule.first.as_deref().unwrap_or_default();
        let names_item = element == format!("{}.{first}", step.item);
        if rule.once && names_item && self.get(element).is_some_and(|known| known != value) {
            return Err(codes.set);
        }
        if rule.unique && names_item && self.repeats(step, first, value, false, coming) {
            return Err(codes.set);
        }
        let distinct = response.filter(|rule| is_pattern && rule.distinct);
        if distinct.is_some_and(|rule| self.repeats(step, "pattern", value, rule.set, coming)) {
            return Err(codes.set);
        }
        Ok(())
    }

    /// Whether another item of the collection has that value already.
    fn repeats(
        &self,
        step: &Step,
        name: &str,
        value: &str,
        as_set: bool,
        coming: &HashMap<&str, &str>,
    ) -> bool {
        let wanted = as_set.then(|| sorted(value));
        (0..self.count(&step.path))
            .filter(|other| *other != step.index)
            .any(|other| {
                let element = format!("{}.{other}.{name}", step.path);
                let Some(kept) = self.get(&element) else {
                    return false;
                };
                let known = coming.get(element.as_str()).copied().unwrap_or(kept);
                known == value
                    || (known.len() == value.len()
                        && wanted
                            .as_ref()
                            .is_some_and(|wanted| sorted(known) == *wanted))
            })
    }

    fn check_room(&self, element: &str, value: &str) -> Result<(), u16> {
        let before = self.get(element);
        let freed = before.map_or(0, |before| element.len() + before.len());
        let bytes = self.bytes + element.len() + value.len() - freed;
        let full = bytes > self.limits.bytes
            || (before.is_none() && self.values().len() >= self.limits.elements);
        if full {
            Err(self.model().codes.full)
        } else {
            Ok(())
        }
    }

    fn collection(&self, step: &Step) -> Option<&'static Collection> {
        self.model().collections.get(&step.name)
    }
}

fn sorted(list: &str) -> Vec<&str> {
    let mut items: Vec<_> = list.split("[,]").collect();
    items.sort_unstable();
    items
}

/// Applies what a commit brings. Good values are stored whatever becomes of
/// the others; refused ones are all returned, in the order in which they were
/// tried. The order of `set` does not matter, except that of two values for
/// the same element the later one stays.
pub fn apply(state: &mut State, set: &[(String, String)]) -> Vec<ElementError> {
    let coming: HashMap<&str, &str> = set
        .iter()
        .map(|(element, value)| (element.as_str(), value.as_str()))
        .collect();
    let mut ordered: Vec<_> = set.iter().map(|pair| (rank(&pair.0), pair)).collect();
    ordered.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut errors = Vec::new();
    for (_, (element, value)) in ordered {
        match state.admit(element, value, &coming) {
            Ok(()) => state.put(element.as_str(), value.as_str()),
            Err(code) => errors.push(ElementError {
                element: element.clone(),
                code,
            }),
        }
    }
    errors
}

/// Items by index; in an item what others depend on comes first.
fn rank(element: &str) -> Vec<Rank<'_>> {
    element
        .split('.')
        .map(|part| match part {
            "id" => Rank::Identifier,
            "type" => Rank::Kind,
            part => match part.parse::<u32>() {
                Ok(index) => Rank::Index(index),
                Err(_) => Rank::Name(part),
            },
        })
        .collect()
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank<'a> {
    Identifier,
    Kind,
    Index(u32),
    Name(&'a str),
}
