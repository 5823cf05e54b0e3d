//! GeoPackage 1.3 (OGC 12-128r17): a layer of points with all columns, tables of what belongs to its
//! events, and a style by event type that QGIS takes for the layer.

use std::io;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, Transaction, params_from_iter};

use super::Look;
use super::cell::{Cell, edtf};
use super::claims::{actor_name, claim_cells};
use super::columns::{CLAIM_COLUMNS, CellType};
use super::layout::Layout;
use super::parquet::wkb;
use super::work::Work;
use super::xml::escape;
use crate::model::{EventId, EventType, Lang};

/// Most columns of a table, those of the program among them.
const MAX_COLUMNS: usize = 1_900;

/// The tables that the format itself needs.
const FRAME: &str = "
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4326\"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
";

/// Writes into an empty file. Returns what did not fit.
pub fn write(layout: &Layout<'_>, work: &Work<'_>, look: &Look, path: &Path) -> io::Result<Vec<String>> {
    let mut connection = Connection::open(path).map_err(failed)?;
    // Nobody sees the file before it is complete: it needs neither a journal nor to be safe at each step.
    connection
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        .and_then(|()| connection.execute_batch(FRAME))
        .map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    events(&transaction, layout, work)?;
    if layout.has_case {
        related(&transaction, layout, work).map_err(failed)?;
    }
    transaction
        .execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, \
             styleName, styleQML, styleSLD, useAsDefault, description, owner) \
             VALUES ('', '', 'events', 'geom', 'event types', ?1, '', 1, ?2, '')",
            [qml(look), look.filter.join("\n")],
        )
        .map_err(failed)?;
    transaction.commit().map_err(failed)?;
    connection.close().map_err(|(_, err)| failed(err))?;
    let num_columns = layout.headings.len();
    let too_many = num_columns > MAX_COLUMNS;
    Ok(too_many
        .then(|| format!("{num_columns} columns are too many for a table; the last are missing"))
        .into_iter()
        .collect())
}

fn failed(err: rusqlite::Error) -> io::Error {
    io::Error::other(err)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
}

fn events(transaction: &Transaction<'_>, layout: &Layout<'_>, work: &Work<'_>) -> io::Result<()> {
    let headings = layout.headings.get(..layout.headings.len().min(MAX_COLUMNS)).unwrap_or_default();
    let columns: Vec<String> = headings
        .iter()
        .map(|heading| {
            let of_type = match heading.cells {
                CellType::Text => "TEXT",
                CellType::Day => "DATE",
                CellType::Integer => "INTEGER",
                CellType::Real => "DOUBLE",
                CellType::Flag => "BOOLEAN",
            };
            format!("{} {of_type}", quoted(&heading.name))
        })
        .collect();
    transaction
        .execute_batch(&format!(
            "CREATE TABLE events (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, {});",
            columns.join(", ")
        ))
        .map_err(failed)?;
    let places = vec!["?"; headings.len() + 2].join(", ");
    let mut insert = transaction.prepare(&format!("INSERT INTO events VALUES ({places})")).map_err(failed)?;
    let mut extent: Option<[f64; 4]> = None;
    let mut fid = 0;
    let make = |events: &[EventId]| {
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            layout.rows(*event, &mut |row| {
                let geometry = layout.point(row);
                let cells: Vec<Value> = row.iter().take(headings.len()).map(value).collect();
                rows.push((geometry, cells));
                Ok(())
            })?;
        }
        Ok(rows)
    };
    work.parts(make, |rows: Vec<(Option<[f64; 2]>, Vec<Value>)>| {
        for (point, cells) in rows {
            fid += 1;
            let geometry = point.map_or(Value::Null, |[lon, lat]| {
                let [west, south, east, north] = extent.unwrap_or([lon, lat, lon, lat]);
                extent = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
                Value::Blob(blob(lon, lat))
            });
            let row = [Value::Integer(fid), geometry].into_iter().chain(cells);
            insert.execute(params_from_iter(row)).map_err(failed)?;
        }
        Ok(())
    })?;
    let [west, south, east, north] = extent.map_or([None; 4], |extent| extent.map(Some));
    transaction
        .execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y, srs_id) \
             VALUES ('events', 'features', 'events', ?1, ?2, ?3, ?4, 4326)",
            [west, south, east, north],
        )
        .and_then(|_| {
            let sql = "INSERT INTO gpkg_geometry_columns VALUES ('events', 'geom', 'POINT', 4326, 0, 0)";
            transaction.execute(sql, [])
        })
        .map_err(failed)?;
    Ok(())
}

/// A point as the format has it: a head of eight bytes, then WKB.
fn blob(lon: f64, lat: f64) -> Vec<u8> {
    // Magic, version 1, little-endian without an envelope, number of the reference system.
    let mut bytes = vec![b'G', b'P', 0, 1];
    bytes.extend_from_slice(&4326_i32.to_le_bytes());
    bytes.extend_from_slice(&wkb(lon, lat));
    bytes
}

