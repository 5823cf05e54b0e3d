//! The interface's words: one catalogue per language, in Fluent (`assets/lang/<code>/*.ftl`).
//!
//! English is complete; a message that another catalogue lacks is taken from it, and a key that
//! none has is shown as the key, so that it is seen. Knows nothing of windows.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::model::Lang;

const EN: &[&str] = &[
    include_str!("../../assets/lang/en/actions.ftl"),
    include_str!("../../assets/lang/en/chrome.ftl"),
    include_str!("../../assets/lang/en/details.ftl"),
    include_str!("../../assets/lang/en/import.ftl"),
    include_str!("../../assets/lang/en/layers.ftl"),
    include_str!("../../assets/lang/en/map.ftl"),
    include_str!("../../assets/lang/en/panels.ftl"),
    include_str!("../../assets/lang/en/timeline.ftl"),
    include_str!("../../assets/lang/en/words.ftl"),
];

/// Catalogues by language. Only those that exist.
const CATALOGUES: &[(Lang, &[&str])] = &[(Lang::En, EN)];

/// The messages of one language, with English beneath.
pub struct Catalog {
    lang: Lang,
    own: Option<FluentBundle<FluentResource>>,
    english: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalog({})", self.lang.code())
    }
}

impl Catalog {
    pub fn new(lang: Lang) -> Self {
        let found = CATALOGUES.iter().find(|(have, _)| *have == lang && lang != Lang::En);
        Self { lang, own: found.map(|(lang, files)| bundle(*lang, files)), english: bundle(Lang::En, EN) }
    }

    /// Languages that have a catalogue.
    pub fn available() -> impl Iterator<Item = Lang> {
        CATALOGUES.iter().map(|(lang, _)| *lang)
    }

    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The message of a key. `key.attribute` asks for an attribute.
    pub fn t(&self, key: &str) -> String {
        self.message(key, None).unwrap_or_else(|| key.to_owned())
    }

    /// The message of a key with arguments.
    pub fn f(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            let value = match value {
                Arg::Str(text) => FluentValue::from(text.as_ref()),
                Arg::Num(n) => FluentValue::from(*n),
            };
            fluent.set(*name, value);
        }
        self.message(key, Some(&fluent)).unwrap_or_else(|| key.to_owned())
    }

    /// The message if there is one.
    pub fn get(&self, key: &str) -> Option<String> {
        self.message(key, None)
    }

    fn message(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        self.own.iter().chain([&self.english]).find_map(|bundle| format(bundle, key, args))
    }
}

/// An argument of a message.
#[derive(Clone, Debug)]
pub enum Arg<'a> {
    Str(Cow<'a, str>),
    Num(f64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Str(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Str(Cow::Owned(text))
    }
}

impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Arg::Num(n as f64)
    }
}

impl From<u32> for Arg<'_> {
    fn from(n: u32) -> Self {
        Arg::Num(f64::from(n))
    }
}

fn bundle(lang: Lang, files: &[&str]) -> FluentBundle<FluentResource> {
    let ids = lang.code().parse().into_iter().collect();
    let mut bundle = FluentBundle::new_concurrent(ids);
    // Isolation marks are for mixed directions; the text layer isolates by itself.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(grouped));
    for file in files {
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                log::error!("catalogue {}: {errors:?}", lang.code());
                resource
            }
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Numbers in messages with thousands separated.
fn grouped<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(n) if n.value.fract() == 0.0 => Some(thousands(n.value as i64)),
        _ => None,
    }
}

/// `48,212`.
pub fn thousands(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if n < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn format(bundle: &FluentBundle<FluentResource>, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, args, &mut errors).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_name() {
        let catalog = Catalog::new(Lang::En);
        for action in crate::state::actions() {
            let key = format!("action-{}", action.name);
            assert!(catalog.get(&key).is_some(), "no message {key}");
        }
        for menu in crate::state::Menu::ALL {
            assert!(catalog.get(menu.key()).is_some(), "no message {}", menu.key());
        }
    }

    #[test]
    fn numbers_are_grouped_and_missing_keys_are_seen() {
        let catalog = Catalog::new(Lang::Fr);
        assert_eq!(catalog.t("no-such-key"), "no-such-key");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(-12), "−12");
    }
}
