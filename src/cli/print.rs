//! Reports as tables for people.

use std::io::Write as _;

use unicode_normalization::char::is_combining_mark;

use super::Failure;
use crate::io::figures::{ColumnFigures, Figures, FileLine};
use crate::io::report::{
    Counts, EventLine, FatalityLine, FrameTimes, Info, QueryResult, ReplayReport, Texts,
};
use crate::lang::thousands;
use crate::model::report::{one_line, shorten};

/// Most lines of a list of counts; JSON has more.
const MAX_LINES: usize = 40;

/// Writes to standard output. Whoever reads it may have read enough and gone: that is no failure.
pub fn out(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(err) if err.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Work(format!("standard output cannot be written: {err}")))
        }
        _ => Ok(()),
    }
}

/// How a column is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Start,
    End,
}

/// Rows in columns as wide as their widest cell, two spaces apart. What a case holds cannot steer
/// the terminal.
fn table(columns: &[Set], rows: &[Vec<String>], indent: &str) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| one_line(cell)).collect()).collect();
    let mut widths = vec![0; columns.len()];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(width_of(cell));
        }
    }
    let mut text = String::new();
    for row in &rows {
        let mut line = indent.to_owned();
        for ((cell, width), set) in row.iter().zip(&widths).zip(columns) {
            let pad = " ".repeat(width - width_of(cell));
            match set {
                Set::Start => line.extend([cell.as_str(), &pad, "  "]),
                Set::End => line.extend([pad.as_str(), cell, "  "]),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Columns that a terminal gives a text: one per character, none for marks above and below letters.
fn width_of(text: &str) -> usize {
    text.chars().filter(|c| !is_combining_mark(*c)).count()
}

fn number(n: usize) -> String {
    thousands(n as i64)
}

fn any(texts: &Texts<'_>) -> String {
    texts.en.or(texts.fr).or(texts.ar).unwrap_or_default().to_owned()
}

/// `1 event`, `2 events`.
fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// What is in a case.
pub fn info(info: &Info<'_>) -> String {
    let limit = |limit: &Option<String>| limit.clone().unwrap_or_else(|| "open".to_owned());
    let dates = info.date_range.as_ref().map_or_else(
        || "none".to_owned(),
        |range| format!("{} to {}", limit(&range.start), limit(&range.end)),
    );
    let area = info.bbox.map_or_else(
        || "none".to_owned(),
        |[west, south, east, north]| {
            format!("{west:.2} to {east:.2} degrees east, {south:.2} to {north:.2} degrees north")
        },
    );
    let killed = format!(
        "{}, between {} and {} ({} with figures)",
        thousands(info.fatalities.best as i64),
        thousands(info.fatalities.low as i64),
        thousands(info.fatalities.high as i64),
        counted(info.fatalities.events, "event", "events"),
    );
    let originals = format!("{} of {} attached", number(info.originals_attached), number(info.documents));
    let problems = match info.problems.len() {
        0 => "none".to_owned(),
        n => format!("{}, {} left out", number(n), number(info.rejected)),
    };
    let spans =
        format!("{} in originals, {} in briefs", number(info.spans.original), number(info.spans.brief));
    let rows = [
        ("Case", info.path.to_owned()),
        ("Events", number(info.events)),
        ("Claims", number(info.claims)),
        ("Documents", number(info.documents)),
        ("Originals", originals),
        ("Places", number(info.places)),
        ("Actors", number(info.actors)),
        ("Undated mentions", number(info.mentions_undated)),
        ("Spans of text", spans),
        ("Dates", dates),
        ("Area", area),
        ("Killed", killed),
        ("Problems", problems),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    let titles: Vec<&str> = [info.title.en, info.title.fr, info.title.ar].into_iter().flatten().collect();
    let mut text: String = titles.iter().map(|title| one_line(title) + "\n").collect();
    text.push_str(&table(&[Set::Start, Set::Start], &rows, ""));
    if info.datasets.len() > 1 {
        let rows: Vec<Vec<String>> = info
            .datasets
            .iter()
            .map(|dataset| {
                let range = dataset.date_range.as_ref();
                let day = |day: Option<&String>| day.cloned().unwrap_or_else(|| "…".to_owned());
                let days = range.map_or_else(String::new, |range| {
                    format!("{} to {}", day(range.start.as_ref()), day(range.end.as_ref()))
                });
                let killed = format!("{} killed", number(dataset.fatalities.best as usize));
                vec![number(dataset.events), killed, days, one_line(dataset.name)]
            })
            .collect();
        text.push_str("\nDatasets\n");
        text.push_str(&table(&[Set::End, Set::End, Set::Start, Set::Start], &rows, "  "));
    }
    let counts = [
        ("Types", &info.counts_by_type),
        ("Date precision", &info.counts_by_date_precision),
        ("Place precision", &info.counts_by_geo_precision),
        ("Prominence", &info.counts_by_prominence),
        ("Documents", &info.counts_by_document),
    ];
    for (title, Counts(counts)) in counts {
        let rows: Vec<Vec<String>> =
            counts.iter().map(|(name, count)| vec![number(*count), name.clone()]).collect();
        text.push_str(&format!("\n{title}\n"));
        text.push_str(&table(&[Set::End, Set::Start], &rows, "  "));
    }
    if let Some(figures) = &info.figures {
        text.push_str(&figured(figures));
    }
    info.files.iter().for_each(|file| text.push_str(&read_as(file)));
    for (name, column) in &info.columns {
        text.push_str(&column_figures(name, column));
    }
    text
}

/// Figures of the rows of datasets.
fn figured(figures: &Figures) -> String {
    let Figures { rows, coordinates, dates, fatalities, counts_by_country, counts_by_actor } = figures;
    let range = |limits: &Option<[f64; 2]>| limits.map_or("none".to_owned(), |[a, b]| format!("{a} to {b}"));
    let days = |limits: &Option<[String; 2]>| {
        limits.as_ref().map_or("none".to_owned(), |[a, b]| format!("{a} to {b}"))
    };
    let lines = [
        ("Rows", number(*rows)),
        (
            "Positions",
            format!(
                "{} valid ({} different, {} at 0,0), {} blank, {} out of range",
                number(coordinates.valid),
                number(coordinates.distinct),
                number(coordinates.at_0_0),
                number(coordinates.blank),
                number(coordinates.out_of_range)
            ),
        ),
        ("Latitudes", range(&coordinates.latitude)),
        ("Longitudes", range(&coordinates.longitude)),
        (
            "Dates",
            format!(
                "{} valid, {} missing, {} of several days",
                number(dates.valid),
                number(dates.missing),
                number(dates.multi_day)
            ),
        ),
        ("First days", days(&dates.begin)),
        ("Last days", days(&dates.end)),
        (
            "Killed",
            format!(
                "low {}, best {}, high {}; {} events without, at most {}, {} with some, {} out of order",
                thousands(fatalities.low as i64),
                thousands(fatalities.best as i64),
                thousands(fatalities.high as i64),
                number(fatalities.missing),
                fatalities.max.map_or("none".to_owned(), |max| thousands(i64::from(max))),
                number(fatalities.above_0),
                number(fatalities.out_of_order)
            ),
        ),
    ];
    let lines: Vec<Vec<String>> =
        lines.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    let mut text = format!("\nFigures\n{}", table(&[Set::Start, Set::Start], &lines, "  "));
    for (title, Counts(counts)) in [("Countries", counts_by_country), ("Actors", counts_by_actor)] {
        let rows: Vec<Vec<String>> = counts
            .iter()
            .take(MAX_LINES)
            .map(|(name, count)| vec![number(*count), shorten(name, 90)])
            .collect();
        text.push_str(&format!("\n{title}\n{}", table(&[Set::End, Set::Start], &rows, "  ")));
    }
    text
}

/// How a file was read, and what was odd in it.
fn read_as(file: &FileLine<'_>) -> String {
    let mut settings = vec![
        ("Format", file.format.to_owned()),
        ("Sheet", file.sheet.unwrap_or_default().to_owned()),
        ("Encoding", file.encoding.to_owned()),
        ("Delimiter", format!("{}{}", file.delimiter, if file.quotes { "" } else { ", no quotation marks" })),
        ("Header", file.header.map_or("none".to_owned(), |line| format!("line {line}"))),
        ("Dialect", file.dialect.unwrap_or("none").to_owned()),
        ("Dates", format!("{}, {}", file.date_order, file.numbers)),
        ("Decimal mark", file.decimal.to_owned()),
        ("Remedies", file.remedies.join(", ")),
    ];
    settings.retain(|(_, value)| !value.is_empty());
    let why = |name: &str| {
        let key = if name == "Decimal mark" { "decimal".to_owned() } else { name.to_lowercase() };
        file.evidence.iter().find(|evidence| evidence.setting == key).map_or("", |evidence| evidence.why)
    };
    let rows: Vec<Vec<String>> = settings
        .into_iter()
        .map(|(name, value)| vec![name.to_owned(), value, why(name).to_owned()])
        .collect();
    let mut text = format!("\nRead as ({})\n{}", one_line(file.file), table(&[Set::Start; 3], &rows, "  "));
    let rows: Vec<Vec<String>> = file
        .columns
        .iter()
        .map(|column| vec![shorten(column.name, 60), column.field.unwrap_or("").to_owned()])
        .collect();
    text.push_str(&format!("\nColumns\n{}", table(&[Set::Start; 2], &rows, "  ")));
    let report = &file.report;
    let count = |count: u64| thousands(count as i64);
    text.push_str(&format!(
        "\nReport: {} rows, {} events ({} undated, {} unplaced, {} with gaps), {} left out\n",
        count(report.rows),
        count(report.events),
        count(report.undated),
        count(report.unplaced),
        count(report.with_gaps),
        count(report.left_out)
    ));
    let rows: Vec<Vec<String>> = report
        .findings
        .iter()
        .map(|found| {
            let example = found.examples.first();
            let example =
                example.map_or(String::new(), |one| format!("{}: {}", one.at, shorten(one.value, 40)));
            vec![count(found.count), shorten(found.column, 30), found.sentence.to_owned(), example]
        })
        .collect();
    text.push_str(&table(&[Set::End, Set::Start, Set::Start, Set::Start], &rows, "  "));
    if let Some(why) = report.cut_short {
        text.push_str(&format!("  {}\n", one_line(why)));
    }
    text
}

fn column_figures(name: &str, column: &ColumnFigures) -> String {
    let ColumnFigures { rows, blank, distinct, numbers, counts: Counts(counts) } = column;
    let numbers = numbers.map_or(String::new(), |numbers| {
        format!("; sum {}, mean {}, from {} to {}", numbers.sum, numbers.mean, numbers.min, numbers.max)
    });
    let mut text = format!(
        "\nColumn {}: {} rows, {} blank, {} different{numbers}\n",
        one_line(name),
        number(*rows),
        number(*blank),
        number(*distinct)
    );
    let rows: Vec<Vec<String>> = counts
        .iter()
        .take(MAX_LINES)
        .map(|(value, count)| vec![number(*count), shorten(value, 90)])
        .collect();
    text.push_str(&table(&[Set::End, Set::Start], &rows, "  "));
    text
}

/// The events that a filter shows.
pub fn query(result: &QueryResult<'_>) -> String {
    let head = ["ID", "DATE", "KILLED", "TYPE", "PLACE", "CLAIMS", "TITLE"].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    result.events.each(|event| {
        let EventLine { id, title, event_type, places, fatalities, claims, .. } = event;
        // Arabic comes last, so that a terminal that reorders it leaves the other columns alone.
        let first = any(title);
        let arabic = title.ar.filter(|arabic| *arabic != first).unwrap_or_default();
        rows.push(vec![
            (*id).to_owned(),
            date(event),
            toll(fatalities),
            (*event_type).to_owned(),
            places.first().map(|place| any(&place.name)).unwrap_or_default(),
            number(claims.len()),
            format!("{first}  {arabic}"),
        ]);
    });
    let mut text = String::new();
    if result.matching > 0 {
        use Set::{End, Start};
        text.push_str(&table(&[Start, Start, End, Start, Start, End, Start], &rows, ""));
        text.push('\n');
    }
    text.push_str(&format!(
        "{} of {} shown; {} outside the window, {} undated, {} filtered out; {} of the shown without a place\n",
        number(result.matching),
        counted(result.total, "event", "events"),
        number(result.outside_window),
        number(result.undated),
        number(result.filtered_out),
        number(result.unplaced),
    ));
    text
}

fn date(event: &EventLine<'_>) -> String {
    match (&event.date.start, &event.date.end) {
        (Some(start), Some(end)) if start == end => start.clone(),
        (None, None) => "undated".to_owned(),
        (start, end) => {
            let limit = |limit: &Option<String>| limit.clone().unwrap_or_else(|| "..".to_owned());
            format!("{}/{}", limit(start), limit(end))
        }
    }
}

/// `50`, `2–60`, `20–60+`; empty without figures.
fn toll(fatalities: &FatalityLine) -> String {
    let Some((low, high)) = fatalities.low.zip(fatalities.high) else { return String::new() };
    let more = if fatalities.high_open { "+" } else { "" };
    if low == high { format!("{low}{more}") } else { format!("{low}–{high}{more}") }
}

/// How a session went.
pub fn replay(report: &ReplayReport) -> String {
    let ms = |ms: Option<f64>| ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms:.2}"));
    let row = |number: String, [own, whole, waits]: [&Option<FrameTimes>; 3], name: String| -> Vec<String> {
        let frames = own.map_or_else(|| "–".to_owned(), |own| self::number(own.frames));
        let three = |times: &Option<FrameTimes>| {
            [
                ms(times.map(|times| times.median_ms)),
                ms(times.map(|times| times.p95_ms)),
                ms(times.map(|times| times.max_ms)),
            ]
        };
        let mut row = vec![number, frames];
        row.extend(three(own).into_iter().chain(three(whole)));
        row.extend([ms(waits.map(|waits| waits.max_ms)), name]);
        row
    };
    let head = ["", "FRAMES", "UI MEDIAN", "P95", "MAX", "WHOLE MEDIAN", "P95", "MAX", "WAITING MAX", "STEP"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(report.steps.iter().map(|step| {
        row(step.number.to_string(), [&step.times, &step.whole, &step.waits], shorten(&step.step, 90))
    }));
    let total = [&report.total, &report.total_whole, &report.total_waits];
    rows.push(row(String::new(), total, "all, ms".to_owned()));
    use Set::{End, Start};
    let mut text = table(&[End, End, End, End, End, End, End, End, End, Start], &rows, "");
    let said = if report.passed { "passed" } else { "failed" };
    text.push_str(&format!("\n{}: {said}\n", report.script));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_also_with_marks_and_arabic() {
        let rows = [["a", "1"], ["قُتِل", "22"], ["Ménaka", "333"]].map(|row| row.map(str::to_owned).to_vec());
        let text = table(&[Set::Start, Set::End], &rows, "");
        assert_eq!(text, "a         1\nقُتِل      22\nMénaka  333\n");
    }

    #[test]
    fn a_title_cannot_steer_the_terminal() {
        let rows = [vec!["a\n\u{1b}[31mb".to_owned()]];
        assert_eq!(table(&[Set::Start], &rows, ""), "a  [31mb\n");
    }

    #[test]
    fn tolls_say_when_they_are_open() {
        let line = |low, high, high_open| FatalityLine { low, best: low, high, best_open: false, high_open };
        assert_eq!(toll(&line(Some(2), Some(60), false)), "2–60");
        assert_eq!(toll(&line(Some(20), Some(20), true)), "20+");
        assert_eq!(toll(&line(None, None, false)), "");
    }
}
