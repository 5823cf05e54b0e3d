//! Reports as tables for people.

use std::io::Write as _;

use unicode_normalization::char::is_combining_mark;

use super::Failure;
use crate::io::report::{
    Counts, EventLine, FatalityLine, FrameTimes, Info, QueryResult, ReplayReport, Texts,
};
use crate::lang::thousands;
use crate::model::report::{one_line, shorten};

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
