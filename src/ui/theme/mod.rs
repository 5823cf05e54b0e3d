//! Every colour, size and font of the window. Nothing else names a colour.
//!
//! Colours are tokens with a value per theme; names say what they are for.

pub mod icons;

use std::sync::Arc;

use egui::{Color32, FontFamily, FontId, Stroke};

use crate::model::{EventType, SpanRole};
use crate::text::FontSpec;

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Tint, underline colour and underline style of a span role.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoleColors {
    pub tint: Color32,
    pub line: Color32,
}

/// Colours of the basemap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapColors {
    pub water: Color32,
    pub land: Color32,
    pub country: Color32,
    pub region: Color32,
    pub river: Color32,
    pub lake: Color32,
    pub town_label: Color32,
    pub country_label: Color32,
    pub region_label: Color32,
    /// Few to many events.
    pub density: [Color32; 5],
}

/// The tokens of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub dark: bool,
    pub base: Color32,
    pub panel: Color32,
    pub header: Color32,
    pub raised: Color32,
    pub field: Color32,
    pub hover: Color32,
    pub active: Color32,
    pub overlay: Color32,
    pub selection: Color32,
    pub line_subtle: Color32,
    pub line: Color32,
    pub line_strong: Color32,
    pub control_edge: Color32,
    pub text_strong: Color32,
    pub text: Color32,
    pub text_muted: Color32,
    pub disabled: Color32,
    pub accent: Color32,
    pub on_accent: Color32,
    pub accent_soft: Color32,
    pub accent_line: Color32,
    pub focus: Color32,
    pub warning: Color32,
    pub warning_bg: Color32,
    pub error: Color32,
    pub error_bg: Color32,
    pub ok: Color32,
    pub ghost_bar: Color32,
    pub toll_a: Color32,
    pub toll_b: Color32,
    pub scrim: Color32,
    /// Edge of event symbols.
    pub symbol_edge: Color32,
    /// Inner edge of a selected symbol.
    pub selected_edge: Color32,
    pub shadow_alpha: u8,
    pub popup_shadow_alpha: u8,
    pub map: MapColors,
    types: [Color32; 7],
    /// For datasets that have one colour for all events.
    datasets: [Color32; 8],
    roles: [RoleColors; 6],
}

impl Theme {
    pub fn dark() -> Self {
        let role = |tint, line| RoleColors { tint: rgb(tint), line: rgb(line) };
        Self {
            dark: true,
            base: rgb(0x0C0F13),
            panel: rgb(0x14181E),
            header: rgb(0x171C23),
            raised: rgb(0x1B2028),
            field: rgb(0x0F1318),
            hover: rgb(0x202733),
            active: rgb(0x2A3341),
            overlay: rgb(0x1D232C),
            selection: rgb(0x15353A),
            line_subtle: rgb(0x222933),
            line: rgb(0x2F3744),
            line_strong: rgb(0x485466),
            control_edge: rgb(0x6B788C),
            text_strong: rgb(0xF0F3F7),
            text: rgb(0xC8D0DB),
            text_muted: rgb(0x98A3B3),
            disabled: rgb(0x667283),
            accent: rgb(0x46D0C4),
            on_accent: rgb(0x04211F),
            accent_soft: rgb(0x14383A),
            accent_line: rgb(0x2C7F7C),
            focus: rgb(0x8BE8DF),
            warning: rgb(0xF2BD55),
            warning_bg: rgb(0x33290F),
            error: rgb(0xFF8A80),
            error_bg: rgb(0x3A1B1D),
            ok: rgb(0x63CF93),
            ghost_bar: rgb(0x2A323D),
            toll_a: rgb(0xE3E8EF),
            toll_b: rgb(0x8793A5),
            scrim: Color32::from_rgba_unmultiplied_const(0x05, 0x07, 0x0A, 158),
            symbol_edge: rgb(0x0C0F13),
            selected_edge: rgb(0xFFFFFF),
            shadow_alpha: 89,
            popup_shadow_alpha: 115,
            map: MapColors {
                water: rgb(0x0F1821),
                land: rgb(0x1A1F26),
                country: rgb(0x647083),
                region: rgb(0x2E3743),
                river: rgb(0x2C5570),
                lake: rgb(0x153043),
                town_label: rgb(0xB4BDC9),
                country_label: rgb(0x8E9AAB),
                region_label: rgb(0x8490A0),
                density: [rgb(0x183E5C), rgb(0x246884), rgb(0x46A8A0), rgb(0xCED682), rgb(0xFFFCF0)],
            },
            types: [
                rgb(0xF54A28),
                rgb(0xF9DD74),
                rgb(0xCA72A3),
                rgb(0x409672),
                rgb(0xAA65F3),
                rgb(0x77BFE9),
                rgb(0xBCBFC1),
            ],
            datasets: [
                rgb(0x46D0C4),
                rgb(0xFF7A59),
                rgb(0x7FA8FF),
                rgb(0xF2C14E),
                rgb(0xE27BD0),
                rgb(0x8FD14F),
                rgb(0xB79CF5),
                rgb(0xE3E8EF),
            ],
            roles: [
                role(0x1C222B, 0x46D0C4),
                role(0x4D2119, 0xF5694C),
                role(0x173B4E, 0x77BFE9),
                role(0x372B55, 0xB79CF5),
                role(0x173D30, 0x5CC29A),
                role(0x473913, 0xF0CE5E),
            ],
        }
    }

