//! The invented world that events are drawn from: towns, actors, sources, days, sentences.
//!
//! Invariants: a world is a function of its seed alone, not of how many rows are wanted. Every list
//! that a row refers to by number has at least one item.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::model::Lang;
use crate::model::time::{DateStyle, month_name};

use super::random::{Rng, Share, Weighted};
use super::spelling::{attach, vary};
use super::words::{
    ARABIC_NOUNS, ARABIC_OTHERS, COUNTRIES, ENGLISH, FRENCH, Mood, SUB_TYPES, SYLLABLES, TYPES,
};

/// The first day of the world, and its last.
pub const DAYS: (Date, Date) = (jiff::civil::date(2012, 1, 1), jiff::civil::date(2025, 12, 31));

/// About how many towns, actors and sources there are.
const TOWNS: u64 = 3000;
const GROUPS: u64 = 1700;
const SOURCES: usize = 800;
/// Actors that are at work in many countries.
const WANDERERS: usize = 60;
/// Sentences of each language.
const SENTENCES: usize = 8192;
/// Most people killed in one event.
pub const MAX_KILLED: u64 = 1500;

pub struct World {
    pub days: Vec<Day>,
    pub day_weights: Weighted,
    pub towns: Vec<Town>,
    pub town_weights: Weighted,
    pub actors: Vec<Actor>,
    /// Per country, the actors that are at home there.
    pub homes: Vec<Home>,
    pub wanderers: Weighted,
    pub sources: Vec<String>,
    pub source_weights: Weighted,
    /// Per mood, how often each of [`SUB_TYPES`] is.
    pub sub_types: Vec<Weighted>,
    /// How many are killed where somebody is: one more than the number drawn.
    pub killed: Weighted,
    pub sentences: Sentences,
}

/// A day as it is written.
pub struct Day {
    pub iso: String,
    pub english: String,
    pub arabic: String,
    /// With the digits of the Arab east.
    pub eastern: String,
    pub year: i16,
    /// Months since the first.
    pub month: usize,
}

pub struct Town {
    /// Its place in [`COUNTRIES`].
    pub country: usize,
    pub name: String,
    pub arabic: String,
    pub admin1: String,
    pub admin2: String,
    /// Few towns have one.
    pub admin3: String,
    /// The town after which its region is named.
    pub capital: usize,
    /// In ten-thousandths of a degree.
    pub lon: i32,
    pub lat: i32,
}

pub struct Actor {
    pub name: String,
    pub arabic: String,
    /// Its place in [`KINDS`](super::words::KINDS).
    pub kind: usize,
}

/// Numbers of a country's actors. Its own groups are a range, the state's forces first.
pub struct Home {
    pub protesters: usize,
    pub rioters: usize,
    pub civilians: usize,
    pub police: usize,
    pub first: usize,
    pub groups: Weighted,
}

pub struct Sentences {
    pub english: Vec<String>,
    pub french: Vec<String>,
    pub arabic: Vec<String>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        let rng = |part: u64| Rng::new(seed, u64::MAX - part);
        let days = days();
        let day_weights = Weighted::new(&day_weights(&days));
        let (towns, weights) = towns(&mut rng(0));
        let town_weights = Weighted::new(&weights);
        let (actors, homes) = actors(&mut rng(1));
        let sub_types = Mood::ALL.map(|mood| {
            let by_type = mood.weights();
            let weights: Vec<u64> =
                SUB_TYPES.iter().map(|sub| sub.weight * by_type[sub.event_type]).collect();
            Weighted::new(&weights)
        });
        let killed: Vec<u64> = (1..=MAX_KILLED).map(|k| (1 << 50) / (k * (k + 1) * (k + 60))).collect();
        Self {
            days,
            day_weights,
            towns,
            town_weights,
            actors,
            homes,
            wanderers: Weighted::new(&Weighted::zipf(WANDERERS, 1)),
            sources: sources(&mut rng(2)),
            source_weights: Weighted::new(&Weighted::zipf(SOURCES, 2)),
            sub_types: sub_types.into(),
            killed: Weighted::new(&killed),
            sentences: sentences(&mut rng(3)),
        }
    }

    /// The number of a day of the world; `None` if it is none.
    pub fn day_number(&self, iso: &str) -> Option<usize> {
        self.days.binary_search_by(|day| day.iso.as_str().cmp(iso)).ok()
    }
}

