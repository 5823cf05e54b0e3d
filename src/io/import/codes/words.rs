//! Event types in words of no known family, in several languages.

use super::folded;
use crate::model::EventType;
use EventType::{
    Battles, Explosions, Protests, Riots, StrategicDevelopments as Strategic, ViolenceAgainstCivilians as Vac,
};

/// Words and phrases with the type that they stand for. A word of five letters or more also stands for
/// longer ones that begin with it. Phrases come before the words that they hold.
const WORDS: [(&str, EventType); 139] = [
    ("violence against civilians", Vac),
    ("violences contre les civils", Vac),
    ("violence contre les civils", Vac),
    ("violencia contra civiles", Vac),
    ("عنف ضد المدنيين", Vac),
    ("عنف ضد مدنيين", Vac),
    ("one-sided", Vac),
    ("violent demonstration", Riots),
    ("mob violence", Riots),
    ("air strike", Explosions),
    ("airstrike", Explosions),
    ("drone", Explosions),
    ("suicide", Explosions),
    ("car bomb", Explosions),
    ("remote violence", Explosions),
    ("bomb", Explosions),
    ("bombing", Explosions),
    ("bombardement", Explosions),
    ("bombardment", Explosions),
    ("explosion", Explosions),
    ("explosive", Explosions),
    ("explosif", Explosions),
    ("ied", Explosions),
    ("eei", Explosions),
    ("mine", Explosions),
    ("landmine", Explosions),
    ("shelling", Explosions),
    ("artillery", Explosions),
    ("missile", Explosions),
    ("rocket", Explosions),
    ("mortar", Explosions),
    ("grenade", Explosions),
    ("frappe", Explosions),
    ("tir d'obus", Explosions),
    ("roquette", Explosions),
    ("explosión", Explosions),
    ("bombardeo", Explosions),
    ("انفجار", Explosions),
    ("تفجير", Explosions),
    ("قصف", Explosions),
    ("غارة", Explosions),
    ("عبوة", Explosions),
    ("لغم", Explosions),
    ("صاروخ", Explosions),
    ("قذيفة", Explosions),
    ("بطائرة مسيرة", Explosions),
    ("взрыв", Explosions),
    ("обстрел", Explosions),
    ("авиаудар", Explosions),
    ("battle", Battles),
    ("combat", Battles),
    ("clash", Battles),
    ("armed clash", Battles),
    ("fighting", Battles),
    ("firefight", Battles),
    ("ambush", Battles),
    ("gunfight", Battles),
    ("skirmish", Battles),
    ("offensive", Battles),
    ("bataille", Battles),
    ("affrontement", Battles),
    ("accrochage", Battles),
    ("embuscade", Battles),
    ("batalla", Battles),
    ("enfrentamiento", Battles),
    ("kampf", Battles),
    ("gefecht", Battles),
    ("combate", Battles),
    ("state-based", Battles),
    ("non-state", Battles),
    ("armed conflict", Battles),
    ("اشتباك", Battles),
    ("معارك", Battles),
    ("معركة", Battles),
    ("قتال", Battles),
    ("كمين", Battles),
    ("مواجهة", Battles),
    ("مواجهات", Battles),
    ("бой", Battles),
    ("столкновени", Battles),
    ("засада", Battles),
    ("нападени", Vac),
    ("похищени", Vac),
    ("убийств", Vac),
    ("беспорядки", Riots),
    ("протест", Protests),
    ("демонстраци", Protests),
    ("kidnap", Vac),
    ("kidnapping", Vac),
    ("abduction", Vac),
    ("hostage", Vac),
    ("assassination", Vac),
    ("execution", Vac),
    ("massacre", Vac),
    ("murder", Vac),
    ("killing", Vac),
    ("homicide", Vac),
    ("attack", Vac),
    ("assault", Vac),
    ("rape", Vac),
    ("sexual violence", Vac),
    ("torture", Vac),
    ("enlèvement", Vac),
    ("assassinat", Vac),
    ("attaque", Vac),
    ("attentat", Explosions),
    ("meurtre", Vac),
    ("viol", Vac),
    ("exécution", Vac),
    ("secuestro", Vac),
    ("asesinato", Vac),
    ("ataque", Vac),
    ("خطف", Vac),
    ("اختطاف", Vac),
    ("اغتيال", Vac),
    ("قتل", Vac),
    ("مجزرة", Vac),
    ("هجوم", Vac),
    ("اعتداء", Vac),
    ("riot", Riots),
    ("émeute", Riots),
    ("unrest", Riots),
    ("disturbio", Riots),
    ("أعمال شغب", Riots),
    ("شغب", Riots),
    ("protest", Protests),
    ("demonstration", Protests),
    ("manifestation", Protests),
    ("manifestación", Protests),
    ("strike", Protests),
    ("احتجاج", Protests),
    ("مظاهرة", Protests),
    ("تظاهرة", Protests),
    ("arrest", Strategic),
    ("arrestation", Strategic),
    ("looting", Strategic),
    ("pillage", Strategic),
    ("agreement", Strategic),
    ("اعتقال", Strategic),
];

/// The type of a text: the first phrase of the table that begins at one of its words.
pub fn event_type(text: &str) -> Option<EventType> {
    const LONGEST: usize = 120;
    if text.is_empty() || text.len() > LONGEST {
        return None;
    }
    let text = bare(text);
    WORDS.iter().find(|(word, _)| holds(&text, &bare(word))).map(|(_, event_type)| *event_type)
}

/// Letters and digits, other signs as blanks, without the Arabic article.
fn bare(text: &str) -> String {
    let text = folded(text);
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.map(|word| word.strip_prefix("ال").unwrap_or(word)).collect();
    words.join(" ")
}

/// Whether a text has a phrase that begins at one of its words, and ends at the end of a word unless it
/// is long.
fn holds(text: &str, phrase: &str) -> bool {
    const LONG: usize = 5;
    // Arabic plurals add an ending to words of any length.
    let may_go_on = phrase.chars().count() >= LONG || !phrase.is_ascii();
    text.match_indices(phrase).any(|(at, _)| {
        let begins = text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(' '));
        let rest = text.get(at + phrase.len()..).unwrap_or_default();
        begins
            && (may_go_on
                || rest.is_empty()
                || rest.starts_with(' ')
                || rest.starts_with("s ")
                || rest == "s")
    })
}
