//! Parquet and GeoParquet → [`Grid`].
//!
//! Columns are decoded one by one, some thousand rows at a time on all cores, and written as text:
//! dates and moments in ISO form, lists joined by `; `, fields of a structure as columns `a.b`, anything
//! deeper as JSON. The geometry of GeoParquet becomes `@latitude` and `@longitude`, and `@geometry` as WKT
//! unless the file says that all are points; the boxes around geometries that some writers add are left
//! out. Nothing else is left out.
//!
//! A row group that is damaged is told and left out from the damage on; the others are read.

mod cells;
mod geo;
mod pages;

use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::PageReader;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length, RowGroupReader};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::record::reader::{ReaderIter, RowIter, TreeBuilder};
use parquet::record::{Field, Row};
use parquet::schema::types::{SchemaDescriptor, Type, TypePtr};
use rayon::prelude::*;
use serde_json::Value;

use self::cells::Meaning;
use self::geo::Geo;
use super::grid::{added, write_field};
use super::guard::{guarded, guarded_text};
use super::limits::MAX_GRID_BYTES;
use super::plain::{write_date, write_float, write_short_float};
use super::wkb::{self, Crs};
use super::{Allowance, Grid, ImportError, Rows};
use crate::io::{Continue, Progress};
use crate::model::import::{Finding, Issue};

/// Rows of a file.
const MAX_ROWS: u64 = 16 << 20;
/// Oddities of single rows that are told.
const MAX_FINDINGS: usize = 100_000;

/// Reads a whole file. `watch` may stop it; what was read by then is the result.
pub fn read(
    name: &str,
    bytes: &[u8],
    allow: Allowance,
    watch: &(dyn Fn(Progress) -> Continue + Sync),
) -> Result<Grid, ImportError> {
    let meta = read_footer(name, bytes)?;
    let plan = guarded(name, || Plan::new(name, &meta))?;
    let mut num_rows = meta.row_groups().iter().map(RowGroupMetaData::num_rows);
    let total = num_rows.try_fold(0_u64, |sum, rows| sum.checked_add(u64::try_from(rows).ok()?));
    let total = total.filter(|total| *total <= MAX_ROWS).ok_or_else(|| {
        cannot(name, &format!("it says that it has more than {} million rows", MAX_ROWS >> 20))
    })?;
    let checks: Vec<Result<u64, String>> =
        meta.row_groups().par_iter().map(|group| check_group(bytes, group, &plan)).collect();
    let unpacked = checks.iter().flatten().fold(0_u64, |sum, bytes| sum.saturating_add(*bytes));
    allow.may_unpack(name, bytes.len() as u64, unpacked)?;

    let mut table = Table::new(&plan);
    let mut first_row = 0;
    for (at, (group, check)) in meta.row_groups().iter().zip(checks).enumerate() {
        let rows = u64::try_from(group.num_rows()).unwrap_or(0);
        let done = check.and_then(|_| {
            guarded_text(|| {
                table.read_group(Group { bytes, meta: group }, first_row, |done| {
                    watch(Progress { done, total, what: name.to_owned() })
                })
            })
        });
        match done {
            Ok(true) => {}
            Ok(false) => break,
            Err(why) => {
                let read = table.next_row(first_row);
                let rows_at = format!("rows {} to {} (row group {})", read + 1, first_row + rows, at + 1);
                let sentence = format!("“{name}” is damaged: {rows_at} are left out, because of {why}.");
                table.tell_part(Issue::BrokenPart, &rows_at, &why);
                table.grid.cut_short.get_or_insert(sentence);
            }
        }
        first_row += rows;
    }
    Ok(table.grid)
}

fn cannot(name: &str, why: &str) -> ImportError {
    ImportError::Cannot(format!("“{name}” cannot be read: {why}."))
}

