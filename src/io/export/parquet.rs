//! GeoParquet 1.1: one row per event, a point in WKB, the other columns with their logical types. Missing
//! values are null.

use std::fs::File;
use std::io;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use serde_json::json;

use super::cell::Cell;
use super::columns::CellType;
use super::layout::Layout;
use super::work::Work;
use crate::model::EventId;

/// Rows that are compressed together.
const GROUP: usize = 1 << 16;
const GEOMETRY: &str = "geometry";

pub fn write(layout: &Layout<'_>, work: &Work<'_>, file: &mut File) -> io::Result<()> {
    let schema = schema(layout).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).map_err(failed)?))
        .set_created_by(concat!("waqai ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties)).map_err(failed)?;
    let mut extent: Option<[f64; 4]> = None;
    let mut done = 0;
    for events in work.events.chunks(GROUP) {
        let mut group = Group::new(layout);
        work.parts_of(
            events,
            done,
            |events: &[EventId]| {
                let mut part = Group::new(layout);
                for event in events {
                    layout.rows(*event, &mut |row| {
                        part.push(layout, row);
                        Ok(())
                    })?;
                }
                Ok(part.finished())
            },
            |part| {
                group.append(part);
                Ok(())
            },
        )?;
        extent = joined(extent, group.extent);
        let mut row_group = writer.next_row_group().map_err(failed)?;
        group.write(&mut row_group).map_err(failed)?;
        row_group.close().map_err(failed)?;
        done += events.len();
    }
    writer.append_key_value_metadata(KeyValue::new("geo".to_owned(), geo(extent)));
    writer.close().map_err(failed)?;
    Ok(())
}

fn failed(err: ParquetError) -> io::Error {
    io::Error::other(err)
}

/// What GeoParquet wants to be told: coordinates are longitude and latitude in WGS 84 (its default).
fn geo(extent: Option<[f64; 4]>) -> String {
    let mut geometry = json!({"encoding": "WKB", "geometry_types": ["Point"]});
    if let (Some(extent), Some(geometry)) = (extent, geometry.as_object_mut()) {
        geometry.insert("bbox".to_owned(), json!(extent));
    }
    json!({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: geometry}}).to_string()
}

fn schema(layout: &Layout<'_>) -> Result<TypePtr, ParquetError> {
    let column = |name: &str, physical: Physical, logical: Option<LogicalType>| {
        let column = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        column.with_logical_type(logical).build().map(Arc::new)
    };
    let mut fields = Vec::with_capacity(layout.headings.len() + 1);
    for heading in &layout.headings {
        fields.push(match heading.cells {
            CellType::Text => column(&heading.name, Physical::BYTE_ARRAY, Some(LogicalType::String)),
            CellType::Day => column(&heading.name, Physical::INT32, Some(LogicalType::Date)),
            CellType::Integer => column(&heading.name, Physical::INT64, None),
            CellType::Real => column(&heading.name, Physical::DOUBLE, None),
            CellType::Flag => column(&heading.name, Physical::BOOLEAN, None),
        }?);
    }
    fields.push(column(GEOMETRY, Physical::BYTE_ARRAY, None)?);
    Ok(Arc::new(Type::group_type_builder("events").with_fields(fields).build()?))
}

/// Values of one column that are there, and which rows have one.
struct Column {
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    /// Texts one after the other in one piece of memory, and where they end; then as they are written.
    Bytes {
        text: Vec<u8>,
        ends: Vec<usize>,
        done: Vec<ByteArray>,
    },
    Day(Vec<i32>),
    Integer(Vec<i64>),
    Real(Vec<f64>),
    Flag(Vec<bool>),
}

impl Column {
    fn new(cells: CellType) -> Self {
        let values = match cells {
            CellType::Text => Values::Bytes { text: Vec::new(), ends: Vec::new(), done: Vec::new() },
            CellType::Day => Values::Day(Vec::new()),
            CellType::Integer => Values::Integer(Vec::new()),
            CellType::Real => Values::Real(Vec::new()),
            CellType::Flag => Values::Flag(Vec::new()),
        };
        Self { values, levels: Vec::new() }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        let is_there = match (&mut self.values, cell) {
            (_, Cell::Empty) => false,
            (Values::Bytes { text, ends, .. }, cell) => {
                text.extend_from_slice(cell.plain().as_bytes());
                ends.push(text.len());
                true
            }
            (Values::Day(values), Cell::Day(day)) => {
                values.push(*day);
                true
            }
            (Values::Integer(values), Cell::Integer(number)) => {
                values.push(i64::try_from(*number).unwrap_or(i64::MAX));
                true
            }
            (Values::Real(values), Cell::Real(number)) => {
                values.push(*number);
                true
            }
            (Values::Flag(values), Cell::Flag(flag)) => {
                values.push(*flag);
                true
            }
            _ => false,
        };
        self.levels.push(i16::from(is_there));
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        if let Values::Bytes { text, ends, .. } = &mut self.values {
            text.extend_from_slice(bytes);
            ends.push(text.len());
            self.levels.push(1);
        }
    }

