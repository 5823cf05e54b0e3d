//! One event: what is drawn of it, and how it is written as a row.

use std::fmt::Write as _;

use super::random::{Rng, Share};
use super::words::{
    ARABIC_QUOTES, COUNTRIES, ENGLISH_QUOTES, EXCESSIVE_FORCE, KINDS, MIXED, NEEDLES, NEW_LINES, SCALES,
    SUB_TYPES, SubType, TYPES,
};
use super::world::{Actor, Town, World, deadly};

/// ACLED's columns.
pub const HEADER: &str = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,\
    actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,\
    admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,\
    timestamp\n";

/// Midnight of the first day of the world, in seconds since 1970.
const FIRST_SECOND: u64 = 1_325_376_000;

/// The lists of the world by number, and everything that is counted of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    pub day: usize,
    pub town: usize,
    pub country: usize,
    pub sub_type: usize,
    pub actor1: usize,
    pub actor2: Option<usize>,
    /// In ten-thousandths of a degree.
    pub lon: i32,
    pub lat: i32,
    pub geo_precision: usize,
    pub time_precision: usize,
    pub fatalities: u64,
    pub arabic: bool,
    pub newline: bool,
    /// Which of [`NEEDLES`] the notes have, and in which of its spellings.
    pub needle: Option<(usize, usize)>,
}

