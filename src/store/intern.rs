//! Repeated strings as small numbers.

use std::collections::HashMap;

/// Strings by code, each held once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strings {
    strings: Vec<String>,
    codes: HashMap<String, u32>,
}

impl Strings {
    /// The code of a string, new or known.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        let code = self.strings.len() as u32;
        self.strings.push(text.to_owned());
        self.codes.insert(text.to_owned(), code);
        code
    }

    /// The string of a code; empty for a code that was never given out.
    pub fn get(&self, code: u32) -> &str {
        self.strings.get(code as usize).map_or("", String::as_str)
    }

    pub fn code(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    pub fn len(&self) -> usize {
        self.strings.len()
    }

    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.strings.iter().enumerate().map(|(code, text)| (code as u32, text.as_str()))
    }
}
