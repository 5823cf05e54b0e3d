//! What is written in many forms, read back.

use proptest::prelude::*;

use super::*;
use crate::model::import::{Numbers, Sureness};
use crate::model::time::{self, DateStyle, civil_from_days, days_from_civil, parse_edtf};
use crate::model::{DatePrecision, Interval, Lang, LatLon};

const FORMS: Forms = Forms {
    order: DateOrder::DayFirst,
    is_order_known: true,
    numbers: Numbers::Digits,
    decimal: DecimalMark::Point,
    wrap: false,
};

/// A date as EDTF with its precision and remark.
fn shown(read: Reading<Date>) -> String {
    match read {
        Err(issue) => format!("! {}", issue.code()),
        Ok((date, note)) => {
            let precision = date.precision();
            let mut text = date.interval().to_edtf();
            if precision == DatePrecision::Time {
                text += &format!("T{}", date.interval().start.rem_euclid(86_400));
            }
            if !matches!(precision, DatePrecision::Day | DatePrecision::Time) {
                text += &format!(" {}", precision.code());
            }
            if let Some(note) = note {
                text += &format!(" ({})", note.code());
            }
            text
        }
    }
}

fn check_dates(forms: Forms, cases: &[(&str, &str)]) {
    for (text, expect) in cases {
        assert_eq!(shown(forms.date(text.as_bytes())), *expect, "{text}");
    }
}

#[test]
fn blanks_have_many_words() {
    for text in ["", "-", "--", "–", "?", "n/a", "N.A.", "NULL", "None", "nan", "(unknown)", "غير معروف", "."]
    {
        assert!(is_blank(text.as_bytes()), "{text}");
    }
    for text in ["0", "-1", "1", "May", "no", "\u{FFFD}"] {
        assert!(!is_blank(text.as_bytes()), "{text}");
    }
    assert!(!is_blank(b"\xFF"));
}

