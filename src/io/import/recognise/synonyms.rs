//! Names of columns in several languages, and the tags of the Humanitarian Exchange Language.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Mapping, fold_name};
use crate::io::import::values::Look;
use crate::model::import::Field;
use Field::*;

/// For each field the names of its column, best first, between bars: of two columns the one whose name
/// comes first in the list has the field. English, French, Arabic, Spanish, German, Portuguese, Russian.
const NAMES: [(Field, &str); 30] = [
    (
        Latitude,
        "latitude|lat|y_coord|latitude_wgs84|lat_wgs84|ycoord|point_y|geo_lat|event_latitude|lat_dd|latitud|breitengrad|breite|geographische_breite|широта|خط العرض|دائرة العرض|العرض|إحداثي العرض|y",
    ),
    (
        Longitude,
        "longitude|lon|lng|long|x_coord|longitude_wgs84|lon_wgs84|xcoord|point_x|geo_lon|geo_long|event_longitude|lon_dd|longitud|längengrad|länge|geographische_länge|долгота|خط الطول|الطول|إحداثي الطول|x",
    ),
    (
        Coordinates,
        "coordinates|coords|coordinate|latlon|latlong|lat_lon|lat_long|lat_lng|latitude_longitude|geopoint|geo_point|geo_point_2d|gps|gps_coordinates|position|point|geom_wkt|wkt|wkt_geom|the_geom|geom|geometry|coordonnees|coordonnees_gps|coordenadas|ubicacion_gps|koordinaten|координаты|الإحداثيات|إحداثيات|الاحداثيات|الموقع الجغرافي",
    ),
    (
        Date,
        "event_date|date|date_start|start_date|startdate|begin_date|date_begin|event_start|start|begin|from_date|date_from|date_of_event|date_of_incident|incident_date|reference_period_start|attack_date|occurred_on|occurred|when|day_date|date_debut|date_de_debut|debut|date_evenement|date_de_l_evenement|date_incident|date_de_l_incident|fecha|fecha_inicio|fecha_evento|datum|beginn|data|data_inicio|дата|дата_события|التاريخ|تاريخ|تاريخ الحدث|تاريخ الحادث|تاريخ الواقعة|تاريخ البداية|تاريخ البدء|اليوم والتاريخ|datetime|date_time|event_datetime|timestamp|times|begin_time|start_time|time_start|event_time|isodate|sqldate|reported_date|date_reported|publication_date|date_published",
    ),
    (
        DateEnd,
        "date_end|end_date|enddate|event_end|end|to_date|date_to|finish|until|reference_period_end|end_time|time_end|date_fin|date_de_fin|fin|fecha_fin|enddatum|ende|data_fim|дата_окончания|تاريخ النهاية|تاريخ الانتهاء|النهاية",
    ),
    (Time, "time|event_time|time_of_day|hour|heure|hora|uhrzeit|время|الوقت|الساعة|وقت الحدث"),
    (Year, "year|iyear|event_year|annee|ano|anio|jahr|год|السنة|سنة|العام"),
    (Month, "month|imonth|event_month|mois|mes|monat|месяц|الشهر|شهر"),
    (Day, "day|iday|event_day|jour|dia|tag|день|اليوم|يوم"),
    (
        DatePrecision,
        "date_precision|time_precision|date_prec|precision_date|precision_de_la_date|دقة التاريخ",
    ),
    (
        EventType,
        "event_type|type_of_event|eventtype|incident_type|type_of_incident|type|attack_type|type_of_attack|event_category|category|kind|class|type_evenement|type_d_evenement|type_d_incident|type_incident|categorie|tipo|tipo_de_evento|tipo_evento|categoria|ereignistyp|typ|ereignisart|art|kategorie|тип|тип_события|категория|نوع الحدث|نوع الحادث|النوع|نوع|التصنيف|الفئة|نوع الواقعة",
    ),
    (
        SubType,
        "sub_event_type|sub_type|subtype|event_subtype|subcategory|sub_category|category_2|sous_type|sous_categorie|subtipo|subcategoria|untertyp|подтип|النوع الفرعي|نوع فرعي|التصنيف الفرعي",
    ),
    (
        Title,
        "title|headline|event_title|event_name|name|label|titre|intitule|nom|titulo|nombre|titel|titulo_evento|название|заголовок|العنوان|عنوان|الاسم|عنوان الخبر",
    ),
    (
        Notes,
        "notes|description|event_description|summary|narrative|details|text|desc|note|comments|comment|remarks|body|content|descriptif|resume|remarques|commentaires|commentaire|descripcion|notas|resumen|beschreibung|bemerkungen|notizen|descricao|resumo|описание|примечания|ملاحظات|الملاحظات|الوصف|وصف|التفاصيل|تفاصيل|وصف الحدث|النص|ملخص",
    ),
    (
        GeoPrecision,
        "geo_precision|where_prec|location_precision|geoprecision|precision_geo|precision_geographique|spatial_precision|coordinate_precision|دقة الموقع",
    ),
    (
        Place,
        "location|place|place_name|placename|location_name|city|town|village|locality|site|municipality_name|lieu|localite|ville|endroit|emplacement|lugar|localidad|ciudad|ubicacion|ort|ortschaft|stadt|localidade|cidade|место|населенный_пункт|город|المكان|مكان|الموقع|موقع|المدينة|البلدة|القرية|مكان الحدث|المنطقة المحلية|اسم المكان",
    ),
    (
        Admin1,
        "admin1|adm1|admin_1|adm_1|admin1_name|adm1_name|adm1_en|admin1name|provider_admin1_name|province|governorate|state|region|provstate|gouvernorat|wilaya|departement|provincia|departamento|estado|bundesland|регион|область|المحافظة|محافظة|الولاية|ولاية|الإقليم|المنطقة",
    ),
    (
        Admin2,
        "admin2|adm2|admin_2|adm_2|admin2_name|adm2_name|adm2_en|admin2name|provider_admin2_name|district|county|cercle|municipality|municipio|landkreis|район|القضاء|المديرية|الدائرة",
    ),
    (
        Admin3,
        "admin3|adm3|admin_3|adm_3|admin3_name|adm3_name|commune|subdistrict|sub_district|arrondissement|الناحية|البلدية",
    ),
    (
        Country,
        "country|country_name|nation|adm0|admin0|adm0_name|admin0_name|adm0_en|iso3|iso_a3|country_code|pays|pais|land|страна|البلد|بلد|الدولة|دولة",
    ),
    (
        Actor1,
        "actor1|actor_1|actor_a|side_a|perpetrator|perpetrators|attacker|actor|group|armed_group|gname|acteur1|acteur_1|acteur|auteur|groupe|perpetrador|actor_principal|akteur1|akteur_1|akteur|täter|gruppe|perpetrador_1|актор1|участник1|الجهة|الجهة الفاعلة|الفاعل|الطرف الأول|الجهة المنفذة|المنفذ|الجماعة|الجهة الأولى",
    ),
    (AssocActor1, "assoc_actor_1|associated_actor_1|ally_actor_1"),
    (
        Actor2,
        "actor2|actor_2|actor_b|side_b|target|victim|victims|targets|acteur2|acteur_2|cible|victime|victimes|victima|objetivo|akteur2|akteur_2|ziel|opfer|участник2|الطرف الثاني|الهدف|المستهدف|الضحية|الضحايا|الجهة الثانية|الجهة المستهدفة",
    ),
    (AssocActor2, "assoc_actor_2|associated_actor_2|ally_actor_2"),
    (
        Actors,
        "actors|acteurs|parties|participants|belligerents|actores|akteure|участники|الأطراف|الجهات|أطراف النزاع",
    ),
    (
        Fatalities,
        "fatalities|deaths|killed|dead|fatalities_best|best|best_est|death_toll|total_deaths|total_killed|number_killed|number_of_deaths|number_of_fatalities|num_killed|num_deaths|nkill|deaths_best|casualties_killed|persons_killed|people_killed|fatalities_total|morts|tues|deces|nombre_de_morts|nombre_de_tues|nb_morts|nb_tues|nombre_de_deces|muertos|muertes|fallecidos|numero_de_muertos|tote|todesopfer|anzahl_tote|mortos|mortes|погибшие|убитые|количество_погибших|القتلى|قتلى|عدد القتلى|الوفيات|عدد الوفيات|الشهداء|عدد الشهداء|الضحايا القتلى|عدد الضحايا",
    ),
    (
        FatalitiesLow,
        "fatalities_low|low|low_est|deaths_low|killed_min|min_killed|deaths_min|fatalities_min|min_fatalities|min_deaths|الحد الأدنى للقتلى",
    ),
    (
        FatalitiesHigh,
        "fatalities_high|high|high_est|deaths_high|killed_max|max_killed|deaths_max|fatalities_max|max_fatalities|max_deaths|الحد الأقصى للقتلى",
    ),
    (
        Wounded,
        "wounded|injured|injuries|number_wounded|number_injured|num_injured|nwound|total_injured|people_injured|blesses|nombre_de_blesses|nb_blesses|heridos|numero_de_heridos|verletzte|feridos|раненые|الجرحى|جرحى|عدد الجرحى|المصابون|المصابين|الإصابات|عدد المصابين",
    ),
    (
        SourceUrl,
        "source_url|sourceurl|source_link|url|link|href|web|website|source_1_url|lien|lien_source|enlace|quelle_url|ссылка|رابط|الرابط|رابط المصدر",
    ),
];

