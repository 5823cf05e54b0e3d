//! The text widgets in a window that is not there.

use egui::accesskit::Role;
use egui::{Color32, Event, Key, Modifiers, PointerButton, Pos2, Vec2};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotResults};

use super::*;
use crate::text::Align;
use crate::ui::theme::TextKind;

const INK: Color32 = Color32::from_rgb(0xC8, 0xD0, 0xDB);
const STRONG: Color32 = Color32::from_rgb(0xF0, 0xF3, 0xF7);
const MUTED: Color32 = Color32::from_rgb(0x66, 0x72, 0x83);
const PANEL: Color32 = Color32::from_rgb(0x14, 0x18, 0x1E);
const LEAD: &str = "«تعلن الجماعة قتل 50 من فاغنر (JNIM)» يوم 27 يوليو 2024";

fn field_colors() -> TextFieldColors {
    TextFieldColors {
        text: STRONG,
        placeholder: MUTED,
        fill: Color32::from_rgb(0x0F, 0x13, 0x18),
        edge: Color32::from_rgb(0x6B, 0x78, 0x8C),
        focus: Color32::from_rgb(0x8B, 0xE8, 0xDF),
        selection: Color32::from_rgb(0x15, 0x55, 0x5A),
        caret: STRONG,
    }
}

fn document_colors() -> TextDocumentColors {
    TextDocumentColors {
        text: STRONG,
        dimmed: MUTED,
        selection: Color32::from_rgb(0x15, 0x55, 0x5A),
        find: Color32::from_rgb(0x47, 0x39, 0x13),
        find_current: Color32::from_rgb(0x80, 0x60, 0x13),
    }
}

fn roles() -> [SpanStyle; 6] {
    let style = |tint: [u8; 3], line: [u8; 3], underline| SpanStyle {
        tint: Color32::from_rgb(tint[0], tint[1], tint[2]),
        line: Color32::from_rgb(line[0], line[1], line[2]),
        underline,
        text: None,
    };
    [
        style([0x4D, 0x21, 0x19], [0xF5, 0x69, 0x4C], Underline::Solid(2.0)),
        style([0x17, 0x3B, 0x4E], [0x77, 0xBF, 0xE9], Underline::Dotted(2.0)),
        style([0x37, 0x2B, 0x55], [0xB7, 0x9C, 0xF5], Underline::Dashed(2.0)),
        style([0x17, 0x3D, 0x30], [0x5C, 0xC2, 0x9A], Underline::Solid(1.0)),
        style([0x47, 0x39, 0x13], [0xF0, 0xCE, 0x5E], Underline::Double),
        style([0x1C, 0x22, 0x2B], [0x46, 0xD0, 0xC4], Underline::StartEdge(3.0)),
    ]
}

fn span(text: &str, part: &str, id: u64, style: SpanStyle) -> Span {
    let start = text.find(part).expect("the part is in the text");
    Span { id, bytes: start..start + part.len(), style }
}

fn copied(harness: &Harness<'_, impl Sized>) -> Option<String> {
    harness.output().platform_output.commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn typing_arabic_then_copying_all_gives_it_back_in_logical_order() {
    let mut harness = Harness::new_ui_state(
        |ui, text: &mut String| {
            ui.add(TextField::new(text, field_colors()).name("Search"));
        },
        String::new(),
    );
    harness.get_by_label("Search").focus();
    harness.run();
    harness.get_by_label("Search").type_text("قتل 50 (JNIM)");
    harness.run();
    assert_eq!(harness.state(), "قتل 50 (JNIM)");
    assert_eq!(harness.get_by_role(Role::TextInput).value().as_deref(), Some("قتل 50 (JNIM)"));

    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some("قتل 50 (JNIM)"));

    harness.event(Event::Cut);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some("قتل 50 (JNIM)"));
    assert_eq!(harness.state(), "");
    harness.event(Event::Paste("خبر\nجديد".to_owned()));
    harness.step();
    assert_eq!(harness.state(), "خبر جديد");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run();
    assert_eq!(harness.state(), "");
}