/// The description of the columns and row groups at the end of a file.
fn read_footer(name: &str, bytes: &[u8]) -> Result<ParquetMetaData, ImportError> {
    let cut = || cannot(name, "it is cut off, and the description of its columns stood at its end");
    let (rest, tail) = bytes.split_last_chunk::<8>().ok_or_else(cut)?;
    let [a, b, c, d, magic @ ..] = *tail;
    if &magic == b"PARE" {
        return Err(cannot(name, "it is encrypted"));
    }
    if &magic != b"PAR1" {
        return Err(cut());
    }
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    let start = rest.len().checked_sub(length).ok_or_else(cut)?;
    let footer = rest.get(start..).ok_or_else(cut)?;
    let damaged = |why: &str| {
        cannot(name, &format!("the description of its columns, from byte {start} on, is damaged ({why})"))
    };
    pages::check_footer(footer).map_err(damaged)?;
    guarded(name, || ParquetMetaDataReader::decode_metadata(footer).map_err(|err| damaged(&said(&err))))
}

/// What the crate says, without its kind of error.
fn said(err: &ParquetError) -> String {
    let text = err.to_string();
    text.split_once(": ").map_or(text.as_str(), |(_, text)| text).trim().to_owned()
}

/// Checks the sizes of a row group and returns its unpacked size in bytes.
fn check_group(bytes: &[u8], meta: &RowGroupMetaData, plan: &Plan) -> Result<u64, String> {
    let rows = u64::try_from(meta.num_rows()).map_err(|_| "a negative number of rows".to_owned())?;
    let group = Group { bytes, meta };
    let mut unpacked = 0_u64;
    for at in plan.leaves() {
        let column = meta.columns().get(at).ok_or_else(|| "a missing column".to_owned())?;
        let named = |why: &str| format!("its column “{}”: {why}", column.column_path().string());
        if column.file_path().is_some() {
            return Err(named("it lies in another file"));
        }
        let is_flat = column.column_descr().max_rep_level() == 0;
        let chunk = group.chunk(at).map_err(|err| named(&said(&err)))?.1;
        let sizes = pages::check_pages(chunk, column.compression(), is_flat.then_some(rows));
        unpacked = unpacked.saturating_add(sizes.map_err(named)?);
    }
    Ok(unpacked)
}

/// Where the values of columns come from.
enum Source {
    /// One column of the file, by its number. In a list a row may have several values.
    Leaf { column: usize, meaning: Meaning },
    /// A field of deeper structure, by itself, and the numbers of its columns.
    Deep { field: TypePtr, columns: std::ops::Range<usize> },
}

/// What a column of the grid shows of its source.
#[derive(Clone, Copy, PartialEq)]
enum Show {
    Value,
    Latitude,
    Longitude,
    Wkt,
}

/// Which columns are read, and what becomes of them.
struct Plan {
    sources: Vec<Source>,
    /// Of each column of the grid: its source and what is shown of it.
    shown: Vec<(usize, Show)>,
    columns: Vec<String>,
    crs: Crs,
    root: String,
    /// Things to tell about the file as a whole.
    told: Vec<(Issue, String, String)>,
}

impl Plan {
    fn new(name: &str, meta: &ParquetMetaData) -> Result<Self, ImportError> {
        let file = meta.file_metadata();
        let schema = file.schema_descr();
        let geo = Geo::of(file.key_value_metadata(), schema);
        let mut plan = Plan {
            sources: Vec::new(),
            shown: Vec::new(),
            columns: Vec::new(),
            crs: Crs::Degrees,
            root: schema.name().to_owned(),
            told: Vec::new(),
        };
        let mut rows = Rows::new("row {}");
        let mut column = 0;
        for (at, field) in schema.root_schema().get_fields().iter().enumerate() {
            let start = column;
            while column < schema.num_columns() && schema.get_column_root_idx(column) == at {
                column += 1;
            }
            if geo.is_box(field) {
                continue;
            }
            plan.add_field(&mut rows, &geo, schema, field, start..column);
        }
        plan.columns = rows.finish().columns;
        if plan.columns.is_empty() || plan.shown.len() != plan.columns.len() {
            return Err(cannot(name, "it has no columns, or more than are read"));
        }
        Ok(plan)
    }