    pub fn light() -> Self {
        let role = |tint, line| RoleColors { tint: rgb(tint), line: rgb(line) };
        Self {
            dark: false,
            base: rgb(0xD9DCE0),
            panel: rgb(0xF9F9F7),
            header: rgb(0xF2F2EF),
            raised: rgb(0xFFFFFF),
            field: rgb(0xFFFFFF),
            hover: rgb(0xECEEEE),
            active: rgb(0xDFE4E5),
            overlay: rgb(0xFFFFFF),
            selection: rgb(0xD2EBE8),
            line_subtle: rgb(0xE5E6E3),
            line: rgb(0xD2D5D6),
            line_strong: rgb(0xA8AFB6),
            control_edge: rgb(0x7A8490),
            text_strong: rgb(0x12161B),
            text: rgb(0x323A45),
            text_muted: rgb(0x58626F),
            disabled: rgb(0x8C95A0),
            accent: rgb(0x0A6F6B),
            on_accent: rgb(0xFFFFFF),
            accent_soft: rgb(0xDDF0EE),
            accent_line: rgb(0x6DB5B0),
            focus: rgb(0x0A6F6B),
            warning: rgb(0x855000),
            warning_bg: rgb(0xFFF0D2),
            error: rgb(0xB3261E),
            error_bg: rgb(0xFCE6E4),
            ok: rgb(0x17693D),
            ghost_bar: rgb(0xE3E5E4),
            toll_a: rgb(0x2B333E),
            toll_b: rgb(0x77828F),
            scrim: Color32::from_rgba_unmultiplied_const(0x1C, 0x21, 0x28, 97),
            symbol_edge: rgb(0xFFFFFF),
            selected_edge: rgb(0x12161B),
            shadow_alpha: 36,
            popup_shadow_alpha: 51,
            map: MapColors {
                water: rgb(0xC9DBE4),
                land: rgb(0xF3F0E9),
                country: rgb(0x857F8E),
                region: rgb(0xD5CEC0),
                river: rgb(0x86B0C9),
                lake: rgb(0xBBD4E2),
                town_label: rgb(0x363D47),
                country_label: rgb(0x645D72),
                region_label: rgb(0x6E685F),
                density: [rgb(0x93C3CC), rgb(0x4FA0B2), rgb(0x2A7A94), rgb(0x224E7C), rgb(0x1A2150)],
            },
            types: [
                rgb(0xAF301D),
                rgb(0xC17B00),
                rgb(0x6B2446),
                rgb(0x1C9C7B),
                rgb(0x9F72CA),
                rgb(0x11529D),
                rgb(0x676C77),
            ],
            datasets: [
                rgb(0x0A6F6B),
                rgb(0xC2410C),
                rgb(0x1D4ED8),
                rgb(0x946000),
                rgb(0xA21A8C),
                rgb(0x3F7D12),
                rgb(0x6A4BB5),
                rgb(0x323A45),
            ],
            roles: [
                role(0xEFF0ED, 0x0A6F6B),
                role(0xF9DCD5, 0xAF301D),
                role(0xD5E5F6, 0x11529D),
                role(0xE6DFF6, 0x6A4BB5),
                role(0xD5EEE4, 0x147A5F),
                role(0xF7E5B6, 0x946000),
            ],
        }
    }

