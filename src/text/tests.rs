//! Properties that hold for every string, mostly mixed Arabic, Latin, Cyrillic, digits and marks.

use proptest::prelude::*;

use super::*;

const BODY: FontSpec = FontSpec::new(13.0, 18.0).with_arabic(14.0, 23.0);
const SOURCE: FontSpec = FontSpec::new(14.0, 22.0).with_arabic(16.0, 30.0);

/// Characters that meet in reports, with the awkward ones over-represented.
const ALPHABET: &[char] = &[
    'ا', 'ب', 'ت', 'ل', 'م', 'ق', 'ة', 'ي', 'أ', 'إ', 'ـ', '\u{64b}', '\u{64e}', '\u{651}', '\u{670}', 'a',
    'J', 'N', 'I', 'M', 'д', 'Ж', '0', '5', '6', '٢', '٥', ' ', ' ', '\u{a0}', '.', ',', '،', '؟', '%', '-',
    '–', ':', '(', ')', '[', ']', '«', '»', '“', '”', '\u{200e}', '\u{200f}', '\u{200c}', '\u{200d}', '\n',
    'é', '\u{301}',
];

fn mixed_text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(ALPHABET), 0..60).prop_map(|chars| chars.into_iter().collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![mixed_text(), any::<String>()]
}

fn lay_out(text: &str, max_width: Option<f32>) -> std::sync::Arc<TextLayout> {
    thread_local! {
        static ENGINE: std::cell::RefCell<TextEngine> = std::cell::RefCell::new(TextEngine::new());
    }
    let mut spec = TextSpec::new(text, SOURCE);
    spec.max_width = max_width;
    ENGINE.with_borrow_mut(|engine| engine.layout(&spec))
}

fn widths() -> impl Strategy<Value = Option<f32>> {
    prop_oneof![Just(None), (20.0_f32..300.0).prop_map(Some)]
}

/// The part of a cluster where reading enters it.
fn leading_half(layout: &TextLayout, line: &Line, cluster: &Cluster) -> Point {
    let quarter = cluster.width * 0.25;
    let x = if cluster.rtl { cluster.x + cluster.width - quarter } else { cluster.x + quarter };
    assert!(layout.height() >= line.bottom - 0.01);
    Point::new(x, (line.top + line.bottom) * 0.5)
}

