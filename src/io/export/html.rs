//! A report to read and print: one HTML page that is complete in itself. It loads nothing, and holds no
//! script; all words of sources are escaped.

use std::io::{self, Write};

use super::Look;
use super::cell::{Cell, day_text, edtf, first_day, last_day};
use super::claims::{Evidence, actor_name, count_in_words, published};
use super::columns::Column;
use super::layout::{Layout, label};
use super::work::Work;
use super::xml::escape;
use crate::model::{EventId, EventType, Lang, SpanRole};

/// Events that are told one by one. A longer page is not read, and slow to open.
pub const MAX_EVENTS: usize = 5_000;
/// Columns of the picture of times.
const BINS: usize = 120;
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 160.0;

const STYLE: &str = "
body{font:15px/1.45 system-ui,'Noto Sans','Noto Sans Arabic',sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#1c1c1c;background:#fff}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}figure{margin:1em 0}figcaption{color:#555;font-size:.9em}
img,svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%;font-size:.9em}
th,td{text-align:start;vertical-align:top;padding:.3em .5em;border-bottom:1px solid #ddd;overflow-wrap:anywhere}
thead th{position:sticky;top:0;background:#fff}blockquote{margin:.4em 0;padding:.2em .8em;border-inline-start:3px solid #bbb}
.key{display:inline-block;width:.8em;height:.8em;margin-inline-end:.3em;border-radius:50%}.quiet{color:#555}article{break-inside:avoid;margin:1.2em 0}
";

pub fn write(layout: &Layout<'_>, work: &Work<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let told = work.events.get(..work.events.len().min(MAX_EVENTS)).unwrap_or_default();
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{0}</title>\n<style>{STYLE}</style></head><body>\n<h1{1}>{0}</h1>",
        escape(&look.title),
        direction(&look.title)
    )?;
    summary(layout, work, look, out)?;
    if let Some(picture) = &look.picture {
        writeln!(
            out,
            "<figure><img alt=\"Map of the events\" src=\"data:image/png;base64,{}\">\
             <figcaption>The map as it was shown.</figcaption></figure>",
            base64(picture)
        )?;
    }
    timeline(layout, work, look, out)?;
    table(layout, told, look, work, out)?;
    if layout.has_case {
        claims(layout, told, out)?;
        documents(layout, out)?;
    }
    datasets(layout, out)?;
    out.write_all(b"</body></html>\n")?;
    out.flush()
}

/// `dir` and `lang` of a text that begins in a script which is written from right to left.
fn direction(text: &str) -> &'static str {
    match text.chars().find(|c| c.is_alphabetic()) {
        Some('\u{0590}'..='\u{05FF}') => " dir=\"rtl\" lang=\"he\"",
        Some('\u{0600}'..='\u{08FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}') => {
            " dir=\"rtl\" lang=\"ar\""
        }
        _ => " dir=\"ltr\"",
    }
}

/// A text in an element of its own direction.
fn element(name: &str, text: &str) -> String {
    format!("<{name}{}>{}</{name}>", direction(text), escape(text))
}

fn summary(layout: &Layout<'_>, work: &Work<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let store = layout.store;
    let (mut sum, mut figures, mut undated, mut unplaced) = (0_u64, 0_usize, 0_usize, 0_usize);
    for event in work.events {
        if let Some(best) = store.fatalities(*event).best {
            sum += u64::from(best);
            figures += 1;
        }
        undated += usize::from(store.interval(*event).is_unknown());
        unplaced += usize::from(store.position(*event).is_none());
    }
    writeln!(
        out,
        "<p>{} events, {undated} of them undated and {unplaced} without a place. Best figures of fatalities \
         of {figures} events add up to {sum}.</p>",
        work.events.len()
    )?;
    if look.filter.is_empty() {
        writeln!(out, "<p>No filter.</p>")?;
    } else {
        writeln!(out, "<p>Filter:</p><ul>")?;
        for line in &look.filter {
            writeln!(out, "{}", element("li", line))?;
        }
        writeln!(out, "</ul>")?;
    }
    if work.events.len() > MAX_EVENTS {
        writeln!(
            out,
            "<p><strong>Only the first {MAX_EVENTS} events are listed below; the figures and the timeline are of \
             all.</strong></p>"
        )?;
    }
    Ok(())
}

/// Numbers of events by their first days, stacked by type.
fn timeline(layout: &Layout<'_>, work: &Work<'_>, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let store = layout.store;
    let day = |event: &EventId| {
        let interval = store.interval(*event);
        first_day(interval).or_else(|| last_day(interval))
    };
    let days = || work.events.iter().filter_map(day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(()) };
    let span = f64::from(last) - f64::from(first) + 1.0;
    let num_bins = BINS.min(span as usize).max(1);
    let mut bins = vec![[0_u32; EventType::ALL.len()]; num_bins];
    for event in work.events {
        let Some(day) = day(event) else { continue };
        let at = ((f64::from(day) - f64::from(first)) / span * num_bins as f64) as usize;
        if let Some(count) = bins.get_mut(at).and_then(|bin| bin.get_mut(store.event_type(*event).index())) {
            *count += 1;
        }
    }
    let most = bins.iter().map(|bin| bin.iter().sum::<u32>()).max().unwrap_or(1).max(1);
    let (width, scale) = (WIDTH / num_bins as f64, (HEIGHT - 24.0) / f64::from(most));
    writeln!(
        out,
        "<figure><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"Events over time\" \
         xmlns=\"http://www.w3.org/2000/svg\">"
    )?;
    for (at, bin) in bins.iter().enumerate() {
        let mut top = HEIGHT - 20.0;
        for (event_type, count) in EventType::ALL.iter().zip(bin).filter(|(_, count)| **count > 0) {
            let height = f64::from(*count) * scale;
            top -= height;
            let [red, green, blue] = look.color(*event_type);
            write!(
                out,
                "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{height:.1}\" \
                 fill=\"#{red:02x}{green:02x}{blue:02x}\"/>",
                at as f64 * width,
                (width - 0.5).max(0.5)
            )?;
        }
    }
    let base = HEIGHT - 6.0;
    writeln!(
        out,
        "<text x=\"0\" y=\"{base}\" font-size=\"12\">{}</text>\
         <text x=\"{WIDTH}\" y=\"{base}\" font-size=\"12\" text-anchor=\"end\">{}</text></svg>",
        day_text(i64::from(first)),
        day_text(i64::from(last))
    )?;
    write!(out, "<figcaption>Events by their first days; the highest bar is {most}. ")?;
    for event_type in EventType::ALL {
        let [red, green, blue] = look.color(*event_type);
        write!(
            out,
            "<span class=\"key\" style=\"background:#{red:02x}{green:02x}{blue:02x}\"></span>{} ",
            escape(event_type.code())
        )?;
    }
    writeln!(out, "</figcaption></figure>")
}

fn table(
    layout: &Layout<'_>,
    events: &[EventId],
    look: &Look,
    work: &Work<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let store = layout.store;
    writeln!(
        out,
        "<h2>Events</h2>\n<table><thead><tr><th>Date</th><th>Event</th><th>Type</th><th>Place</th>\
         <th>Fatalities</th><th>Text</th></tr></thead><tbody>"
    )?;
    let place_at = layout.place_of(Column::Place);
    let notes_at = layout.place_of(Column::Notes);
    for (number, event) in events.iter().enumerate() {
        layout.rows(*event, &mut |row| {
            let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("".into(), Cell::plain);
            let [red, green, blue] = look.color(store.event_type(*event));
            let toll = store.fatalities(*event);
            let number = |count: Option<u32>| count.map_or("?".to_owned(), |count| count.to_string());
            let toll = match (toll.low, toll.best, toll.high) {
                (None, None, None) => String::new(),
                (low, best, high) if low == best && best == high => number(best),
                (low, best, high) => format!("{} ({}–{})", number(best), number(low), number(high)),
            };
            writeln!(
                out,
                "<tr><td>{}<br><span class=\"quiet\">{}</span></td>{}<td><span class=\"key\" \
                 style=\"background:#{red:02x}{green:02x}{blue:02x}\"></span>{}</td>{}<td>{toll}</td>{}</tr>",
                escape(&edtf(store.interval(*event))),
                store.date_precision(*event).code(),
                element("td", &label(store, *event)),
                escape(store.event_type(*event).code()),
                element("td", &cell(place_at)),
                element("td", &cell(notes_at)),
            )
        })?;
        if number % 500 == 0 {
            work.tell(number)?;
        }
    }
    writeln!(out, "</tbody></table>")
}

fn claims(layout: &Layout<'_>, events: &[EventId], out: &mut dyn Write) -> io::Result<()> {
    let store = layout.store;
    writeln!(out, "<h2>Claims</h2>")?;
    for event in events {
        let Some(detail) = store.details.get(event.index()).filter(|detail| !detail.claims.is_empty()) else {
            continue;
        };
        writeln!(out, "<article>{}", element("h3", &label(store, *event)))?;
        for claim in &detail.claims {
            let claimant = actor_name(store, claim.claimant);
            writeln!(out, "<p><strong><bdi>{}</bdi></strong>: <bdi>{}</bdi>", escape(claimant), {
                escape(claim.statement.get(Lang::En))
            })?;
            let counts: Vec<String> = claim.counts.iter().map(|c| count_in_words(store, c)).collect();
            if !counts.is_empty() {
                writeln!(out, "<br><bdi>{}</bdi>", escape(&counts.join("; ")))?;
            }
            writeln!(out, "</p>")?;
            let evidence = Evidence::of(claim, &layout.texts);
            for (words, _) in evidence.spans.iter().filter(|(_, span)| span.role == SpanRole::Sentence) {
                writeln!(out, "{}", element("blockquote", words))?;
            }
            let document = store.document(claim.document);
            let mut origin = vec![claim.attribution.clone()];
            if let Some(document) = document {
                let outlet = document.outlet.as_ref().map(|outlet| outlet.names.get(Lang::En).to_owned());
                origin.extend(outlet);
                origin.push(document.titles.get(Lang::En).to_owned());
                origin.extend(published(document, claim).map(|when| edtf(when.interval)));
                origin.push(document.key.clone());
            }
            origin.retain(|part| !part.is_empty());
            let origin: Vec<String> =
                origin.iter().map(|part| format!("<bdi>{}</bdi>", escape(part))).collect();
            writeln!(out, "<p class=\"quiet\">{}</p>", origin.join(" · "))?;
        }
        writeln!(out, "</article>")?;
    }
    Ok(())
}

fn documents(layout: &Layout<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<h2>Sources</h2>\n<table><thead><tr><th>Document</th><th>Title</th><th>Outlet</th><th>Language</th>\
         <th>Published</th><th>SHA-256 of the original</th></tr></thead><tbody>"
    )?;
    for document in super::documents(layout) {
        let outlet = document.outlet.as_ref().map_or("", |outlet| outlet.names.get(Lang::En));
        writeln!(
            out,
            "<tr>{}{}{}{}{}{}</tr>",
            element("td", &document.key),
            element("td", document.titles.get(Lang::En)),
            element("td", outlet),
            element("td", &document.language),
            element("td", &document.published.as_ref().map_or_else(String::new, |when| edtf(when.interval))),
            element("td", document.original.as_ref().map_or("", |original| original.sha256.as_str())),
        )?;
    }
    writeln!(out, "</tbody></table>")
}

fn datasets(layout: &Layout<'_>, out: &mut dyn Write) -> io::Result<()> {
    let tables = layout.store.tables.iter().zip(&layout.tables).filter(|(_, is_used)| **is_used);
    let names: Vec<String> = tables.map(|(table, _)| element("li", &table.name)).collect();
    if names.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Datasets</h2><ul>{}</ul>", names.join("\n"))
}

/// RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = (bits >> (18 - 6 * at)) as usize & 63;
            let digit = DIGITS.get(digit).copied().map_or('=', char::from);
            text.push(if at <= group.len() { digit } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_as_text() {
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn texts_have_the_direction_of_their_script() {
        assert!(direction("«قال» x").contains("rtl") && direction("42 Gao غاو").contains("ltr"));
        assert_eq!(element("td", "<غ>"), "<td dir=\"rtl\" lang=\"ar\">&lt;غ&gt;</td>");
    }
}
