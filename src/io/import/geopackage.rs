//! GeoPackage, and other SQLite files with a table of events → [`Grid`] of one layer.
//!
//! The file is opened as one that nobody can change (so no journal is looked for or made beside it), with
//! everything off that a file could make SQLite do on its own: extensions, triggers, functions that are
//! not its own, other files. A view of the file may take for ever, or have rows for ever; there is a limit to
//! the work for finding out what is in the file, for a row of a table and for all rows of a view.
//!
//! A layer's geometry becomes `@latitude` and `@longitude`, and `@geometry` as WKT unless the layer is
//! declared to hold flat points only.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::grid::added;
use super::limits::MAX_GRID_BYTES;
use super::plain::{midnight_off, write_blob, write_float};
use super::sheets::sounds_like;
use super::wkb::{self, Crs, Geometry};
use super::{Grid, ImportError, Rows};
use crate::io::{Continue, Progress};
use crate::model::import::Issue;

/// Steps of SQLite's machine between two looks at how long it takes.
const STEPS_PER_LOOK: i32 = 10_000;
/// Looks until the next row must be there, of a view the last one: some seconds.
const MAX_LOOKS: u64 = 20_000;
/// Bytes of a value.
const MAX_VALUE_BYTES: i32 = 64 << 20;
/// Bytes that SQLite may use for itself.
const MAX_HEAP_BYTES: u32 = 256 << 20;
/// Rows of a layer.
const MAX_ROWS: u32 = 16 << 20;
/// Rows of a view, which can go on making them.
const MAX_VIEW_ROWS: u32 = if cfg!(test) { 1 << 12 } else { 1 << 20 };
/// Layers and tables that are listed.
const MAX_LAYERS: usize = 1000;

/// An open file, and how long the current row takes.
struct File<'a> {
    name: &'a str,
    database: Connection,
    looks: Arc<AtomicU64>,
}

/// A table of the file.
struct Layer {
    table: String,
    geometry: Option<Places>,
    is_view: bool,
}

/// The geometries of a layer.
struct Places {
    column: String,
    crs: Crs,
    /// Flat points only, as declared.
    are_points: bool,
}

/// Layers and tables in order, with their number of rows; of a view it is not counted.
pub fn sheets(name: &str, path: &Path) -> Result<Vec<(String, Option<u64>)>, ImportError> {
    let file = File::open(name, path)?;
    let layers = file.layers()?;
    Ok(layers.into_iter().map(|layer| (layer.table.clone(), file.count(&layer))).collect())
}

/// The layer that is read when none is asked for: that with geometries and the most rows; if there is none,
/// the table with the most columns that sound like those of events, then that with the most rows.
pub fn best_sheet(name: &str, path: &Path) -> Result<String, ImportError> {
    let file = File::open(name, path)?;
    Ok(file.best(file.layers()?)?.table)
}

/// Reads one layer, the best one ([`best_sheet`]) if none is given. `watch` may stop it; what was read by
/// then is the result.
pub fn read(
    name: &str,
    path: &Path,
    sheet: Option<&str>,
    watch: &(dyn Fn(Progress) -> Continue + Sync),
) -> Result<Grid, ImportError> {
    let file = File::open(name, path)?;
    let layers = file.layers()?;
    let layer = match sheet {
        None => file.best(layers)?,
        Some(sheet) => layers
            .into_iter()
            .find(|layer| layer.table == sheet)
            .ok_or_else(|| cannot(name, &format!("there is no layer “{sheet}” in it")))?,
    };
    let mut grid = file.read(&layer, watch)?;
    if has_unsaved(path) {
        let finding = crate::model::import::Finding::new(
            name.to_owned(),
            u64::MAX,
            "",
            "another program has it open; its last changes, in a file beside it, are not read",
            200,
        );
        grid.findings.push((Issue::BrokenPart, finding));
    }
    Ok(grid)
}

fn cannot(name: &str, why: &str) -> ImportError {
    ImportError::Cannot(format!("“{name}” cannot be read: {why}."))
}

/// A name within a statement.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The file's address for SQLite, as one that does not change.
fn address(path: &Path) -> Option<String> {
    let text = path.to_str()?.replace('\\', "/");
    // A Windows drive has a slash before it.
    let mut address = if text.as_bytes().get(1) == Some(&b':') { "file:/" } else { "file:" }.to_owned();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.:~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(address + "?mode=ro&immutable=1")
}

/// Whether changes wait in a journal beside the file.
fn has_unsaved(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-wal");
    std::fs::metadata(journal).is_ok_and(|meta| meta.len() > 0)
}

