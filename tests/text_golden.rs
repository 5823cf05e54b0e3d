//! Pictures of laid out text, compared with the ones in `tests/snapshots/text`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test text_golden` writes them anew. Sentences are made up.

use std::path::PathBuf;

use waqai::text::{Align, FontSpec, Highlight, RgbaImage, TextEngine, TextSpec, Weight, render_to_rgba};

const BODY: FontSpec = FontSpec::new(13.0, 18.0).with_arabic(14.0, 23.0);
const HEADING: FontSpec = FontSpec::new(15.0, 20.0).with_arabic(16.0, 27.0).with_weight(Weight::SemiBold);
const SOURCE: FontSpec = FontSpec::new(14.0, 22.0).with_arabic(16.0, 30.0);

const INK: [u8; 4] = [18, 22, 27, 255];
const PAPER: [u8; 4] = [255, 255, 255, 255];
const TINT_A: [u8; 4] = [249, 220, 213, 255];
const TINT_B: [u8; 4] = [213, 229, 246, 255];
const SCALE: f32 = 2.0;

/// Largest mean difference per channel, and largest share of pixels that differ clearly.
const MAX_MEAN_DIFFERENCE: f64 = 0.6;
const MAX_CLEARLY_DIFFERENT: f64 = 0.002;

fn check(name: &str, spec: TextSpec<'_>, highlighted: &[(&str, [u8; 4])]) {
    let mut engine = TextEngine::new();
    let layout = engine.layout(&spec);
    let highlights: Vec<Highlight> = highlighted
        .iter()
        .map(|(part, rgba)| {
            let start = spec.text.find(part).expect("the part is in the text");
            Highlight { bytes: start..start + part.len(), rgba: *rgba }
        })
        .collect();
    let image = render_to_rgba(&mut engine, &layout, INK, PAPER, &highlights, 8.0, SCALE);
    compare(name, &image);
}

fn compare(name: &str, image: &RgbaImage) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/text");
    let path = folder.join(format!("{name}.png"));
    let buffer = image::RgbaImage::from_raw(image.width, image.height, image.pixels.clone())
        .expect("the picture has the size it says");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(&folder).expect("the snapshot folder can be made");
        buffer.save(&path).expect("the snapshot can be written");
        return;
    }
    let expected = image::open(&path)
        .unwrap_or_else(|err| panic!("no snapshot, run with UPDATE_SNAPSHOTS=1: {err} ({name})"))
        .to_rgba8();
    let failed = || {
        let new_path = folder.join(format!("{name}.new.png"));
        buffer.save(&new_path).expect("the picture can be written");
        new_path
    };
    assert_eq!(expected.dimensions(), buffer.dimensions(), "size of {name} changed, see {:?}", failed());
    let differences = expected.as_raw().iter().zip(buffer.as_raw()).map(|(a, b)| a.abs_diff(*b));
    let count = expected.as_raw().len() as f64;
    let mean = differences.clone().map(f64::from).sum::<f64>() / count;
    let clear = differences.filter(|d| *d > 48).count() as f64 / count;
    assert!(
        mean <= MAX_MEAN_DIFFERENCE && clear <= MAX_CLEARLY_DIFFERENT,
        "{name} looks different (mean {mean:.3}, clearly {clear:.5}), see {:?}",
        failed()
    );
}

fn source() -> FontSpec {
    SOURCE
}

#[test]
fn an_arabic_paragraph_with_numbers_and_latin_names() {
    check(
        "arabic_numbers",
        TextSpec::new(
            "«تعلن الجماعة قتل 50 من فاغنر (JNIM)» وتضيف أن 12 شاحنة أُحرقت قرب البلدة يوم 27 يوليو 2024، \
             بينما يقول جهاز (MI6) إن الحصيلة بين 20 و60، أي 3,5% من القوة منذ 2012.",
            source(),
        )
        .wrap(320.0),
        &[],
    );
}

#[test]
fn three_scripts_with_a_base_direction_for_each_paragraph() {
    check(
        "three_scripts",
        TextSpec::new(
            "قالت وكالة TASS (ТАСС) إن القافلة وصلت.\n\
             The group calls itself «نصرة الحق» in its notes, dated 27 July.\n\
             Группа «نصرة الحق» сообщила о 12 погибших.\n\
             2024-07-27\n\
             \u{a0}رُصد 3 جرحى فقط.",
            source(),
        )
        .wrap(300.0),
        &[],
    );
}

#[test]
fn a_highlight_over_two_lines_and_one_over_mixed_directions() {
    check(
        "highlights",
        TextSpec::new(
            "نصبت الجماعة كميناً لقافلة الجيش جنوب البلدة صباح السبت، وقالت إن 50 من عناصر Wagner قُتلوا هناك.",
            source(),
        )
        .wrap(260.0),
        &[("لقافلة الجيش جنوب البلدة صباح", TINT_A), ("50 من عناصر Wagner", TINT_B)],
    );
}

#[test]
fn vowel_marks_and_tatweel() {
    check(
        "vowel_marks",
        TextSpec::new(
            "كَتَبَ المُراسِلُ: «وَقَعَتِ المَعْرَكَةُ لَيْلًا»، ومحمّـــــد شاهِدٌ عَلَى ذٰلِكَ. لا إلى الأمام.",
            FontSpec::new(20.0, 38.0),
        )
        .wrap(330.0),
        &[("محمّـــــد", TINT_B)],
    );
}

#[test]
fn brackets_and_guillemets() {
    check(
        "brackets",
        TextSpec::new(
            "قال: (نعم) ثم [لا] ثم {ربما} «حسناً» <كذا> “هكذا” (a [b] «c»)\n\
             He said: (نعم) then [لا] «حسناً» (a [b] «c»)\n\
             النسبة (5–7) من 10 [انظر: ص. 12]، \u{200f}(JNIM)\u{200f}!",
            source(),
        )
        .wrap(420.0),
        &[],
    );
}

#[test]
fn an_ellipsis_stands_at_the_reading_end() {
    check(
        "ellipsis_rtl",
        TextSpec::new("معركة وكمين قرب البلدة الحدودية بعد 3 أيام من القتال", HEADING).truncate(190.0),
        &[],
    );
    check(
        "ellipsis_ltr",
        TextSpec::new("Battle and ambush near the border town «البلدة» after 3 days", HEADING)
            .truncate(310.0),
        &[],
    );
    check(
        "ellipsis_two_lines",
        TextSpec::new(
            "تقول الجماعة إن رجالها نصبوا كميناً لقافلة عسكرية جنوب البلدة، وإنها أحرقت 12 آلية وأسرت جنديين",
            BODY,
        )
        .wrap(220.0)
        .max_lines(2),
        &[],
    );
}

#[test]
fn lines_can_be_centred_and_end_aligned() {
    let text = "خبر أول في سطرين قصيرين لا غير\nA second one";
    check("aligned_center", TextSpec::new(text, source()).wrap(150.0).align(Align::Center), &[]);
    check("aligned_end", TextSpec::new(text, source()).wrap(150.0).align(Align::End), &[]);
}