    fn add_field(
        &mut self,
        rows: &mut Rows,
        geo: &Geo,
        schema: &SchemaDescriptor,
        field: &TypePtr,
        columns: std::ops::Range<usize>,
    ) {
        let leaves: Vec<_> = columns.clone().map(|at| (at, schema.column(at))).collect();
        let is_flat = leaves.iter().all(|(_, leaf)| leaf.max_rep_level() == 0);
        let is_list = matches!(leaves.as_slice(), [(_, leaf)] if leaf.max_rep_level() == 1);
        let is_main = geo.main.as_deref() == Some(field.name());
        if is_main {
            self.crs = geo.crs.clone();
            if let Crs::Other(name) = &self.crs {
                self.told.push((
                    Issue::BadGeometry,
                    format!("column “{}”", field.name()),
                    format!("its reference system {name} is not known"),
                ));
            }
        }
        if !is_flat && !is_list {
            let source = Source::Deep { field: Arc::clone(field), columns };
            self.show(rows, source, &[(field.name(), Show::Value)]);
            if is_main {
                let value = "geometries in this form are not read".to_owned();
                self.told.push((Issue::BadGeometry, format!("column “{}”", field.name()), value));
            }
            return;
        }
        for (column, leaf) in leaves {
            let path = leaf.path().parts();
            let meaning = Meaning::of(&leaf);
            let name = if is_list { field.name().to_owned() } else { path.join(".") };
            let is_wkb = path.len() == 1
                && matches!(meaning, Meaning::Wkb | Meaning::Bytes)
                && geo.has_wkb(field.name());
            let ordinate = path.last().map(String::as_str);
            if is_wkb {
                let source = Source::Leaf { column, meaning: Meaning::Wkb };
                if is_main {
                    let all = [
                        (added::LATITUDE, Show::Latitude),
                        (added::LONGITUDE, Show::Longitude),
                        (added::GEOMETRY, Show::Wkt),
                    ];
                    self.show(rows, source, if geo.are_points { &all[..2] } else { &all });
                } else {
                    self.show(rows, source, &[(&name, Show::Wkt)]);
                }
            } else if is_main && path.len() == 2 && self.crs == Crs::Degrees && ordinate == Some("x") {
                self.show(rows, Source::Leaf { column, meaning }, &[(added::LONGITUDE, Show::Value)]);
            } else if is_main && path.len() == 2 && self.crs == Crs::Degrees && ordinate == Some("y") {
                self.show(rows, Source::Leaf { column, meaning }, &[(added::LATITUDE, Show::Value)]);
            } else {
                self.show(rows, Source::Leaf { column, meaning }, &[(&name, Show::Value)]);
            }
        }
    }

    fn show(&mut self, rows: &mut Rows, source: Source, columns: &[(&str, Show)]) {
        let at = self.sources.len();
        self.sources.push(source);
        for (name, show) in columns {
            if rows.new_column(name).is_some() {
                self.shown.push((at, *show));
            }
        }
    }

    /// Numbers of the columns that are read.
    fn leaves(&self) -> impl Iterator<Item = usize> {
        self.sources.iter().flat_map(|source| match source {
            Source::Leaf { column, .. } => *column..*column + 1,
            Source::Deep { columns, .. } => columns.clone(),
        })
    }

    fn batch_rows(&self) -> usize {
        ((1 << 21) / self.sources.len().max(1)).clamp(512, 1 << 15)
    }
}

/// A row group in the bytes of its file.
#[derive(Clone, Copy)]
struct Group<'a> {
    bytes: &'a [u8],
    meta: &'a RowGroupMetaData,
}

impl<'a> Group<'a> {
    /// Where a column begins in the file, and its bytes.
    fn chunk(&self, column: usize) -> Result<(u64, &'a [u8]), ParquetError> {
        let odd = || ParquetError::General("it lies outside of the file".to_owned());
        let meta = self.meta.columns().get(column).ok_or_else(odd)?;
        let start = meta.dictionary_page_offset().unwrap_or(meta.data_page_offset());
        let start = usize::try_from(start).map_err(|_| odd())?;
        let length = usize::try_from(meta.compressed_size()).map_err(|_| odd())?;
        let chunk = start.checked_add(length).and_then(|end| self.bytes.get(start..end)).ok_or_else(odd)?;
        Ok((start as u64, chunk))
    }
}

/// The bytes of one column, at their offset in the file.
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Chunk {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        let length = self.len().saturating_sub(start) as usize;
        self.get_bytes(start, length).map(Bytes::reader)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let at = start.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        let range = at.and_then(|at| Some(at..at.checked_add(length)?));
        match range.filter(|range| range.end <= self.bytes.len()) {
            Some(range) => Ok(self.bytes.slice(range)),
            None => Err(ParquetError::EOF("it ends too early".to_owned())),
        }
    }
}

