//! The values that one SCO stored, and the rules to write and to read them.

use std::collections::{BTreeMap, HashMap};

use super::Standard;
use super::description::{self, Access, Collection, Element, Judged, Model, Type};
use super::place::{Place, Step, locate};
use super::values::{Verdict, check};

/// How much one SCO may store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub struct Limits {
    /// Names and values together, in bytes of UTF-8.
    pub bytes: usize,
    /// Number of elements.
    pub elements: usize,
    /// Items in each collection.
    pub items: u32,
}

impl Default for Limits {
    /// 1 MiB, 10,000 elements, 2,000 items: what the adapter in the browser
    /// applies too.
    fn default() -> Self {
        description::limits()
    }
}

/// A value that was not taken, with the standard's error code.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ElementError {
    /// The element's name as it was sent.
    pub element: String,
    /// The code that `GetLastError` gives for it.
    pub code: u16,
}

/// Element → value for one SCO in one attempt, values of the platform
/// (learner, thresholds, entry…) included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    standard: Standard,
    limits: Limits,
    values: BTreeMap<String, String>,
    counts: HashMap<String, u32>,
    bytes: usize,
}

impl State {
    /// An empty state.
    #[must_use]
    pub fn new(standard: Standard) -> Self {
        Self {
            standard,
            limits: Limits::default(),
            values: BTreeMap::new(),
            counts: HashMap::new(),
            bytes: 0,
        }
    }

    /// A state as it was kept. Values are not checked again.
    #[must_use]
    pub fn restore(
        standard: Standard,
        values: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut state = Self::new(standard);
        for (element, value) in values {
            state.put(element, value);
        }
        state
    }

    /// The same state with other limits. What is over them already stays.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Which data model this follows.
    #[must_use]
    pub const fn standard(&self) -> Standard {
        self.standard
    }

    /// All values, by name.
    #[must_use]
    pub const fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// All values, to keep them.
    #[must_use]
    pub fn into_values(self) -> BTreeMap<String, String> {
        self.values
    }

    /// A value as stored, write-only ones included; neither defaults nor
    /// thresholds are applied.
    #[must_use]
    pub fn get(&self, element: &str) -> Option<&str> {
        self.values.get(element).map(String::as_str)
    }

    /// A stored value that is not empty.
    pub(super) fn filled(&self, element: &str) -> Option<&str> {
        self.get(element).filter(|value| !value.is_empty())
    }

    /// Items in a collection, `cmi.interactions` for instance.
    #[must_use]
    pub fn count(&self, collection: &str) -> u32 {
        self.counts.get(collection).copied().unwrap_or(0)
    }

    /// Stores a value of the platform: no rule is applied, whatever the element.
    pub fn put(&mut self, element: impl Into<String>, value: impl Into<String>) {
        let (element, value) = (element.into(), value.into());
        for step in locate(self.model(), &element).steps {
            let count = self.counts.entry(step.path).or_default();
            *count = (*count).max(step.index.saturating_add(1));
        }
        self.bytes += element.len() + value.len();
        if let Some(before) = self.values.insert(element.clone(), value) {
            self.bytes -= element.len() + before.len();
        }
    }

    /// Removes a single value. Counts of collections do not change.
    pub(super) fn forget(&mut self, element: &str) {
        if let Some(value) = self.values.remove(element) {
            self.bytes -= element.len() + value.len();
        }
    }

    /// What `GetValue` answers, or its error code.
    pub fn read(&self, element: &str) -> Result<String, u16> {
        let model = self.model();
        let codes = &model.codes;
        if element.is_empty() {
            return Err(codes.get);
        }
        let (parent, last) = element.rsplit_once('.').unwrap_or(("", element));
        if is_keyword(last) {
            return self.read_keyword(parent, last);
        }
        let place = locate(model, element);
        let Some(Element(access, _, fallback, judged)) = model.elements.get(&place.pattern) else {
            return Err(codes.unknown);
        };
        if *access == Access::Write {
            return Err(codes.write_only);
        }
        if self.is_missing(&place.steps) {
            return Err(codes.get);
        }
        if !self.is_shared(&place, 'r') {
            return Err(codes.write_only);
        }
        let judged = judged.as_ref().and_then(|judged| self.judge(judged));
        match judged.or(self.get(element)).or(fallback.as_deref()) {
            Some(value) => Ok(value.to_owned()),
            None if codes.unset == 0 => Ok(String::new()),
            None => Err(codes.unset),
        }
    }

