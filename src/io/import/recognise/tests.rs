//! Tables and what they are taken for.

use proptest::prelude::*;

use super::*;
use crate::model::import::Sureness;

fn names(header: &str) -> Vec<String> {
    header.split([',', ';', '\t']).map(|name| name.trim().to_owned()).collect()
}

fn look(values: &[&str]) -> Option<Look> {
    let mut look = Look::default();
    values.iter().for_each(|value| look.observe(value.as_bytes()));
    Some(look)
}

/// Columns with their fields, as `name=field`.
fn mapped(header: &str, dialect: Option<Dialect>, looks: &[Option<Look>]) -> String {
    let columns = names(header);
    let mapping = mapping(&columns, dialect, looks);
    let fields = columns.iter().zip(mapping);
    let fields: Vec<String> =
        fields.filter_map(|(name, field)| Some(format!("{name}={}", field?.code()))).collect();
    fields.join(" ")
}

const ACLED_NOW: &str = "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp";
const ACLED_2018: &str = "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,timestamp,iso3";
const ACLED_2017: &str = "GWNO,EVENT_ID_CNTY,EVENT_ID_NO_CNTY,EVENT_DATE,YEAR,TIME_PRECISION,EVENT_TYPE,ACTOR1,ALLY_ACTOR_1,INTER1,ACTOR2,ALLY_ACTOR_2,INTER2,INTERACTION,COUNTRY,ADMIN1,ADMIN2,ADMIN3,LOCATION,LATITUDE,LONGITUDE,GEO_PRECISION,SOURCE,NOTES,FATALITIES";
const UCDP_PARTS: &str = "id,year,month,day,country,type_of_violence,conflict_name,side_a,side_b,latitude,longitude,low_death,best_death,high_death";

#[test]
fn families_are_known_by_their_names() {
    let of = |header: &str| dialect(&names(header)).map(|(dialect, matched, _)| (dialect, matched));
    assert_eq!(of(ACLED_NOW), Some((Dialect::Acled, 31)));
    assert_eq!(
        of(&format!("{ACLED_NOW},population_1km,population_2km,population_5km,population_best")),
        Some((Dialect::Acled, 35))
    );
    assert_eq!(of(ACLED_2018), Some((Dialect::Acled, 31)));
    assert_eq!(of(&ACLED_2018.to_uppercase()), Some((Dialect::Acled, 31)));
    assert_eq!(of(ACLED_2017), Some((Dialect::AcledOld, 25)));
    assert_eq!(
        of("event_id_cnty,event_date,event_type,sub_event_type,latitude,longitude").map(|d| d.0),
        Some(Dialect::Acled)
    );
    assert_eq!(of(UCDP_PARTS), Some((Dialect::Ucdp, 14)));
    for (dialect, width) in [
        (Dialect::Ucdp, 49),
        (Dialect::Gdelt2, 61),
        (Dialect::Gdelt1, 58),
        (Dialect::Gdelt1, 57),
        (Dialect::GdeltMentions, 16),
    ] {
        let mut header = families::names_of(dialect, width).expect("names");
        assert_eq!(header.len(), width);
        assert_eq!(
            super::dialect(&header).map(|(found, matched, _)| (found, matched)),
            Some((dialect, width))
        );
        header.reverse();
        assert_eq!(super::dialect(&header).map(|(found, ..)| found), Some(dialect));
    }
    assert_eq!(
        of("eventid,iyear,imonth,iday,country_txt,provstate,city,latitude,longitude,attacktype1_txt,gname,nkill").map(|d| d.0),
        Some(Dialect::Gtd)
    );
    assert_eq!(
        of("id,description,date,time,location,latitude,longitude,category,association1,association2,source1")
            .map(|d| d.0),
        Some(Dialect::TimeMap)
    );
    assert_eq!(
        of("id,dataset,event_type,sub_type,date,date_begin,date_end,date_precision,place,latitude,longitude,geo_precision,inter1,tags,iso").map(|d| d.0),
        Some(Dialect::Waqai)
    );
    for header in [
        "id,date,latitude,longitude,country,event_type,fatalities,notes",
        "a,b",
        "",
        "date,location,source,notes,year,country",
    ] {
        assert_eq!(of(header), None, "{header}");
    }
}

