//! What to lay out: the text, its type size and how its lines are set.

/// Weights that are bundled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weight {
    #[default]
    Regular,
    SemiBold,
}

/// Where a line sits in the width it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// The reading start of the line's paragraph: left for Latin, right for Arabic.
    #[default]
    Start,
    /// The reading end of the line's paragraph.
    End,
    Left,
    Right,
    Center,
}

/// Base direction of the paragraphs of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BaseDirection {
    /// Each paragraph by its first strong character.
    #[default]
    Auto,
    Ltr,
    Rtl,
}

/// Type size, line height and weight. Arabic is set one step larger with taller lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FontSpec {
    /// In points.
    pub size: f32,
    /// In points.
    pub line_height: f32,
    pub weight: Weight,
    /// Size and line height of paragraphs that read right to left, if they differ.
    pub arabic: Option<(f32, f32)>,
}

impl FontSpec {
    /// One size for every script.
    pub const fn new(size: f32, line_height: f32) -> Self {
        Self { size, line_height, weight: Weight::Regular, arabic: None }
    }

    #[must_use]
    pub const fn with_weight(mut self, weight: Weight) -> Self {
        self.weight = weight;
        self
    }

    #[must_use]
    pub const fn with_arabic(mut self, size: f32, line_height: f32) -> Self {
        self.arabic = Some((size, line_height));
        self
    }

    /// Every length multiplied, for zoom.
    #[must_use]
    pub fn scaled(mut self, factor: f32) -> Self {
        self.size *= factor;
        self.line_height *= factor;
        self.arabic = self.arabic.map(|(size, line_height)| (size * factor, line_height * factor));
        self
    }

    /// Size and line height for a paragraph of the given direction.
    pub fn metrics(&self, rtl: bool) -> (f32, f32) {
        match self.arabic {
            Some(arabic) if rtl => arabic,
            _ => (self.size, self.line_height),
        }
    }
}

/// A request for a layout. Equal requests give equal layouts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextSpec<'a> {
    pub text: &'a str,
    pub font: FontSpec,
    /// Wrap at this width, in points; `None` never wraps.
    pub max_width: Option<f32>,
    /// Cut after this many lines, with an ellipsis at the reading end.
    pub max_lines: Option<usize>,
    pub align: Align,
    pub direction: BaseDirection,
}

impl<'a> TextSpec<'a> {
    pub fn new(text: &'a str, font: impl Into<FontSpec>) -> Self {
        Self {
            text,
            font: font.into(),
            max_width: None,
            max_lines: None,
            align: Align::Start,
            direction: BaseDirection::Auto,
        }
    }

    /// Wraps at `width` points.
    #[must_use]
    pub fn wrap(mut self, width: f32) -> Self {
        self.max_width = Some(width);
        self
    }

    /// One line, cut with an ellipsis at `width` points.
    #[must_use]
    pub fn truncate(mut self, width: f32) -> Self {
        self.max_width = Some(width);
        self.max_lines = Some(1);
        self
    }

    #[must_use]
    pub fn max_lines(mut self, lines: usize) -> Self {
        self.max_lines = Some(lines);
        self
    }

    #[must_use]
    pub fn align(mut self, align: Align) -> Self {
        self.align = align;
        self
    }

    #[must_use]
    pub fn direction(mut self, direction: BaseDirection) -> Self {
        self.direction = direction;
        self
    }

    #[must_use]
    pub fn weight(mut self, weight: Weight) -> Self {
        self.font.weight = weight;
        self
    }
}
