//! The bundled fonts, the register of fonts in use, and system fonts for what the bundled ones lack.

use std::borrow::Cow;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::{FontContext, FontData, FontFamily, FontFamilyName, Run};

/// A font as it is drawn: file, face, variation and synthetic style. Valid for the engine that gave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FontId(pub(super) u16);

/// What the rasteriser needs to know of a font.
#[derive(Clone, Debug)]
pub(super) struct FontEntry {
    pub data: FontData,
    pub coords: Vec<i16>,
    pub embolden: bool,
    pub skew_degrees: f32,
}

pub(super) struct Fonts {
    pub context: FontContext,
    entries: Vec<FontEntry>,
    system: SystemFonts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum SystemFonts {
    Forbidden,
    Allowed,
    Loaded,
}

const LATIN_FAMILY: &str = "Waqai Sans";
const ARABIC_FAMILY: &str = "Waqai Arabic";
/// Minus, comparison signs and arrows, which the text fonts lack.
const SIGNS_FAMILY: &str = "Waqai Signs";

static BUNDLED: [(&str, &[u8]); 5] = [
    (LATIN_FAMILY, include_bytes!("../../assets/fonts/NotoSans-Regular.ttf")),
    (LATIN_FAMILY, include_bytes!("../../assets/fonts/NotoSans-SemiBold.ttf")),
    (ARABIC_FAMILY, include_bytes!("../../assets/fonts/NotoSansArabic-Regular.ttf")),
    (ARABIC_FAMILY, include_bytes!("../../assets/fonts/NotoSansArabic-SemiBold.ttf")),
    (SIGNS_FAMILY, include_bytes!("../../assets/fonts/NotoSansMath-Regular.ttf")),
];

/// The font of the paragraph's own script first, so that its spaces and punctuation come from it.
static LTR_FAMILIES: [FontFamilyName<'static>; 3] =
    [named(LATIN_FAMILY), named(ARABIC_FAMILY), named(SIGNS_FAMILY)];
static RTL_FAMILIES: [FontFamilyName<'static>; 3] =
    [named(ARABIC_FAMILY), named(LATIN_FAMILY), named(SIGNS_FAMILY)];

const fn named(family: &'static str) -> FontFamilyName<'static> {
    FontFamilyName::Named(Cow::Borrowed(family))
}

/// The font list for a paragraph of the given direction.
pub(super) fn families(rtl: bool) -> FontFamily<'static> {
    FontFamily::List(Cow::Borrowed(if rtl { &RTL_FAMILIES } else { &LTR_FAMILIES }))
}

impl Fonts {
    pub fn bundled() -> Self {
        let mut collection = Collection::new(CollectionOptions { shared: false, system_fonts: false });
        for (family, bytes) in BUNDLED {
            let info = FontInfoOverride { family_name: Some(family), ..FontInfoOverride::default() };
            collection.register_fonts(Blob::new(Arc::new(bytes)), Some(info));
        }
        Self {
            context: FontContext { collection, source_cache: SourceCache::default() },
            entries: Vec::new(),
            system: SystemFonts::Forbidden,
        }
    }

    pub fn allow_system(&mut self) {
        if self.system == SystemFonts::Forbidden {
            self.system = SystemFonts::Allowed;
        }
    }

    /// Adds the system's fonts after the bundled ones if that is allowed and not yet done.
    /// Returns whether anything changed, so that what lacked glyphs is laid out again.
    pub fn load_system(&mut self) -> bool {
        if self.system != SystemFonts::Allowed {
            return false;
        }
        self.system = SystemFonts::Loaded;
        self.context.collection.load_system_fonts();
        true
    }

    pub fn register(&mut self, run: &Run<'_, ()>) -> FontId {
        let data = run.font();
        let synthesis = run.synthesis();
        let coords = run.normalized_coords();
        let skew_degrees = synthesis.skew().unwrap_or(0.0);
        let known = self.entries.iter().position(|entry| {
            entry.data.data.id() == data.data.id()
                && entry.data.index == data.index
                && entry.embolden == synthesis.embolden()
                && entry.skew_degrees.to_bits() == skew_degrees.to_bits()
                && entry.coords.len() == coords.len()
                && entry.coords.iter().zip(coords).all(|(a, b)| *a == b.to_bits())
        });
        let index = known.unwrap_or_else(|| {
            self.entries.push(FontEntry {
                data: data.clone(),
                coords: coords.iter().map(|coord| coord.to_bits()).collect(),
                embolden: synthesis.embolden(),
                skew_degrees,
            });
            self.entries.len() - 1
        });
        FontId(u16::try_from(index).unwrap_or(u16::MAX))
    }

    pub fn entry(&self, font: FontId) -> Option<&FontEntry> {
        self.entries.get(usize::from(font.0))
    }
}