#[test]
fn families_map_themselves() {
    assert_eq!(
        mapped(ACLED_NOW, Some(Dialect::Acled), &[]),
        "event_id_cnty=id event_date=date time_precision=date_precision event_type=event_type sub_event_type=sub_type \
         actor1=actor1 assoc_actor_1=assoc_actor1 actor2=actor2 assoc_actor_2=assoc_actor2 country=country admin1=admin1 \
         admin2=admin2 admin3=admin3 location=place latitude=latitude longitude=longitude geo_precision=geo_precision \
         source=source notes=notes fatalities=fatalities"
    );
    assert_eq!(
        mapped(UCDP_PARTS, Some(Dialect::Ucdp), &[]),
        "id=id year=year month=month day=day country=country type_of_violence=event_type conflict_name=title \
         side_a=actor1 side_b=actor2 latitude=latitude longitude=longitude low_death=fatalities_low \
         best_death=fatalities high_death=fatalities_high"
    );
    let ucdp = families::names_of(Dialect::Ucdp, 49).expect("names").join(",");
    let found = mapped(&ucdp, Some(Dialect::Ucdp), &[]);
    for part in [
        "date_start=date ",
        "date_end=date_end",
        "where_prec=geo_precision",
        "best=fatalities",
        "where_coordinates=place",
        "dyad_name=title",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    assert!(!found.contains("year=") && !found.contains("geom_wkt=") && !found.contains("deaths_a="));
    let gdelt = families::names_of(Dialect::Gdelt2, 61).expect("names").join(",");
    assert_eq!(
        mapped(&gdelt, Some(Dialect::Gdelt2), &[]),
        "GLOBALEVENTID=id SQLDATE=date Actor1Name=actor1 Actor2Name=actor2 EventCode=sub_type EventRootCode=event_type \
         ActionGeo_Type=geo_precision ActionGeo_FullName=place ActionGeo_CountryCode=country ActionGeo_Lat=latitude \
         ActionGeo_Long=longitude SOURCEURL=source_url"
    );
}

#[test]
fn names_in_many_languages() {
    assert_eq!(
        mapped("id;date;lat;lon;pays;morts;notes", None, &[]),
        "id=id date=date lat=latitude lon=longitude pays=country morts=fatalities notes=notes"
    );
    assert_eq!(
        mapped("الرقم;التاريخ;خط العرض;خط الطول;البلد;نوع الحدث;القتلى;ملاحظات", None, &[]),
        "الرقم=id التاريخ=date خط العرض=latitude خط الطول=longitude البلد=country نوع الحدث=event_type \
         القتلى=fatalities ملاحظات=notes"
    );
    assert_eq!(
        mapped("Fecha,Latitud,Longitud,Tipo de evento,Muertos,Descripción,Fuente", None, &[]),
        "Fecha=date Latitud=latitude Longitud=longitude Tipo de evento=event_type Muertos=fatalities \
         Descripción=notes Fuente=source"
    );
    assert_eq!(
        mapped("Date de l'événement,Lieu,Nombre de tués,Blessés,Acteur 1", None, &[]),
        "Date de l'événement=date Lieu=place Nombre de tués=fatalities Blessés=wounded Acteur 1=actor1"
    );
    assert_eq!(
        mapped(
            "location_code,provider_admin1_name,event_type,events,fatalities,reference_period_start,reference_period_end,location_name",
            None,
            &[]
        ),
        "provider_admin1_name=admin1 event_type=event_type fatalities=fatalities reference_period_start=date \
         reference_period_end=date_end location_name=country"
    );
    assert_eq!(fold_name("  Événement_Date (UTC)"), "evenementdate");
    assert_eq!(fold_name("التّاريـخ"), fold_name("تاريخ"));
    assert_eq!(fold_name("\u{FEFF}id"), "id");
}

#[test]
fn one_field_goes_to_one_column() {
    assert_eq!(mapped("date,event_date,start", None, &[]), "event_date=date");
    assert_eq!(mapped("year,date", None, &[]), "date=date");
    assert_eq!(mapped("jour,mois,année", None, &[]), "jour=day mois=month année=year");
    assert_eq!(mapped("month,day", None, &[]), "");
    assert_eq!(mapped("x,name", None, &[]), "name=title");
    assert_eq!(mapped("x,y", None, &[]), "x=longitude y=latitude");
    assert_eq!(mapped("event_code,deaths_a,phone_number,dateline,killer", None, &[]), "");
    assert_eq!(
        mapped("@latitude,@longitude,lat,lon,@begin,date,name", None, &[]),
        "@latitude=latitude @longitude=longitude @begin=date name=title"
    );
    assert_eq!(
        mapped("@latitude,@longitude,latitude,longitude,@id,id,date_start", Some(Dialect::Ucdp), &[]),
        "@latitude=latitude @longitude=longitude id=id date_start=date"
    );
}

#[test]
fn what_is_in_a_column_counts() {
    let words = || look(&["Kidal", "Gao"]);
    assert_eq!(
        mapped("location,day", None, &[look(&["18.44, 1.41", "16.2 -0.1"]), look(&["Monday"])]),
        "location=coordinates"
    );
    assert_eq!(mapped("lat,lon", None, &[words(), words()]), "");
    assert_eq!(mapped("time", None, &[look(&["2024-07-27", "2024-07-28"])]), "time=date");
    assert_eq!(mapped("time", None, &[look(&["14:30"])]), "time=time");
    // Moments as numbers are dates too, but no number is where another column is called a date.
    let moments = || look(&["1704067200000", "1704153600000"]);
    assert_eq!(mapped("mag,time,updated", None, &[None, moments(), moments()]), "time=date");
    let dates = || look(&["2024-07-27", "2024-07-28"]);
    assert_eq!(mapped("time,date", None, &[moments(), dates()]), "date=date");
    assert_eq!(mapped("time,date", None, &[dates(), dates()]), "date=date");
    assert_eq!(mapped("type", None, &[look(&["0.5", "0.7"])]), "");
    assert_eq!(
        mapped(
            "a,b,c,d",
            None,
            &[
                look(&["27/07/2024", "28/07/2024"]),
                look(&["18.44", "16.27"]),
                look(&["1.41", "-0.05"]),
                words()
            ]
        ),
        "a=date b=latitude c=longitude"
    );
    assert_eq!(
        mapped("a,b", None, &[look(&["100.5", "110.2"]), look(&["1.41", "-0.05"])]),
        "a=longitude b=latitude"
    );
    assert_eq!(
        mapped("a,b,c", None, &[look(&["1.5", "2.2"]), look(&["1.41", "-0.05"]), look(&["0.1", "0.2"])]),
        ""
    );
    assert_eq!(mapped("updated_at,b", None, &[look(&["2024-07-27"]), look(&["2023-07-27"])]), "b=date");
    assert_eq!(mapped("a", None, &[look(&["POINT (1 2)"])]), "a=coordinates");
}

#[test]
fn tags_are_names_too() {
    let tags = names(
        "#date+occurred,#adm1+name,#adm1+code,#geo+lat,#geo+lon,#affected+killed,#event+type,#meta+source,#country+code",
    );
    assert!(is_tag_row(&tags));
    let fields: Vec<_> = mapping_of_tags(&tags).into_iter().map(|field| field.map(Field::code)).collect();
    assert_eq!(
        fields,
        [
            Some("date"),
            Some("admin1"),
            None,
            Some("latitude"),
            Some("longitude"),
            Some("fatalities"),
            Some("event_type"),
            Some("source"),
            None
        ]
    );
    assert!(!is_tag_row(&names("#1,2,3")));
    assert!(!is_tag_row(&names("# a comment,,")));
}

#[test]
fn headers_are_found() {
    let rows = |text: &str| -> Vec<Vec<String>> { text.lines().map(names).collect() };
    let found = |text: &str| {
        let line = header_line(&rows(text));
        (line.row, line.has_tags)
    };
    assert_eq!(found("id,date,lat,lon\n1,2024-07-27,18,1"), (Some(0), false));
    assert_eq!(
        found("Events of July,,,\nexported 2024-08-01,,,\nid,date,lat,lon\n1,2024-07-27,18,1"),
        (Some(2), false)
    );
    assert_eq!(
        found("id,date,lat,lon\n#event+id,#date,#geo+lat,#geo+lon\n1,2024-07-27,18,1"),
        (Some(0), true)
    );
    assert_eq!(found("1,2024-07-27,18,1\n2,2024-07-27,18,1"), (None, false));
    assert_eq!(found("foo,bar\n1,2\n3,4"), (Some(0), false));
    assert_eq!(found("foo,foo\n1,2"), (None, false));
    assert_eq!(found("id,date,latitude,longitude"), (Some(0), false));
    assert_eq!(found(""), (None, false));
    assert_eq!(header_line(&rows("id,date,lat,lon\n1,2,3,4")).sureness, Sureness::Certain);
}

#[test]
fn rows_without_a_header_are_known_by_their_form() {
    let row = |width: usize, cells: &[(usize, &str)]| {
        let mut row = vec!["x".to_owned(); width];
        cells.iter().for_each(|(at, cell)| row[*at] = (*cell).to_owned());
        row
    };
    let of = |row: &Vec<String>| {
        headerless(&[row.clone(), row.clone(), vec!["broken".into()]])
            .map(|(dialect, names)| (dialect, names.len()))
    };
    let gdelt = [(0, "479491239"), (1, "20141027"), (3, "2014")];
    assert_eq!(of(&row(61, &gdelt)), Some((Dialect::Gdelt2, 61)));
    assert_eq!(of(&row(58, &gdelt)), Some((Dialect::Gdelt1, 58)));
    assert_eq!(of(&row(57, &gdelt)), Some((Dialect::Gdelt1, 57)));
    assert_eq!(of(&row(60, &gdelt)), None);
    let ucdp = [(0, "1"), (2, "2026"), (31, "POINT (70.6 34.3)")];
    assert_eq!(of(&row(49, &ucdp)), Some((Dialect::Ucdp, 49)));
    assert_eq!(of(&row(49, &[(0, "id"), (2, "year")])), None);
    let mention = [(0, "1"), (1, "20151027220000"), (2, "20151027220000")];
    assert_eq!(of(&row(16, &mention)), Some((Dialect::GdeltMentions, 16)));
    assert_eq!(headerless(&[]), None);
}

proptest! {
    #[test]
    fn any_rows_are_something(rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,9}", 0..8), 0..6)) {
        let _ = (header_line(&rows), headerless(&rows));
        for row in &rows {
            let dialect = dialect(row).map(|(dialect, ..)| dialect);
            let fields = mapping(row, dialect, &[]);
            prop_assert_eq!(fields.len(), row.len());
            prop_assert_eq!(mapping_of_tags(row).len(), row.len());
        }
    }

    #[test]
    fn no_two_columns_have_one_field(
        columns in proptest::collection::vec("(@latitude|lat|latitude|x|y|date|event_date|year|month|day|location|place|city|source|id|no|killed|fatalities|side_a|where_prec|geom_wkt|gname|nkill)", 0..30),
        at in 0usize..10,
    ) {
        let mut fields: Vec<_> = mapping(&columns, Dialect::ALL.get(at).copied(), &[]).into_iter().flatten().collect();
        fields.sort_unstable();
        let number = fields.len();
        fields.dedup();
        prop_assert_eq!(fields.len(), number);
    }
}