fn value(cell: &Cell<'_>) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(_) | Cell::Source(_) | Cell::Day(_) => Value::Text(cell.plain().into_owned()),
        Cell::Integer(number) => Value::Integer(i64::try_from(*number).unwrap_or(i64::MAX)),
        Cell::Real(number) => Value::Real(*number),
        Cell::Flag(flag) => Value::Integer(i64::from(*flag)),
    }
}

/// Tables of what belongs to events that were read whole, by the events' `id`.
fn related(transaction: &Transaction<'_>, layout: &Layout<'_>, work: &Work<'_>) -> rusqlite::Result<()> {
    let store = layout.store;
    let table = |name: &str, columns: &[&str]| -> rusqlite::Result<rusqlite::Statement<'_>> {
        let list: Vec<String> = columns
            .iter()
            .map(|column| {
                let kind = if column.starts_with("char_") { "INTEGER" } else { "TEXT" };
                format!("{} {kind}", quoted(column))
            })
            .collect();
        transaction.execute_batch(&format!(
            "CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {});
             INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('{name}', 'attributes', '{name}');",
            list.join(", ")
        ))?;
        let places = vec!["?"; columns.len()].join(", ");
        transaction.prepare(&format!("INSERT INTO {name} ({}) VALUES ({places})", {
            let names: Vec<String> = columns.iter().map(|column| quoted(column)).collect();
            names.join(", ")
        }))
    };
    let mut claim_columns = vec!["event_id"];
    claim_columns.extend(CLAIM_COLUMNS);
    let mut claims = table("claims", &claim_columns)?;
    let mut actors = table("event_actors", &["event_id", "actor", "actor_ar", "role", "kind"])?;
    let mut documents = table("event_documents", &["event_id", "document"])?;
    for event in work.events {
        let Some(detail) = store.details.get(event.index()) else { continue };
        let id = Value::Text(detail.key.clone());
        for claim in &detail.claims {
            let cells = claim_cells(store, &layout.texts, claim);
            let cells = cells.iter().map(value);
            claims.execute(params_from_iter(std::iter::once(id.clone()).chain(cells)))?;
        }
        for role in &detail.actors {
            let actor = store.actor(role.actor);
            let arabic = actor.and_then(|actor| actor.names.exactly(Lang::Ar)).map(str::to_owned);
            actors.execute(rusqlite::params![
                detail.key,
                actor_name(store, role.actor),
                arabic,
                role.role,
                actor.map(|actor| actor.kind.as_str())
            ])?;
        }
        for document in store.documents_of(*event).filter_map(|id| store.document(id)) {
            documents.execute([&detail.key, &document.key])?;
        }
    }
    let columns = ["document", "title", "title_ar", "outlet", "language", "published", "sha256", "brief"];
    let mut documents = table("documents", &columns)?;
    for document in super::documents(layout) {
        let outlet = document.outlet.as_ref().map(|outlet| outlet.names.get(Lang::En));
        documents.execute(rusqlite::params![
            document.key,
            document.titles.get(Lang::En),
            document.titles.exactly(Lang::Ar),
            outlet,
            document.language,
            document.published.as_ref().map(|when| edtf(when.interval)),
            document.original.as_ref().map(|original| original.sha256.as_str()),
            document.brief,
        ])?;
    }
    Ok(())
}

/// A style of QGIS: one round symbol per event type. Colours are said twice, for versions before and from
/// 3.26.
fn qml(look: &Look) -> String {
    let (mut categories, mut symbols) = (String::new(), String::new());
    for event_type in EventType::ALL {
        let (number, name) = (event_type.index(), escape(event_type.code()));
        let [red, green, blue] = look.color(*event_type);
        let color = format!("{red},{green},{blue},255");
        categories += &format!(
            "<category symbol=\"{number}\" value=\"{name}\" label=\"{name}\" render=\"true\" type=\"string\"/>"
        );
        let properties = [
            ("color", color.as_str()),
            ("name", "circle"),
            ("outline_color", "255,255,255,255"),
            ("outline_width", "0.2"),
            ("size", "2.4"),
            ("size_unit", "MM"),
        ];
        let options: String = properties
            .iter()
            .map(|(key, value)| format!("<Option name=\"{key}\" value=\"{value}\" type=\"QString\"/>"))
            .collect();
        let props: String =
            properties.iter().map(|(key, value)| format!("<prop k=\"{key}\" v=\"{value}\"/>")).collect();
        symbols += &format!(
            "<symbol name=\"{number}\" type=\"marker\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\
             <layer class=\"SimpleMarker\" enabled=\"1\" locked=\"0\" pass=\"0\">\
             <Option type=\"Map\">{options}</Option>{props}</layer></symbol>"
        );
    }
    format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology\">\
         <renderer-v2 type=\"categorizedSymbol\" attr=\"event_type\" symbollevels=\"0\" forceraster=\"0\" \
         enableorderby=\"0\"><categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2>\
         </qgis>\n"
    )
}
