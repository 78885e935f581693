//! The registry: what plugins add, by type.
//!
//! An entry is any type; the kernel knows none of them beforehand, so a new
//! kind of entry touches nobody. The host composes the plugins at start and
//! the registry is frozen.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};

/// A part of the product that can be switched off.
pub trait Plugin: Send + Sync {
    /// Short name, as the configuration spells it.
    fn name(&self) -> &'static str;
    /// Adds everything that this plugin brings.
    fn register(&self, r: &mut Registry);
}

/// Typed entries of all plugins.
#[derive(Default)]
pub struct Registry {
    entries: HashMap<TypeId, Vec<Box<dyn Any + Send + Sync>>>,
    plugins: Vec<&'static str>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry")
            .field("plugins", &self.plugins)
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// Registers `plugins` but those that are switched off.
    pub fn compose(plugins: &[&dyn Plugin], switched_off: &HashSet<String>) -> Self {
        let mut registry = Self::default();
        for plugin in plugins {
            if !switched_off.contains(plugin.name()) {
                registry.plugins.push(plugin.name());
                plugin.register(&mut registry);
            }
        }
        registry
    }

    /// Adds an entry.
    pub fn add<T: Any + Send + Sync>(&mut self, entry: T) -> &mut Self {
        self.entries
            .entry(TypeId::of::<T>())
            .or_default()
            .push(Box::new(entry));
        self
    }

    /// All entries of a type, in the order they were added.
    pub fn all<T: Any + Send + Sync>(&self) -> impl Iterator<Item = &T> {
        self.entries
            .get(&TypeId::of::<T>())
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.downcast_ref::<T>())
    }

    /// Names of the plugins that are on.
    pub fn plugins(&self) -> &[&'static str] {
        &self.plugins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Colour(&'static str);
    struct Painter(&'static str);
    impl Plugin for Painter {
        fn name(&self) -> &'static str {
            self.0
        }
        fn register(&self, r: &mut Registry) {
            r.add(Colour(self.0)).add(7_u32);
        }
    }

    #[test]
    fn a_plugin_switched_off_adds_nothing() {
        let off = HashSet::from(["red".to_owned()]);
        let registry = Registry::compose(&[&Painter("blue"), &Painter("red")], &off);
        let colours: Vec<_> = registry.all::<Colour>().map(|c| c.0).collect();
        assert_eq!(colours, ["blue"]);
        assert_eq!(registry.all::<u32>().count(), 1);
        assert_eq!(registry.plugins(), ["blue"]);
    }
}