    fn read_keyword(&self, parent: &str, word: &str) -> Result<String, u16> {
        let model = self.model();
        let codes = &model.codes;
        let Place { pattern, steps } = locate(model, parent);
        if !model.parents.contains(&pattern) {
            return Err(codes.unknown);
        }
        let (answer, otherwise) = match word {
            "_version" => return model.version.get(&pattern).cloned().ok_or(codes.version),
            "_count" => {
                let known = model.collections.contains_key(&pattern);
                (known.then(|| self.count(parent).to_string()), codes.count)
            }
            _ => (model.children.get(&pattern).cloned(), codes.children),
        };
        match answer {
            Some(_) if self.is_missing(&steps) => Err(codes.get),
            Some(answer) => Ok(answer),
            None => Err(otherwise),
        }
    }

    fn is_missing(&self, steps: &[Step]) -> bool {
        steps.iter().any(|step| step.index >= self.count(&step.path))
    }

    /// The status that a threshold decides; `None` without a threshold.
    pub(super) fn judge<'a>(&self, judged: &'a Judged) -> Option<&'a str> {
        let threshold = self.filled(&judged.threshold)?.parse::<f64>().ok()?;
        let Some(measure) = self.filled(&judged.measure) else { return Some("unknown") };
        let met = measure.parse::<f64>().is_ok_and(|measure| measure >= threshold);
        Some(if met { &judged.met } else { &judged.unmet })
    }

    /// Whether a data store may be read (`r`) or written (`w`).
    fn is_shared(&self, place: &Place, want: char) -> bool {
        match place.steps.first() {
            Some(step) if place.pattern == "adl.data.n.store" => self
                .get(&format!("{}._access", step.item))
                .is_none_or(|access| access.contains(want)),
            _ => true,
        }
    }

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
            let Some(rule) = self.collection(step) else { return Err(codes.unknown) };
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
            let interaction = steps.first().and_then(|step| self.get(&format!("{}.type", step.item)));
            let rule = interaction.and_then(|kind| model.responses.get(kind)).ok_or(codes.depends)?;
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
        let Some(step) = steps.last() else { return Ok(()) };
        let Some(rule) = self.collection(step) else { return Ok(()) };
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
        (0..self.count(&step.path)).filter(|other| *other != step.index).any(|other| {
            let element = format!("{}.{other}.{name}", step.path);
            let Some(kept) = self.get(&element) else { return false };
            let known = coming.get(element.as_str()).copied().unwrap_or(kept);
            known == value
                || (known.len() == value.len()
                    && wanted.as_ref().is_some_and(|wanted| sorted(known) == *wanted))
        })
    }

    fn check_room(&self, element: &str, value: &str) -> Result<(), u16> {
        let before = self.get(element);
        let freed = before.map_or(0, |before| element.len() + before.len());
        let bytes = self.bytes + element.len() + value.len() - freed;
        let full = bytes > self.limits.bytes
            || (before.is_none() && self.values.len() >= self.limits.elements);
        if full { Err(self.model().codes.full) } else { Ok(()) }
    }

    fn collection(&self, step: &Step) -> Option<&'static Collection> {
        self.model().collections.get(&step.name)
    }

    pub(super) fn model(&self) -> &'static Model {
        description::model(self.standard)
    }
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "_children" | "_count" | "_version")
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
    let coming: HashMap<&str, &str> =
        set.iter().map(|(element, value)| (element.as_str(), value.as_str())).collect();
    let mut ordered: Vec<_> = set.iter().map(|pair| (rank(&pair.0), pair)).collect();
    ordered.sort_by(|(left, _), (right, _)| left.cmp(right));
    let mut errors = Vec::new();
    for (_, (element, value)) in ordered {
        match state.admit(element, value, &coming) {
            Ok(()) => state.put(element.as_str(), value.as_str()),
            Err(code) => errors.push(ElementError { element: element.clone(), code }),
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