    /// Colour of an event type. Always shown together with its shape.
    pub fn event_type(&self, event_type: EventType) -> Color32 {
        self.types.get(event_type.index()).copied().unwrap_or(self.text_muted)
    }

    /// How many colours there are for datasets.
    pub const DATASETS: u8 = 8;

    /// One of the colours for datasets; after the last one comes the first.
    pub fn dataset(&self, number: u8) -> Color32 {
        self.datasets.get(usize::from(number % Self::DATASETS)).copied().unwrap_or(self.text_muted)
    }

    pub fn role(&self, role: SpanRole) -> RoleColors {
        self.roles
            .get(role.index())
            .copied()
            .unwrap_or(RoleColors { tint: self.hover, line: self.text_muted })
    }

    /// Shadow of cards on the map.
    pub fn card_shadow(&self) -> egui::Shadow {
        egui::Shadow {
            offset: [0, 2],
            blur: 8,
            spread: 0,
            color: Color32::from_black_alpha(self.shadow_alpha),
        }
    }

    /// Shadow of popups and dialogs.
    pub fn popup_shadow(&self) -> egui::Shadow {
        egui::Shadow {
            offset: [0, 8],
            blur: 24,
            spread: 0,
            color: Color32::from_black_alpha(self.popup_shadow_alpha),
        }
    }

    pub fn hairline(&self) -> Stroke {
        Stroke::new(1.0, self.line_subtle)
    }

    /// A colour at part of its strength.
    pub fn faded(color: Color32, opacity: f32) -> Color32 {
        color.gamma_multiply(opacity)
    }

    /// egui's own style, from the tokens.
    pub fn style(&self) -> egui::Style {
        use egui::{CornerRadius, Margin, Visuals, style::WidgetVisuals, vec2};
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        let widget = |fill: Color32, edge: Color32, text: Color32| WidgetVisuals {
            bg_fill: fill,
            weak_bg_fill: fill,
            bg_stroke: Stroke::new(1.0, edge),
            corner_radius: CornerRadius::same(4),
            fg_stroke: Stroke::new(1.0, text),
            expansion: 0.0,
        };
        visuals.widgets.noninteractive = widget(self.panel, self.line_subtle, self.text);
        visuals.widgets.inactive = widget(self.raised, self.line, self.text);
        visuals.widgets.hovered = widget(self.hover, self.line_strong, self.text_strong);
        visuals.widgets.active = widget(self.active, self.line_strong, self.text_strong);
        visuals.widgets.open = widget(self.active, self.line, self.text_strong);
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.text_strong);
        visuals.hyperlink_color = self.accent;
        visuals.faint_bg_color = self.raised;
        visuals.extreme_bg_color = self.field;
        visuals.code_bg_color = self.field;
        visuals.warn_fg_color = self.warning;
        visuals.error_fg_color = self.error;
        visuals.window_fill = self.overlay;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.window_corner_radius = CornerRadius::same(8);
        visuals.window_shadow = self.popup_shadow();
        visuals.popup_shadow = self.popup_shadow();
        visuals.menu_corner_radius = CornerRadius::same(8);
        visuals.panel_fill = self.panel;
        visuals.handle_shape = egui::style::HandleShape::Rect { aspect_ratio: 0.5 };
        let mut style = egui::Style { visuals, ..egui::Style::default() };
        style.spacing.item_spacing = vec2(6.0, 4.0);
        style.spacing.button_padding = vec2(8.0, 4.0);
        style.spacing.menu_margin = Margin::same(6);
        style.spacing.interact_size = vec2(28.0, 22.0);
        style.spacing.scroll = egui::style::ScrollStyle::thin();
        style.spacing.tooltip_width = 320.0;
        style.interaction.tooltip_delay = 0.35;
        style.interaction.selectable_labels = false;
        style.animation_time = 0.0;
        for (text_style, size) in [
            (egui::TextStyle::Small, 11.0),
            (egui::TextStyle::Body, 13.0),
            (egui::TextStyle::Button, 12.0),
            (egui::TextStyle::Monospace, 12.0),
            (egui::TextStyle::Heading, 15.0),
        ] {
            style.text_styles.insert(text_style, FontId::new(size, FontFamily::Proportional));
        }
        style
    }
}

