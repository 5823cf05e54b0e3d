use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArrayType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type, Int64Type, Int96Type,
};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::*;
use crate::io::import::archive::tests::{changes, mutate};
use crate::io::import::wkb::tests::point;

type Group<'a> = SerializedRowGroupWriter<'a, Vec<u8>>;

/// A file with one row group for each of `groups`, which write its columns.
fn file(schema: &str, pack: Compression, geo: Option<&str>, groups: &[&dyn Fn(&mut Group)]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let pairs = geo.map(|geo| vec![KeyValue::new("geo".to_owned(), geo.to_owned())]);
    let properties = WriterProperties::builder().set_compression(pack).set_key_value_metadata(pairs).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).expect("a writer");
    for write in groups {
        let mut group = writer.next_row_group().expect("a group");
        write(&mut group);
        group.close().expect("closed");
    }
    writer.into_inner().expect("written")
}

/// Writes the next column: values, and where some are missing or listed, the levels.
fn put<T: DataType>(group: &mut Group, values: &[T::T], defs: Option<&[i16]>, reps: Option<&[i16]>) {
    let mut column = group.next_column().expect("a column").expect("one more");
    column.typed::<T>().write_batch(values, defs, reps).expect("written");
    column.close().expect("closed");
}

fn texts(values: &[&str]) -> Vec<ByteArray> {
    values.iter().map(|value| ByteArray::from(*value)).collect()
}

fn cells(grid: &Grid) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(grid.text.as_slice());
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("sound").iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), grid.rows.len());
    rows
}

fn open(bytes: &[u8]) -> Result<Grid, ImportError> {
    read("a.parquet", bytes, Allowance::default(), &crate::io::unwatched)
}

#[test]
fn every_type_becomes_text() {
    let schema = "message schema {
        required boolean b; optional int32 i; required int32 u (INTEGER(32,false));
        required int32 d (DATE); required int64 ts (TIMESTAMP(MILLIS,true)); required int96 old;
        required int32 dec (DECIMAL(9,2)); required float f; required double n;
        optional binary s (STRING); required fixed_len_byte_array(16) id (UUID);
        required int64 t (TIME(MICROS,false)); required binary raw;
    }";
    let bytes = file(
        schema,
        Compression::SNAPPY,
        None,
        &[&|group| {
            put::<BoolType>(group, &[true, false], None, None);
            put::<Int32Type>(group, &[7], Some(&[0, 1]), None);
            put::<Int32Type>(group, &[-1, 1], None, None);
            put::<Int32Type>(group, &[19_931, 0], None, None);
            put::<Int64Type>(group, &[1_722_081_600_000, 1_722_038_400_000], None, None);
            // Nanoseconds of the day, then the Julian day.
            put::<Int96Type>(
                group,
                &[vec![0, 0, 2_440_588].into(), vec![1_000_000_000, 0, 2_440_588].into()],
                None,
                None,
            );
            put::<Int32Type>(group, &[-1234, 5], None, None);
            put::<FloatType>(group, &[18.44, f32::NAN], None, None);
            put::<DoubleType>(group, &[12.0, 1e-7], None, None);
            put::<ByteArrayType>(group, &texts(&["a, \"b\"\nc"]), Some(&[1, 0]), None);
            put::<FixedLenByteArrayType>(
                group,
                &[ByteArray::from(vec![1; 16]).into(), ByteArray::from(vec![2; 16]).into()],
                None,
                None,
            );
            put::<Int64Type>(group, &[3_600_000_000, 500_000], None, None);
            put::<ByteArrayType>(group, &texts(&["012", "\0"]), None, None);
        }],
    );
    let grid = open(&bytes).expect("a grid");
    assert_eq!(grid.columns, ["b", "i", "u", "d", "ts", "old", "dec", "f", "n", "s", "id", "t", "raw"]);
    assert_eq!(
        cells(&grid),
        [
            [
                "true",
                "",
                "4294967295",
                "2024-07-27",
                "2024-07-27T12:00:00Z",
                "1970-01-01",
                "-12.34",
                "18.44",
                "12",
                "a, \"b\"\nc",
                "01010101-0101-0101-0101-010101010101",
                "01:00:00",
                "012"
            ],
            [
                "false",
                "7",
                "1",
                "1970-01-01",
                "2024-07-27",
                "1970-01-01T00:00:01",
                "0.05",
                "",
                "0.0000001",
                "",
                "02020202-0202-0202-0202-020202020202",
                "00:00:00.5",
                "0x00"
            ],
        ]
    );
    assert_eq!(grid.rows.iter().map(|(_, number)| *number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((grid.cut_short, grid.findings), (None, vec![]));
}

const NESTED: &str = "message schema {
    optional group who { optional binary name (STRING); optional int32 age; }
    optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
    optional group sources (LIST) { repeated group list { optional group element {
        optional binary title (STRING); optional int32 year; } } }
}";

