//! Names of the columns of known families.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::{Mapping, fold_name};
use crate::model::import::{Dialect, Field};
use Field::*;

/// A family: names that no other one has, names that it shares, and what columns mean.
struct Family {
    dialect: Dialect,
    /// Names by which it is known.
    own: &'static str,
    /// So many of them make it sure.
    enough: usize,
    /// Its other names.
    others: &'static str,
    /// Fields with the names of their columns, best first.
    fields: &'static [(Field, &'static str)],
}

static FAMILIES: [Family; 9] = [
    Family {
        dialect: Dialect::AcledOld,
        own: "gwno ally_actor_1 ally_actor_2",
        enough: 2,
        others: "event_id_cnty event_id_no_cnty event_date year time_precision event_type actor1 inter1 actor2 inter2 \
            interaction country admin1 admin2 admin3 location latitude longitude geo_precision source notes fatalities",
        fields: ACLED_FIELDS,
    },
    Family {
        dialect: Dialect::Acled,
        own: "event_id_cnty event_id_no_cnty event_date time_precision disorder_type sub_event_type assoc_actor_1 \
            inter1 assoc_actor_2 inter2 interaction civilian_targeting geo_precision source_scale data_id",
        enough: 3,
        others: "year event_type actor1 actor2 iso iso3 region country admin1 admin2 admin3 location latitude longitude \
            source notes fatalities tags timestamp population_1km population_2km population_5km population_best",
        fields: ACLED_FIELDS,
    },
    Family {
        dialect: Dialect::Ucdp,
        own: "type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id dyad_new_id dyad_name \
            side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources source_article \
            source_office source_headline source_original where_prec where_coordinates where_description geom_wkt \
            priogrid_gid event_clarity date_prec deaths_a deaths_b deaths_civilians deaths_unknown gwnoa gwnob \
            active_year code_status relid",
        enough: 3,
        others: "id year month day source_date adm_1 adm_2 latitude longitude country country_id region date_start \
            date_end best high low best_death high_death low_death best_est high_est low_est",
        fields: &[
            (Id, "id"),
            (Date, "date_start"),
            (DateEnd, "date_end"),
            (Year, "year"),
            (Month, "month"),
            (Day, "day"),
            (DatePrecision, "date_prec"),
            (EventType, "type_of_violence"),
            (Title, "dyad_name conflict_name"),
            (Notes, "source_article source_headline where_description"),
            (Latitude, "latitude"),
            (Longitude, "longitude"),
            (Coordinates, "geom_wkt geom"),
            (GeoPrecision, "where_prec"),
            (Place, "where_coordinates where_description"),
            (Admin1, "adm_1"),
            (Admin2, "adm_2"),
            (Country, "country"),
            (Actor1, "side_a"),
            (Actor2, "side_b"),
            (Fatalities, "best best_death best_est"),
            (FatalitiesLow, "low low_death low_est"),
            (FatalitiesHigh, "high high_death high_est"),
            (Source, "source_office"),
        ],
    },
    Family {
        dialect: Dialect::GdeltMentions,
        own: "EventTimeDate MentionTimeDate MentionType MentionSourceName MentionIdentifier MentionDocLen MentionDocTone \
            MentionDocTranslationInfo InRawText",
        enough: 3,
        others: "GLOBALEVENTID SentenceID Actor1CharOffset Actor2CharOffset ActionCharOffset Confidence Extras",
        fields: &[
            (Id, "GLOBALEVENTID"),
            (Date, "EventTimeDate"),
            (Source, "MentionSourceName"),
            (SourceUrl, "MentionIdentifier"),
        ],
    },
    Family {
        dialect: Dialect::Gdelt2,
        own: "Actor1Geo_ADM2Code Actor2Geo_ADM2Code ActionGeo_ADM2Code",
        enough: 1,
        others: GDELT_NAMES,
        fields: GDELT_FIELDS,
    },
    Family { dialect: Dialect::Gdelt1, own: GDELT_NAMES, enough: 4, others: "", fields: GDELT_FIELDS },
    Family {
        dialect: Dialect::Gtd,
        own: "eventid iyear imonth iday approxdate crit1 crit2 crit3 doubtterr attacktype1 attacktype1_txt targtype1 \
            targtype1_txt targsubtype1 natlty1 gname gsubname guncertain1 nkill nkillus nkillter nwound nwoundus \
            nwoundte weaptype1 weaptype1_txt weapsubtype1 propextent ishostkid scite1 dbsource int_log int_ideo \
            int_misc int_any provstate country_txt region_txt",
        enough: 3,
        others: "extended resolution country region city latitude longitude specificity vicinity location summary \
            alternative multiple success suicide attacktype2 attacktype3 corp1 target1 motive individual nperps \
            claimed claimmode weapdetail property propvalue nhostkid ransom addnotes scite2 scite3 related",
        fields: &[
            (Id, "eventid"),
            (Year, "iyear"),
            (Month, "imonth"),
            (Day, "iday"),
            (DateEnd, "resolution"),
            (EventType, "attacktype1_txt attacktype1"),
            (SubType, "weaptype1_txt"),
            (Notes, "summary"),
            (Latitude, "latitude"),
            (Longitude, "longitude"),
            (GeoPrecision, "specificity"),
            (Place, "city location"),
            (Admin1, "provstate"),
            (Country, "country_txt"),
            (Actor1, "gname"),
            (Actor2, "target1"),
            (Fatalities, "nkill"),
            (Wounded, "nwound"),
            (Source, "scite1"),
        ],
    },
    // Names and fields are those of `io::export::columns`, whose tests compare them.
    Family {
        dialect: Dialect::Waqai,
        own: "dataset date_begin date_end date_precision",
        enough: 4,
        others: "id event_type sub_type title title_ar date ongoing place place_ar admin1 admin2 admin3 country latitude \
            longitude radius_m geo_precision actor1 assoc_actor1 actor2 assoc_actor2 actors actor_roles fatalities_low \
            fatalities_best fatalities_best_open fatalities_high fatalities_high_open wounded prominence certainty \
            optional num_claims claimants documents source source_url notes",
        fields: &[
            (Id, "id"),
            (EventType, "event_type"),
            (SubType, "sub_type"),
            (Title, "title"),
            (Date, "date"),
            (DatePrecision, "date_precision"),
            (Place, "place"),
            (Admin1, "admin1"),
            (Admin2, "admin2"),
            (Admin3, "admin3"),
            (Country, "country"),
            (Latitude, "latitude"),
            (Longitude, "longitude"),
            (GeoPrecision, "geo_precision"),
            (Actor1, "actor1"),
            (AssocActor1, "assoc_actor1"),
            (Actor2, "actor2"),
            (AssocActor2, "assoc_actor2"),
            (Actors, "actors"),
            (FatalitiesLow, "fatalities_low"),
            (Fatalities, "fatalities_best"),
            (FatalitiesHigh, "fatalities_high"),
            (Wounded, "wounded"),
            (Source, "source"),
            (SourceUrl, "source_url"),
            (Notes, "notes"),
        ],
    },
    Family {
        dialect: Dialect::TimeMap,
        own: "associations association1 association2 sources source1 source2 category_full time_display \
            narrative___stepStyles narrative1 graphic",
        enough: 2,
        others: "id description date time time_precision location latitude longitude x y z type category comments shape \
            colour",
        fields: &[
            (Id, "id"),
            (Notes, "description"),
            (Date, "date"),
            (Time, "time"),
            (DatePrecision, "time_precision"),
            (Place, "location"),
            (Latitude, "latitude"),
            (Longitude, "longitude"),
            (EventType, "type category"),
            (SubType, "category_full"),
            (Source, "sources source1"),
        ],
    },
];

