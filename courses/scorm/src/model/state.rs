//! The values that one SCO stored, and the rules to read them. Writing is in
//! `write.rs`.

use std::collections::{BTreeMap, HashMap};

use super::Standard;
use super::description::{self, Access, Element, Judged, Model};
use super::place::{Place, Step, locate};

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

/// Element → value for one SCO in one attempt, values of the platform
/// (learner, thresholds, entry…) included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    standard: Standard,
    pub(super) limits: Limits,
    values: BTreeMap<String, String>,
    counts: HashMap<String, u32>,
    pub(super) bytes: usize,
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
    pub fn restore(standard: Standard, values: impl IntoIterator<Item = (String, String)>) -> Self {
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
        steps
            .iter()
            .any(|step| step.index >= self.count(&step.path))
    }

    /// The status that a threshold decides; `None` without a threshold.
    pub(super) fn judge<'a>(&self, judged: &'a Judged) -> Option<&'a str> {
        let threshold = self.filled(&judged.threshold)?.parse::<f64>().ok()?;
        let Some(measure) = self.filled(&judged.measure) else {
            return Some("unknown");
        };
        let met = measure
            .parse::<f64>()
            .is_ok_and(|measure| measure >= threshold);
        Some(if met { &judged.met } else { &judged.unmet })
    }

    /// Whether a data store may be read (`r`) or written (`w`).
    pub(super) fn is_shared(&self, place: &Place, want: char) -> bool {
        match place.steps.first() {
            Some(step) if place.pattern == "adl.data.n.store" => self
                .get(&format!("{}._access", step.item))
                .is_none_or(|access| access.contains(want)),
            _ => true,
        }
    }

    pub(super) fn model(&self) -> &'static Model {
        description::model(self.standard)
    }
}

pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "_children" | "_count" | "_version")
}