fn days() -> Vec<Day> {
    let (first, last) = DAYS;
    first
        .series(jiff::Span::new().days(1))
        .take_while(|date| *date <= last)
        .map(|date| {
            let month = date.month().unsigned_abs() as usize - 1;
            let name = |lang| month_name(date.month(), lang, DateStyle::Long);
            let (english, arabic) = (name(Lang::En), name(Lang::Ar));
            let arabic = format!("{} {arabic} {}", date.day(), date.year());
            Day {
                iso: date.to_string(),
                english: format!("{} {english} {}", date.day(), date.year()),
                eastern: arabic.chars().map(eastern_digit).collect(),
                arabic,
                year: date.year(),
                month: (date.year() - first.year()).unsigned_abs() as usize * 12 + month,
            }
        })
        .collect()
}

fn eastern_digit(c: char) -> char {
    c.to_digit(10).and_then(|digit| char::from_u32('٠' as u32 + digit)).unwrap_or(c)
}

/// More events every year, many more since 2020; fewer in the middle of the year than at its ends.
fn day_weights(days: &[Day]) -> Vec<u64> {
    let weight = |(number, day): (usize, &Day)| {
        let year = u64::from(day.year.abs_diff(DAYS.0.year()));
        let trend = 100 + 28 * year + if day.year >= 2020 { 90 } else { 0 };
        trend * (75 + (number as u64 % 365).abs_diff(182) / 4)
    };
    days.iter().enumerate().map(weight).collect()
}