fn nested() -> Vec<u8> {
    file(
        NESTED,
        Compression::ZSTD(ZstdLevel::default()),
        None,
        &[&|group| {
            put::<ByteArrayType>(group, &texts(&["x"]), Some(&[2, 0, 1]), None);
            put::<Int32Type>(group, &[5], Some(&[1, 0, 2]), None);
            // ["a", null, "b"], missing, []
            put::<ByteArrayType>(group, &texts(&["a", "b"]), Some(&[3, 2, 3, 0, 1]), Some(&[0, 1, 1, 0, 0]));
            // [{t, 1}, {u, null}], [], missing
            put::<ByteArrayType>(group, &texts(&["t", "u"]), Some(&[4, 4, 1, 0]), Some(&[0, 1, 0, 0]));
            put::<Int32Type>(group, &[1], Some(&[4, 3, 1, 0]), Some(&[0, 1, 0, 0]));
        }],
    )
}

#[test]
fn structures_lists_and_deeper_things() {
    let grid = open(&nested()).expect("a grid");
    assert_eq!(grid.columns, ["who.name", "who.age", "tags", "sources"]);
    assert_eq!(
        cells(&grid),
        [
            ["x", "", "a; b", r#"[{"title":"t","year":1},{"title":"u","year":null}]"#],
            ["", "", "", "[]"],
            ["", "5", "", ""],
        ]
    );
}

const PLACES: &str = "message schema {
    optional binary id (STRING); optional binary geometry;
    optional group bbox { optional float xmin; optional float ymin; optional float xmax; optional float ymax; }
}";

fn places(geo: &str) -> Vec<u8> {
    file(
        PLACES,
        Compression::UNCOMPRESSED,
        Some(geo),
        &[&|group| {
            put::<ByteArrayType>(group, &texts(&["1", "2", "3"]), Some(&[1, 1, 1]), None);
            let shapes = [ByteArray::from(point(156_543.0, 2_000_000.0)), ByteArray::from(vec![9])];
            put::<ByteArrayType>(group, &shapes, Some(&[1, 0, 1]), None);
            for _ in 0..4 {
                put::<FloatType>(group, &[1.0], Some(&[2, 0, 0]), None);
            }
        }],
    )
}

#[test]
fn geometries_are_placed() {
    let mercator = r#"{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB",
        "geometry_types":["Point"],"crs":{"id":{"authority":"EPSG","code":3857}}}}}"#;
    let grid = open(&places(mercator)).expect("a grid");
    assert_eq!(grid.columns, ["id", "@latitude", "@longitude"]);
    let rows = cells(&grid);
    assert_eq!(rows[0], ["1", "17.6789142", "1.4062497"]);
    assert_eq!(rows[1], ["2", "", ""]);
    assert_eq!(grid.findings.len(), 1);
    let (issue, finding) = &grid.findings[0];
    assert_eq!((*issue, finding.at.as_str()), (Issue::BadGeometry, "row 3"));
    assert_eq!(finding.offset, grid.rows[2].0);

    let other = mercator.replace("3857", "2056").replace("\"Point\"", "");
    let grid = open(&places(&other)).expect("a grid");
    assert_eq!(grid.columns, ["id", "@latitude", "@longitude", "@geometry"]);
    assert_eq!(cells(&grid)[0], ["1", "", "", "POINT (156543 2000000)"]);
    assert_eq!(grid.findings[0].1.value, "its reference system EPSG:2056 is not known");

    let grid = open(&places("no description")).expect("a grid");
    assert_eq!(grid.columns, ["id", "@latitude", "@longitude", "@geometry"]);
}