impl<'a> File<'a> {
    fn open(name: &'a str, path: &Path) -> Result<Self, ImportError> {
        let named = |err: rusqlite::Error| cannot(name, &said(&err));
        let address = address(path).ok_or_else(|| cannot(name, "its name is no text"))?;
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut database = Connection::open_with_flags(address, flags).map_err(named)?;
        for (setting, value) in [
            (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
            (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
            (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
            (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
        ] {
            database.set_db_config(setting, value).map_err(named)?;
        }
        for (limit, value) in [
            (Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES),
            (Limit::SQLITE_LIMIT_ATTACHED, 0),
            (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
        ] {
            database.set_limit(limit, value).map_err(named)?;
        }
        let settings = format!(
            "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA hard_heap_limit = {MAX_HEAP_BYTES};"
        );
        database.execute_batch(&settings).map_err(named)?;
        let looks = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&looks);
        let handler = move || counted.fetch_add(1, Ordering::Relaxed) > MAX_LOOKS;
        database.progress_handler(STEPS_PER_LOOK, Some(handler)).map_err(named)?;
        Ok(Self { name, database, looks })
    }

    fn failed(&self, err: &rusqlite::Error) -> ImportError {
        cannot(self.name, &said(err))
    }

    /// Rows of texts and numbers that are asked for as a whole.
    fn ask<T>(
        &self,
        statement: &str,
        parameters: impl rusqlite::Params,
        take: impl FnMut(&rusqlite::Row) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.database.prepare(statement)?;
        statement.query_map(parameters, take)?.take(MAX_LAYERS).collect()
    }

    fn layers(&self) -> Result<Vec<Layer>, ImportError> {
        let tables = self
            .ask(
                "SELECT name, type = 'view' FROM sqlite_master WHERE type IN ('table', 'view') \
                 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
                [],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)),
            )
            .map_err(|err| self.failed(&err))?;
        let has = |name: &str| tables.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let told: Option<Vec<String>> = if has("gpkg_contents") {
            let layers = self.ask(
                "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes', 'aspatial')",
                [],
                |row| row.get(0),
            );
            Some(layers.map_err(|err| self.failed(&err))?)
        } else {
            None
        };
        let is_own = |name: &str| {
            let name = name.to_ascii_lowercase();
            ["gpkg_", "rtree_", "idx_", "spatial_ref_sys", "geometry_columns", "layer_styles"]
                .iter()
                .any(|start| name.starts_with(start))
        };
        let layers: Vec<Layer> = tables
            .iter()
            .filter(|(table, _)| match &told {
                Some(told) => told.iter().any(|known| known.eq_ignore_ascii_case(table)),
                None => !is_own(table),
            })
            .map(|(table, is_view)| {
                let geometry = if has("gpkg_geometry_columns") { self.places(table) } else { None };
                Layer { table: table.clone(), geometry, is_view: *is_view }
            })
            .collect();
        if layers.is_empty() {
            Err(cannot(self.name, "there is no layer and no table in it"))
        } else {
            Ok(layers)
        }
    }

    fn places(&self, table: &str) -> Option<Places> {
        let told = self.ask(
            "SELECT column_name, geometry_type_name, z, srs_id FROM gpkg_geometry_columns \
             WHERE table_name = ?1 COLLATE NOCASE",
            [table],
            |row| {
                let number = |at: usize| row.get::<_, i64>(at).unwrap_or(-1);
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1).unwrap_or_default(),
                    number(2),
                    number(3),
                ))
            },
        );
        let (column, kind, z, system) = told.ok()?.into_iter().next()?;
        let are_points = kind.eq_ignore_ascii_case("POINT") && z == 0;
        Some(Places { column, crs: self.crs(system), are_points })
    }

    fn crs(&self, system: i64) -> Crs {
        let told = self.ask(
            "SELECT organization, organization_coordsys_id, definition, srs_name FROM gpkg_spatial_ref_sys \
             WHERE srs_id = ?1",
            [system],
            |row| {
                let text = |at: usize| row.get::<_, String>(at).unwrap_or_default();
                Ok((text(0), row.get::<_, i64>(1).unwrap_or(system), text(2), text(3)))
            },
        );
        // 0 is “some degrees”; -1 is nothing on Earth.
        let undefined = if system == 0 { Crs::Degrees } else { Crs::Other(format!("number {system}")) };
        let Some((organization, code, definition, name)) = told.ok().and_then(|told| told.into_iter().next())
        else {
            return if system > 0 { Crs::of_epsg(system) } else { undefined };
        };
        let known = if organization.eq_ignore_ascii_case("EPSG") { Crs::of_epsg(code) } else { undefined };
        match known {
            // Degrees of another ellipsoid are some metres off.
            Crs::Other(_) if definition.trim_start().starts_with("GEOG") => Crs::Degrees,
            Crs::Other(number) if !name.is_empty() => Crs::Other(format!("{number} ({name})")),
            known => known,
        }
    }

    fn count(&self, layer: &Layer) -> Option<u64> {
        if layer.is_view {
            return None;
        }
        let statement = format!("SELECT count(*) FROM {}", quoted(&layer.table));
        let counts = self.ask(&statement, [], |row| row.get::<_, i64>(0)).ok()?;
        counts.first().and_then(|count| u64::try_from(*count).ok())
    }

    fn best(&self, layers: Vec<Layer>) -> Result<Layer, ImportError> {
        let rank = |layer: &Layer| {
            let columns = self.columns(layer).unwrap_or_default();
            let likeness = columns.iter().filter(|(name, _)| sounds_like(name)).count();
            let rows = self.count(layer).unwrap_or(0);
            let likeness = if layer.geometry.is_some() { 0 } else { likeness };
            (layer.geometry.is_some(), likeness, rows)
        };
        // The first one of equals.
        let ranked = layers.into_iter().rev().max_by_key(rank);
        ranked.ok_or_else(|| cannot(self.name, "there is no layer in it"))
    }

    /// Names of a layer's columns, and the types that they are declared as, in large letters.
    fn columns(&self, layer: &Layer) -> rusqlite::Result<Vec<(String, String)>> {
        self.ask("SELECT name, type FROM pragma_table_info(?1)", [&layer.table], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1).unwrap_or_default().to_ascii_uppercase()))
        })
    }

    fn read(
        &self,
        layer: &Layer,
        watch: &(dyn Fn(Progress) -> Continue + Sync),
    ) -> Result<Grid, ImportError> {
        let failed = |err: rusqlite::Error| self.failed(&err);
        let what = if layer.geometry.is_some() { "feature" } else { "row" };
        let mut rows = Rows::new(format!("{what} {{}} of “{}”", layer.table.replace("{}", "{ }")));
        let total = self.count(layer).unwrap_or(0);
        let declared = self.columns(layer).map_err(failed)?;
        self.looks.store(0, Ordering::Relaxed);
        let mut statement =
            self.database.prepare(&format!("SELECT * FROM {}", quoted(&layer.table))).map_err(failed)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let columns: Vec<Column> = names
            .iter()
            .map(|name| {
                let declared = declared.iter().find(|(known, _)| known == name);
                Column::new(&mut rows, name, declared.map_or("", |(_, kind)| kind), layer.geometry.as_ref())
            })
            .collect();
        if let Some(Places { column, crs: Crs::Other(system), .. }) = &layer.geometry {
            let value = format!("its reference system, {system}, is not known");
            rows.tell_part(Issue::BadGeometry, format!("column “{column}” of “{}”", layer.table), &value);
        }
        let mut found = statement.query([]).map_err(failed)?;
        let mut number = 0;
        let mut text = String::new();
        loop {
            if !layer.is_view {
                self.looks.store(0, Ordering::Relaxed);
            }
            let row = match found.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(err) if number == 0 => return Err(failed(err)),
                Err(err) => {
                    let why = said(&err);
                    rows.tell_part(
                        Issue::BrokenPart,
                        format!("behind {what} {number} of “{}”", layer.table),
                        &why,
                    );
                    rows.cut_short(format!(
                        "Reading ended behind {what} {number} of “{}”: {why}.",
                        layer.table
                    ));
                    break;
                }
            };
            if layer.is_view && number >= MAX_VIEW_ROWS {
                rows.cut_short(format!(
                    "Reading ended behind row {number} of “{}”: it is a view, of which no more are read.",
                    layer.table
                ));
                break;
            }
            number += 1;
            for (at, column) in columns.iter().enumerate() {
                if let Ok(value) = row.get_ref(at) {
                    column.set(&mut rows, number, value, &mut text);
                }
            }
            if rows.end_row(number).is_err() || number >= MAX_ROWS {
                let why = format!(
                    "Memory is full after row {number}: at most {} MiB of text.",
                    MAX_GRID_BYTES >> 20
                );
                rows.cut_short(why);
                break;
            }
            if number.is_multiple_of(1024) {
                let progress = Progress { done: u64::from(number), total, what: self.name.to_owned() };
                if watch(progress) == Continue::No {
                    rows.cut_short("Reading was stopped.");
                    break;
                }
            }
        }
        Ok(rows.finish())
    }
}