/// The last two lists stand apart because more than one column may be meant.
const IDS: &str = "event_id|id|event_id_cnty|eventid|incident_id|globaleventid|uid|uuid|guid|fid|objectid|ogc_fid|record_id|row_id|code|event_code_id|reference|ref|no|number|num|numero|identifiant|identificador|kennung|nummer|номер|ид|المعرف|الرقم|رقم|رقم الحدث|معرف";
const SOURCES: &str = "source|sources|source_name|data_source|news_source|media|publisher|outlet|source_1|source1|provider|fuente|fuentes|fonte|quelle|quellen|источник|источники|المصدر|مصدر|المصادر|وسيلة الإعلام";

fn lists() -> impl Iterator<Item = (Field, &'static str)> {
    NAMES.into_iter().chain([(Id, IDS), (Source, SOURCES)])
}

/// For each folded name the fields that it may be, with its place in the field's list.
fn known() -> &'static HashMap<String, Vec<(Field, usize)>> {
    static KNOWN: OnceLock<HashMap<String, Vec<(Field, usize)>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known: HashMap<String, Vec<(Field, usize)>> = HashMap::new();
        for (field, names) in lists() {
            for (rank, name) in names.split('|').enumerate() {
                let fields = known.entry(fold_name(name)).or_default();
                if !fields.iter().any(|(other, _)| *other == field) {
                    fields.push((field, rank));
                }
            }
        }
        known
    })
}