fn three_groups(pack: Compression) -> Vec<u8> {
    let write = |first: i32| {
        move |group: &mut Group| {
            let ids: Vec<i32> = (first..first + 1000).collect();
            put::<Int32Type>(group, &ids, None, None);
            let names: Vec<String> = ids.iter().map(|id| format!("name of {id}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            put::<ByteArrayType>(group, &texts(&names), None, None);
        }
    };
    let schema = "message schema { required int32 id; required binary name (STRING); }";
    file(schema, pack, None, &[&write(0), &write(1000), &write(2000)])
}

#[test]
fn every_packing_is_read() {
    let packings = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(parquet::basic::BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for pack in packings {
        let grid = open(&three_groups(pack)).expect("a grid");
        let rows = cells(&grid);
        assert_eq!((rows.len(), grid.cut_short), (3000, None), "{pack:?}");
        assert!(rows.iter().enumerate().all(|(at, row)| *row == [at.to_string(), format!("name of {at}")]));
    }
}

#[test]
fn a_damaged_row_group_is_told_and_the_others_are_kept() {
    let mut bytes = three_groups(Compression::SNAPPY);
    let meta = read_footer("a.parquet", &bytes).expect("sound");
    let start = meta.row_group(1).column(1).data_page_offset() as usize;
    bytes[start..start + 8].fill(0xff);
    let grid = open(&bytes).expect("a grid");
    let rows = cells(&grid);
    assert_eq!((rows.len(), rows[1000][0].as_str(), grid.rows[1000].1), (2000, "2000", 2001));
    assert_eq!(grid.findings.len(), 1);
    assert_eq!(grid.findings[0].1.at, "rows 1001 to 2000 (row group 2)");
    assert!(grid.cut_short.is_some_and(|why| why.contains("row group 2")));

    let cut = &three_groups(Compression::SNAPPY)[..5000];
    let err = open(cut).expect_err("no footer");
    assert!(err.sentence().is_some_and(|sentence| sentence.contains("cut off")));
}

#[test]
fn reading_stops_when_asked() {
    let stop = |_: Progress| Continue::No;
    let grid = read("a.parquet", &three_groups(Compression::SNAPPY), Allowance::default(), &stop);
    let grid = grid.expect("a grid");
    assert_eq!((grid.rows.len(), grid.cut_short.as_deref()), (0, Some("Reading was stopped.")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_survived(which in 0..4_usize, changes in changes()) {
        let sound = match which {
            0 => nested(),
            1 => places("{}"),
            2 => three_groups(Compression::SNAPPY),
            _ => three_groups(Compression::GZIP(GzipLevel::default())),
        };
        if let Ok(grid) = open(&mutate(sound, &changes)) {
            prop_assert_eq!(cells(&grid).len(), grid.rows.len());
        }
    }

    /// The description at the end is a small part of a file: changes are aimed at it.
    #[test]
    fn damaged_descriptions_are_survived(changes in changes()) {
        let mut bytes = nested();
        let end = bytes.len() - 8;
        let length = u32::from_le_bytes([bytes[end], bytes[end + 1], bytes[end + 2], bytes[end + 3]]) as usize;
        let footer = mutate(bytes[end - length..end].to_vec(), &changes);
        bytes.truncate(end - length);
        bytes.extend(&footer);
        bytes.extend((footer.len() as u32).to_le_bytes());
        bytes.extend(b"PAR1");
        let _ = open(&bytes);
    }

    #[test]
    fn any_bytes_are_survived(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = open(&bytes);
        let length = bytes.len() as u32;
        bytes.extend(length.to_le_bytes());
        bytes.extend(b"PAR1");
        let _ = open(&bytes);
    }
}