impl Event {
    pub fn sub_type(&self) -> &'static SubType {
        &SUB_TYPES[self.sub_type]
    }

    pub fn event_type(&self) -> usize {
        self.sub_type().event_type
    }

    /// Draws an event of a day.
    pub fn draw(world: &World, rng: &mut Rng, day: usize, arabic: Share, newlines: Share) -> Self {
        let mut town = world.town_weights.draw(rng);
        let country = world.towns[town].country;
        let sub_type = world.sub_types[COUNTRIES[country].mood as usize].draw(rng);
        let event_type = SUB_TYPES[sub_type].event_type;
        let (actor1, actor2) = actors(world, rng, country, event_type);
        let fatalities = if rng.chance(deadly(event_type)) { world.killed.draw(rng) as u64 + 1 } else { 0 };
        // Where only the region is known, its capital stands for it; 15 of 100 lie around a town.
        let (geo_precision, deviation) = match rng.below(100) {
            0..=2 => (3, 0),
            3..=14 => (2, 300),
            15..=17 => (1, 300),
            _ => (1, 0),
        };
        if geo_precision == 3 {
            town = world.towns[town].capital;
        }
        let Town { lon, lat, .. } = world.towns[town];
        let (lon, lat) = if deviation > 0 {
            (lon + rng.normal(deviation), lat + rng.normal(deviation))
        } else {
            (lon, lat)
        };
        let time_precision = match rng.below(100) {
            0..=2 => 3,
            3..=11 => 2,
            _ => 1,
        };
        let needle = needle(rng);
        Self {
            day,
            town,
            country,
            sub_type,
            actor1,
            actor2,
            lon,
            lat,
            geo_precision,
            time_precision,
            fatalities,
            arabic: rng.chance(arabic),
            newline: rng.chance(newlines),
            needle,
        }
        .settled()
    }

    /// A planted phrase decides the script of its notes.
    fn settled(mut self) -> Self {
        if let Some((needle, _)) = self.needle {
            self.arabic = NEEDLES[needle].arabic;
        }
        self
    }

    /// Writes the row. Returns the number of characters of the notes.
    pub fn write(&self, world: &World, rng: &mut Rng, number: u64, row: &mut String) -> usize {
        let (town, day) = (&world.towns[self.town], &world.days[self.day]);
        let country = &COUNTRIES[self.country];
        let (sub_type, event_type) = (self.sub_type(), self.event_type());
        let actor1 = &world.actors[self.actor1];
        let actor2 = self.actor2.map(|actor| &world.actors[actor]);

        row.push_str(country.letters);
        push_number(row, number);
        plain(row, &day.iso);
        row.push(',');
        push_number(row, day.year.unsigned_abs().into());
        row.push(',');
        push_number(row, self.time_precision as u64);
        plain(row, sub_type.disorder);
        plain(row, TYPES[event_type].0.code());
        plain(row, sub_type.name);

        field(row, |row| row.push_str(&actor1.name));
        // Mostly nobody, at times several: neighbours of a group in the list of their country.
        let company = |row: &mut String, rng: &mut Rng| {
            let home = &world.homes[self.country];
            let (first, count) = (home.groups.draw(rng), [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][rng.below(10)]);
            for number in 0..count {
                row.push_str(if number > 0 { "; " } else { "" });
                row.push_str(&world.actors[home.first + (first + number) % home.groups.len()].name);
            }
        };
        field(row, |row| company(row, rng));
        plain(row, KINDS[actor1.kind]);
        if let Some(actor2) = actor2 {
            field(row, |row| row.push_str(&actor2.name));
            field(row, |row| company(row, rng));
            plain(row, KINDS[actor2.kind]);
            let (first, last) = (actor1.kind.min(actor2.kind), actor1.kind.max(actor2.kind));
            plain(row, KINDS[first]);
            row.push('-');
            row.push_str(KINDS[last]);
        } else {
            row.push_str(",,,");
            plain(row, KINDS[actor1.kind]);
            row.push_str(" only");
        }
        let at_civilians = event_type == 2 || sub_type.name == EXCESSIVE_FORCE;
        plain(row, if at_civilians { "Civilian targeting" } else { "" });

        row.push(',');
        push_number(row, country.iso.into());
        plain(row, country.region);
        plain(row, country.name);
        plain(row, &town.admin1);
        plain(row, &town.admin2);
        plain(row, &town.admin3);
        field(row, |row| row.push_str(&town.name));
        row.push(',');
        push_degrees(row, self.lat);
        row.push(',');
        push_degrees(row, self.lon);
        row.push(',');
        push_number(row, self.geo_precision as u64);

        for number in 0..[1, 1, 1, 1, 2, 2, 3, 1][rng.below(8)] {
            row.push_str(if number > 0 { "; " } else { "," });
            row.push_str(&world.sources[world.source_weights.draw(rng)]);
        }
        plain(row, rng.word(&SCALES));

        row.push(',');
        let start = row.len();
        if self.arabic {
            self.arabic_notes(world, rng, actor1, actor2, row);
        } else {
            self.latin_notes(world, rng, actor1, actor2, row);
        }
        if self.newline {
            row.push_str(rng.word(&NEW_LINES));
        }
        let chars = row.get(start..).unwrap_or_default().chars().count();
        quote(row, start);

        row.push(',');
        push_number(row, self.fatalities);
        row.push(',');
        if event_type == 3 {
            row.push_str("crowd size=");
            match rng.below(3) {
                0 => row.push_str("no report"),
                1 => row.push_str("dozens"),
                _ => push_number(row, rng.between(10, 5000) as u64),
            }
        }
        // When the row was last edited: between two days and two months after the event.
        row.push(',');
        push_number(row, FIRST_SECOND + 86_400 * self.day as u64 + rng.between(172_800, 5_184_000) as u64);
        row.push('\n');
        chars
    }

    fn latin_notes(
        &self,
        world: &World,
        rng: &mut Rng,
        actor1: &Actor,
        actor2: Option<&Actor>,
        row: &mut String,
    ) {
        let (town, day) = (&world.towns[self.town], &world.days[self.day]);
        row.push_str(match (self.time_precision, rng.below(8)) {
            (1, 0) => "As reported, on ",
            (1, _) => "On ",
            _ => "Around ",
        });
        let verb = [
            " clashed with ",
            " shelled positions of ",
            " attacked ",
            " protested against ",
            " rioted against ",
            " met with ",
        ];
        let other = actor2.map_or("unknown others", |actor| &actor.name);
        for part in [&day.english, ", ", &actor1.name, verb[self.event_type()], other, " in ", &town.name] {
            row.push_str(part);
        }
        for part in [" (", &town.admin1, ", ", COUNTRIES[self.country].name, ")."] {
            row.push_str(part);
        }
        match self.fatalities {
            0 => row.push_str(" No fatalities were reported."),
            1 => row.push_str(" One person was killed."),
            killed => {
                row.push(' ');
                push_number(row, killed);
                row.push_str(" people were killed.");
            }
        }
        let french = rng.below(10) == 0;
        let pool = if french { &world.sentences.french } else { &world.sentences.english };
        for _ in 0..rng.below(3) {
            row.push_str(&pool[rng.below(pool.len())]);
        }
        self.planted(row);
        if rng.below(20) == 0 {
            row.push_str(rng.word(&ENGLISH_QUOTES));
        }
        if rng.below(50) == 0 {
            row.push_str(rng.word(&MIXED));
        }
        if rng.below(2) == 0 {
            row.push_str(&pool[rng.below(pool.len())]);
        }
    }

    fn arabic_notes(
        &self,
        world: &World,
        rng: &mut Rng,
        actor1: &Actor,
        actor2: Option<&Actor>,
        row: &mut String,
    ) {
        let (town, day) = (&world.towns[self.town], &world.days[self.day]);
        let date = if rng.below(8) == 0 { &day.eastern } else { &day.arabic };
        row.push_str(if self.time_precision == 1 { "في " } else { "في نحو " });
        let (verb, against) = [
            ("اشتبكت ", " مع "),
            ("قصفت ", " مواقع "),
            ("هاجمت ", " "),
            ("تظاهر ", " ضد "),
            ("اشتبك ", " مع "),
            ("التقت ", " مع "),
        ][self.event_type()];
        let other = actor2.map_or("آخرين مجهولين", |actor| &actor.arabic);
        let place = rng.word(&[" في ", " في ", " ب", " قرب ", " في مدينة ", " بالقرب من "]);
        for part in [date, "، ", verb, &actor1.arabic, against, other, place, &town.arabic] {
            row.push_str(part);
        }
        match self.fatalities {
            0 => row.push_str("، ولم يُبلغ عن قتلى."),
            1 => row.push_str("، ما أدى إلى مقتل شخص."),
            killed => {
                row.push_str("، مما أدى إلى مقتل ");
                push_number(row, killed);
                row.push_str(if killed < 11 { " أشخاص." } else { " شخصاً." });
            }
        }
        let pool = &world.sentences.arabic;
        for _ in 0..rng.below(3) {
            row.push_str(&pool[rng.below(pool.len())]);
        }
        self.planted(row);
        if rng.below(20) == 0 {
            row.push_str(rng.word(&ARABIC_QUOTES));
        }
        // Particles in front of names: "and to N", "and in N".
        if rng.below(4) == 0 {
            for part in [" ووصلت تعزيزات ل", &town.arabic, " وب", &town.arabic, " أيضاً."]
            {
                row.push_str(part);
            }
        }
        if rng.below(2) == 0 {
            row.push_str(&pool[rng.below(pool.len())]);
        }
    }

    fn planted(&self, row: &mut String) {
        if let Some((needle, spelling)) = self.needle {
            let needle = &NEEDLES[needle];
            let (before, after) = needle.around;
            for part in [before, needle.spellings[spelling], after] {
                row.push_str(part);
            }
        }
    }
}

