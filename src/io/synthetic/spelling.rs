//! Arabic words as people write them: particles attached, marks put or left out, letters exchanged.
//!
//! Invariants: [`vary`] changes only what a search that knows Arabic spelling overlooks, so a word
//! and its variants are one word to it.

use super::random::{Rng, Share};

/// Letters that do not join the next one, and so cannot be drawn out.
const UNJOINED: &str = "اأإآٱدذرزوؤىةء";

const MARKS: [&str; 5] = ["\u{64E}", "\u{64F}", "\u{650}", "\u{652}", "\u{651}\u{64E}"];

/// How many words have an unusual spelling.
const VARIED: Share = Share::per_million(80_000);

/// A noun without or with particles: the article, "and", "by", "to", "as", and chains of them.
pub fn attach(rng: &mut Rng, noun: &str) -> String {
    // After ل the article is written without its alef.
    let particle = match rng.below(24) {
        0..=6 => "",
        7..=11 => "ال",
        12 | 13 => "و",
        14 => "ب",
        15 => "ل",
        16 | 17 => "وال",
        18 => "بال",
        19 => "لل",
        20 => "وبال",
        21 => "ولل",
        22 => "فال",
        _ => "كال",
    };
    format!("{particle}{noun}")
}

/// The word, or now and then another spelling of it.
pub fn vary(rng: &mut Rng, word: &str) -> String {
    if !rng.chance(VARIED) {
        return word.to_owned();
    }
    match rng.below(5) {
        0 => word.replace(['أ', 'إ', 'آ'], "ا"),
        1 => with_end(word, 'ة', "ه"),
        2 => with_end(word, 'ى', "ي"),
        3 => drawn_out(rng, word),
        _ => vocalised(rng, word),
    }
}

fn with_end(word: &str, from: char, to: &str) -> String {
    word.strip_suffix(from).map_or_else(|| word.to_owned(), |start| start.to_owned() + to)
}

/// With tatweel between two letters that join.
fn drawn_out(rng: &mut Rng, word: &str) -> String {
    let joins: Vec<usize> = word
        .char_indices()
        .filter(|(_, c)| is_letter(*c) && !UNJOINED.contains(*c))
        .map(|(at, c)| at + c.len_utf8())
        .filter(|end| word.get(*end..).and_then(|rest| rest.chars().next()).is_some_and(is_letter))
        .collect();
    let Some((start, end)) = rng.pick(&joins).and_then(|at| word.split_at_checked(*at)) else {
        return word.to_owned();
    };
    format!("{start}{}{end}", "ـ".repeat(rng.between(1, 3)))
}

/// With vowel marks after most letters.
fn vocalised(rng: &mut Rng, word: &str) -> String {
    let mut marked = String::with_capacity(word.len() * 2);
    for c in word.chars() {
        marked.push(c);
        // An alef is itself a vowel.
        if is_letter(c) && !"اآىة".contains(c) && rng.below(3) > 0 {
            marked.push_str(rng.word(&MARKS));
        }
    }
    marked
}

fn is_letter(c: char) -> bool {
    ('\u{621}'..='\u{64A}').contains(&c) && c != 'ـ'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fold::{FoldOptions, fold};

    #[test]
    fn variants_of_a_word_are_one_word_to_the_search() {
        let mut rng = Rng::new(7, 0);
        let mut seen = std::collections::BTreeSet::new();
        for word in super::super::words::ARABIC_NOUNS.split_whitespace() {
            for _ in 0..500 {
                let varied = vary(&mut rng, word);
                let folded = |text: &str| fold(text, FoldOptions::default());
                assert_eq!(folded(&varied), folded(word), "{varied} {word}");
                seen.insert(varied);
            }
        }
        assert!(seen.len() > 500, "{}", seen.len());
    }

    #[test]
    fn particles_come_in_chains() {
        let mut rng = Rng::new(7, 0);
        let seen: std::collections::BTreeSet<_> = (0..500).map(|_| attach(&mut rng, "قرية")).collect();
        for wanted in
            ["قرية", "القرية", "وقرية", "بقرية", "لقرية", "والقرية", "بالقرية", "للقرية", "وبالقرية"]
        {
            assert!(seen.contains(wanted), "{wanted} {seen:?}");
        }
        assert_eq!(seen.len(), 12);
    }
}
