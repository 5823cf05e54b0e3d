//! How bytes are characters: found out by marks, by the rules of UTF-8 and by the letters that come
//! out; and the text as UTF-8.

use crate::io::table::undone;
use crate::model::import::{Encoding, Sureness};

/// Bytes of a large file that are looked at: its beginning, and pieces from all over it.
const HEAD_BYTES: usize = 256 << 10;
const PIECES: usize = 32;
const PIECE_BYTES: usize = 16 << 10;
/// Files up to here are looked at whole.
const WHOLE_BYTES: usize = 4 << 20;

/// An encoding, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    pub encoding: Encoding,
    pub sureness: Sureness,
    pub why: String,
}

impl Guess {
    fn new(encoding: Encoding, sureness: Sureness, why: impl Into<String>) -> Self {
        Self { encoding, sureness, why: why.into() }
    }
}

/// Finds out how a file's bytes are characters.
pub fn detect(bytes: &[u8]) -> Guess {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => {
            return Guess::new(Encoding::Utf8, Sureness::Certain, "a byte order mark of UTF-8");
        }
        [0xFF, 0xFE, ..] => {
            return Guess::new(Encoding::Utf16Le, Sureness::Certain, "a byte order mark of UTF-16");
        }
        [0xFE, 0xFF, ..] => {
            return Guess::new(Encoding::Utf16Be, Sureness::Certain, "a byte order mark of UTF-16");
        }
        _ => {}
    }
    if let Some(encoding) = utf16(bytes.get(..bytes.len().min(1 << 16)).unwrap_or_default()) {
        let why = "every second byte is zero, as in Latin letters of UTF-16";
        return Guess::new(encoding, Sureness::Share(0.9), why);
    }
    let sample = Sample::of(bytes);
    let (mut sound, mut broken) = (0usize, 0usize);
    for piece in &sample.pieces {
        let (s, b) = sequences(piece);
        sound += s;
        broken += b;
    }
    if broken == 0 {
        let whole = if sample.is_whole { "all" } else { "a sample" };
        return if sound == 0 {
            Guess::new(Encoding::Utf8, Sureness::Certain, format!("{whole} of it is ASCII"))
        } else {
            let why = format!("{whole} of it is valid UTF-8, with {sound} characters beyond ASCII");
            Guess::new(Encoding::Utf8, Sureness::Certain, why)
        };
    }
    if sound >= 4 * broken {
        let share = sound as f32 / (sound + broken) as f32;
        let why = format!("{sound} characters are valid UTF-8, {broken} bytes are not");
        return Guess::new(Encoding::Utf8, Sureness::Share(share), why);
    }
    by_letters(&sample)
}

/// The text of a file as UTF-8; `None` if it is that already. Byte order marks are left out. What is no
/// character becomes U+FFFD. `undo` reads what was encoded twice as it was meant.
pub fn decode(bytes: &[u8], encoding: Encoding, undo: bool) -> Option<Vec<u8>> {
    let decoded = match encoding {
        Encoding::Utf8 if !undo => return None,
        Encoding::Utf8 => std::borrow::Cow::Borrowed(bytes),
        other => {
            let (text, _) = codec(other).decode_with_bom_removal(bytes);
            std::borrow::Cow::Owned(text.into_owned().into_bytes())
        }
    };
    if !undo {
        return Some(decoded.into_owned());
    }
    // What is not text stays as it is: only whole characters can have been encoded twice.
    let mut plain = Vec::with_capacity(decoded.len());
    for chunk in decoded.utf8_chunks() {
        plain.extend_from_slice(undone(chunk.valid()).as_bytes());
        plain.extend_from_slice(chunk.invalid());
    }
    Some(plain)
}

fn codec(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Windows1256 => encoding_rs::WINDOWS_1256,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
        Encoding::Windows1251 => encoding_rs::WINDOWS_1251,
        Encoding::Iso8859_6 => encoding_rs::ISO_8859_6,
    }
}

/// UTF-16 without a mark, by its zeroes: delimiters, digits and line ends have one each.
fn utf16(bytes: &[u8]) -> Option<Encoding> {
    let (pairs, _) = bytes.as_chunks::<2>();
    if pairs.len() < 8 {
        return None;
    }
    let zeroes = |at: usize| pairs.iter().filter(|pair| pair.get(at) == Some(&0)).count();
    let (first, second) = (zeroes(0), zeroes(1));
    let many = pairs.len() / 8;
    match () {
        () if second > many && first * 16 < second => Some(Encoding::Utf16Le),
        () if first > many && second * 16 < first => Some(Encoding::Utf16Be),
        () => None,
    }
}