proptest! {
    #[test]
    fn a_hit_on_the_leading_half_of_a_cluster_gives_its_start(text in mixed_text(), width in widths()) {
        let layout = lay_out(&text, width);
        for line in layout.lines() {
            for cluster in layout.line_clusters(line).iter().filter(|c| c.width > 0.5) {
                let pos = leading_half(&layout, line, cluster);
                prop_assert_eq!(layout.hit(pos), cluster.start as usize);
                prop_assert_eq!(layout.hit_inside(pos), Some(cluster.bytes()));
            }
        }
    }

    #[test]
    fn every_character_is_in_one_cluster_and_clusters_of_a_line_touch(text in mixed_text(), width in widths()) {
        let layout = lay_out(&text, width);
        let mut covered = vec![0_u8; text.len()];
        for line in layout.lines() {
            for pair in layout.line_clusters(line).windows(2) {
                prop_assert!((pair[0].x + pair[0].width - pair[1].x).abs() < 0.01);
            }
        }
        for cluster in layout.clusters() {
            prop_assert!(text.is_char_boundary(cluster.start as usize));
            prop_assert!(text.is_char_boundary(cluster.end as usize));
            for byte in cluster.bytes() {
                covered[byte] += 1;
            }
        }
        for paragraph in layout.paragraphs() {
            for byte in paragraph.bytes.clone() {
                prop_assert_eq!(covered[byte], 1, "byte {} of {:?}", byte, &text);
            }
        }
    }

    #[test]
    fn range_rects_cover_exactly_the_clusters_of_the_range(
        text in mixed_text(),
        width in widths(),
        from in 0.0_f64..1.0,
        to in 0.0_f64..1.0,
    ) {
        let layout = lay_out(&text, width);
        let index = CharIndex::new(&text);
        let at = |share: f64| index.byte((index.len_scalars() as f64 * share) as usize);
        let range = at(from.min(to))..at(from.max(to));
        let rects = layout.range_rects(range.clone());
        for line in layout.lines() {
            for cluster in layout.line_clusters(line).iter().filter(|c| c.width > 0.01) {
                let middle = Point::new(cluster.x + cluster.width * 0.5, (line.top + line.bottom) * 0.5);
                let is_inside = (cluster.start as usize) < range.end && cluster.end as usize > range.start;
                let is_covered = rects.iter().filter(|rect| rect.contains(middle)).count();
                prop_assert_eq!(is_covered, usize::from(is_inside), "{:?} in {:?}", cluster, range);
            }
        }
        let rect_area: f32 = rects.iter().map(Rect::width).sum();
        let cluster_area: f32 = layout
            .clusters()
            .iter()
            .filter(|c| (c.start as usize) < range.end && c.end as usize > range.start)
            .map(|c| c.width)
            .sum();
        prop_assert!((rect_area - cluster_area).abs() < 0.1);
    }

    #[test]
    fn a_selection_copies_the_text_of_its_range(text in mixed_text(), from in 0_usize..70, to in 0_usize..70) {
        let index = CharIndex::new(&text);
        let (from, to) = (index.byte(from), index.byte(to));
        let mut editor = Editor::viewer();
        editor.set_text(&text);
        editor.select(from, to);
        prop_assert_eq!(editor.selected_text(), &text[from.min(to)..from.max(to)]);
    }

    #[test]
    fn no_string_panics_and_answers_stay_on_boundaries(
        text in any_text(),
        width in widths(),
        lines in prop::option::of(0_usize..4),
        x in -50.0_f32..400.0,
        y in -50.0_f32..400.0,
        byte in 0_usize..300,
    ) {
        let mut engine = TextEngine::new();
        let mut spec = TextSpec::new(&text, BODY);
        spec.max_width = width;
        spec.max_lines = lines;
        let layout = engine.layout(&spec);
        if let Some(lines) = lines {
            prop_assert!(layout.lines().len() <= lines.max(1));
        }
        prop_assert!(text.is_char_boundary(layout.hit(Point::new(x, y))));
        let word = layout.word_at(byte);
        prop_assert!(text.get(word).is_some());
        prop_assert!(text.get(layout.paragraph_at(byte)).is_some());
        layout.caret_with_affinity(byte, Affinity::Upstream);
        layout.selection_rects(byte / 2..byte);
        render_to_rgba(&mut engine, &layout, [0; 4], [255; 4], &[], 1.0, 1.0);
    }

    #[test]
    fn a_cut_label_fits_and_ends_with_an_ellipsis(text in mixed_text(), width in 40.0_f32..200.0) {
        // Spaces at the end may hang past the width.
        let text = text.trim_end().to_owned();
        let mut engine = TextEngine::new();
        let whole = engine.layout(&TextSpec::new(&text, BODY));
        let cut = engine.layout(&TextSpec::new(&text, BODY).truncate(width));
        prop_assert_eq!(cut.lines().len(), 1);
        prop_assert!(cut.ink_rect().width() <= width + 0.02);
        let spare = width - whole.ink_rect().width();
        // What fits to a hair may be cut or not.
        if spare.abs() > 0.05 {
            prop_assert_eq!(cut.is_cut(), whole.lines().len() > 1 || spare < 0.0);
        }
    }

    #[test]
    fn the_caret_walks_over_the_whole_line_and_back(text in mixed_text()) {
        let text = text.replace('\n', " ");
        let mut engine = TextEngine::new();
        let mut editor = Editor::single_line();
        editor.set_text(&text);
        let layout = editor.layout(&mut engine);
        let leftmost = layout.clusters().first().map_or(0.0, |c| c.x);
        let rightmost = layout.clusters().last().map_or(0.0, |c| c.x + c.width);
        for _ in 0..=layout.clusters().len() {
            let before = editor.caret(&mut engine).x;
            editor.move_caret(&mut engine, Motion::Left, false);
            prop_assert!(editor.caret(&mut engine).x <= before + 0.01);
        }
        prop_assert!((editor.caret(&mut engine).x - leftmost).abs() < 0.6);
        for _ in 0..=layout.clusters().len() {
            let before = editor.caret(&mut engine).x;
            editor.move_caret(&mut engine, Motion::Right, false);
            prop_assert!(editor.caret(&mut engine).x >= before - 0.01);
        }
        prop_assert!((editor.caret(&mut engine).x - rightmost).abs() < 0.6);
    }

    #[test]
    fn any_series_of_edits_keeps_the_editor_sound(
        multi_line in any::<bool>(),
        steps in prop::collection::vec((0_u8..12, any_motion(), any_text(), any::<bool>()), 0..40),
    ) {
        let mut engine = TextEngine::new();
        let mut editor = if multi_line { Editor::multi_line() } else { Editor::single_line() };
        for (kind, motion, text, extend) in steps {
            let pos = Point::new(text.len() as f32 * 3.0, f32::from(kind) * 9.0 - 20.0);
            match kind {
                0..=2 => editor.insert(&text),
                3 => { editor.delete(&mut engine, motion); }
                4 => editor.select_all(),
                5 => { editor.undo(); }
                6 => { editor.redo(); }
                7 => editor.press(&mut engine, pos, Granularity::Word, extend),
                8 => editor.drag(&mut engine, pos),
                9 => editor.set_composition(&text),
                10 => editor.commit_composition(&text),
                _ => editor.move_caret(&mut engine, motion, extend),
            }
            editor.caret(&mut engine);
            editor.selection_rects(&mut engine);
            let shown = editor.layout(&mut engine);
            prop_assert!(shown.text().get(editor.selection()).is_some());
            prop_assert!(shown.text().is_char_boundary(editor.focus()));
            if !multi_line {
                prop_assert!(!editor.text().contains('\n'));
            }
        }
    }

    #[test]
    fn a_document_agrees_with_one_layout_of_its_paragraphs(text in mixed_text(), byte in 0_usize..120) {
        let mut engine = TextEngine::new();
        let mut document = DocumentLayout::new(text.as_str(), SOURCE, 120.0, 0.0);
        document.ensure_all(&mut engine);
        let whole = engine.layout(&TextSpec::new(&text, SOURCE).wrap(120.0));
        prop_assert!((document.height() - whole.height()).abs() < 0.01);
        let byte = CharIndex::new(&text).byte(byte);
        prop_assert_eq!(document.rects_for(0..byte).len(), whole.highlight_rects(0..byte).len());
        for line in whole.lines() {
            let pos = Point::new(line.left + 3.0, (line.top + line.bottom) * 0.5);
            prop_assert_eq!(document.hit(pos), whole.hit(pos));
        }
    }
}

