//! The index against the plain truth: all texts folded and searched.

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::*;
use crate::store::fold::{FoldOptions, fold};
use crate::store::rowset::RowSet;

/// Texts in memory.
struct Rows<'a>(&'a [Vec<u8>]);

impl Texts for Rows<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn text(&self, row: usize) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.0[row])
    }
}

const WEAK: FoldOptions = FoldOptions { ta_marbuta: true };
const STRICT: FoldOptions = FoldOptions { ta_marbuta: false };

/// All texts folded, each way.
struct Truth(Vec<[String; 2]>);

impl Truth {
    fn new(texts: &[Vec<u8>]) -> Self {
        let both =
            |text: &Vec<u8>| [WEAK, STRICT].map(|options| fold(&String::from_utf8_lossy(text), options));
        Self(texts.iter().map(both).collect())
    }

    /// Compares what is found in the first so many texts.
    #[track_caller]
    fn check(&self, index: &WordIndex, texts: &[Vec<u8>], needle: &str) {
        for (way, options) in [WEAK, STRICT].into_iter().enumerate() {
            let found = find(index, texts, needle, options);
            let rows = 0..texts.len();
            let wanted: Vec<usize> = rows.filter(|row| self.0[*row][way].contains(needle)).collect();
            let first = found.iter().zip(&wanted).find(|(found, wanted)| found != wanted);
            assert!(found == wanted, "{needle:?} {options:?}: {} {} {first:?}", found.len(), wanted.len());
        }
    }
}

fn indexed(texts: &[Vec<u8>]) -> WordIndex {
    let mut index = WordIndex::default();
    assert!(index.extend(&Rows(texts), &|_| true));
    assert_eq!(index.rows(), texts.len());
    index
}

fn find(index: &WordIndex, texts: &[Vec<u8>], needle: &str, options: FoldOptions) -> Vec<usize> {
    index.find(&Rows(texts), needle, options, &|| false).expect("not stopped").iter().collect()
}

