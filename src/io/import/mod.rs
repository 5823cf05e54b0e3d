//! Files of any known format → events.
//!
//! ```text
//! bytes ─ container ─→ Grid (rows of text) ─┐
//! bytes ─ delimited ────────────────────────┴─ io::table (settings) ─→ Store + Report
//! bytes ─ annotated documents ─────────────────────────────────────→ CaseBatch
//! ```
//!
//! Each container (a workbook, GeoJSON, KML, Parquet, …) has a reader that makes a [`Grid`] of it: the
//! rows as text, as the file has them. What the columns mean, and what their values are, is decided in
//! one place for all of them: [`crate::io::table`] with the [`crate::model::import::Settings`].

pub mod archive;
mod code_table;
pub mod codes;
pub mod delimited;
pub mod encoding;
pub mod formats;
pub mod geojson;
pub mod geopackage;
pub mod gpx;
pub mod grid;
mod guard;
pub mod json;
pub mod jsontext;
pub mod kml;
pub mod limits;
pub mod open;
pub mod parquet;
mod plain;
pub mod recognise;
pub mod saved;
pub mod shape;
pub mod sheets;
#[cfg(test)]
pub(crate) mod testing;
pub mod timemap;
pub mod values;
pub mod wkb;
mod write_report;
mod xml;

pub use code_table::code_groups;
pub use grid::{Grid, Rows};
pub use limits::{Allowance, ImportError};
pub use open::{Opened, open, read_table};
pub use write_report::{write_report_csv, write_report_json};
