//! GeoJSON (RFC 7946), one feature per event and line; an event without a position has a null geometry.
//! Properties have the names of the table's columns; empty ones are left out. What a table cannot hold
//! stands beside them: `claims`, `places`, `actor_parts`, `descriptions`.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::cell::{Cell, is_number};
use super::claims::{actor_name, claim_json, names};
use super::columns::SIGNATURE;
use super::layout::{HeadingKind, Layout};
use super::work::Work;
use crate::model::{EventId, LatLon, Place, PlaceRole};

pub fn write(layout: &Layout<'_>, work: &Work<'_>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut first = true;
    let make = |events: &[EventId]| {
        let mut text = Vec::with_capacity(events.len() * 1024);
        for event in events {
            layout.rows(*event, &mut |row| push_feature(&mut text, layout, *event, row))?;
        }
        Ok(text)
    };
    work.parts(make, |text: Vec<u8>| {
        // Each feature begins with a comma; the very first has none before it.
        out.write_all(if first { text.get(1..).unwrap_or_default() } else { &text })?;
        first = false;
        Ok(())
    })?;
    out.write_all(b"\n]}\n")?;
    out.flush()
}

fn push_feature(text: &mut Vec<u8>, layout: &Layout<'_>, event: EventId, row: &[Cell<'_>]) -> io::Result<()> {
    text.extend_from_slice(b",\n{\"type\":\"Feature\"");
    if let Some(id) = row.first().filter(|id| !id.is_empty()) {
        text.extend_from_slice(b",\"id\":");
        push_string(text, &id.plain())?;
    }
    text.extend_from_slice(b",\"geometry\":");
    match points(layout, event, row).as_slice() {
        [] => text.extend_from_slice(b"null"),
        [[lon, lat]] => write!(text, "{{\"type\":\"Point\",\"coordinates\":[{lon},{lat}]}}")?,
        many => {
            text.extend_from_slice(b"{\"type\":\"MultiPoint\",\"coordinates\":[");
            for (at, [lon, lat]) in many.iter().enumerate() {
                write!(text, "{}[{lon},{lat}]", if at > 0 { "," } else { "" })?;
            }
            text.extend_from_slice(b"]}");
        }
    }
    text.extend_from_slice(b",\"properties\":{");
    let mut first = true;
    let mut key = |text: &mut Vec<u8>, name: &str| -> io::Result<()> {
        if !std::mem::take(&mut first) {
            text.push(b',');
        }
        push_string(text, name)?;
        text.push(b':');
        Ok(())
    };
    for (heading, cell) in layout.headings.iter().zip(row) {
        let is_told = matches!(heading.kind, HeadingKind::Model(column) if SIGNATURE.contains(&column));
        if cell.is_empty() && !is_told {
            continue;
        }
        key(text, &heading.name)?;
        push_cell(text, cell)?;
    }
    if let Some(more) = beside(layout, event) {
        for (name, value) in more {
            key(text, &name)?;
            serde_json::to_writer(&mut *text, &value)?;
        }
    }
    text.extend_from_slice(b"}}");
    Ok(())
}

/// Positions of an event, longitude first: of an event that was read whole those of all its places.
fn points(layout: &Layout<'_>, event: EventId, row: &[Cell<'_>]) -> Vec<[f64; 2]> {
    let Some(detail) = layout.store.details.get(event.index()) else {
        return layout.point(row).into_iter().collect();
    };
    let mut points: Vec<[f64; 2]> = Vec::new();
    for position in
        detail.places.iter().filter_map(|role| layout.store.place(role.place)).filter_map(|p| p.position)
    {
        let point = [position.lon, position.lat];
        if !points.contains(&point) {
            points.push(point);
        }
    }
    points
}

/// What an event that was read whole has and the table has no column for.
fn beside(layout: &Layout<'_>, event: EventId) -> Option<Map<String, Value>> {
    let store = layout.store;
    let detail = store.details.get(event.index())?;
    let point = |p: &LatLon| json!([p.lon, p.lat]);
    let place = |(role, place): (&PlaceRole, &Place)| {
        json!({
            "id": place.key,
            "name": names(&place.names),
            "role": role.role,
            "radius_m": place.radius_m,
            "coordinates": place.position.as_ref().map(point),
        })
    };
    let places = detail.places.iter().filter_map(|role| Some((role, store.place(role.place)?)));
    let actors =
        detail.actors.iter().map(|role| json!({"name": actor_name(store, role.actor), "role": role.role}));
    let mut more = Map::new();
    more.insert("descriptions".to_owned(), names(&detail.descriptions));
    if let Some(basis) = detail.when.as_ref().and_then(|when| when.basis.as_deref()) {
        more.insert("date_basis".to_owned(), basis.into());
    }
    more.insert("places".to_owned(), places.map(place).collect());
    more.insert("actor_parts".to_owned(), actors.collect());
    let claims = detail.claims.iter().map(|claim| claim_json(store, &layout.texts, claim));
    more.insert("claims".to_owned(), claims.collect());
    Some(more)
}

fn push_cell(text: &mut Vec<u8>, cell: &Cell<'_>) -> io::Result<()> {
    match cell {
        Cell::Empty => text.extend_from_slice(b"null"),
        Cell::Text(value) => push_string(text, value)?,
        Cell::Source(value) => push_string(text, value)?,
        Cell::Day(_) => push_string(text, &cell.plain())?,
        Cell::Integer(_) | Cell::Flag(_) => text.extend_from_slice(cell.plain().as_bytes()),
        Cell::Real(number) if is_number(&number.to_string()) => {
            text.extend_from_slice(number.to_string().as_bytes());
        }
        Cell::Real(_) => text.extend_from_slice(b"null"),
    }
    Ok(())
}

/// A JSON string. Most texts have nothing to escape.
fn push_string(text: &mut Vec<u8>, value: &str) -> io::Result<()> {
    if value.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        return Ok(serde_json::to_writer(text, value)?);
    }
    text.push(b'"');
    text.extend_from_slice(value.as_bytes());
    text.push(b'"');
    Ok(())
}