/// Whether a folded name is that of a field in some language.
pub fn is_name(name: &str) -> bool {
    known().contains_key(name)
}

/// Gives columns fields by their names. What is in a column may speak against its name: words are no
/// degrees, and a column of coordinates is not a place's name.
pub fn map(names: &[String], looks: &[Option<Look>], mapping: &mut Mapping) {
    // Tables of the Humanitarian Data Exchange name the country so beside its divisions.
    let is_hapi = names.iter().any(|name| name == "referenceperiodstart")
        && names.iter().any(|name| name == "locationcode");
    let mut candidates = Vec::new();
    for (column, name) in names.iter().enumerate() {
        let name = if is_hapi && name == "locationname" { "country" } else { name.as_str() };
        let look = looks.get(column).and_then(Option::as_ref);
        for (field, rank) in known().get(name).into_iter().flatten() {
            let (field, rank) = match (field, look) {
                (Place, Some(look)) if look.pair_share() > MOST => (Coordinates, *rank),
                // A moment is the date too, but only where no column is called so.
                (Time, Some(look)) if look.date_share() > MOST || look.moment_share() > MOST => {
                    (Date, usize::MAX)
                }
                (field, _) => (*field, *rank),
            };
            if look.is_none_or(|look| may_be(field, look)) {
                candidates.push((rank, column, field));
            }
        }
    }
    // The best name first; of equals the column that comes first.
    candidates.sort_by_key(|(rank, column, _)| (*rank, *column));
    for (_, column, field) in candidates {
        mapping.give(Some(column), field);
    }
    // One coordinate alone is a number like others.
    if mapping.has(Latitude) != mapping.has(Longitude) {
        let lone = if mapping.has(Latitude) { Latitude } else { Longitude };
        let is_weak =
            |name: &String| name.chars().count() < 3 || matches!(name.as_str(), "long" | "عرض" | "طول");
        let at = mapping.columns.iter().position(|column| *column == Some(lone));
        if at.and_then(|at| names.get(at)).is_some_and(is_weak) {
            mapping.take(lone);
        }
    }
}

