//! Languages of the interface and of the data's own names.

/// A language of labels and of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    En,
    Fr,
    Ar,
}

impl Lang {
    pub const ALL: [Lang; 3] = [Lang::En, Lang::Fr, Lang::Ar];

    /// BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
            Lang::Ar => "ar",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The language's name in itself.
    pub fn endonym(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Fr => "Français",
            Lang::Ar => "العربية",
        }
    }

    pub fn is_rtl(self) -> bool {
        self == Lang::Ar
    }
}

/// One text in up to three languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub en: Option<String>,
    pub fr: Option<String>,
    pub ar: Option<String>,
}

impl Names {
    pub fn en(text: impl Into<String>) -> Self {
        Self { en: Some(text.into()), ..Self::default() }
    }

    /// The text in exactly this language.
    pub fn exactly(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::En => self.en.as_deref(),
            Lang::Fr => self.fr.as_deref(),
            Lang::Ar => self.ar.as_deref(),
        }
    }

    /// The text in `lang`, or else English, French, Arabic; empty if there is none at all.
    pub fn get(&self, lang: Lang) -> &str {
        [lang, Lang::En, Lang::Fr, Lang::Ar]
            .into_iter()
            .find_map(|lang| self.exactly(lang))
            .unwrap_or_default()
    }

    /// A second language to show beside `lang`: Arabic, or English beside Arabic.
    pub fn beside(&self, lang: Lang) -> Option<&str> {
        let other = if lang == Lang::Ar { Lang::En } else { Lang::Ar };
        self.exactly(other)
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        [&self.en, &self.fr, &self.ar].into_iter().filter_map(|name| name.as_deref())
    }

    pub fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }
}