fn lines(text: &str) -> Vec<Vec<u8>> {
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

#[test]
fn spellings_particles_and_phrases_are_found() {
    let texts = lines(
        "قرب مستشفى الأمل\nقرب مستشفي الامل.\nمُسْتَشْفَى الأَمَل\nبمستشفـــى الأمل\nمستشفى  الأمل\n\
         والقوات المسلحة\nبالقوات المسلّحه هنا\nThe Old\tWater Tower.\nthe old water towers\nold-water tower\n\
         Ménaka MENAKA\n中国人民 \"x\"\nstraße ½ İstanbul\n\n",
    );
    let index = indexed(&texts);
    let found = |text: &str, options| find(&index, &texts, &fold(text, options), options);
    assert_eq!(found("مستشفى الأمل", WEAK), [0, 1, 2, 3]);
    assert_eq!(found("قوات", WEAK), [5, 6]);
    assert_eq!(found("القوات المسلحه", WEAK), [5, 6]);
    assert_eq!(found("القوات المسلحه", STRICT), [6]);
    assert_eq!(found("المسلحة", STRICT), [5]);
    assert_eq!(found("the old water tower", WEAK), [7, 8]);
    assert_eq!(found("ater tow", WEAK), [7, 8, 9]);
    assert_eq!(found("国人", WEAK), [11]);
    let needles = [
        "",
        " ",
        "\"",
        "مستشفي الامل",
        "a",
        "menaka",
        "国",
        "国人",
        "人 ",
        "ss",
        "ß",
        "2",
        "1⁄2",
        "i",
        "A",
        "ة",
        "ه",
    ];
    let truth = Truth::new(&texts);
    needles.iter().for_each(|needle| truth.check(&index, &texts, needle));
    assert_eq!(index.stats().loose, 0);
}

#[test]
fn what_is_not_written_in_words_is_found_too() {
    let mut texts = lines("short\nlong\n\n");
    let long: String = "ab".repeat(50);
    texts.push(format!("x {long} y").into_bytes());
    texts.push(format!("{} needle", "word ".repeat(MAX_TEXT / 5)).into_bytes());
    let index = indexed(&texts);
    assert_eq!(index.stats().loose, 2);
    let truth = Truth::new(&texts);
    let long_needle = "ab".repeat(40);
    for needle in [
        "ba",
        "word",
        "word needle",
        "x a",
        "b y",
        "short",
        "long",
        &long_needle,
        &format!("{long_needle} y"),
    ] {
        truth.check(&index, &texts, needle);
    }
}

#[test]
fn the_index_grows_and_may_be_stopped() {
    let texts: Vec<Vec<u8>> = (0..140_000)
        .map(|n| {
            format!("row {n} {} of {}", n % 97, if n % 3 == 0 { "Mopti" } else { "القرية" }).into_bytes()
        })
        .collect();
    let whole = indexed(&texts);
    let needles = ["row 77", "mopt", "97 of", "القريه", "123456", "w 19999", "of", "o"];
    let truth = Truth::new(&texts);
    needles.iter().for_each(|needle| truth.check(&whole, &texts, needle));

    let mut grown = WordIndex::default();
    for rows in [0, 70, 71, 66_000, 66_064, 131_072, 140_000] {
        assert!(grown.extend(&Rows(&texts[..rows]), &|_| true));
        assert_eq!(grown.rows(), rows);
        truth.check(&grown, &texts[..rows], "97 of");
        // Rows that are not indexed yet are found by looking.
        truth.check(&grown, &texts[..(rows + 1_000).min(texts.len())], "w 19999");
    }
    assert_eq!(grown.stats().postings, whole.stats().postings);

    let mut halted = WordIndex::default();
    let most = AtomicUsize::new(0);
    assert!(!halted.extend(&Rows(&texts), &|done| {
        most.fetch_max(done, Ordering::Relaxed);
        done < 80_000
    }));
    assert!(halted.rows() < texts.len() && most.into_inner() >= 80_000);
    truth.check(&halted, &texts, "row 77");
    assert!(halted.extend(&Rows(&texts), &|_| true));
    assert_eq!(halted.rows(), texts.len());
    needles.iter().for_each(|needle| truth.check(&halted, &texts, needle));
    assert_eq!(halted.find(&Rows(&texts), "97 of", WEAK, &|| true), None);
    // Fewer texts than were indexed.
    truth.check(&halted, &texts[..100_001], "row 77");
    assert_eq!(halted.find(&Rows(&[]), "of", WEAK, &|| false), Some(RowSet::default()));
}

/// Words of few letters, so that the same ones meet often, with what may part them.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => "[abB]{1,3}",
        4 => "[اأبةهـَى]{1,4}",
        4 => "[ ،.\"'’-]{1,2}",
        1 => "[ﻻßİéÉ½中国カ١1]{1,2}",
        1 => "[\u{300}\u{64B}\u{200F}\u{AD}😀\t]",
        1 => "[ab]{60,70}",
    ];
    let broken = (any::<prop::sample::Index>(), any::<u8>());
    (proptest::collection::vec(part, 0..8), proptest::option::weighted(0.2, broken)).prop_map(
        |(parts, broken)| {
            let mut text = parts.concat().into_bytes();
            if let Some((at, byte)) = broken {
                text.insert(at.index(text.len() + 1), byte);
            }
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn finds_what_searching_all_texts_finds(
        texts in proptest::collection::vec(text(), 0..150),
        indexed_rows in any::<prop::sample::Index>(),
        needles in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..12, 1_usize..9), 1..12),
        other in ".{1,3}",
    ) {
        let mut index = WordIndex::default();
        index.extend(&Rows(&texts[..indexed_rows.index(texts.len() + 1)]), &|_| true);
        let (whole, truth) = (indexed(&texts), Truth::new(&texts));
        // Needles that occur: pieces of texts, folded either way.
        let pieces = needles.iter().filter(|_| !texts.is_empty()).flat_map(|(row, begin, length)| {
            let text = String::from_utf8_lossy(&texts[row.index(texts.len())]).into_owned();
            [WEAK, STRICT].map(|options| {
                fold(&text, options).chars().skip(*begin).take(*length).collect::<String>()
            })
        });
        for needle in pieces.chain([fold(&other, WEAK), other]) {
            truth.check(&whole, &texts, &needle);
            truth.check(&index, &texts, &needle);
        }
    }
}