/// Sizes of type: Latin size and line height, and the Arabic one, which is a step larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    /// Captions, axes, map labels.
    Caption,
    /// Lists and controls.
    List,
    /// Body and menus.
    Body,
    Heading,
    KeyNumber,
    /// The program's own name.
    Title,
    /// Source texts.
    Source,
    /// Source texts in a narrow panel.
    SourceNarrow,
    /// The date on the map while playing.
    Display,
}

impl TextKind {
    /// Sizes for the text layer.
    pub fn font_spec(self) -> FontSpec {
        let ((size, line_height), (arabic_size, arabic_height)) = (self.latin(), self.arabic());
        FontSpec::new(size, line_height).with_arabic(arabic_size, arabic_height)
    }

    /// Latin size and line height in points.
    pub fn latin(self) -> (f32, f32) {
        match self {
            TextKind::Caption => (11.0, 15.0),
            TextKind::List => (12.0, 16.0),
            TextKind::Body => (13.0, 18.0),
            TextKind::Heading => (15.0, 20.0),
            TextKind::KeyNumber => (18.0, 24.0),
            TextKind::Title => (26.0, 32.0),
            TextKind::Source | TextKind::SourceNarrow => (14.0, 22.0),
            TextKind::Display => (36.0, 44.0),
        }
    }

    /// Arabic size and line height in points.
    pub fn arabic(self) -> (f32, f32) {
        match self {
            TextKind::Caption => (12.0, 19.0),
            TextKind::List => (13.0, 21.0),
            TextKind::Body => (14.0, 23.0),
            TextKind::Heading => (16.0, 27.0),
            TextKind::KeyNumber => (18.0, 30.0),
            TextKind::Title => (24.0, 38.0),
            TextKind::Source => (16.0, 30.0),
            TextKind::SourceNarrow => (15.0, 27.0),
            TextKind::Display => (36.0, 56.0),
        }
    }
}

impl From<TextKind> for FontSpec {
    fn from(kind: TextKind) -> Self {
        kind.font_spec()
    }
}

