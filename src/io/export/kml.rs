//! KML 2.2 (OGC 07-147r2): a folder per dataset, a placemark per event in the style of its type, times as
//! `TimeStamp` or `TimeSpan` with open ends, and all columns as extended data. Nothing in it refers to
//! anything outside of it.

use std::io::{self, Write};

use super::cell::{Cell, edtf, first_day, last_day};
use super::layout::{Layout, case_name, label};
use super::work::Work;
use super::xml::escape;
use super::{Look, columns::Column};
use crate::model::time::SECONDS_PER_DAY;
use crate::model::{EventId, EventType, Interval};

pub fn write(layout: &Layout<'_>, work: &Work<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let store = layout.store;
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
          <kml xmlns=\"http://www.opengis.net/kml/2.2\">\n<Document>\n",
    )?;
    writeln!(out, "<name>{}</name>", escape(&look.title))?;
    if !look.filter.is_empty() {
        writeln!(out, "<description>{}</description>", escape(&escape(&look.filter.join("\n"))))?;
    }
    for event_type in EventType::ALL {
        let [red, green, blue] = look.color(*event_type);
        // KML's colours are alpha, blue, green, red.
        writeln!(
            out,
            "<Style id=\"type{}\"><IconStyle><color>ff{blue:02x}{green:02x}{red:02x}</color></IconStyle></Style>",
            event_type.index()
        )?;
    }
    let make = |events: &[EventId]| {
        let mut text = Vec::with_capacity(events.len() * 2048);
        for event in events {
            layout.rows(*event, &mut |row| push_placemark(&mut text, layout, *event, row))?;
        }
        Ok(text)
    };
    let mut done = 0;
    let case = 0..store.details.len();
    let folders = std::iter::once((case_name(store), case))
        .chain(store.tables.iter().map(|table| (table.name.as_str(), table.rows.clone())));
    for (name, rows) in folders {
        let events: Vec<EventId> =
            work.events.iter().copied().filter(|event| rows.contains(&event.index())).collect();
        if events.is_empty() {
            continue;
        }
        writeln!(out, "<Folder>\n<name>{}</name>", escape(name))?;
        work.parts_of(&events, done, make, |text: Vec<u8>| out.write_all(&text))?;
        out.write_all(b"</Folder>\n")?;
        done += events.len();
    }
    out.write_all(b"</Document>\n</kml>\n")?;
    out.flush()
}

/// Elements in the order of the schema: name, description, time, style, data, geometry.
fn push_placemark(
    text: &mut Vec<u8>,
    layout: &Layout<'_>,
    event: EventId,
    row: &[Cell<'_>],
) -> io::Result<()> {
    let store = layout.store;
    writeln!(text, "<Placemark>\n<name>{}</name>", escape(&label(store, event)))?;
    let notes = layout.place_of(Column::Notes).and_then(|at| row.get(at)).filter(|cell| !cell.is_empty());
    if let Some(notes) = notes {
        // Descriptions are HTML to programs that show them; words of a source must not be.
        writeln!(text, "<description>{}</description>", escape(&escape(&notes.plain())))?;
    }
    push_time(text, store.interval(event))?;
    writeln!(text, "<styleUrl>#type{}</styleUrl>", store.event_type(event).index())?;
    text.extend_from_slice(b"<ExtendedData>\n");
    for (heading, cell) in layout.headings.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
        writeln!(
            text,
            "<Data name=\"{}\"><value>{}</value></Data>",
            escape(&heading.name),
            escape(&cell.plain())
        )?;
    }
    text.extend_from_slice(b"</ExtendedData>\n");
    if let Some([lon, lat]) = layout.point(row) {
        writeln!(text, "<Point><coordinates>{lon},{lat}</coordinates></Point>")?;
    }
    text.extend_from_slice(b"</Placemark>\n");
    Ok(())
}

/// A day or a moment as a stamp, else a span; an end that nobody gives is left out. Last days are
/// inclusive.
fn push_time(text: &mut Vec<u8>, interval: Interval) -> io::Result<()> {
    if interval.is_unknown() || interval == Interval::ALL {
        return Ok(());
    }
    let whole = |limit: i64| limit.rem_euclid(SECONDS_PER_DAY) == 0;
    let with_clock =
        !(interval.open_start() || whole(interval.start)) || !(interval.open_end() || whole(interval.end));
    let limit = |open: bool, seconds: i64, day: Option<i32>| -> Option<String> {
        if open {
            return None;
        }
        if with_clock {
            let moment = edtf(Interval { start: seconds, end: seconds.saturating_add(1) });
            return Some(format!("{moment}Z"));
        }
        day.map(|day| super::cell::day_text(i64::from(day)))
    };
    let begin = limit(interval.open_start(), interval.start, first_day(interval));
    let end = limit(interval.open_end(), interval.end - 1, last_day(interval));
    if begin.is_some() && (begin == end || with_clock && interval.duration_secs() <= 3600) {
        return writeln!(text, "<TimeStamp><when>{}</when></TimeStamp>", begin.unwrap_or_default());
    }
    text.extend_from_slice(b"<TimeSpan>");
    for (name, limit) in [("begin", begin), ("end", end)] {
        if let Some(limit) = limit {
            write!(text, "<{name}>{limit}</{name}>")?;
        }
    }
    text.extend_from_slice(b"</TimeSpan>\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::parse_edtf;

    #[test]
    fn times_have_open_ends() {
        let time = |text: &str| {
            let mut out = Vec::new();
            push_time(&mut out, parse_edtf(text).expect("date").interval).expect("written");
            String::from_utf8(out).expect("text").trim_end().to_owned()
        };
        assert_eq!(time("2024-07-27"), "<TimeStamp><when>2024-07-27</when></TimeStamp>");
        assert_eq!(time("2024-07-27T14:30"), "<TimeStamp><when>2024-07-27T14:30:00Z</when></TimeStamp>");
        assert_eq!(time("2024-07"), "<TimeSpan><begin>2024-07-01</begin><end>2024-07-31</end></TimeSpan>");
        assert_eq!(time("2024-07/.."), "<TimeSpan><begin>2024-07-01</begin></TimeSpan>");
        assert_eq!(time("../2024-07"), "<TimeSpan><end>2024-07-31</end></TimeSpan>");
        let mut out = Vec::new();
        push_time(&mut out, Interval::UNKNOWN).expect("written");
        push_time(&mut out, Interval::ALL).expect("written");
        assert!(out.is_empty());
    }
}