/// What SQLite says, or what it means by it.
fn said(err: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    match err.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => "one of its views takes too long".to_owned(),
        Some(ErrorCode::NotADatabase) => "it is no database, or encrypted".to_owned(),
        Some(ErrorCode::DatabaseCorrupt) => "it is damaged".to_owned(),
        Some(ErrorCode::CannotOpen) => "it cannot be opened".to_owned(),
        Some(ErrorCode::OutOfMemory) => "it takes too much memory".to_owned(),
        _ => err.to_string(),
    }
}

/// What becomes of a column.
enum Column {
    /// Numbers of the columns of latitude, longitude and text.
    Geometry {
        name: String,
        crs: Crs,
        latitude: Option<usize>,
        longitude: Option<usize>,
        wkt: Option<usize>,
    },
    Plain {
        name: String,
        at: Option<usize>,
        kind: Kind,
    },
}

/// What values are declared as.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Any,
    Truth,
    Moment,
}

impl Column {
    fn new(rows: &mut Rows, name: &str, declared: &str, places: Option<&Places>) -> Self {
        match places.filter(|places| places.column.eq_ignore_ascii_case(name)) {
            Some(places) => Column::Geometry {
                name: name.to_owned(),
                crs: places.crs.clone(),
                latitude: rows.new_column(added::LATITUDE),
                longitude: rows.new_column(added::LONGITUDE),
                wkt: if places.are_points { None } else { rows.new_column(added::GEOMETRY) },
            },
            None => {
                let kind = match declared {
                    "BOOLEAN" | "BOOL" => Kind::Truth,
                    _ if declared.starts_with("DATE") || declared.starts_with("TIMESTAMP") => Kind::Moment,
                    _ => Kind::Any,
                };
                Column::Plain { name: name.to_owned(), at: rows.new_column(name), kind }
            }
        }
    }