/// Heights and widths of the anatomy, in points.
pub mod size {
    pub const BAR: f32 = 40.0;
    pub const PANEL_HEAD: f32 = 32.0;
    pub const CONTROL: f32 = 28.0;
    pub const COMPACT: f32 = 26.0;
    pub const TINY: f32 = 22.0;
    pub const FACET_ROW: f32 = 22.0;
    pub const SECTION_HEAD: f32 = 27.0;
    pub const LIST_ROW: f32 = 38.0;
    pub const CLAIM_ROW: f32 = 35.0;
    pub const TRAY: f32 = 30.0;
    pub const STATUS: f32 = 24.0;
    pub const INSET: f32 = 12.0;
    pub const DIALOG_INSET: f32 = 16.0;
    /// Width of the strip that drags the edge of a panel.
    pub const SPLITTER: f32 = 6.0;
    pub const START_WIDTH: f32 = 288.0;
    pub const START_MIN: f32 = 240.0;
    pub const END_WIDTH: f32 = 424.0;
    pub const END_MIN: f32 = 360.0;
    pub const TIMELINE: f32 = 230.0;
    pub const TIMELINE_MIN: f32 = 160.0;
    /// Window width from which the wide sizes hold.
    pub const WIDE_FROM: f32 = 1800.0;
    pub const START_WIDE: f32 = 320.0;
    pub const END_WIDE: f32 = 480.0;
    /// What panels leave of the map, however large they are asked to be.
    pub const MAP_MIN_WIDTH: f32 = 240.0;
    pub const MAP_MIN_HEIGHT: f32 = 280.0;
    pub const TIMELINE_WIDE: f32 = 276.0;
    pub const TIMELINE_GUTTER: f32 = 196.0;
    pub const SEARCH: f32 = 320.0;
    pub const PALETTE: f32 = 640.0;
    pub const PALETTE_TOP: f32 = 104.0;
    pub const PALETTE_ROW: f32 = 36.0;
    pub const TOAST: f32 = 340.0;
}

const SEMIBOLD: &str = "semibold";
const ICONS: &str = "icons";
const ICONS_BOLD: &str = "icons-bold";
const ICONS_FILL: &str = "icons-fill";

/// The bundled fonts, for egui's own labels. Text that may hold Arabic uses the text layer instead.
pub fn fonts() -> egui::FontDefinitions {
    let mut fonts = egui::FontDefinitions::empty();
    let mut add = |name: &str, bytes: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), Arc::new(egui::FontData::from_static(bytes)));
    };
    add("latin", include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"));
    add("latin-600", include_bytes!("../../../assets/fonts/NotoSans-SemiBold.ttf"));
    add("arabic", include_bytes!("../../../assets/fonts/NotoSansArabic-Regular.ttf"));
    add("arabic-600", include_bytes!("../../../assets/fonts/NotoSansArabic-SemiBold.ttf"));
    add("signs", include_bytes!("../../../assets/fonts/NotoSansMath-Regular.ttf"));
    add("icon", include_bytes!("../../../assets/fonts/Phosphor-Regular.ttf"));
    add("icon-bold", include_bytes!("../../../assets/fonts/Phosphor-Bold.ttf"));
    add("icon-fill", include_bytes!("../../../assets/fonts/Phosphor-Fill.ttf"));
    let mut family = |family: FontFamily, names: &[&str]| {
        fonts.families.insert(family, names.iter().map(|name| (*name).to_owned()).collect());
    };
    family(FontFamily::Proportional, &["latin", "arabic", "signs", "icon"]);
    family(FontFamily::Monospace, &["latin", "arabic", "signs", "icon"]);
    family(FontFamily::Name(SEMIBOLD.into()), &["latin-600", "arabic-600", "signs", "icon-bold"]);
    family(FontFamily::Name(ICONS.into()), &["icon", "latin"]);
    family(FontFamily::Name(ICONS_BOLD.into()), &["icon-bold", "latin"]);
    family(FontFamily::Name(ICONS_FILL.into()), &["icon-fill", "latin"]);
    fonts
}

/// Font of a kind of text for egui's own labels.
pub fn font(kind: TextKind) -> FontId {
    FontId::new(kind.latin().0, FontFamily::Proportional)
}

/// The same in weight 600.
pub fn font_strong(kind: TextKind) -> FontId {
    FontId::new(kind.latin().0, FontFamily::Name(SEMIBOLD.into()))
}

pub fn icon_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS.into()))
}

pub fn icon_bold_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS_BOLD.into()))
}

pub fn icon_fill_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS_FILL.into()))
}
