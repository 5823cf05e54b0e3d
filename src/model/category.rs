//! Closed lists of the field: event types, prominence, certainty, span roles, segment kinds.

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The code as written in files.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// The value of a code as written in files.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }

            pub fn index(self) -> usize {
                self as usize
            }

            /// The value at a place of [`Self::ALL`].
            pub fn from_index(index: usize) -> Option<Self> {
                Self::ALL.get(index).copied()
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// ACLED's six event types (ACLED codebook, "Event types") and a seventh for the rest.
    EventType {
        Battles = "Battles",
        Explosions = "Explosions/Remote violence",
        ViolenceAgainstCivilians = "Violence against civilians",
        Protests = "Protests",
        Riots = "Riots",
        StrategicDevelopments = "Strategic developments",
        Other = "Other",
    }
}

codes! {
    /// Whether a document is about the event or only recalls it.
    Prominence {
        Main = "main",
        Background = "background",
    }
}

codes! {
    /// How sure the coder is that the event is one and is coded right.
    Certainty {
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}

codes! {
    /// What a range of a document's text is evidence for.
    SpanRole {
        Sentence = "sentence",
        Trigger = "trigger",
        Place = "place",
        Date = "date",
        Actor = "actor",
        Count = "count",
    }
}

codes! {
    /// What a part of a document is.
    SegmentKind {
        Article = "article",
        Headline = "headline",
        HeadlineRepeat = "headline_repeat",
        Caption = "caption",
        RelatedBlock = "related_block",
        PullQuote = "pull_quote",
        Byline = "byline",
        Junk = "junk",
        Other = "other",
    }
}
