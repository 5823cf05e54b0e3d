//! Names of months, weekdays and seasons, and the words around dates.
//!
//! Months of English, French, Spanish, Portuguese, Italian, German, Russian, and of Arabic in all its
//! families: that of Egypt and the Gulf, that of the Levant and Iraq, and those of the Maghreb.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::store::fold::{FoldOptions, fold};

/// What a word is to a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// 1 to 12.
    Month(u8),
    /// `mar`: the month, or a weekday of Romance languages if another month is there.
    MarchOrTuesday,
    Weekday,
    /// 0 spring to 3 winter, of the northern hemisphere.
    Season(u8),
    Quarter,
    Week,
    /// Says nothing about which day it is.
    Filler,
    /// The date is not so exact as it looks, or is only a part of what is written: `circa`, `early`.
    About,
}

const MONTHS: [&str; 12] = [
    "january jan janvier janv enero ene januar jänner jaenner janeiro gennaio январь января янв يناير جانفي كانون_الثاني كانون_ثاني",
    "february feb febr février févr fév febrero februar fevereiro fev febbraio февраль февраля فبراير فيفري شباط",
    "march mars marzo märz maerz mrz março março март марта مارس آذار",
    "april apr avril avr abril abr aprile апрель апреля أبريل أفريل نيسان إبريل",
    "may mai mayo maio maggio май мая مايو ماي أيار",
    "june jun juin junio juni junho giugno июнь июня يونيو يونيه جوان حزيران",
    "july jul juillet juil julio juli julho luglio июль июля يوليو يوليه يوليوز جويلية تموز",
    "august aug août agosto ago aoû август августа أغسطس أوت غشت آب",
    "september sep sept septembre septiembre setiembre setembro set settembre сентябрь сентября سبتمبر شتنبر أيلول",
    "october oct octobre octubre oktober okt outubro out ottobre октябрь октября أكتوبر اكتوبر تشرين_الأول تشرين_أول",
    "november nov novembre noviembre novembro ноябрь ноября نوفمبر نونبر تشرين_الثاني تشرين_ثاني",
    "december dec décembre déc diciembre dic dezember dez dezembro dicembre декабрь декабря ديسمبر دجنبر كانون_الأول كانون_أول",
];
const WEEKDAYS: &str = "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday \
    sat sunday sun lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim lunes martes \
    miércoles jueves viernes sábado domingo montag dienstag mittwoch donnerstag freitag samstag sonntag \
    الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اثنين ثلاثاء أربعاء خميس جمعة سبت أحد";
const SEASONS: [&str; 4] = [
    "spring printemps primavera frühling ربيع الربيع",
    "summer été verano sommer verão صيف الصيف",
    "autumn fall automne otoño herbst outono خريف الخريف",
    "winter hiver invierno inverno شتاء الشتاء",
];
const FILLERS: &str = "of the de del du le la el den der in on at à en on day year année an año jahr ad ce \
    في من شهر عام سنة يوم م الموافق";
const ABOUT: &str = "circa ca c approx approximately about around roughly est estimated early mid late \
    beginning end start vers environ env autour début mi milieu fin courant hacia mediados finales \
    principios etwa um anfang mitte ende حوالي نحو تقريبا زهاء أوائل أواخر منتصف مطلع نهاية بداية";

/// What a word is, whatever its case, accents and spelling of Arabic letters. Words of two parts are
/// joined by a low line.
pub fn word(text: &str) -> Option<Word> {
    static WORDS: OnceLock<HashMap<String, Word>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut words = HashMap::new();
        let mut add = |list: &str, word: Word| {
            for text in list.split_whitespace() {
                words.entry(folded(text)).or_insert(word);
            }
        };
        for (at, names) in MONTHS.iter().enumerate() {
            add(names, Word::Month(at as u8 + 1));
        }
        for (at, names) in SEASONS.iter().enumerate() {
            add(names, Word::Season(at as u8));
        }
        add("mar", Word::MarchOrTuesday);
        add("q quarter trimestre quartal الربع", Word::Quarter);
        add("w week wk semaine kw الأسبوع", Word::Week);
        add(WEEKDAYS, Word::Weekday);
        add(FILLERS, Word::Filler);
        add(ABOUT, Word::About);
        words
    });
    words.get(&folded(text)).copied()
}

/// Whether a month's name has a second word: `كانون الثاني`.
pub fn has_second_part(text: &str) -> bool {
    matches!(folded(text).as_str(), "كانون" | "تشرين")
}

/// The month of an English name, in full or in three letters, 1 to 12.
pub fn english_month(name: &[u8]) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is = |full: &&str| {
        let full = full.as_bytes();
        name.eq_ignore_ascii_case(full) || full.get(..3).is_some_and(|short| name.eq_ignore_ascii_case(short))
    };
    NAMES.iter().position(is).map(|at| at as u8 + 1)
}

/// The month of a name alone, 1 to 12.
pub fn month(text: &str) -> Option<u8> {
    let joined = text.split_whitespace().collect::<Vec<_>>().join("_");
    match word(joined.trim_end_matches('.'))? {
        Word::Month(month) => Some(month),
        Word::MarchOrTuesday => Some(3),
        _ => None,
    }
}

fn folded(text: &str) -> String {
    fold(text, FoldOptions::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_have_many_names() {
        for (text, expect) in [
            ("JANUARY", 1),
            ("févr.", 2),
            ("fevrier", 2),
            ("mar", 3),
            ("Août", 8),
            ("aout", 8),
            ("märz", 3),
            ("يناير", 1),
            ("كانون الثاني", 1),
            ("كانون الاول", 12),
            ("جانفي", 1),
            ("شباط", 2),
            ("اذار", 3),
            ("نيسان", 4),
            ("ايار", 5),
            ("تموز", 7),
            ("جويلية", 7),
            ("جويليه", 7),
            ("آب", 8),
            ("اوت", 8),
            ("تشرين الأول", 10),
            ("تشرين الثاني", 11),
            ("июля", 7),
        ] {
            assert_eq!(month(text), Some(expect), "{text}");
        }
        assert_eq!(month("كانون"), None);
        assert_eq!(word("mardi"), Some(Word::Weekday));
        assert_eq!(word("soon"), None);
    }
}