const ACLED_FIELDS: &[(Field, &str)] = &[
    // `data_id` changes with every edition and is no key.
    (Id, "event_id_cnty"),
    (Date, "event_date"),
    (DatePrecision, "time_precision"),
    (EventType, "event_type"),
    (SubType, "sub_event_type"),
    (Actor1, "actor1"),
    (AssocActor1, "assoc_actor_1 ally_actor_1"),
    (Actor2, "actor2"),
    (AssocActor2, "assoc_actor_2 ally_actor_2"),
    (Country, "country"),
    (Admin1, "admin1"),
    (Admin2, "admin2"),
    (Admin3, "admin3"),
    (Place, "location"),
    (Latitude, "latitude"),
    (Longitude, "longitude"),
    (GeoPrecision, "geo_precision"),
    (Source, "source"),
    (Notes, "notes"),
    (Fatalities, "fatalities"),
    (Year, "year"),
];

const GDELT_NAMES: &str = "GLOBALEVENTID SQLDATE MonthYear Year FractionDate Actor1Code Actor1Name Actor1CountryCode \
    Actor1KnownGroupCode Actor1EthnicCode Actor1Religion1Code Actor1Religion2Code Actor1Type1Code Actor1Type2Code \
    Actor1Type3Code Actor2Code Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode Actor2Religion1Code \
    Actor2Religion2Code Actor2Type1Code Actor2Type2Code Actor2Type3Code IsRootEvent EventCode EventBaseCode \
    EventRootCode QuadClass GoldsteinScale NumMentions NumSources NumArticles AvgTone Actor1Geo_Type \
    Actor1Geo_FullName Actor1Geo_CountryCode Actor1Geo_ADM1Code Actor1Geo_Lat Actor1Geo_Long Actor1Geo_FeatureID \
    Actor2Geo_Type Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code Actor2Geo_Lat Actor2Geo_Long \
    Actor2Geo_FeatureID ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code ActionGeo_Lat \
    ActionGeo_Long ActionGeo_FeatureID DATEADDED SOURCEURL";

