//! Named actors: armed groups, states, media, persons.

use super::Names;

/// Somebody who acts, suffers or speaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Stable key, unique in the case.
    pub key: String,
    pub names: Names,
    /// Very short names for claim lists and chips.
    pub short: Names,
    /// `jihadist`, `state_forces`, `pmc`, `media`, …
    pub kind: String,
    /// `group`, `person`, `state`, …
    pub entity: Option<String>,
    /// Surface forms as they occur in texts.
    pub forms: Vec<String>,
    pub note: Option<String>,
}

impl Actor {
    /// The short name in a language, or else the full one.
    pub fn short_name(&self, lang: super::Lang) -> &str {
        if self.short.is_empty() { self.names.get(lang) } else { self.short.get(lang) }
    }
}