#[test]
fn enter_submits_and_keys_edit_in_reading_order() {
    let mut harness = Harness::new_ui_state(
        |ui, (text, submits): &mut (String, usize)| {
            let output = TextField::new(text, field_colors()).name("Place").show(ui);
            *submits += usize::from(output.submitted);
        },
        (String::new(), 0),
    );
    harness.get_by_label("Place").focus();
    harness.run();
    harness.get_by_label("Place").type_text("بلدة");
    harness.run();
    harness.key_press(Key::Backspace);
    harness.run();
    assert_eq!(harness.state().0, "بلد");
    // Left is towards the end of Arabic, so two to the right stand before the second letter.
    harness.key_press(Key::ArrowRight);
    harness.key_press(Key::ArrowRight);
    harness.run();
    harness.get_by_label("Place").type_text("x");
    harness.run();
    assert_eq!(harness.state().0, "بxلد");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().1, 1);
    assert!(!harness.get_by_label("Place").is_focused());
}

#[test]
fn composed_text_shows_before_it_is_committed() {
    let mut harness = Harness::new_ui_state(
        |ui, text: &mut String| {
            ui.add(TextField::new(text, field_colors()).name("Search"));
        },
        "ab".to_owned(),
    );
    harness.get_by_label("Search").focus();
    harness.run();
    harness.key_press(Key::End);
    harness.run();
    harness.event(Event::Ime(egui::ImeEvent::Preedit { text: "に".to_owned(), active_range_chars: None }));
    harness.run();
    assert_eq!(harness.state(), "ab");
    harness.event(Event::Ime(egui::ImeEvent::Commit("日".to_owned())));
    harness.run();
    assert_eq!(harness.state(), "ab日");
}

#[test]
fn a_field_takes_its_value_from_assistive_technology() {
    let mut harness = Harness::new_ui_state(
        |ui, text: &mut String| {
            ui.add(TextField::new(text, field_colors()).name("Search"));
        },
        "قديم".to_owned(),
    );
    harness.get_by_label("Search").set_text_value_accesskit("جديد 2024");
    harness.run();
    assert_eq!(harness.state(), "جديد 2024");
}

#[test]
fn a_selectable_label_copies_what_was_dragged_over() {
    let mut harness =
        Harness::builder().with_size(Vec2::new(500.0, 60.0)).with_step_dt(0.02).build_ui(|ui| {
            ui.add(TextLabel::new(LEAD).selectable(true));
        });
    harness.run();
    let rect = harness.get_by_label(LEAD).rect();
    harness.drag_at(rect.right_center() - Vec2::new(1.0, 0.0));
    harness.step();
    harness.hover_at(rect.left_center() - Vec2::new(2.0, 0.0));
    harness.step();
    harness.drop_at(rect.left_center() - Vec2::new(2.0, 0.0));
    harness.step();
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some(LEAD));
}

#[test]
fn labels_are_named_by_their_logical_text() {
    let mut harness = Harness::new_ui(|ui| {
        ui.set_max_width(80.0);
        ui.add(TextLabel::new(LEAD).truncate());
        ui.add(TextLabel::new("MI6 (المخابرات)").wrap().role(Role::Heading));
        text_label(ui, "تين زاوتين", TextKind::Caption, INK);
    });
    harness.run();
    assert_eq!(
        harness.get_by_label(LEAD).value().as_deref(),
        Some(LEAD),
        "a label that is cut still says all of its text"
    );
    harness.get_by_role_and_label(Role::Heading, "MI6 (المخابرات)");
}

struct Reader {
    state: TextDocumentState,
    zoom: f32,
    spans: Vec<Span>,
    hovered: Vec<u64>,
    clicked: Vec<u64>,
    visible: std::ops::Range<usize>,
}