/// An invented name in Latin and in Arabic letters.
fn name(rng: &mut Rng, syllables: usize) -> (String, String) {
    let (mut latin, mut arabic) = (String::new(), String::new());
    for _ in 0..syllables {
        let (l, a) = SYLLABLES[rng.below(SYLLABLES.len())];
        latin.push_str(l);
        arabic.push_str(a);
    }
    (capitalised(&latin), arabic)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Towns around the centres of their countries, with their weights.
fn towns(rng: &mut Rng) -> (Vec<Town>, Vec<u64>) {
    let all: u64 = COUNTRIES.iter().map(|country| country.weight).sum();
    let (mut towns, mut weights) = (Vec::new(), Vec::new());
    for (number, country) in COUNTRIES.iter().enumerate() {
        let count = (TOWNS * country.weight / all).max(6) as usize;
        let regions: Vec<String> = country.centers.iter().map(|_| name(rng, 3).0).collect();
        // The first towns are the capitals of the regions, in the order of the centres.
        let first = towns.len();
        let mut used = HashSet::new();
        let zipf = Weighted::zipf(count, 2);
        let zipf_all: u64 = zipf.iter().sum();
        for (rank, weight) in zipf.iter().enumerate() {
            let center = if rank < regions.len() { rank } else { rng.below(regions.len()) };
            let (lon, lat) = country.centers[center];
            let spread = if rank < regions.len() { country.spread / 8 } else { country.spread };
            let (mut latin, mut arabic) = (String::new(), String::new());
            while latin.is_empty() || !used.insert(latin.clone()) {
                let syllables = rng.between(2, 4);
                (latin, arabic) = name(rng, syllables);
            }
            match rng.below(40) {
                0 => (latin, arabic) = (format!("{latin}, Old Town"), format!("{arabic} القديمة")),
                1 => (latin, arabic) = (format!("N'{latin}"), format!("ن{arabic}")),
                2 | 3 => (latin, arabic) = (format!("{latin}-{}", name(rng, 2).0), format!("عين {arabic}")),
                4 | 5 => arabic.push('ة'),
                _ => {}
            }
            towns.push(Town {
                country: number,
                name: latin,
                arabic,
                admin1: regions[center].clone(),
                admin2: format!("{} {}", regions[center], name(rng, 2).0),
                admin3: if rng.below(10) == 0 { name(rng, 3).0 } else { String::new() },
                capital: first + center,
                lon: (lon + rng.normal(spread)).clamp(-1_799_000, 1_799_000),
                lat: (lat + rng.normal(spread * 4 / 5)).clamp(-850_000, 850_000),
            });
            weights.push(country.weight * (weight << 20) / zipf_all);
        }
    }
    (towns, weights)
}

/// All actors: first those who wander, then the people and the groups of each country.
fn actors(rng: &mut Rng) -> (Vec<Actor>, Vec<Home>) {
    let mut actors = Vec::new();
    let mut used = HashSet::new();
    let mut add = |actors: &mut Vec<Actor>, mut name: String, arabic: String, kind: usize| {
        if !used.insert(name.clone()) {
            name = format!("{name} #{}", actors.len());
            used.insert(name.clone());
        }
        actors.push(Actor { name, arabic, kind });
    };
    for number in 0..WANDERERS {
        let (latin, arabic) = name(rng, 3);
        let years = if number % 3 == 0 { format!(" ({}-)", 2009 + number % 12) } else { String::new() };
        match number % 3 {
            0 => add(&mut actors, format!("{latin} Front{years}"), format!("جبهة {arabic}"), 1),
            1 => add(
                &mut actors,
                format!("Private Security Forces {latin}"),
                format!("شركة {arabic} الأمنية"),
                7,
            ),
            _ => {
                add(&mut actors, format!("Union of {latin}, Northern Section"), format!("اتحاد {arabic}"), 2)
            }
        }
    }
    let all: u64 = COUNTRIES.iter().map(|country| country.weight).sum();
    let mut homes = Vec::new();
    for country in COUNTRIES {
        let (en, ar) = (country.name, country.arabic);
        let people = actors.len();
        add(&mut actors, format!("Protesters ({en})"), "محتجون".to_owned(), 5);
        add(&mut actors, format!("Rioters ({en})"), "مثيرو شغب".to_owned(), 4);
        add(&mut actors, format!("Civilians ({en})"), "مدنيين".to_owned(), 6);
        add(&mut actors, format!("Police Forces of {en} (2012-)"), format!("شرطة {ar}"), 0);
        let first = actors.len();
        let count = (GROUPS * country.weight / all).max(6) as usize;
        add(&mut actors, format!("Military Forces of {en} (2012-)"), format!("القوات المسلحة في {ar}"), 0);
        add(&mut actors, format!("Unidentified Armed Group ({en})"), "جماعة مسلحة مجهولة".to_owned(), 2);
        for number in 2..count {
            let (latin, arabic) = name(rng, 3);
            match number % 7 {
                0 => add(&mut actors, format!("Front for {latin}"), format!("جبهة {arabic}"), 1),
                1 => add(
                    &mut actors,
                    format!("Popular Movement of {latin} (2016-)"),
                    format!("الحركة الشعبية في {arabic}"),
                    1,
                ),
                2 => add(
                    &mut actors,
                    format!("{latin} Communal Militia ({en})"),
                    format!("ميليشيا {arabic}"),
                    3,
                ),
                3 => add(
                    &mut actors,
                    format!("Self-Defense Group of {latin}"),
                    format!("مجموعة الدفاع الذاتي في {arabic}"),
                    3,
                ),
                4 => add(
                    &mut actors,
                    format!("{latin} Liberation Army (2014-2022)"),
                    format!("جيش تحرير {arabic}"),
                    1,
                ),
                5 => add(&mut actors, format!("Guard of {latin}, {en}"), format!("حرس {arabic}"), 2),
                _ => add(&mut actors, format!("\"{latin}\" Brigade"), format!("كتيبة «{arabic}»"), 2),
            }
        }
        homes.push(Home {
            protesters: people,
            rioters: people + 1,
            civilians: people + 2,
            police: people + 3,
            first,
            groups: Weighted::new(&Weighted::zipf(count, 0)),
        });
    }
    (actors, homes)
}

fn sources(rng: &mut Rng) -> Vec<String> {
    (0..SOURCES)
        .map(|number| {
            let (latin, arabic) = name(rng, 3);
            match number % 6 {
                0 => format!("Radio {latin}"),
                1 => format!("{latin} News"),
                2 => format!("وكالة {arabic} للأنباء"),
                3 => format!("Le Journal de {latin}"),
                4 => format!("إذاعة {arabic}"),
                _ => format!("{latin} Monitor (local)"),
            }
        })
        .collect()
}

fn sentences(rng: &mut Rng) -> Sentences {
    let latin = |rng: &mut Rng, words: &str, near: &str| {
        let words: Vec<&str> = words.split_whitespace().collect();
        let count = rng.between(7, 15);
        let mut text: Vec<&str> = (0..count).map(|_| rng.word(&words)).collect();
        // Names that occur in one sentence only give the vocabulary a tail.
        let place = name(rng, 4).0;
        if rng.below(4) == 0 {
            text.extend([near, &place]);
        }
        format!(" {}.", capitalised(&text.join(" ")))
    };
    let nouns: Vec<&str> = ARABIC_NOUNS.split_whitespace().collect();
    let others: Vec<&str> = ARABIC_OTHERS.split_whitespace().collect();
    let arabic = |rng: &mut Rng| {
        let mut text = String::new();
        for _ in 0..rng.between(7, 14) {
            let word = if rng.below(3) == 0 {
                rng.word(&others).to_owned()
            } else {
                let noun = rng.word(&nouns);
                attach(rng, noun)
            };
            text.push(' ');
            text.push_str(&vary(rng, &word));
        }
        match rng.below(8) {
            0 => text.push_str("، وفق مصادر محلية."),
            1 => {
                let place = name(rng, 3).1;
                text.push_str(&format!("، كما في ل{place} وب{place}."));
            }
            2 => text.push('؟'),
            _ => text.push('.'),
        }
        text
    };
    Sentences {
        english: (0..SENTENCES).map(|_| latin(rng, ENGLISH, "near")).collect(),
        french: (0..SENTENCES / 4).map(|_| latin(rng, FRENCH, "près de")).collect(),
        arabic: (0..SENTENCES).map(|_| arabic(rng)).collect(),
    }
}

/// How often somebody is killed in an event of each of [`TYPES`].
pub fn deadly(event_type: usize) -> Share {
    TYPES.get(event_type).map_or(Share::NEVER, |(_, per_million)| Share::per_million(*per_million))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_is_what_its_seed_says() {
        let (a, b, other) = (World::new(7), World::new(7), World::new(8));
        let names = |world: &World| -> Vec<String> {
            let towns = world.towns.iter().map(|town| town.name.clone());
            towns.chain(world.actors.iter().map(|actor| actor.name.clone())).collect()
        };
        assert_eq!(names(&a), names(&b));
        assert_ne!(names(&a), names(&other));
        assert!(COUNTRIES.len() >= 40);
        assert!((2_900..3_100).contains(&a.towns.len()), "{}", a.towns.len());
        assert!((1_900..2_100).contains(&a.actors.len()), "{}", a.actors.len());
        assert_eq!(a.days.len(), 5114);
        assert_eq!(a.day_number("2012-02-01"), Some(31));
        assert_eq!(a.day_number("2030-01-01"), None);
        assert_eq!(a.days[5113].month, 14 * 12 - 1);
        let distinct: HashSet<&String> = a.actors.iter().map(|actor| &actor.name).collect();
        assert_eq!(distinct.len(), a.actors.len());
        let letters: HashSet<&str> = COUNTRIES.iter().map(|country| country.letters).collect();
        assert_eq!(letters.len(), COUNTRIES.len());
    }
}
