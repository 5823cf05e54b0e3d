//! The index of folded words over many notes: how long it takes to build, and to find rows.
//!
//! The notes are made up: 30 % Arabic, a few hundred characters, a few hundred words that are common
//! and a long tail that is not, with phrases planted in several spellings.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use waqai::store::fold::{FoldOptions, fold};
use waqai::store::words::{Texts, WordIndex};

const ENGLISH: &str = "armed men attacked village market road patrol convoy checkpoint soldiers militants civilians \
    residents homes burned cattle looted abducted released local sources reported unknown number wounded weapons \
    camp displaced school clinic well bridge airport ceasefire agreement leader committee farmers herders dispute \
    land withdrew seized advanced curfew arrested statement claimed drone shelling explosive device ambush clash";
const ARABIC: &str = "القوات الجماعة المسلحة القرية المدينة السوق الطريق الشرقية مدنيين مقاتلين عناصر الجيش الشرطة \
    مركبة دورية كمين هجوم اشتباكات قصف انفجار عبوة ناسفة طائرة مظاهرة سلمية حرق منازل نهب ماشية اختطاف إطلاق سراح \
    مصادر محلية أفادت بأن إلى على عند بالقرب من منطقة محافظة قاعدة عسكرية حاجز جرحى قتلى أسلحة نازحين مخيم مدرسة";
const SPELLINGS: [&str; 4] = ["مستشفى الأمل", "مستشفي الامل", "مُسْتَشْفَى الأَمَل", "مستشفـــى الأمل"];
const SYLLABLES: [&str; 16] =
    ["ba", "di", "fa", "gou", "ka", "lo", "mé", "na", "ro", "sa", "ti", "to", "wa", "ya", "zi", "dé"];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// All notes in one buffer, as in a file that is mapped.
struct Notes {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Notes {
    fn new(rows: usize) -> Self {
        let (english, arabic): (Vec<&str>, Vec<&str>) =
            (ENGLISH.split_whitespace().collect(), ARABIC.split_whitespace().collect());
        let mut dice = Dice(7);
        let (mut text, mut ends) = (String::new(), Vec::with_capacity(rows));
        for _ in 0..rows {
            let is_arabic = dice.below(10) < 3;
            let words = if is_arabic { &arabic } else { &english };
            let _ = write!(text, "{} {}: ", dice.below(31) + 1, dice.below(14) + 2012);
            for _ in 0..dice.below(30) + 15 {
                text.push_str(dice.pick(words));
                text.push_str(if dice.below(12) == 0 { ". " } else { " " });
            }
            // A town that few other notes name.
            (0..3).for_each(|_| text.push_str(dice.pick(&SYLLABLES)));
            if dice.below(1_000) == 0 {
                let planted = if is_arabic { dice.pick(&SPELLINGS) } else { "The old water tower" };
                let _ = write!(text, " {planted}.");
            }
            ends.push(text.len());
        }
        Self { bytes: text.into_bytes(), ends }
    }
}

impl Texts for Notes {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn text(&self, row: usize) -> Cow<'_, [u8]> {
        let begin = if row == 0 { 0 } else { self.ends[row - 1] };
        Cow::Borrowed(&self.bytes[begin..self.ends[row]])
    }
}

fn benches(c: &mut Criterion) {
    let options = FoldOptions::default();
    for rows in [100_000, 1_000_000] {
        let notes = Notes::new(rows);
        let mut group = c.benchmark_group("index of words");
        group.throughput(Throughput::Elements(rows as u64)).sample_size(10);
        let mut index = WordIndex::default();
        group.bench_function(BenchmarkId::from_parameter(rows), |b| {
            b.iter(|| {
                index = WordIndex::default();
                black_box(index.extend(&notes, &|_| true))
            });
        });
        group.finish();
        // Benches that are filtered out leave it empty.
        index.extend(&notes, &|_| true);

        let mut group = c.benchmark_group(format!("find among {rows} notes"));
        group.sample_size(20);
        // A rare phrase, a phrase in four spellings, common phrases, words, parts of words.
        let needles = [
            "the old water tower",
            "مستشفى الأمل",
            "ceasefire agreement",
            "القوات المسلحة",
            "هجوم",
            "village",
            "gouti",
            "a",
        ];
        for needle in needles {
            let folded = fold(needle, options);
            group.bench_function(needle, |b| {
                b.iter(|| black_box(index.find(&notes, &folded, options, &|| false)));
            });
        }
        group.finish();
    }
}

criterion_group!(all, benches);
criterion_main!(all);