impl Reader {
    fn new(text: &str, spans: Vec<Span>) -> Self {
        Self {
            state: TextDocumentState::new(text),
            zoom: 1.0,
            spans,
            hovered: Vec::new(),
            clicked: Vec::new(),
            visible: 0..0,
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        let output = TextDocumentView::new(&mut self.state, &mut self.zoom, document_colors())
            .name("Source")
            .spans(&self.spans)
            .show(ui);
        self.hovered = output.hovered;
        self.visible = output.visible;
        if !output.clicked.is_empty() {
            self.clicked = output.clicked;
        }
    }
}

fn reader(text: &str, spans: Vec<Span>, size: Vec2) -> Harness<'static, Reader> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_step_dt(0.02)
        .build_ui_state(|ui, reader: &mut Reader| reader.ui(ui), Reader::new(text, spans));
    harness.run();
    harness
}

/// A position on the first character of `part`, for a document at the top of its view.
fn position_of(reader: &Reader, text: &str, part: &str, width: f32) -> Pos2 {
    let mut engine = crate::text::TextEngine::new();
    let mut document =
        crate::text::DocumentLayout::new(text, TextKind::Source.font_spec(), width, 8.0 * reader.zoom);
    document.ensure_all(&mut engine);
    let byte = text.find(part).expect("the part is in the text");
    let cluster = byte..byte + part.chars().next().map_or(0, char::len_utf8);
    let rect = document.rects_for(cluster)[0];
    // Ui margin 8 and document margin 12.
    Pos2::new(rect.center().x + 20.0, rect.center().y + 20.0)
}

#[test]
fn a_click_on_a_span_tells_its_id_and_a_drag_selects_instead() {
    let text = format!("{LEAD}\nSecond paragraph with Tinzaouaten in it.");
    let spans = vec![
        span(&text, "قتل 50 من فاغنر", 7, roles()[0]),
        span(&text, "50", 8, roles()[4]),
        span(&text, "Tinzaouaten", 9, roles()[1]),
    ];
    let mut harness = reader(&text, spans, Vec2::new(460.0, 300.0));
    let bar = harness.ctx.global_style().spacing.scroll.allocated_width();
    let width = 460.0 - 16.0 - 24.0 - bar;

    let pos = position_of(harness.state(), &text, "50", width);
    harness.hover_at(pos);
    harness.run();
    assert_eq!(harness.state().hovered, [7, 8]);
    harness.drag_at(pos);
    harness.drop_at(pos);
    harness.run();
    assert_eq!(harness.state().clicked, [7, 8]);

    let pos = position_of(harness.state(), &text, "Tinzaouaten", width);
    harness.drag_at(pos);
    harness.drop_at(pos);
    harness.run();
    assert_eq!(harness.state().clicked, [9]);

    harness.state_mut().clicked.clear();
    let from = position_of(harness.state(), &text, "فاغنر", width);
    let to = position_of(harness.state(), &text, "يوم", width);
    harness.drag_at(from);
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.drop_at(to);
    harness.step();
    let selection = harness.state().state.selection().expect("something is selected");
    let selected = &text[selection.bytes.clone()];
    assert!(selected.contains("(JNIM)"), "selected {selected:?}");
    assert_eq!(
        text.chars().skip(selection.scalars.start).take(selection.scalars.len()).collect::<String>(),
        selected
    );
    assert!(harness.state().clicked.is_empty());
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some(selected));

    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.step();
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness).as_deref(), Some(text.as_str()));
}