impl RowGroupReader for Group<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.meta
    }

    fn num_columns(&self) -> usize {
        self.meta.num_columns()
    }

    fn get_column_page_reader(&self, column: usize) -> Result<Box<dyn PageReader>, ParquetError> {
        let (start, bytes) = self.chunk(column)?;
        let chunk = Arc::new(Chunk { start, bytes: Bytes::copy_from_slice(bytes) });
        let rows = usize::try_from(self.meta.num_rows()).unwrap_or(0);
        Ok(Box::new(SerializedPageReader::new(chunk, self.meta.column(column), rows, None)?))
    }

    fn get_column_bloom_filter(&self, _: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, projection: Option<Type>) -> Result<RowIter<'_>, ParquetError> {
        RowIter::from_row_group(projection, self)
    }
}

/// A source that is being read.
enum Reading {
    Leaf { reader: Box<ColumnReader>, meaning: Meaning, max_def: i16, is_list: bool },
    Deep(Box<ReaderIter>),
}

/// Some thousand rows of a source.
struct Batch {
    values: Values,
    /// Of each row where its values end, if they are not one a row.
    ends: Option<Vec<u32>>,
    meaning: Meaning,
}

enum Values {
    Bool(Vec<bool>),
    Int(Vec<i32>),
    Long(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
    Text(Vec<String>),
    Shapes(Vec<Shape>),
}

/// A geometry: where it is drawn (longitude, latitude), as text, or why it is none.
#[derive(Default)]
struct Shape {
    place: Option<(f64, f64)>,
    wkt: Option<String>,
    error: Option<&'static str>,
}

impl Shape {
    fn of(bytes: &[u8], crs: &Crs) -> Self {
        let mut geometry = match wkb::read(bytes) {
            Ok(geometry) => geometry,
            Err(error) => return Shape { error: Some(error), ..Shape::default() },
        };
        let place = geometry.point().and_then(|(x, y)| crs.to_degrees(x, y));
        if !matches!(crs, Crs::Degrees | Crs::Other(_)) {
            geometry.map(&|x, y| crs.to_degrees(x, y).unwrap_or((x, y)));
        }
        Shape { place, wkt: geometry.wkt(), error: None }
    }
}

impl Reading {
    fn open(source: &Source, group: &Group, root: &str) -> Result<Self, String> {
        let made = match source {
            Source::Leaf { column, meaning } => {
                let descr = group.meta.column(*column).column_descr_ptr();
                let (max_def, is_list) = (descr.max_def_level(), descr.max_rep_level() > 0);
                let pages = group.get_column_page_reader(*column);
                pages.map(|pages| Reading::Leaf {
                    reader: Box::new(get_column_reader(descr, pages)),
                    meaning: *meaning,
                    max_def,
                    is_list,
                })
            }
            Source::Deep { field, .. } => Type::group_type_builder(root)
                .with_fields(vec![Arc::clone(field)])
                .build()
                .and_then(|schema| {
                    let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
                    TreeBuilder::new().as_iter(schema, group).map(|rows| Reading::Deep(Box::new(rows)))
                }),
        };
        made.map_err(|err| said(&err))
    }