const GDELT_FIELDS: &[(Field, &str)] = &[
    (Id, "GLOBALEVENTID"),
    (Date, "SQLDATE Day"),
    (EventType, "EventRootCode"),
    (SubType, "EventCode EventBaseCode"),
    (Actor1, "Actor1Name"),
    (Actor2, "Actor2Name"),
    (GeoPrecision, "ActionGeo_Type"),
    (Place, "ActionGeo_FullName"),
    (Country, "ActionGeo_CountryCode"),
    (Latitude, "ActionGeo_Lat"),
    (Longitude, "ActionGeo_Long"),
    (SourceUrl, "SOURCEURL"),
];

const UCDP_NAMES: &str = "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id \
    conflict_name dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id \
    side_b number_of_sources source_article source_office source_date source_headline source_original where_prec \
    where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region \
    event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa \
    gwnob";

const MENTION_NAMES: &str = "GLOBALEVENTID EventTimeDate MentionTimeDate MentionType MentionSourceName \
    MentionIdentifier SentenceID Actor1CharOffset Actor2CharOffset ActionCharOffset InRawText Confidence MentionDocLen \
    MentionDocTone MentionDocTranslationInfo Extras";

fn owned(names: &str) -> Vec<String> {
    names.split_whitespace().map(str::to_owned).collect()
}

/// The names of the columns of files without a header, in their order: UCDP with 49 columns, GDELT 2.0
/// with 61, GDELT 1.0 with 58 or (until April 2013, without an address) 57, mentions with 16.
pub fn names_of(dialect: Dialect, width: usize) -> Option<Vec<String>> {
    let names = match (dialect, width) {
        (Dialect::Ucdp, 49) => owned(UCDP_NAMES),
        (Dialect::GdeltMentions, 16) => owned(MENTION_NAMES),
        (Dialect::Gdelt1, 57 | 58) => owned(GDELT_NAMES).into_iter().take(width).collect(),
        // The second edition has one code more in each of its three places, behind that of the first order.
        (Dialect::Gdelt2, 61) => owned(GDELT_NAMES)
            .into_iter()
            .flat_map(|name| {
                let further = name.ends_with("ADM1Code").then(|| name.replace("ADM1", "ADM2"));
                std::iter::once(name).chain(further)
            })
            .collect(),
        _ => return None,
    };
    Some(names)
}

/// The folded names of a family.
struct Folded {
    family: &'static Family,
    own: Vec<String>,
    others: Vec<String>,
    fields: Vec<(Field, Vec<String>)>,
}

fn families() -> &'static [Folded] {
    static FOLDED: OnceLock<Vec<Folded>> = OnceLock::new();
    let folded = |names: &str| names.split_whitespace().map(fold_name).collect::<Vec<_>>();
    FOLDED.get_or_init(|| {
        let families = FAMILIES.iter().map(|family| Folded {
            family,
            own: folded(family.own),
            others: folded(family.others),
            fields: family.fields.iter().map(|(field, names)| (*field, folded(names))).collect(),
        });
        families.collect()
    })
}

/// The family of folded names; see [`super::dialect`].
pub fn of_names(names: &[String]) -> Option<(Dialect, usize, usize)> {
    /// No table of few known names is taken for a family.
    const FEWEST: usize = 4;
    let names: HashSet<&str> = names.iter().map(String::as_str).collect();
    let count = |known: &[String]| known.iter().filter(|name| names.contains(name.as_str())).count();
    let scored = families().iter().filter_map(|known| {
        let (own, others) = (count(&known.own), count(&known.others));
        let is_enough = own >= known.family.enough && own + others >= FEWEST;
        is_enough.then_some((known.family.dialect, own + others, known.own.len() + known.others.len()))
    });
    // A file of this program may have columns of any other family beside its own.
    if let Some(own) = scored.clone().find(|(dialect, ..)| *dialect == Dialect::Waqai) {
        return Some(own);
    }
    // The first of equals: families that are like another one but for a few names come before it.
    scored.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Gives the columns of a family their fields.
pub fn map(dialect: Dialect, names: &[String], mapping: &mut Mapping) {
    let Some(known) = families().iter().find(|known| known.family.dialect == dialect) else { return };
    for (field, known) in &known.fields {
        let free = |known: &String| {
            (0..names.len()).find(|at| names.get(*at) == Some(known) && mapping.is_free(*at))
        };
        let column = known.iter().find_map(free);
        mapping.give(column, *field);
    }
}

/// Whether a folded name is one of a family's.
pub fn is_name(name: &str) -> bool {
    static NAMES: OnceLock<HashSet<&str>> = OnceLock::new();
    let all =
        || families().iter().flat_map(|known| known.own.iter().chain(&known.others)).map(String::as_str);
    NAMES.get_or_init(|| all().collect()).contains(name)
}