/// What is looked at of a file.
struct Sample<'a> {
    pieces: Vec<&'a [u8]>,
    is_whole: bool,
}

impl<'a> Sample<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        if bytes.len() <= WHOLE_BYTES {
            return Self { pieces: vec![bytes], is_whole: true };
        }
        let step = (bytes.len() - HEAD_BYTES) / PIECES;
        let starts = (0..PIECES).map(|at| HEAD_BYTES + at * step);
        let mut pieces = vec![within(bytes, 0..HEAD_BYTES)];
        pieces.extend(starts.map(|start| within(bytes, start..start + PIECE_BYTES)));
        Self { pieces, is_whole: false }
    }
}

/// A piece that neither begins nor ends within a character of UTF-8, if it is that.
fn within(bytes: &[u8], range: std::ops::Range<usize>) -> &[u8] {
    let mut piece = bytes.get(range.start..range.end.min(bytes.len())).unwrap_or_default();
    let is_inner = |byte: &u8| (0x80..=0xBF).contains(byte);
    if range.start > 0 {
        let skip = piece.iter().take(3).take_while(|byte| is_inner(byte)).count();
        piece = piece.get(skip..).unwrap_or_default();
    }
    if let Err(err) = std::str::from_utf8(piece)
        && err.error_len().is_none()
    {
        piece = piece.get(..err.valid_up_to()).unwrap_or_default();
    }
    piece
}

/// How many characters beyond ASCII there are, and how many sequences of bytes that are none.
fn sequences(bytes: &[u8]) -> (usize, usize) {
    if std::str::from_utf8(bytes).is_ok() {
        // The first byte of each character beyond ASCII.
        return (bytes.iter().filter(|byte| **byte >= 0xC0).count(), 0);
    }
    bytes.utf8_chunks().fold((0, 0), |(sound, broken), chunk| {
        let more = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (sound + more, broken + usize::from(!chunk.invalid().is_empty()))
    })
}

/// One of the encodings of one byte per character, by the letters that come out.
fn by_letters(sample: &Sample<'_>) -> Guess {
    const CANDIDATES: [Encoding; 4] =
        [Encoding::Windows1252, Encoding::Windows1256, Encoding::Windows1251, Encoding::Iso8859_6];
    /// Characters beyond ASCII after which more do not tell more.
    const ENOUGH: usize = 20_000;
    let mut text = Vec::new();
    for line in sample.pieces.iter().flat_map(|piece| piece.split(|byte| *byte == b'\n')) {
        if !line.is_ascii() {
            text.extend_from_slice(line.get(..line.len().min(4096)).unwrap_or_default());
            text.push(b'\n');
            if text.len() > ENOUGH * 8 {
                break;
            }
        }
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(&text, true);
    let other = detector.guess(None, chardetng::Utf8Detection::Deny);
    let score = |encoding: Encoding| {
        let (decoded, _) = codec(encoding).decode_without_bom_handling(&text);
        let score = plausibility(&decoded);
        // Another opinion, for what the letters alone do not tell.
        if codec(encoding) == other { score + score.abs() * 0.1 } else { score }
    };
    let mut scores = CANDIDATES.map(|encoding| (score(encoding), encoding));
    // The first of equals stands first: most such files are Western European.
    scores.sort_by(|a, b| b.0.total_cmp(&a.0));
    let [(best, encoding), (second, _), ..] = scores;
    let best = best.max(0.0);
    let sureness = match () {
        () if best == 0.0 => Sureness::Guess,
        () if second <= 0.0 => Sureness::Share(0.95),
        () => Sureness::Share((best / (best + second)) as f32),
    };
    let (decoded, _) = codec(encoding).decode_without_bom_handling(&text);
    let word = decoded
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_ascii())
        .max_by_key(|word| word.chars().count().min(12));
    let why = format!("it is no UTF-8, and reads “{}” so", word.unwrap_or("…"));
    Guess::new(encoding, sureness, why)
}