    /// The next `count` rows.
    fn next(&mut self, count: usize, crs: &Crs) -> Result<Batch, String> {
        match self {
            Reading::Leaf { reader, meaning, max_def, is_list } => {
                let form = (*max_def, *is_list);
                let (values, ends) = match reader.as_mut() {
                    ColumnReader::BoolColumnReader(reader) => typed(reader, count, form, Values::Bool)?,
                    ColumnReader::Int32ColumnReader(reader) => typed(reader, count, form, Values::Int)?,
                    ColumnReader::Int64ColumnReader(reader) => typed(reader, count, form, Values::Long)?,
                    ColumnReader::Int96ColumnReader(reader) => {
                        // Only moments are held in this type, whether the file says so or not.
                        *meaning = Meaning::Timestamp(1_000_000, false);
                        typed(reader, count, form, |values| {
                            Values::Long(values.iter().map(parquet::data_type::Int96::to_micros).collect())
                        })?
                    }
                    ColumnReader::FloatColumnReader(reader) => typed(reader, count, form, Values::Float)?,
                    ColumnReader::DoubleColumnReader(reader) => typed(reader, count, form, Values::Double)?,
                    ColumnReader::ByteArrayColumnReader(reader) if *meaning == Meaning::Wkb => {
                        typed(reader, count, form, |values| {
                            Values::Shapes(values.iter().map(|bytes| Shape::of(bytes.data(), crs)).collect())
                        })?
                    }
                    ColumnReader::ByteArrayColumnReader(reader) => typed(reader, count, form, Values::Bytes)?,
                    ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                        typed(reader, count, form, Values::Fixed)?
                    }
                };
                Ok(Batch { values, ends, meaning: *meaning })
            }
            Reading::Deep(rows) => {
                let mut texts = Vec::with_capacity(count);
                for _ in 0..count {
                    let row = rows.next().ok_or("fewer rows than it says")?.map_err(|err| said(&err))?;
                    texts.push(
                        row.get_column_iter().next().map_or_else(String::new, |(_, field)| text_of(field)),
                    );
                }
                Ok(Batch { values: Values::Text(texts), ends: None, meaning: Meaning::Text })
            }
        }
    }
}

/// Reads values of one type.
fn typed<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    count: usize,
    (max_def, is_list): (i16, bool),
    wrap: impl FnOnce(Vec<T::T>) -> Values,
) -> Result<(Values, Option<Vec<u32>>), String> {
    let mut values = Vec::with_capacity(count);
    let (mut defs, mut reps) = (Vec::new(), Vec::new());
    let (rows, _, levels) = reader
        .read_records(count, Some(&mut defs), Some(&mut reps), &mut values)
        .map_err(|err| said(&err))?;
    if rows != count {
        return Err("fewer rows than it says".to_owned());
    }
    if max_def == 0 && !is_list {
        return Ok((wrap(values), None));
    }
    let mut ends: Vec<u32> = Vec::with_capacity(count);
    let mut end = 0;
    for at in 0..levels {
        let is_first = !is_list || reps.get(at) == Some(&0);
        if is_first {
            ends.push(end);
        }
        if max_def == 0 || defs.get(at) == Some(&max_def) {
            end += 1;
        }
        if let Some(last) = ends.last_mut() {
            *last = end;
        }
    }
    if ends.len() != count || end as usize != values.len() {
        return Err("values that do not fit its rows".to_owned());
    }
    Ok((wrap(values), Some(ends)))
}

/// A field of deeper structure as JSON; one that is missing as nothing.
fn text_of(field: &Field) -> String {
    match json_of(field) {
        Value::Null => String::new(),
        Value::String(text) => text,
        value => value.to_string(),
    }
}