#[test]
fn dates_of_programs() {
    check_dates(
        FORMS,
        &[
            ("2024-07-27", "2024-07-27"),
            ("2024-07-27T00:00:00", "2024-07-27"),
            ("2024-07-27 00:00:00.000", "2024-07-27"),
            ("2024-07-27T00:00:00Z", "2024-07-27"),
            ("2024-07-27T14:30:00+02:00", "2024-07-27T52200"),
            ("2009-04-05T05:10:50", "2009-04-05T18650"),
            ("2024-07-27T14:30:05.123456Z", "2024-07-27T52205"),
            ("20240727T143005Z", "2024-07-27T52205"),
            ("20151027220000", "2015-10-27T79200"),
            ("2024-07-27T24:00:00Z", "2024-07-28"),
            ("2016-12-31T23:59:60Z", "2016-12-31T86399"),
            ("2024-07-27T25:61:61Z", "! no_such_date"),
            ("2024-07-27Z", "2024-07-27"),
            ("2024-07-27+02:00", "2024-07-27"),
            ("20240727", "2024-07-27"),
            ("20240700", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("27072024", "2024-07-27"),
            ("202407", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("2024", "2024-01-01/2024-12-31 year (coarse_date)"),
            ("2024-07", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("2024-W30-6", "2024-07-27"),
            ("2024W306", "2024-07-27"),
            ("2024-W30", "2024-07-22/2024-07-28 week (coarse_date)"),
            ("2020-W53", "2020-12-28/2021-01-03 week (coarse_date)"),
            ("2021-W53", "! no_such_date"),
            ("2024-209", "2024-07-27"),
            ("2023-366", "! no_such_date"),
            ("2024/07/27", "2024-07-27"),
            ("2024.7.9", "2024-07-09"),
            ("27/07/2024", "2024-07-27"),
            ("27.07.2024 14:30", "2024-07-27T52200"),
            ("7/27/2024 2:30 PM", "2024-07-27T52200"),
            ("7/27/2024 12:00 AM", "2024-07-27"),
            ("1/1/16", "2016-01-01 (two_digit_year)"),
            ("27-Jul-24", "2024-07-27 (two_digit_year)"),
            ("27-Jul-68", "1968-07-27 (two_digit_year)"),
            ("30-Jun-23", "2023-06-30 (two_digit_year)"),
            ("Dec-20", "2020-12-01/2020-12-31 month (two_digit_year)"),
            ("Sat Jul 27 2024 00:00:00 GMT+0000 (Coordinated Universal Time)", "2024-07-27"),
            ("Sat, 27 Jul 2024 14:30:00 +0000", "2024-07-27T52200"),
            ("Sat Jul 27 14:30:00 UTC 2024", "2024-07-27T52200"),
            ("29/02/2024", "2024-02-29"),
            ("31/02/2024", "! no_such_date"),
            ("2024-02-30", "! no_such_date"),
            ("29/02/2023", "! no_such_date"),
            ("00/07/2024", "! no_such_date"),
            ("2024-00-15", "! no_such_date"),
            ("2024-13-01", "! no_such_date"),
            ("1970-01-00", "! no_such_date"),
            ("2024-07-32", "! no_such_date"),
            ("0000-00-00", "! no_such_date"),
            ("31 June 2024", "! no_such_date"),
            ("30-Feb-2024", "! no_such_date"),
            ("9999-12-31", "9999-12-31 (far_date)"),
            ("1582-10-10", "1582-10-10 (far_date)"),
            ("1800-01-01", "1800-01-01"),
            ("1799-12-31", "1799-12-31 (far_date)"),
            ("2100-12-31", "2100-12-31"),
            ("2101-01-01", "2101-01-01 (far_date)"),
            ("10000-01-01", "! date_form"),
            ("-0044-03-15", "! date_form"),
            ("45500", "! date_form"),
            ("1722038400", "! date_form"),
            ("1722038400000", "! date_form"),
            ("", "! no_date"),
            ("n/a", "! no_date"),
            ("yesterday", "! date_form"),
            ("12:30", "! date_form"),
            ("2024:07:27 10:00:00", "! date_form"),
            ("3.14159", "! date_form"),
            ("12.5", "! date_form"),
            ("18.44", "! date_form"),
            ("-5", "! date_form"),
        ],
    );
    assert_eq!(FORMS.date(b"2024-\xFF7-01"), Err(Issue::DateForm));
}

#[test]
fn dates_of_people() {
    check_dates(
        FORMS,
        &[
            ("03 December 2020", "2020-12-03"),
            ("Dec 3, 2020", "2020-12-03"),
            ("July 27, 2024", "2024-07-27"),
            ("Saturday, 27th of July 2024", "2024-07-27"),
            ("27 juillet 2024", "2024-07-27"),
            ("samedi 27 juillet 2024 à 14h30", "2024-07-27T52200"),
            ("1er août 2024", "2024-08-01"),
            ("27 févr. 2024", "2024-02-27"),
            ("mar. 27 févr. 2024", "2024-02-27"),
            ("27 de julio de 2024", "2024-07-27"),
            ("27. Juli 2024", "2024-07-27"),
            ("27 июля 2024", "2024-07-27"),
            ("27 يوليو 2024", "2024-07-27"),
            ("٢٧ تموز ٢٠٢٤", "2024-07-27"),
            ("27 كانون الثاني/يناير 2024", "2024-01-27"),
            ("27 جويلية 2024م", "2024-07-27"),
            ("السبت، 27 تشرين الأول 2024", "2024-10-27"),
            ("۲۰۲۴/۰۷/۲۷", "2024-07-27"),
            ("٢٧/٠٧/٢٠٢٤", "2024-07-27"),
            ("27Jul2024", "2024-07-27"),
            ("2024 Jul 27", "2024-07-27"),
            ("July 2024", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("07/2024", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("summer 2024", "2024-06-01/2024-08-31 season (coarse_date)"),
            ("2024-24", "2024-12-01/2025-02-28 season (coarse_date)"),
            ("Q3 2024", "2024-07-01/2024-09-30 season (coarse_date)"),
            ("circa 2012", "2012-01-01/2012-12-31 year (coarse_date)"),
            ("~2012", "2012-01-01/2012-12-31 year (coarse_date)"),
            ("vers 2012", "2012-01-01/2012-12-31 year (coarse_date)"),
            ("2024-05~", "2024-05-01/2024-05-31 month (coarse_date)"),
            ("early July 2024", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("about 27 July 2024", "2024-07-27 days (coarse_date)"),
            ("2024-07-27?", "2024-07-27 days (coarse_date)"),
            ("2024-07-XX", "2024-07-01/2024-07-31 month (coarse_date)"),
            ("2012-2013", "2012-01-01/2013-12-31 year (coarse_date)"),
            ("2012 à 2013", "2012-01-01/2013-12-31 year (coarse_date)"),
            ("2024-07-27 .. 2024-07-29", "2024-07-27/2024-07-29 days"),
            ("2024-05-01/2024-05-09", "2024-05-01/2024-05-09 days"),
            ("2024-05-01 – 2024-05-09", "2024-05-01/2024-05-09 days"),
            ("01/05/2024-09/05/2024", "2024-05-01/2024-05-09 days"),
            ("3-5 May 2024", "2024-05-03/2024-05-05 days"),
            ("3–5/05/2024", "2024-05-03/2024-05-05 days"),
            ("May 3-5, 2024", "2024-05-03/2024-05-05 days"),
            ("du 3 au 5 mai 2024", "2024-05-03/2024-05-05 days"),
            ("from 3 to 5 May 2024", "2024-05-03/2024-05-05 days"),
            ("من 3 إلى 5 مايو 2024", "2024-05-03/2024-05-05 days"),
            ("28 April - 2 May 2024", "2024-04-28/2024-05-02 days"),
            ("28 December - 3 January 2025", "2024-12-28/2025-01-03 days"),
            ("April-May 2024", "2024-04-01/2024-05-31 month (coarse_date)"),
            ("9 May 2024 - 1 May 2024", "2024-05-09 (end_before_begin)"),
            ("../2008", "../2008-12-31 year (coarse_date)"),
            ("2008/..", "2008-01-01/.. year (coarse_date)"),
            ("since 27 July 2024", "2024-07-27/.. days"),
            ("jusqu’au 27 juillet 2024", "../2024-07-27 days"),
            ("..", "! no_date"),
            ("May 20", "! date_form"),
            ("May", "! date_form"),
            ("5 May 2024 and 7 June 2024 and 8 July 2024", "! date_form"),
            ("29 Febr 2024", "2024-02-29"),
            ("-1 May 2024", "! date_form"),
            ("soon", "! date_form"),
        ],
    );
}

#[test]
fn order_is_that_of_the_settings_or_of_the_date() {
    let us = Forms { order: DateOrder::MonthFirst, ..FORMS };
    check_dates(
        us,
        &[
            ("03/04/2024", "2024-03-04"),
            ("27/07/2024", "2024-07-27"),
            ("7/27/24", "2024-07-27 (two_digit_year)"),
        ],
    );
    check_dates(FORMS, &[("03/04/2024", "2024-04-03"), ("03.04.24", "2024-04-03 (two_digit_year)")]);
    let unsure = Forms { is_order_known: false, ..FORMS };
    check_dates(
        unsure,
        &[
            ("03/04/2024", "2024-04-03 (ambiguous_date)"),
            ("03/04/24", "2024-04-03 (ambiguous_date)"),
            ("04/04/2024", "2024-04-04"),
            ("13/04/2024", "2024-04-13"),
            ("3 April 2024", "2024-04-03"),
        ],
    );
}

#[test]
fn numbers_are_dates_only_where_the_settings_say_so() {
    let with = |numbers| Forms { numbers, ..FORMS };
    check_dates(
        with(Numbers::Excel1900),
        &[
            ("45500", "2024-07-27"),
            ("45500.0", "2024-07-27"),
            ("45500.5", "2024-07-27T43200"),
            ("1", "1900-01-01"),
            ("60", "! no_such_date"),
            ("61", "1900-03-01"),
            ("2024-07-27", "2024-07-27"),
        ],
    );
    check_dates(with(Numbers::Excel1904), &[("44038", "2024-07-27"), ("0", "1904-01-01")]);
    check_dates(with(Numbers::Seconds), &[("1722038400", "2024-07-27"), ("-1", "1969-12-31T86399")]);
    check_dates(
        with(Numbers::Milliseconds),
        &[("1722038400000", "2024-07-27"), ("1722038405999", "2024-07-27T5")],
    );
    check_dates(with(Numbers::Seconds), &[("99999999999999", "! no_such_date")]);
}

#[test]
fn parts_of_dates_in_columns() {
    let check = |year: &str, month: &str, day: &str, expect: &str| {
        assert_eq!(
            shown(FORMS.ymd(year.as_bytes(), month.as_bytes(), day.as_bytes())),
            expect,
            "{year} {month} {day}"
        );
    };
    check("2017", "7", "31", "2017-07-31");
    check("2017", "07", "31.0", "2017-07-31");
    check("2017", "juillet", "31", "2017-07-31");
    check("2017", "7", "0", "2017-07-01/2017-07-31 month (coarse_date)");
    check("2017", "0", "0", "2017-01-01/2017-12-31 year (coarse_date)");
    check("2017", "-9", "-99", "2017-01-01/2017-12-31 year (coarse_date)");
    check("2017", "", "", "2017-01-01/2017-12-31 year (coarse_date)");
    check("17", "7", "31", "2017-07-31 (two_digit_year)");
    check("2017", "2", "30", "! no_such_date");
    check("2017", "13", "1", "! no_such_date");
    check("2017", "x", "1", "! date_form");
    check("", "7", "31", "! no_date");
    check("12017", "7", "31", "! no_such_date");
}

#[test]
fn times_of_day() {
    let time = |text: &str| FORMS.time(text.as_bytes()).map(|clock| (clock.start, clock.length));
    assert_eq!(time("14:30"), Ok((52_200, 60)));
    assert_eq!(time("2:30:05 pm"), Ok((52_205, 1)));
    assert_eq!(time("14h30"), Ok((52_200, 60)));
    assert_eq!(time("٢:٣٠ م"), Ok((52_200, 60)));
    assert_eq!(time("0:00"), Ok((0, 60)));
    assert_eq!(time("25:00"), Err(Issue::NoSuchDate));
    assert_eq!(time("noon"), Err(Issue::DateForm));
    assert_eq!(time("2024-01-01 14:30"), Err(Issue::DateForm));
    assert_eq!(time(""), Err(Issue::NoDate));
    let day = Date::Day(3);
    assert_eq!(day.at(Clock { start: 0, length: 60 }), day);
    assert_eq!(day.at(Clock { start: 86_400, length: 60 }), Date::Day(4));
    assert_eq!(
        day.at(Clock { start: 5, length: 1 }).interval(),
        Interval { start: 3 * 86_400 + 5, end: 3 * 86_400 + 6 }
    );
}

#[test]
fn begins_and_ends() {
    let day = |day| Some(Date::Day(day));
    assert_eq!(Date::between(day(1), day(1)), Ok(Date::Day(1)));
    assert_eq!(Date::between(day(2), day(1)), Err(Issue::EndBeforeBegin));
    assert_eq!(Date::between(None, None), Err(Issue::NoDate));
    let open = Date::between(day(1), None).expect("date");
    assert!(open.interval().open_end() && open.precision() == DatePrecision::Days);
}

#[test]
fn numbers() {
    let comma = Forms { decimal: DecimalMark::Comma, ..FORMS };
    let number =
        |forms: Forms, text: &str| forms.number(text.as_bytes()).map(|(value, note)| (value, note.is_some()));
    for (text, value, doubt) in [
        ("-10.1394", -10.1394, false),
        ("4.2e1", 42.0, false),
        ("+5", 5.0, false),
        ("1,234", 1234.0, false),
        ("1,234.5", 1234.5, false),
        ("1.234,5", 1234.5, false),
        ("1 234 567", 1_234_567.0, false),
        ("1'234", 1234.0, false),
        ("18,44", 18.44, false),
        ("0,123", 0.123, false),
        ("−5", -5.0, false),
        ("١٢٫٥", 12.5, false),
        ("١٬٢٣٤", 1234.0, false),
        (".5", 0.5, false),
        ("5.", 5.0, false),
        ("123456789012345678", 123456789012345678.0, false),
        ("1,234,567", 1_234_567.0, false),
        ("1.234", 1.234, false),
    ] {
        assert_eq!(number(FORMS, text), Ok((value, doubt)), "{text}");
    }
    for (text, value, doubt) in
        [("1.234", 1234.0, true), ("1,234", 1.234, true), ("18,44", 18.44, false), ("18.44", 18.44, false)]
    {
        assert_eq!(number(comma, text), Ok((value, doubt)), "{text}");
    }
    for text in [
        "", "-", ".", "1.2.3", "nan", "inf", "18.44N", "1e999", "1,2,3", "1,23,4", "--5", "1e", "0x1F", "1-2",
    ] {
        assert_eq!(number(FORMS, text), Err(Issue::NotANumber), "{text}");
    }
}

#[test]
fn tolls() {
    let comma = Forms { decimal: DecimalMark::Comma, ..FORMS };
    let best =
        |forms: Forms, text: &str| forms.count(text.as_bytes()).map(|(figure, note)| (figure.best, note));
    for (text, value, note) in [
        ("84", 84, None),
        ("12.0", 12, None),
        ("1,234", 1234, None),
        ("1 234", 1234, None),
        ("٨٤", 84, None),
        ("'84", 84, None),
        ("1000000000", 1_000_000_000, Some(Issue::HugeToll)),
        ("1e9", 1_000_000_000, Some(Issue::HugeToll)),
        ("3.5", 4, Some(Issue::FractionalToll)),
        ("1.234", 1, Some(Issue::AmbiguousNumber)),
        ("~10", 10, Some(Issue::WordedToll)),
        ("environ 10", 10, Some(Issue::WordedToll)),
    ] {
        assert_eq!(best(FORMS, text), Ok((Some(value), note)), "{text}");
    }
    assert_eq!(best(comma, "1.234"), Ok((Some(1234), Some(Issue::AmbiguousNumber))));
    assert_eq!(best(comma, "84"), Ok((Some(84), None)));
    for text in ["", "-", "n/a", "unknown"] {
        assert_eq!(best(FORMS, text), Ok((None, None)), "{text}");
    }
    for text in ["-99", "-9", "-99.0", "−9"] {
        assert_eq!(best(FORMS, text), Err(Issue::UnknownCode), "{text}");
    }
    for text in
        ["dozens", "9223372036854775808", "4294967295", "1234,567x", ",", "12 dead", "2024-07-27", "inf"]
    {
        assert_eq!(best(FORMS, text), Err(Issue::NotANumber), "{text}");
    }
    let figure = |text: &str| FORMS.count(text.as_bytes()).map(|(f, _)| (f.low, f.best, f.high));
    assert_eq!(figure("10-12"), Ok((Some(10), Some(10), Some(12))));
    assert_eq!(figure("10 à 12"), Ok((Some(10), Some(10), Some(12))));
    assert_eq!(figure("between 10 and 12"), Ok((Some(10), Some(10), Some(12))));
    assert_eq!(figure("من 10 إلى 12"), Ok((Some(10), Some(10), Some(12))));
    assert_eq!(figure("12-10"), Err(Issue::NotANumber));
    assert_eq!(figure(">10"), Ok((Some(11), Some(11), None)));
    assert_eq!(figure(">= 10"), Ok((Some(10), Some(10), None)));
    assert_eq!(figure("10+"), Ok((Some(10), Some(10), None)));
    assert_eq!(figure("At least 10"), Ok((Some(10), Some(10), None)));
    assert_eq!(figure("أكثر من ١٠"), Ok((Some(11), Some(11), None)));
    assert_eq!(figure("up to 10"), Ok((None, None, Some(10))));
    assert_eq!(figure("<10"), Ok((None, None, Some(9))));
}

#[test]
fn degrees() {
    use Axis::{Latitude, Longitude};
    let comma = Forms { decimal: DecimalMark::Comma, ..FORMS };
    let read = |forms: Forms, text: &str, axis| {
        forms
            .degrees(text.as_bytes(), axis)
            .map(|(value, note)| ((value * 1e4).round() / 1e4, note.is_some()))
    };
    for (text, axis, value, is_coerced) in [
        ("18.44", Latitude, 18.44, false),
        ("-3.0026", Longitude, -3.0026, false),
        ("90", Latitude, 90.0, false),
        ("4.2e1", Latitude, 42.0, false),
        ("18°26'28\"N", Latitude, 18.4411, true),
        ("18°26′28″S", Latitude, -18.4411, true),
        ("18º26’28”N", Latitude, 18.4411, true),
        ("1°24'28\"W", Longitude, -1.4078, true),
        ("1°24'28\" Ouest", Longitude, -1.4078, true),
        ("18 26 28 N", Latitude, 18.4411, true),
        ("18°26.466'N", Latitude, 18.4411, true),
        ("N 18 26 28", Latitude, 18.4411, true),
        ("18:26:28", Latitude, 18.4411, true),
        ("18.44N", Latitude, 18.44, true),
        ("1.41E", Longitude, 1.41, true),
        ("18,4411", Latitude, 18.4411, true),
        ("١٨٫٤٤", Latitude, 18.44, true),
        ("18.44°", Latitude, 18.44, true),
        ("−3.5", Latitude, -3.5, true),
        ("18.44 ش", Latitude, 18.44, true),
        ("1.41 ش", Longitude, 1.41, true),
        ("1.41 غرب", Longitude, -1.41, true),
        ("18,441", Latitude, 18.441, true),
    ] {
        assert_eq!(read(FORMS, text, axis), Ok((value, is_coerced)), "{text}");
    }
    assert_eq!(read(comma, "20,9000", Latitude), Ok((20.9, false)));
    assert_eq!(read(comma, "18,441", Latitude), Ok((18.441, false)));
    assert_eq!(read(comma, "18.441", Latitude), Ok((18.441, false)));
    for (text, axis, issue) in [
        ("91", Latitude, Issue::NoSuchCoordinate),
        ("-90.0001", Latitude, Issue::NoSuchCoordinate),
        ("181", Longitude, Issue::BeyondDateLine),
        ("540", Longitude, Issue::BeyondDateLine),
        ("-86185896", Longitude, Issue::NoSuchCoordinate),
        ("", Latitude, Issue::NoPlace),
        ("n/a", Latitude, Issue::NoPlace),
        ("1.41E", Latitude, Issue::SwappedCoordinates),
        ("18 26 28", Latitude, Issue::NoSuchCoordinate),
        ("18°61'N", Latitude, Issue::NoSuchCoordinate),
        ("-18°N", Latitude, Issue::NoSuchCoordinate),
        ("north", Latitude, Issue::NoSuchCoordinate),
        ("inf", Latitude, Issue::NoSuchCoordinate),
        ("18x", Latitude, Issue::NoSuchCoordinate),
    ] {
        assert_eq!(read(FORMS, text, axis), Err(issue), "{text}");
    }
    let wrap = Forms { wrap: true, ..FORMS };
    assert_eq!(read(wrap, "359.5", Longitude), Ok((-0.5, false)));
    assert_eq!(read(wrap, "540", Longitude), Ok((180.0, false)));
    assert_eq!(read(wrap, "-190", Longitude), Ok((170.0, false)));
}

#[test]
fn positions() {
    let at = |lat: &str, lon: &str| FORMS.position(lat.as_bytes(), lon.as_bytes());
    assert_eq!(at("18.44", "1.41"), Ok((LatLon { lat: 18.44, lon: 1.41 }, None)));
    assert_eq!(at("0", "0"), Ok((LatLon { lat: 0.0, lon: 0.0 }, Some(Issue::NullIsland))));
    assert_eq!(at("", ""), Err((Issue::NoPlace, Axis::Latitude)));
    assert_eq!(at("18", ""), Err((Issue::HalfCoordinate, Axis::Longitude)));
    assert_eq!(at("", "18"), Err((Issue::HalfCoordinate, Axis::Latitude)));
    assert_eq!(at("120", "18"), Err((Issue::SwappedCoordinates, Axis::Latitude)));
    assert_eq!(at("120", "118"), Err((Issue::NoSuchCoordinate, Axis::Latitude)));
    assert_eq!(at("1", "200"), Err((Issue::BeyondDateLine, Axis::Longitude)));
}

#[test]
fn pairs() {
    for text in [
        "18.44, 1.41",
        "18.44;1.41",
        "18.44 1.41",
        "(18.44, 1.41)",
        "18,44; 1,41",
        "18,44, 1,41",
        "18,44 1,41",
        "POINT (1.41 18.44)",
        "point(1.41 18.44)",
        "SRID=4326;POINT Z (1.41 18.44 3)",
        "geo:18.44,1.41;u=35",
        "18.44N, 1.41E",
        "1.41 E 18.44 N",
        "18.44,1.41,320",
        "N18.44 E1.41",
        "18°26'24\"N 1°24'36\"E",
        "1°24'36\"E, 18°26'24\"N",
        "18.44 شمال، 1.41 شرق",
        "{\"type\":\"Point\",\"coordinates\":[1.41,18.44]}",
        "18.44N1.41E",
    ] {
        let (point, _) = FORMS.pair(text.as_bytes()).unwrap_or_else(|issue| panic!("{text}: {issue:?}"));
        assert!((point.lat - 18.44).abs() < 1e-9 && (point.lon - 1.41).abs() < 1e-9, "{text}: {point:?}");
    }
    for (text, issue) in [
        ("", Issue::NoPlace),
        ("18.44", Issue::NoSuchCoordinate),
        ("Kidal, Mali", Issue::NoSuchCoordinate),
        ("120.5, 18.4", Issue::SwappedCoordinates),
        ("120.5, 118.4", Issue::NoSuchCoordinate),
        ("18.4, 200", Issue::BeyondDateLine),
        ("POINT EMPTY", Issue::NoGeometry),
        ("POINT (1.41)", Issue::BadGeometry),
        ("POINT (1.41 118)", Issue::NoSuchCoordinate),
        ("18N 19S", Issue::NoSuchCoordinate),
    ] {
        assert_eq!(FORMS.pair(text.as_bytes()), Err(issue), "{text}");
    }
    for text in ["120.5, 18.4", "POINT (18.4 120.5)", "18.4N 120.5E", "120.5E, 18.4N"] {
        let read = FORMS.pair_turned(text.as_bytes());
        let wanted = if text.starts_with('P') {
            // A text that is wrong in itself stays wrong.
            Err(Issue::NoSuchCoordinate)
        } else {
            Ok(LatLon { lat: 18.4, lon: 120.5 })
        };
        assert_eq!(read.map(|(point, _)| point), wanted, "{text}");
    }
    let point = FORMS.pair_turned(b"POINT (18.4 1.5)").map(|(point, _)| point);
    assert_eq!(point, Ok(LatLon { lat: 18.4, lon: 1.5 }));
}

#[test]
fn geometries_have_a_point() {
    let point = |text: &str| wkt_point(text).map(|point| (point.lon, point.lat));
    assert_eq!(point("MULTIPOINT ((0 0), (2 4))"), Ok((1.0, 2.0)));
    assert_eq!(point("MULTIPOINT (0 0, 2 4)"), Ok((1.0, 2.0)));
    assert_eq!(point("LINESTRING (0 0, 4 0)"), Ok((2.0, 0.0)));
    assert_eq!(point("MULTILINESTRING ((0 0, 4 0), (0 0, 1 1))"), Ok((2.0, 0.0)));
    assert_eq!(point("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 2 1, 2 2, 1 1))"), Ok((2.0, 2.0)));
    assert_eq!(point("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((0 0, 4 0, 4 4, 0 4, 0 0)))"), Ok((2.0, 2.0)));
    assert_eq!(point("GEOMETRYCOLLECTION (POINT (9 9), LINESTRING (0 0, 4 0))"), Ok((2.0, 0.0)));
    assert_eq!(point("LINESTRING (170 0, -170 0)"), Ok((180.0, 0.0)));
    assert_eq!(point("LINESTRING (170 0, -160 0)"), Ok((-175.0, 0.0)));
    assert_eq!(point("POINTZ (1 2 3)"), Ok((1.0, 2.0)));
    for text in [
        "POINT",
        "POINT (",
        "POINT (a b)",
        "CIRCLE (1 2)",
        "POINT (1 2) x",
        "POLYGON (0 0, 1 1)",
        "POINT (1 2 3 4 5)",
    ] {
        assert_eq!(point(text), Err(Issue::BadGeometry), "{text}");
    }
    let deep = "GEOMETRYCOLLECTION (".repeat(100_000);
    assert_eq!(point(&deep), Err(Issue::BadGeometry));
}

#[test]
fn a_column_tells_how_it_is_written() {
    let look = |values: &[&str]| {
        let mut look = Look::default();
        values.iter().for_each(|value| look.observe(value.as_bytes()));
        look
    };
    let dates = look(&["03/04/2024", "05/06/2024", "27/07/2024", "", "01/02/2024"]);
    let example = Example { value: "27/07/2024".into(), row: 2 };
    assert_eq!(dates.date_order(), (DateOrder::DayFirst, Sureness::Certain, Some(&example)));
    assert_eq!((dates.date_share(), dates.blanks()), (1.0, 1));
    let dates = look(&["03/04/2024", "7/27/24 14:30"]);
    assert_eq!(dates.date_order().0, DateOrder::MonthFirst);
    assert_eq!(look(&["03/04/2024"]).date_order().1, Sureness::Guess);
    assert_eq!(look(&["2024-03-04", "04/04/2024"]).date_order().1, Sureness::Certain);
    let mixed = look(&["13/04/2024", "14/04/2024", "04/13/2024"]);
    assert_eq!(mixed.date_order().0, DateOrder::DayFirst);
    assert!(matches!(mixed.date_order().1, Sureness::Share(share) if (0.6..0.7).contains(&share)));
    assert_eq!(mixed.against_order().map(|example| example.row), Some(2));
    assert_eq!(look(&["٢٧/٠٧/٢٠٢٤"]).date_order().1, Sureness::Certain);
    assert_eq!(look(&["27 July 2024", "x"]).date_share(), 0.5);
    assert_eq!(look(&["20240727", "20240728"]).date_share(), 1.0);

    assert_eq!(look(&["45500", "45501.5"]).numbers().0, Numbers::Excel1900);
    assert_eq!(look(&["45500", "2024-01-01"]).numbers().0, Numbers::Digits);
    assert_eq!(look(&["1722038400", "1722038401"]).numbers().0, Numbers::Seconds);
    assert_eq!(look(&["1722038400000"]).numbers().0, Numbers::Milliseconds);
    assert_eq!(look(&["20240727", "2024"]).numbers().0, Numbers::Digits);
    assert_eq!(look(&["202407271430"]).numbers().0, Numbers::Digits);

    let degrees = look(&["20,9000", "-3,0026", "18,441", "1.234"]);
    assert_eq!(degrees.decimal().0, DecimalMark::Comma);
    assert_eq!(degrees.decimal().1, Sureness::Certain);
    assert_eq!((degrees.latitude_share(), degrees.fraction_share()), (1.0, 1.0));
    assert_eq!(look(&["18", "181"]).longitude_share(), 0.5);
    assert_eq!(look(&["18.4, 1.4", "19 2.5"]).pair_share(), 1.0);
    assert_eq!(look(&["18°26'28\"N"]).latitude_share(), 1.0);
    assert_eq!(look(&["n/a", "5"]).number_share(), 1.0);
    assert_eq!(look(&["a", "b", "a"]).distinct(), 2);
}

fn any_day() -> impl Strategy<Value = i64> {
    days_from_civil(1931, 1, 1)..=days_from_civil(2030, 12, 31)
}

proptest! {
    #[test]
    fn any_form_of_any_date_reads_back(day in any_day(), month_first: bool) {
        let (year, month, date) = civil_from_days(day);
        let order = if month_first { DateOrder::MonthFirst } else { DateOrder::DayFirst };
        let forms = Forms { order, ..FORMS };
        let civil = time::date_of(day * 86_400).expect("date");
        let (a, b) = if month_first { (month, date) } else { (date, month) };
        let short = year % 100;
        let english = time::month_name(month as i8, Lang::En, DateStyle::Long);
        let abbreviated = time::month_name(month as i8, Lang::En, DateStyle::Short);
        let arabic: String = format!("{date}/{month}/{year}")
            .chars().map(|c| c.to_digit(10).and_then(|d| char::from_u32(0x660 + d)).unwrap_or(c)).collect();
        let (_, ordinal) = (0, day - days_from_civil(year, 1, 1) + 1);
        let iso = civil.iso_week_date();
        let mut written = vec![
            format!("{year:04}-{month:02}-{date:02}"),
            format!("{year:04}{month:02}{date:02}"),
            format!("{year}/{month}/{date}"),
            format!("{year}.{month:02}.{date:02}"),
            format!("{a:02}/{b:02}/{year}"),
            format!("{a}/{b}/{year}"),
            format!("{a}-{b}-{year}"),
            format!("{a:02}.{b:02}.{year}"),
            format!("{a}/{b}/{short:02}"),
            format!("{a} {b} {year}"),
            format!("{year:04}-{month:02}-{date:02}T00:00:00Z"),
            format!("{a}/{b}/{year} 00:00"),
            format!("{date} {english} {year}"),
            format!("{english} {date}, {year}"),
            format!("{date}-{abbreviated}-{short:02}"),
            format!("{date}-{abbreviated}-{year}"),
            format!("{} {english} {date} {year}", time::weekday_name(civil, Lang::En)),
            format!("{year}-{ordinal:03}"),
            format!("{}-W{:02}-{}", iso.year(), iso.week(), iso.weekday().to_monday_one_offset()),
        ];
        for lang in [Lang::Fr, Lang::Ar] {
            for style in [DateStyle::Long, DateStyle::Short] {
                written.push(format!("{} {}", time::weekday_name(civil, lang), time::format_day(civil, lang, style)));
            }
        }
        if !month_first {
            written.push(arabic);
        }
        for text in written {
            let read = forms.date(text.as_bytes()).map(|(date, _)| date);
            prop_assert_eq!(read, Ok(Date::Day(day as i32)), "{}", text);
        }
        let serial = (day + 25_569).to_string();
        let excel = Forms { numbers: Numbers::Excel1900, ..FORMS };
        prop_assert_eq!(excel.date(serial.as_bytes()), Ok((Date::Day(day as i32), None)));
    }

    #[test]
    fn any_interval_reads_back(day in any_day(), length in 1i64..400) {
        let [from, to] = [day, day + length].map(|day| time::date_of(day * 86_400).expect("date"));
        for text in [
            format!("{from}/{to}"),
            format!("{from} .. {to}"),
            format!("{from} to {to}"),
            format!("{} - {}", time::format_day(from, Lang::En, DateStyle::Long), time::format_day(to, Lang::En, DateStyle::Long)),
            format!("{} au {}", time::format_day(from, Lang::Fr, DateStyle::Long), time::format_day(to, Lang::Fr, DateStyle::Long)),
            time::format_interval(Interval::days(from, to).expect("days"), DatePrecision::Days, Lang::En, DateStyle::Long),
            time::format_interval(Interval::days(from, to).expect("days"), DatePrecision::Days, Lang::Ar, DateStyle::Long),
        ] {
            let read = FORMS.date(text.as_bytes()).map(|(date, _)| date.interval());
            prop_assert_eq!(read, Ok(Interval::days(from, to).expect("days")), "{}", text);
        }
    }

    #[test]
    fn what_edtf_reads_is_read_alike(text in "(\\.\\.|[12][0-9]{3}(-[0-3][0-9](-[0-3][0-9])?)?[~?]?)(/(\\.\\.|[12][0-9]{3}(-[0-3][0-9](-[0-3][0-9])?)?[~?]?))?") {
        if let Ok(when) = parse_edtf(&text) {
            let read = FORMS.date(text.as_bytes());
            prop_assert_eq!(read.map(|(date, _)| date.interval()), Ok(when.interval), "{}", text);
        }
    }

    #[test]
    fn the_short_path_reads_what_the_standard_library_reads(text in "-?[0-9]{0,9}\\.?[0-9]{0,7}") {
        let parsed = text.parse::<f64>().ok();
        prop_assert_eq!(numbers::plain_decimal(text.as_bytes()).or(parsed), parsed);
        prop_assert_eq!(FORMS.number(text.as_bytes()).ok().map(|(value, _)| value), parsed);
    }

    #[test]
    fn grouped_numbers_read_back(value in 0u32..4_000_000_000) {
        let digits = value.to_string();
        for (mark, decimal) in [(",", DecimalMark::Point), (" ", DecimalMark::Point), (".", DecimalMark::Comma), ("\u{202F}", DecimalMark::Comma)] {
            let mut text = String::new();
            for (at, c) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text.push_str(mark);
                }
                text.push(c);
            }
            let forms = Forms { decimal, ..FORMS };
            prop_assert_eq!(forms.count(text.as_bytes()).map(|(figure, _)| figure.best), Ok(Some(value)), "{}", text);
        }
    }

    #[test]
    fn degrees_and_minutes_read_back(lat in -89.99f64..89.99, lon in -179.99f64..179.99) {
        let parts = |value: f64| {
            let seconds = (value.abs() * 3600.0 * 100.0).round() / 100.0;
            let (degrees, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
            (degrees, (rest / 60.0).floor(), ((rest % 60.0) * 100.0).round() / 100.0)
        };
        let ((d, m, s), (e, n, t)) = (parts(lat), parts(lon));
        prop_assume!(s < 60.0 && t < 60.0);
        let (ns, ew) = (if lat < 0.0 { "S" } else { "N" }, if lon < 0.0 { "W" } else { "E" });
        let near = |a: f64, b: f64| (a - b).abs() < 1e-5;
        for text in [
            format!("{d}°{m}'{s}\"{ns} {e}°{n}'{t}\"{ew}"),
            format!("{d} {m} {s} {ns}, {e} {n} {t} {ew}"),
            format!("{e}°{n}′{t}″{ew}; {d}°{m}′{s}″{ns}"),
            format!("{lat:.6}, {lon:.6}"),
            format!("POINT ({lon} {lat})"),
        ] {
            let (point, _) = FORMS.pair(text.as_bytes()).map_err(|issue| TestCaseError::fail(format!("{text}: {issue:?}")))?;
            prop_assert!(near(point.lat, lat) && near(point.lon, lon), "{}: {:?}", text, point);
        }
    }

    #[test]
    fn looks_of_parts_are_the_look_of_the_whole(values in proptest::collection::vec("[0-3]?[0-9][/,.][0-9]{1,4}([/.,]2024)?", 0..60), cut in 0usize..60) {
        let look = |values: &[String]| {
            let mut look = Look::default();
            values.iter().for_each(|value| look.observe(value.as_bytes()));
            look
        };
        let (left, right) = values.split_at(cut.min(values.len()));
        let mut parts = look(left);
        parts.merge(&look(right));
        prop_assert_eq!(parts, look(&values));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..30)) {
        read_all(&bytes);
    }

    #[test]
    fn any_mutilated_value_is_read_or_refused(
        text in "([0-9]{1,5}|[ /.,:T+~°'\"()-]|Jul|May|at least|circa|POINT|N|E|W|to|يوليو|٣|–|e){0,14}"
    ) {
        read_all(text.as_bytes());
    }
}

fn read_all(bytes: &[u8]) {
    let numbers =
        [Numbers::Digits, Numbers::Excel1900, Numbers::Excel1904, Numbers::Seconds, Numbers::Milliseconds];
    for (at, numbers) in numbers.into_iter().enumerate() {
        let (order, decimal) = if at % 2 == 0 {
            (DateOrder::DayFirst, DecimalMark::Point)
        } else {
            (DateOrder::MonthFirst, DecimalMark::Comma)
        };
        let forms = Forms { order, is_order_known: false, numbers, decimal, wrap: true };
        if let Ok((date, _)) = forms.date(bytes) {
            assert!(!date.interval().is_unknown());
        }
        let _ = forms.ymd(bytes, bytes, bytes);
    }
    for decimal in [DecimalMark::Point, DecimalMark::Comma] {
        let forms = Forms { decimal, wrap: true, ..FORMS };
        let _ = (forms.number(bytes), forms.count(bytes), forms.pair(bytes), forms.time(bytes));
        for axis in [Axis::Latitude, Axis::Longitude] {
            if let Ok((value, _)) = forms.degrees(bytes, axis) {
                assert!(value.abs() <= axis.limit());
            }
        }
    }
    let _ = wkt_point(&String::from_utf8_lossy(bytes));
    let mut look = Look::default();
    look.observe(bytes);
}
