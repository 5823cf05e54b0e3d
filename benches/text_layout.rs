//! Laying out an Arabic article of seven thousand characters, cold and from the cache, and drawing its glyphs.

use std::collections::HashSet;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use waqai::text::{DocumentLayout, FontSpec, GlyphKey, TextEngine, TextSpec};

const LIST: FontSpec = FontSpec::new(12.0, 16.0).with_arabic(13.0, 21.0);
const SOURCE: FontSpec = FontSpec::new(14.0, 22.0).with_arabic(16.0, 30.0);

const NUM_CHARS: usize = 7_000;
const WIDTH: f32 = 400.0;

/// Made-up sentences, in paragraphs of about six hundred characters.
fn article() -> String {
    const SENTENCES: [&str; 4] = [
        "قالت الجماعة في بيان إن رجالها نصبوا كميناً لقافلة عسكرية جنوب البلدة يوم 27 يوليو 2024. ",
        "وأضافت أن 50 من عناصر (Wagner) و10 جنود قُتلوا، وأن 12 آلية أُحرقت قرب الحدود. ",
        "في المقابل، نفى متحدّث باسم الجيش «هذه المزاعم»، وتحدث عن مقتل عسكريَّين اثنين فقط! ",
        "أما وكالة TASS فنقلت عن مصدر أن الحصيلة بين 20 و60، أي 3,5% من القوة منذ عام 2012. ",
    ];
    let mut text = String::new();
    let mut num_chars = 0;
    for (number, sentence) in SENTENCES.iter().cycle().enumerate() {
        if num_chars >= NUM_CHARS {
            break;
        }
        text.push_str(sentence);
        num_chars += sentence.chars().count();
        if number % 8 == 7 {
            text.push('\n');
        }
    }
    text.chars().take(NUM_CHARS).collect()
}

fn benches(c: &mut Criterion) {
    let text = article();
    let spec = TextSpec::new(&text, SOURCE).wrap(WIDTH);

    c.bench_function("article, new engine", |b| {
        b.iter(|| TextEngine::new().layout(black_box(&spec)));
    });
    let mut engine = TextEngine::new();
    c.bench_function("article, warm engine", |b| {
        b.iter(|| engine.layout_uncached(black_box(&spec)));
    });
    c.bench_function("article, cached", |b| {
        b.iter(|| engine.layout(black_box(&spec)));
    });
    c.bench_function("article, first screen of a document", |b| {
        b.iter(|| {
            let font = SOURCE;
            let mut document = DocumentLayout::new(text.as_str(), font, WIDTH, 8.0);
            document.ensure(&mut engine, 0.0..600.0);
            document.height()
        });
    });
    c.bench_function("one-line label, cut, cold", |b| {
        let spec = TextSpec::new(&text, LIST).truncate(200.0);
        b.iter(|| engine.layout_uncached(black_box(&spec)));
    });
    c.bench_function("list label, cached", |b| {
        let spec = TextSpec::new("معركة وكمين تين زاوتين", LIST).truncate(200.0);
        b.iter(|| engine.layout(black_box(&spec)));
    });
    let layout = engine.layout(&spec);
    c.bench_function("article, every glyph rasterised once", |b| {
        let mut keys = HashSet::new();
        for run in layout.runs() {
            for glyph in layout.run_glyphs(run) {
                keys.insert(GlyphKey::at(run.font, glyph.id, run.size, glyph.x, glyph.y.round()).0);
            }
        }
        b.iter(|| {
            for key in &keys {
                black_box(engine.rasterize(*key));
            }
            keys.len()
        });
    });
}

criterion_group!(group, benches);
criterion_main!(group);