fn json_of(field: &Field) -> Value {
    let text = |write: &dyn Fn(&mut String)| {
        let mut text = String::new();
        write(&mut text);
        Value::String(text)
    };
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::from(*value),
        Field::Byte(value) => Value::from(*value),
        Field::Short(value) => Value::from(*value),
        Field::Int(value) => Value::from(*value),
        Field::Long(value) => Value::from(*value),
        Field::UByte(value) => Value::from(*value),
        Field::UShort(value) => Value::from(*value),
        Field::UInt(value) => Value::from(*value),
        Field::ULong(value) => Value::from(*value),
        Field::Float16(value) => Value::from(f32::from(*value)),
        Field::Float(value) => Value::from(*value),
        Field::Double(value) => Value::from(*value),
        Field::Decimal(value) => {
            let meaning = Meaning::Decimal(u32::try_from(value.scale()).unwrap_or(0).min(64));
            text(&|text| {
                cells::write_bytes(text, value.data(), meaning);
            })
        }
        Field::Str(value) => Value::from(value.as_str()),
        Field::Bytes(value) => text(&|text| {
            cells::write_bytes(text, value.data(), Meaning::Bytes);
        }),
        Field::Date(value) => text(&|text| write_date(text, i64::from(*value))),
        Field::TimeMillis(value) => {
            text(&|text| cells::write_int(text, i64::from(*value), Meaning::Time(1000)))
        }
        Field::TimeMicros(value) => text(&|text| cells::write_int(text, *value, Meaning::Time(1_000_000))),
        Field::TimestampMillis(value) => text(&|text| cells::write_timestamp(text, *value, 1000, false)),
        Field::TimestampMicros(value) => text(&|text| cells::write_timestamp(text, *value, 1_000_000, false)),
        Field::Group(row) => json_of_row(row),
        Field::ListInternal(list) => Value::Array(list.elements().iter().map(json_of).collect()),
        Field::MapInternal(map) => map
            .entries()
            .iter()
            .map(|(key, value)| (text_of(key), json_of(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    }
}

fn json_of_row(row: &Row) -> Value {
    let fields = row.get_column_iter().map(|(name, field)| (name.clone(), json_of(field)));
    Value::Object(fields.collect())
}

/// The grid that is being made.
struct Table<'a> {
    plan: &'a Plan,
    grid: Grid,
}

/// Rows that were written apart.
#[derive(Default)]
struct Written {
    text: Vec<u8>,
    starts: Vec<u64>,
    /// Oddities: which, where the row begins, the row's place, column and value.
    odd: Vec<(Issue, u64, usize, usize, String)>,
    /// There was no room for more.
    is_full: bool,
}

impl<'a> Table<'a> {
    fn new(plan: &'a Plan) -> Self {
        let grid = Grid { columns: plan.columns.clone(), row_name: "row {}".to_owned(), ..Grid::default() };
        let mut table = Self { plan, grid };
        for (issue, at, value) in &plan.told {
            table.tell_part(*issue, at, value);
        }
        table
    }

    fn tell_part(&mut self, issue: Issue, at: &str, value: &str) {
        self.grid.findings.push((issue, Finding::new(at.to_owned(), u64::MAX, "", value, 200)));
    }

    /// How many rows of the file were read, those of broken parts counted; at least `least`.
    fn next_row(&self, least: u64) -> u64 {
        self.grid.rows.last().map_or(least, |(_, number)| u64::from(*number).max(least))
    }

    /// Adds the rows of a group, whose first is the `first_row`th. `false` if that is to be the last.
    fn read_group(
        &mut self,
        group: Group,
        first_row: u64,
        go_on: impl Fn(u64) -> Continue,
    ) -> Result<bool, String> {
        let plan = self.plan;
        let mut readings: Vec<Reading> = plan
            .sources
            .iter()
            .map(|source| Reading::open(source, &group, &plan.root))
            .collect::<Result<_, _>>()?;
        let rows = usize::try_from(group.meta.num_rows()).unwrap_or(0);
        let mut done = 0;
        while done < rows {
            if go_on(first_row + done as u64) == Continue::No {
                self.grid.cut_short = Some("Reading was stopped.".to_owned());
                return Ok(false);
            }
            let count = plan.batch_rows().min(rows - done);
            let batches: Vec<Batch> = readings
                .par_iter_mut()
                .zip(&plan.sources)
                .map(|(reading, source)| {
                    guarded_text(|| reading.next(count, &plan.crs))
                        .map_err(|why| format!("its column “{}”: {why}", plan.name_of(source, &group)))
                })
                .collect::<Result<_, _>>()?;
            if !self.add(&batches, count, first_row + done as u64) {
                return Ok(false);
            }
            done += count;
        }
        Ok(true)
    }

    /// Adds rows. `false` if there is no room for more.
    fn add(&mut self, batches: &[Batch], count: usize, first_row: u64) -> bool {
        let parts = rayon::current_num_threads().max(1);
        let step = count.div_ceil(parts).max(1);
        let room = MAX_GRID_BYTES.saturating_sub(self.grid.text.len()) / parts;
        let written: Vec<Written> = (0..count)
            .step_by(step)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|start| self.plan.write(batches, start..(start + step).min(count), room))
            .collect();
        for (part, written) in written.into_iter().enumerate() {
            let base = self.grid.text.len() as u64;
            let number = |at: usize| (first_row as usize + part * step + at + 1) as u32;
            self.grid.text.extend_from_slice(&written.text);
            let starts = written.starts.iter().enumerate();
            self.grid.rows.extend(starts.map(|(at, start)| (base + start, number(at))));
            for (issue, start, at, column, value) in written.odd {
                if self.grid.findings.len() < MAX_FINDINGS {
                    let at = self.grid.name_of_number(number(at));
                    let column = self.grid.columns.get(column).map_or("", String::as_str);
                    let finding = Finding::new(at, base + start, column, &value, 80);
                    self.grid.findings.push((issue, finding));
                }
            }
            if written.is_full {
                let rows = self.grid.rows.len();
                let why = format!("Memory is full after {rows} rows: {} MiB of text.", MAX_GRID_BYTES >> 20);
                self.grid.cut_short = Some(why);
                return false;
            }
        }
        true
    }
}