    /// Makes written values of the texts, all of them pieces of one.
    fn finish(&mut self) {
        if let Values::Bytes { text, ends, done } = &mut self.values {
            let all = ByteArray::from(std::mem::take(text));
            let mut start = 0;
            for end in ends.drain(..) {
                done.push(all.slice(start, end - start));
                start = end;
            }
        }
    }

    fn append(&mut self, mut other: Self) {
        self.levels.append(&mut other.levels);
        match (&mut self.values, &mut other.values) {
            (Values::Bytes { done: a, .. }, Values::Bytes { done: b, .. }) => a.append(b),
            (Values::Day(a), Values::Day(b)) => a.append(b),
            (Values::Integer(a), Values::Integer(b)) => a.append(b),
            (Values::Real(a), Values::Real(b)) => a.append(b),
            (Values::Flag(a), Values::Flag(b)) => a.append(b),
            _ => {}
        }
    }
}

struct Group {
    /// In order of the headings, and last the geometry.
    columns: Vec<Column>,
    extent: Option<[f64; 4]>,
}

impl Group {
    fn new(layout: &Layout<'_>) -> Self {
        let cells = layout.headings.iter().map(|heading| heading.cells).chain([CellType::Text]);
        Self { columns: cells.map(Column::new).collect(), extent: None }
    }

    fn push(&mut self, layout: &Layout<'_>, row: &[Cell<'_>]) {
        let point = layout.point(row);
        let Some((geometry, columns)) = self.columns.split_last_mut() else { return };
        columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        match point {
            Some([lon, lat]) => {
                geometry.push_bytes(&wkb(lon, lat));
                self.extent = joined(self.extent, Some([lon, lat, lon, lat]));
            }
            None => geometry.push(&Cell::Empty),
        }
    }

    fn finished(mut self) -> Self {
        self.columns.iter_mut().for_each(Column::finish);
        self
    }

    fn append(&mut self, other: Self) {
        self.extent = joined(self.extent, other.extent);
        self.columns.iter_mut().zip(other.columns).for_each(|(mine, others)| mine.append(others));
    }

    fn write<W: io::Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        for column in &self.columns {
            match &column.values {
                Values::Bytes { done, .. } => write_column::<ByteArrayType, W>(group, done, &column.levels)?,
                Values::Day(values) => write_column::<Int32Type, W>(group, values, &column.levels)?,
                Values::Integer(values) => write_column::<Int64Type, W>(group, values, &column.levels)?,
                Values::Real(values) => write_column::<DoubleType, W>(group, values, &column.levels)?,
                Values::Flag(values) => write_column::<BoolType, W>(group, values, &column.levels)?,
            }
        }
        Ok(())
    }
}

fn write_column<T: DataType, W: io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    levels: &[i16],
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(values, Some(levels), None)?;
    column.close()
}

/// A point in little-endian WKB.
pub fn wkb(lon: f64, lat: f64) -> [u8; 21] {
    let mut bytes = [0; 21];
    let (head, coordinates) = bytes.split_at_mut(5);
    head.copy_from_slice(&[1, 1, 0, 0, 0]);
    let (x, y) = coordinates.split_at_mut(8);
    x.copy_from_slice(&lon.to_le_bytes());
    y.copy_from_slice(&lat.to_le_bytes());
    bytes
}

/// West, south, east, north.
fn joined(a: Option<[f64; 4]>, b: Option<[f64; 4]>) -> Option<[f64; 4]> {
    match (a, b) {
        (Some([w, s, e, n]), Some([w2, s2, e2, n2])) => Some([w.min(w2), s.min(s2), e.max(e2), n.max(n2)]),
        (a, b) => a.or(b),
    }
}