/// How much a text looks like words: letters beyond ASCII beside letters of their script speak for it,
/// beside others against it.
fn plausibility(text: &str) -> f64 {
    #[derive(Clone, Copy, PartialEq)]
    enum Script {
        Latin,
        Arabic,
        Cyrillic,
        None,
    }
    let script = |c: char| match c {
        'ـ'..='ْ'
        | 'ء'..='غ'
        | 'پ'
        | 'چ'
        | 'ژ'
        | 'ک'
        | 'گ'
        | 'ی'
        | 'ٹ'
        | 'ڈ'
        | 'ڑ'
        | 'ں'
        | 'ھ'
        | 'ہ'
        | 'ے' => Script::Arabic,
        'А'..='я' | 'Ё' | 'ё' | 'Ђ'..='Џ' | 'ђ'..='џ' | 'Ґ' | 'ґ' => Script::Cyrillic,
        _ if c.is_alphabetic() => Script::Latin,
        _ => Script::None,
    };
    let mut score = 0.0;
    let mut before = ' ';
    for c in text.chars() {
        let (own, last) = (script(c), script(before));
        let beyond = !c.is_ascii() || !before.is_ascii();
        score += match (last, own) {
            _ if !beyond => 0.0,
            _ if c == '\u{FFFD}' || ('\u{80}'..='\u{9F}').contains(&c) => -4.0,
            // The article, and the most common ending.
            (Script::Arabic, Script::Arabic)
                if matches!((before, c), ('ا', 'ل') | ('ي', 'ة') | ('ا', 'ت')) =>
            {
                3.0
            }
            // No word has these elsewhere than at its end.
            (Script::Arabic, Script::Arabic) if matches!(before, 'ة' | 'ى') => -2.0,
            (Script::Arabic, Script::Arabic) => 1.0,
            (Script::Cyrillic, Script::Cyrillic) if before.is_lowercase() && c.is_uppercase() => -2.0,
            (Script::Cyrillic, Script::Cyrillic) => 1.0,
            (Script::Latin, Script::Latin) if before.is_lowercase() && c.is_uppercase() => -2.0,
            // Two accents in a row are rare in any language that is written with them.
            (Script::Latin, Script::Latin) if !c.is_ascii() && !before.is_ascii() => -1.0,
            (Script::Latin, Script::Latin) => 1.0,
            (Script::None, Script::None) => -0.1,
            (Script::None, _) | (_, Script::None) => 0.0,
            // Two scripts in a word.
            _ => -3.0,
        };
        before = c;
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn detected(bytes: &[u8]) -> Encoding {
        detect(bytes).encoding
    }

    #[test]
    fn marks_and_zeroes_tell() {
        assert_eq!(detected(b"a,b\n"), Encoding::Utf8);
        assert_eq!(detected("\u{FEFF}a".as_bytes()), Encoding::Utf8);
        let text = "id,date,place\n1,2024-07-27,Tinzaouatène\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((detected(&le), detected(&be)), (Encoding::Utf16Le, Encoding::Utf16Be));
        let with_mark = [&[0xFF, 0xFE][..], &le].concat();
        assert_eq!(decode(&with_mark, Encoding::Utf16Le, false), Some(text.as_bytes().to_vec()));
        let arabic = "التاريخ;المكان\n٢٠٢٤;غاو\n12;3\n1;2\n";
        let le: Vec<u8> = arabic.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detected(&le), Encoding::Utf16Le);
        let zeroes = b"id,date\nZ1,2024\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\nZ2,2024\n";
        assert_eq!(detected(zeroes), Encoding::Utf8);
    }

    #[test]
    fn letters_tell_what_no_mark_does() {
        for (text, encoding) in [
            ("المعرف;التاريخ\n1;غاو، مالي\n", Encoding::Windows1256),
            ("اشتباكات بين الجيش والمسلحين في غاو قرب الحدود\n", Encoding::Windows1256),
            ("café, Ségou, Ménaka, élève\n", Encoding::Windows1252),
            ("España, Perú, São Tomé\n", Encoding::Windows1252),
            ("Zürich; Köln; Straße\n", Encoding::Windows1252),
            ("Северный Кавказ, взрыв\n", Encoding::Windows1251),
            ("المعرف;التاريخ;اشتباكات في الشمال\n", Encoding::Iso8859_6),
        ] {
            let (bytes, ..) = codec(encoding).encode(text);
            let guess = detect(&bytes);
            assert_eq!(guess.encoding, encoding, "{text}: {guess:?}");
            assert_eq!(decode(&bytes, encoding, false).as_deref(), Some(text.as_bytes()));
        }
    }

    #[test]
    fn a_few_broken_bytes_do_not_change_the_encoding() {
        let mut bytes = "اشتباكات بين الجيش\n".repeat(20).into_bytes();
        bytes.extend_from_slice(b"\xFF\xC7\n");
        assert_eq!(detected(&bytes), Encoding::Utf8);
    }

    #[test]
    fn what_was_encoded_twice_is_read_as_it_was_meant() {
        let text = "SÃ©gou, Ségou\n";
        assert_eq!(decode(text.as_bytes(), Encoding::Utf8, true), Some("Ségou, Ségou\n".into()));
        assert_eq!(decode(b"a\xFFb", Encoding::Utf8, true), Some(b"a\xFFb".to_vec()));
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let guess = detect(&bytes);
            decode(&bytes, guess.encoding, true);
        }
    }
}