impl Plan {
    fn name_of(&self, source: &Source, group: &Group) -> String {
        match source {
            Source::Leaf { column, .. } => {
                group.meta.columns().get(*column).map_or_else(String::new, |it| it.column_path().string())
            }
            Source::Deep { field, .. } => field.name().to_owned(),
        }
    }

    /// Writes some rows of a batch, until `room` bytes are written.
    fn write(&self, batches: &[Batch], rows: std::ops::Range<usize>, room: usize) -> Written {
        let mut made = Written::default();
        let mut field = String::new();
        for (at, row) in rows.enumerate() {
            let start = made.text.len() as u64;
            made.starts.push(start);
            for (column, (source, show)) in self.shown.iter().enumerate() {
                if column > 0 {
                    made.text.push(b',');
                }
                field.clear();
                let issue = batches.get(*source).and_then(|batch| batch.write(row, *show, &mut field));
                if let Some((issue, value)) = issue
                    && made.odd.len() < MAX_FINDINGS
                {
                    made.odd.push((issue, start, at, column, value));
                }
                write_field(&mut made.text, &field, self.shown.len() == 1);
            }
            made.text.push(b'\n');
            if made.text.len() > room {
                made.is_full = true;
                break;
            }
        }
        made
    }
}

impl Batch {
    /// Writes what a row has, and tells what is odd about it.
    fn write(&self, row: usize, show: Show, text: &mut String) -> Option<(Issue, String)> {
        let range = match &self.ends {
            None => row..row + 1,
            Some(ends) => {
                let end_of = |row: usize| ends.get(row).copied().unwrap_or(0) as usize;
                row.checked_sub(1).map_or(0, end_of)..end_of(row)
            }
        };
        let mut odd = None;
        for (at, value) in range.enumerate() {
            if at > 0 {
                text.push_str("; ");
            }
            odd = self.write_value(value, show, text).or(odd);
        }
        odd
    }

    fn write_value(&self, at: usize, show: Show, text: &mut String) -> Option<(Issue, String)> {
        match &self.values {
            Values::Bool(values) => text.push_str(if *values.get(at)? { "true" } else { "false" }),
            Values::Int(values) => cells::write_int(text, i64::from(*values.get(at)?), self.meaning),
            Values::Long(values) => cells::write_int(text, *values.get(at)?, self.meaning),
            Values::Float(values) => write_short_float(text, *values.get(at)?),
            Values::Double(values) => write_float(text, *values.get(at)?),
            Values::Bytes(values) => return self.write_bytes(values.get(at)?.data(), text),
            Values::Fixed(values) => return self.write_bytes(values.get(at)?.data(), text),
            Values::Text(values) => text.push_str(values.get(at)?),
            Values::Shapes(values) => {
                let shape = values.get(at)?;
                match (show, shape.place) {
                    (Show::Latitude, Some((_, latitude))) => write_float(text, latitude),
                    (Show::Longitude, Some((longitude, _))) => write_float(text, longitude),
                    (Show::Wkt, _) => text.push_str(shape.wkt.as_deref().unwrap_or_default()),
                    _ => {}
                }
                // Told once a row, not for each column.
                let error = shape.error.filter(|_| show != Show::Longitude && text.is_empty())?;
                return (show == Show::Latitude).then(|| (Issue::BadGeometry, error.to_owned()));
            }
        }
        None
    }

    fn write_bytes(&self, bytes: &[u8], text: &mut String) -> Option<(Issue, String)> {
        let is_sound = cells::write_bytes(text, bytes, self.meaning);
        (!is_sound).then(|| (Issue::BadText, text.clone()))
    }
}

#[cfg(test)]
mod tests;