fn any_motion() -> impl Strategy<Value = Motion> {
    prop::sample::select(vec![
        Motion::Left,
        Motion::Right,
        Motion::WordLeft,
        Motion::WordRight,
        Motion::Up,
        Motion::Down,
        Motion::LineStart,
        Motion::LineEnd,
        Motion::TextStart,
        Motion::TextEnd,
        Motion::Previous,
        Motion::Next,
        Motion::PreviousWord,
        Motion::NextWord,
    ])
}

/// The clusters of a line from left to right, as text.
fn visual(text: &str) -> String {
    let layout = lay_out(text, None);
    layout.clusters().iter().map(|cluster| &text[cluster.bytes()]).collect()
}

#[test]
fn numbers_and_names_read_left_to_right_inside_arabic() {
    assert_eq!(visual("قتل 50 (JNIM)"), ")JNIM( 50 لتق");
    assert_eq!(visual("Wagner فاغنر 2024"), "Wagner 2024 رنغاف");
    assert_eq!(visual("\u{200f}MI6!"), "!MI6\u{200f}");
}

#[test]
fn words_are_found_with_their_marks() {
    let text = "وَقَعَتِ المَعْرَكَةُ، قرب MI6.";
    let layout = lay_out(text, None);
    for word in ["وَقَعَتِ", "المَعْرَكَةُ", "قرب", "MI6"] {
        let start = text.find(word).expect("the word is there");
        for (offset, _) in word.char_indices() {
            assert_eq!(&text[layout.word_at(start + offset)], word);
        }
    }
}

#[test]
fn equal_requests_share_a_layout() {
    let mut engine = TextEngine::new();
    let spec = TextSpec::new("قتل 50", BODY);
    let first = engine.layout(&spec);
    assert!(std::sync::Arc::ptr_eq(&first, &engine.layout(&spec)));
    assert!(!std::sync::Arc::ptr_eq(&first, &engine.layout(&spec.wrap(50.0))));
}

#[test]
fn glyphs_have_ink_near_their_pen() {
    let mut engine = TextEngine::new();
    let layout = engine.layout(&TextSpec::new("قJ\u{fdfd}", BODY));
    for run in layout.runs() {
        for glyph in layout.run_glyphs(run) {
            let (key, pen) = GlyphKey::at(run.font, glyph.id, run.size * 2.0, glyph.x * 2.0, 20.25);
            assert_eq!(pen[1], 20.0);
            assert_eq!(key.subpixel_y, 1);
            let bitmap = engine.rasterize(key).expect("the font is known");
            assert_eq!(bitmap.alpha.len(), (bitmap.width * bitmap.height) as usize);
            assert!(bitmap.alpha.iter().any(|a| *a > 200));
        }
    }
}

#[test]
fn characters_that_no_bundled_font_has_do_not_hurt_when_system_fonts_are_allowed() {
    let mut engine = TextEngine::new();
    engine.allow_system_fonts();
    let layout = engine.layout(&TextSpec::new("日本 قتل 50", BODY));
    assert_eq!(layout.clusters().len(), 9);
}