/// A share that makes up for some bad values.
pub const MOST: f32 = 0.5;

/// Whether what is in a column can be the field. An empty column can be all.
fn may_be(field: Field, look: &Look) -> bool {
    const SOME: f32 = 0.1;
    if look.rows() == look.blanks() {
        return true;
    }
    match field {
        Latitude => look.latitude_share() > SOME,
        Longitude => look.longitude_share() > SOME,
        Coordinates => look.pair_share() > SOME,
        // Numbers may be days of a spreadsheet or seconds.
        Date | DateEnd => look.date_share() > SOME || look.year_share() > SOME || look.number_share() > MOST,
        Year => look.number_share() > MOST,
        Day => look.number_share() > MOST,
        Fatalities | FatalitiesLow | FatalitiesHigh | Wounded => look.number_share() > SOME,
        EventType | SubType | Title | Notes | Place => look.fraction_share() < MOST,
        Actor1 | Actor2 | Actors => look.number_share() < 0.9,
        _ => true,
    }
}

/// Gives columns fields by their tags. Of a tag's attributes all that a field asks for must be there.
pub fn map_tags(tags: &[String], mapping: &mut Mapping) {
    // Tag, attributes that it must have, field; the closest ones first.
    const TAGS: [(&str, &[&str], Field); 36] = [
        ("geo", &["lat"], Latitude),
        ("geo", &["latitude"], Latitude),
        ("geo", &["lon"], Longitude),
        ("geo", &["longitude"], Longitude),
        ("geo", &["coord"], Coordinates),
        ("geo", &["coordinates"], Coordinates),
        ("date", &["occurred"], Date),
        ("date", &["start"], Date),
        ("date", &["end"], DateEnd),
        ("date", &["event"], Date),
        ("date", &["year"], Year),
        ("date", &["month"], Month),
        ("date", &["day"], Day),
        ("event", &["id"], Id),
        ("event", &["code"], Id),
        ("event", &["type", "sub"], SubType),
        ("event", &["type"], EventType),
        ("event", &["name"], Title),
        ("event", &["description"], Notes),
        ("cause", &["type"], EventType),
        ("adm1", &["name"], Admin1),
        ("adm2", &["name"], Admin2),
        ("adm3", &["name"], Admin3),
        ("country", &["name"], Country),
        ("loc", &["name"], Place),
        ("affected", &["killed"], Fatalities),
        ("affected", &["dead"], Fatalities),
        ("affected", &["deaths"], Fatalities),
        ("affected", &["fatalities"], Fatalities),
        ("affected", &["injured"], Wounded),
        ("meta", &["source"], Source),
        ("meta", &["url"], SourceUrl),
        ("meta", &["id"], Id),
        ("group", &["name"], Actor1),
        ("org", &["name"], Actor1),
        ("description", &[], Notes),
    ];
    const BARE: [(&str, Field); 9] = [
        ("date", Date),
        ("event", EventType),
        ("country", Country),
        ("adm1", Admin1),
        ("adm2", Admin2),
        ("adm3", Admin3),
        ("loc", Place),
        ("group", Actor1),
        ("event_type", EventType),
    ];
    let tags: Vec<Vec<String>> = tags
        .iter()
        .map(|tag| {
            tag.trim().trim_start_matches('#').split('+').map(|part| part.trim().to_lowercase()).collect()
        })
        .collect();
    for (tag, attributes, field) in TAGS {
        let column = tags.iter().enumerate().position(|(at, parts)| {
            parts.first().is_some_and(|first| first == tag)
                && mapping.is_free(at)
                && attributes.iter().all(|attribute| parts.iter().skip(1).any(|part| part == attribute))
        });
        mapping.give(column, field);
    }
    for (tag, field) in BARE {
        let is_code = |parts: &[String]| parts.iter().any(|part| part == "code");
        let column = tags.iter().enumerate().position(|(at, parts)| {
            parts.first().is_some_and(|first| first == tag) && mapping.is_free(at) && !is_code(parts)
        });
        mapping.give(column, field);
    }
}
