//! Tables of codes, as their codebooks have them ([`super`] names these).

use super::{Code, PrecisionCode};
use crate::model::{DatePrecision, EventType, GeoPrecision};
use EventType::{
    Battles, Explosions, Other, Protests, Riots, StrategicDevelopments as Strategic,
    ViolenceAgainstCivilians as Vac,
};

const fn code(code: &'static str, text: &'static str, event_type: EventType) -> Code {
    Code { code, text, event_type }
}

const fn by_name(text: &'static str, event_type: EventType) -> Code {
    Code { code: text, text, event_type }
}

const fn date(
    code: &'static str,
    text: &'static str,
    precision: DatePrecision,
) -> PrecisionCode<DatePrecision> {
    PrecisionCode { code, text, precision }
}

const fn geo(code: &'static str, text: &'static str, precision: GeoPrecision) -> PrecisionCode<GeoPrecision> {
    PrecisionCode { code, text, precision }
}

/// ACLED since 2018.
pub const ACLED: [Code; 6] = [
    by_name("Battles", Battles),
    by_name("Explosions/Remote violence", Explosions),
    by_name("Violence against civilians", Vac),
    by_name("Protests", Protests),
    by_name("Riots", Riots),
    by_name("Strategic developments", Strategic),
];

pub const ACLED_SUB: [Code; 25] = [
    by_name("Government regains territory", Battles),
    by_name("Non-state actor overtakes territory", Battles),
    by_name("Armed clash", Battles),
    by_name("Chemical weapon", Explosions),
    by_name("Air/drone strike", Explosions),
    by_name("Suicide bomb", Explosions),
    by_name("Shelling/artillery/missile attack", Explosions),
    by_name("Remote explosive/landmine/IED", Explosions),
    by_name("Grenade", Explosions),
    by_name("Sexual violence", Vac),
    by_name("Attack", Vac),
    by_name("Abduction/forced disappearance", Vac),
    by_name("Excessive force against protesters", Protests),
    by_name("Protest with intervention", Protests),
    by_name("Peaceful protest", Protests),
    by_name("Violent demonstration", Riots),
    by_name("Mob violence", Riots),
    by_name("Agreement", Strategic),
    by_name("Arrests", Strategic),
    by_name("Change to group/activity", Strategic),
    by_name("Disrupted weapons use", Strategic),
    by_name("Headquarters or base established", Strategic),
    by_name("Looting/property destruction", Strategic),
    by_name("Non-violent transfer of territory", Strategic),
    by_name("Other", Strategic),
];

/// ACLED until 2017. Riots and protests were one type; it counts as the milder one.
pub const ACLED_OLD: [Code; 9] = [
    by_name("Battle-No change of territory", Battles),
    by_name("Battle-Non-state actor overtakes territory", Battles),
    by_name("Battle-Government regains territory", Battles),
    by_name("Headquarters or base established", Strategic),
    by_name("Strategic development", Strategic),
    by_name("Riots/Protests", Protests),
    by_name("Violence against civilians", Vac),
    by_name("Non-violent transfer of territory", Strategic),
    by_name("Remote violence", Explosions),
];

/// UCDP's types of violence.
pub const UCDP: [Code; 3] = [
    code("1", "State-based violence", Battles),
    code("2", "Non-state violence", Battles),
    code("3", "One-sided violence", Vac),
];

/// GTD's attack types. The database counts attacks outside of warfare, so that an armed assault is taken
/// for violence against civilians.
pub const GTD: [Code; 9] = [
    code("1", "Assassination", Vac),
    code("2", "Armed Assault", Vac),
    code("3", "Bombing/Explosion", Explosions),
    code("4", "Hijacking", Vac),
    code("5", "Hostage Taking (Barricade Incident)", Vac),
    code("6", "Hostage Taking (Kidnapping)", Vac),
    code("7", "Facility/Infrastructure Attack", Strategic),
    code("8", "Unarmed Assault", Vac),
    code("9", "Unknown", Other),
];

pub const ACLED_TIME: [PrecisionCode<DatePrecision>; 3] = [
    date("1", "exact day", DatePrecision::Day),
    date("2", "week", DatePrecision::Week),
    date("3", "month", DatePrecision::Month),
];

pub const UCDP_DATE: [PrecisionCode<DatePrecision>; 5] = [
    date("1", "exact day", DatePrecision::Day),
    date("2", "2 to 6 days", DatePrecision::Days),
    date("3", "week", DatePrecision::Week),
    date("4", "8 to 30 days, or month", DatePrecision::Month),
    date("5", "more than a month, up to a year", DatePrecision::Year),
];

pub const ACLED_GEO: [PrecisionCode<GeoPrecision>; 3] = [
    geo("1", "the place itself", GeoPrecision::Exact),
    geo("2", "part of a region, at a town nearby", GeoPrecision::Near),
    geo("3", "larger region, at its capital", GeoPrecision::Region),
];

/// The last one is a point somebody chose on the sea or in the air: it is a place, but no exact one.
pub const UCDP_WHERE: [PrecisionCode<GeoPrecision>; 7] = [
    geo("1", "the place itself", GeoPrecision::Exact),
    geo("2", "within about 25 km", GeoPrecision::Near),
    geo("3", "second-order division, at its centre", GeoPrecision::Region),
    geo("4", "first-order division, at its centre", GeoPrecision::Region),
    geo("5", "a line or an area without sharp limits", GeoPrecision::Region),
    geo("6", "only the country", GeoPrecision::Country),
    geo("7", "international waters or airspace", GeoPrecision::Region),
];

/// In 2 and 3 the coordinates are those of a division's centre, whether the town is known or not.
pub const GTD_SPECIFICITY: [PrecisionCode<GeoPrecision>; 5] = [
    geo("1", "city, village or town, at its coordinates", GeoPrecision::Exact),
    geo("2", "city, village or town, at the centre of its division", GeoPrecision::Region),
    geo("3", "not in a town, at the centre of the smallest division", GeoPrecision::Region),
    geo("4", "first-order division, at its centre", GeoPrecision::Region),
    geo("5", "no division could be identified", GeoPrecision::Unknown),
];

pub const GDELT_GEO: [PrecisionCode<GeoPrecision>; 6] = [
    geo("0", "none", GeoPrecision::Unknown),
    geo("1", "country, at its centre", GeoPrecision::Country),
    geo("2", "state of the USA, at its centre", GeoPrecision::Region),
    geo("3", "city or landmark of the USA", GeoPrecision::Exact),
    geo("4", "city or landmark of the world", GeoPrecision::Exact),
    geo("5", "first-order division of the world, at its centre", GeoPrecision::Region),
];

/// ACLED's codes of interaction.
pub const INTER: [(&str, &str); 8] = [
    ("1", "State forces"),
    ("2", "Rebel group"),
    ("3", "Political militia"),
    ("4", "Identity militia"),
    ("5", "Rioters"),
    ("6", "Protesters"),
    ("7", "Civilians"),
    ("8", "External/Other forces"),
];