#[test]
fn a_double_click_selects_the_word_and_the_document_says_its_text() {
    let mut harness = reader(LEAD, Vec::new(), Vec2::new(460.0, 200.0));
    let bar = harness.ctx.global_style().spacing.scroll.allocated_width();
    let pos = position_of(harness.state(), LEAD, "جماعة", 460.0 - 40.0 - bar);
    harness.hover_at(pos);
    harness.step();
    for _ in 0..2 {
        for pressed in [true, false] {
            harness.event(Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            harness.step();
        }
    }
    harness.run();
    assert_eq!(harness.state().state.selected_text(), "الجماعة");
    assert_eq!(harness.get_by_label("Source").value().as_deref(), Some(LEAD));
}

#[test]
fn scrolling_to_an_offset_shows_it_and_zoom_keeps_the_place() {
    let text = (0..200).map(|n| format!("الفقرة رقم {n}: {LEAD}")).collect::<Vec<_>>().join("\n");
    let mut harness = reader(&text, Vec::new(), Vec2::new(420.0, 300.0));
    assert_eq!(harness.state().visible.start, 0);
    let target = text.find("رقم 150:").expect("the paragraph is there");
    harness.state_mut().state.scroll_to(target);
    harness.run();
    let visible = harness.state().visible.clone();
    assert!(visible.contains(&target), "{visible:?} lacks {target}");

    let top = visible.start;
    harness.state_mut().zoom = 1.5;
    harness.run();
    let visible = harness.state().visible.clone();
    assert!(visible.start.abs_diff(top) < 400, "{visible:?} is far from {top}");
}

#[test]
fn the_widgets_look_right() {
    let mut results = SnapshotResults::new();
    let sentence = "تقول الجماعة إن كميناً نصبه رجالها يوم 27 يوليو 2024 جنوب تين زاوتين أودى بحياة 50 من عناصر فاغنر و10 عسكريين ماليين.";
    let text = format!("{sentence}\n{LEAD}، ثم عاد (MI6) فنفى ذلك.\nThe statement came through SITE (2024).");
    let [trigger, place, date, actor, count, whole] = roles();
    let spans = vec![
        span(&text, sentence, 1, whole),
        span(&text, "كميناً نصبه رجالها", 2, trigger),
        span(&text, "جنوب تين زاوتين", 3, place),
        span(&text, "27 يوليو 2024", 4, date),
        span(&text, "الجماعة", 5, actor),
        span(&text, "50 من عناصر فاغنر", 6, count),
        span(&text, "10 عسكريين", 7, count),
    ];
    let mut query = "قتل (JNIM) 50".to_owned();
    let mut empty = String::new();
    let mut state = TextDocumentState::new(text.as_str());
    let start = text.find("عاد").expect("the word is there");
    state.select(start..start + "عاد (MI6) فنفى".len());
    let mut zoom = 1.0;
    let mut harness = Harness::builder().with_size(Vec2::new(560.0, 470.0)).wgpu().build_ui(|ui| {
        ui.painter().rect_filled(ui.ctx().content_rect(), 0.0, PANEL);
        ui.add(
            TextLabel::new("Battle and ambush of Tinzaouaten")
                .size(TextKind::Heading)
                .semi_bold()
                .color(STRONG),
        );
        ui.add(TextLabel::new("معركة وكمين تين زاوتين").size(TextKind::List).color(INK));
        ui.horizontal(|ui| {
            ui.set_max_width(200.0);
            ui.add(
                TextLabel::new("JNIM attack on the police school of Bamako")
                    .size(TextKind::List)
                    .color(INK)
                    .truncate(),
            );
        });
        ui.scope(|ui| {
            ui.set_max_width(200.0);
            ui.add(TextLabel::new(LEAD).size(TextKind::Caption).color(INK).truncate().align(Align::Left));
        });
        ui.add(TextField::new(&mut query, field_colors()).name("Query").width(260.0));
        ui.add(TextField::new(&mut empty, field_colors()).placeholder("Search titles, بحث").width(260.0));
        let (rect, _) = ui.allocate_exact_size(Vec2::new(540.0, 30.0), egui::Sense::hover());
        ui.painter().rect_filled(rect, 0.0, Color32::from_rgb(0x50, 0x58, 0x60));
        PaintText::new("كيدال Kidal", TextKind::Caption, STRONG).halo(PANEL, 1.5).paint(
            ui.painter(),
            rect.center(),
            TextAnchor::CENTER,
        );
        TextDocumentView::new(&mut state, &mut zoom, document_colors()).name("Source").spans(&spans).show(ui);
    });
    harness.run();
    results.add(harness.try_snapshot("text/widgets"));
}