/// Who does something to whom. Protesters protest, and civilians are attacked; else it is the groups
/// of the country, or one in eight times of those who wander.
fn actors(world: &World, rng: &mut Rng, country: usize, event_type: usize) -> (usize, Option<usize>) {
    let home = &world.homes[country];
    let group = |rng: &mut Rng| {
        if rng.below(8) == 0 { world.wanderers.draw(rng) } else { home.first + home.groups.draw(rng) }
    };
    let first = group(rng);
    let mut second = group(rng);
    if second == first {
        second = home.police;
    }
    let has_second = rng.below(100);
    match event_type {
        0 => (first, Some(second)),
        1 => (first, (has_second < 55).then_some(second)),
        2 => (first, Some(home.civilians)),
        3 => (home.protesters, (has_second < 8).then_some(home.police)),
        4 => (
            home.rioters,
            (has_second < 40).then_some(if has_second < 20 { home.police } else { home.civilians }),
        ),
        _ => (first, (has_second < 15).then_some(second)),
    }
}

fn needle(rng: &mut Rng) -> Option<(usize, usize)> {
    let mut at = rng.below(1_000_000) as u64;
    for (number, needle) in NEEDLES.iter().enumerate() {
        if at < needle.per_million {
            return Some((number, rng.below(needle.spellings.len())));
        }
        at -= needle.per_million;
    }
    None
}

/// A field of a text that needs no quotation marks.
fn plain(row: &mut String, text: &str) {
    row.push(',');
    row.push_str(text);
}

/// A field of a text that may need quotation marks.
fn field(row: &mut String, write: impl FnOnce(&mut String)) {
    row.push(',');
    let start = row.len();
    write(row);
    let text = row.as_bytes().get(start..).unwrap_or_default();
    if memchr::memchr3(b',', b'"', b'\n', text).is_some() {
        quote(row, start);
    }
}

/// Puts what stands from a place on in quotation marks, as CSV has it.
fn quote(row: &mut String, start: usize) {
    let inner = row.get(start..).unwrap_or_default();
    if memchr::memchr(b'"', inner.as_bytes()).is_some() {
        let doubled = inner.replace('"', "\"\"");
        row.truncate(start);
        row.push('"');
        row.push_str(&doubled);
    } else {
        row.insert(start, '"');
    }
    row.push('"');
}

fn push_number(row: &mut String, number: u64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    row.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// Degrees with four decimals.
fn push_degrees(row: &mut String, ten_thousandths: i32) {
    if ten_thousandths < 0 {
        row.push('-');
    }
    let size = ten_thousandths.unsigned_abs();
    push_number(row, (size / 10_000).into());
    // Writing to a text cannot fail.
    let _ = write!(row, ".{:04}", size % 10_000);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_only_where_they_must() {
        let check = |text: &str, wanted: &str| {
            let mut row = String::from("a");
            field(&mut row, |row| row.push_str(text));
            assert_eq!(row, format!("a,{wanted}"));
        };
        check("plain", "plain");
        check("", "");
        check("a, b", "\"a, b\"");
        check("the \"x\"", "\"the \"\"x\"\"\"");
        check("two\nlines", "\"two\nlines\"");
    }

    #[test]
    fn numbers_are_written_in_full() {
        let check = |degrees: i32, wanted: &str| {
            let mut row = String::new();
            push_degrees(&mut row, degrees);
            assert_eq!(row, wanted);
        };
        check(-30_000, "-3.0000");
        check(-7, "-0.0007");
        check(1_243_001, "124.3001");
        let mut row = String::new();
        push_number(&mut row, 0);
        push_number(&mut row, u64::MAX);
        assert_eq!(row, "018446744073709551615");
    }
}