    fn set(&self, rows: &mut Rows, number: u32, value: ValueRef, text: &mut String) {
        match self {
            Column::Plain { name, at: Some(at), kind } => {
                text.clear();
                if !write_value(text, value, *kind) {
                    rows.tell(Issue::BadText, number, name, text);
                }
                rows.set(*at, text);
            }
            Column::Geometry { name, crs, latitude, longitude, wkt } => {
                let shape = match value {
                    ValueRef::Null => return,
                    ValueRef::Blob(bytes) => geometry(bytes),
                    _ => Err("it is no geometry"),
                };
                let mut shape = match shape {
                    Ok(shape) => shape,
                    Err(why) => return rows.tell(Issue::BadGeometry, number, name, why),
                };
                let place = shape.point().and_then(|(x, y)| crs.to_degrees(x, y));
                for (column, value) in [(longitude, place.map(|it| it.0)), (latitude, place.map(|it| it.1))] {
                    if let (Some(column), Some(value)) = (column, value) {
                        text.clear();
                        write_float(text, value);
                        rows.set(*column, text);
                    }
                }
                if let Some(wkt) = wkt {
                    shape.map(&|x, y| crs.to_degrees(x, y).unwrap_or((x, y)));
                    rows.set(*wkt, &shape.wkt().unwrap_or_default());
                }
            }
            Column::Plain { .. } => {}
        }
    }
}

/// Returns whether the value is the text that it should be.
fn write_value(text: &mut String, value: ValueRef, kind: Kind) -> bool {
    match value {
        ValueRef::Null => {}
        ValueRef::Integer(value @ (0 | 1)) if kind == Kind::Truth => {
            text.push_str(if value == 0 { "false" } else { "true" });
        }
        ValueRef::Integer(value) => text.push_str(&value.to_string()),
        ValueRef::Real(value) => write_float(text, value),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(value) if kind == Kind::Moment => text.push_str(midnight_off(value)),
            Ok(value) => text.push_str(value),
            Err(_) => {
                text.push_str(&String::from_utf8_lossy(bytes));
                return false;
            }
        },
        ValueRef::Blob(bytes) => write_blob(text, bytes),
    }
    true
}

/// A geometry behind GeoPackage's head: `GP`, a version, flags, a reference system, perhaps a box around it.
fn geometry(bytes: &[u8]) -> Result<Geometry, &'static str> {
    let Some(rest) = bytes.strip_prefix(b"GP") else { return wkb::read(bytes) };
    let flags = rest.get(1).ok_or("it ends too early")?;
    let box_bytes = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err("the box around it is of an unknown kind"),
    };
    wkb::read(rest.get(6 + box_bytes..).ok_or("it ends too early")?)
}

#[cfg(test)]
mod tests;
