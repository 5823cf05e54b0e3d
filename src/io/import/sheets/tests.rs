//! Files are made by the tests themselves.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::*;
use crate::io::import::archive::tests::{changes, mutate, pack};

fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Grid, ImportError> {
    read("a.xlsx", bytes, sheet, Allowance::default(), &crate::io::unwatched)
}

fn text(grid: &Grid) -> String {
    String::from_utf8_lossy(&grid.text).into_owned()
}

fn numbers(grid: &Grid) -> Vec<u32> {
    grid.rows.iter().map(|(_, number)| *number).collect()
}

/// A sheet of codes, one of events with a title above its header, and a hidden one.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let codes = book.add_worksheet().set_name("Codes").expect("a name");
    for row in 0..50 {
        codes.write(row, 0, row).expect("a cell");
    }
    let sheet = book.add_worksheet().set_name("Events & more").expect("a name");
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let clock = Format::new().set_num_format("hh:mm");
    let money = Format::new().set_num_format("#,##0.00");
    let date = |text: &str| ExcelDateTime::parse_from_str(text).expect("a date");
    sheet.write(0, 0, "A title").expect("a cell");
    for (column, name) in ["event_date", "latitude", "code", "seen", "notes", "at"].iter().enumerate() {
        sheet.write(2, column as u16, *name).expect("a cell");
    }
    sheet.write_with_format(3, 0, date("2024-07-27"), &day).expect("a cell");
    sheet.write_with_format(3, 1, 18.44, &money).expect("a cell");
    sheet.write(3, 2, "012").expect("a cell");
    sheet.write(3, 3, true).expect("a cell");
    sheet.write(3, 4, "two\nlines, \"quoted\" مالي").expect("a cell");
    sheet.write_with_format(3, 5, date("12:30"), &clock).expect("a cell");
    sheet.write_with_format(5, 0, date("2024-07-27T18:05:30"), &moment).expect("a cell");
    sheet.write(5, 1, 1e21).expect("a cell");
    sheet.write(5, 2, 12.0).expect("a cell");
    sheet.write(5, 3, Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell");
    sheet.write(5, 4, Formula::new("=\"a\"&\"b\"").set_result("ab")).expect("a cell");
    let hidden = book.add_worksheet().set_name("Hidden").expect("a name");
    hidden.set_hidden(true).write(0, 0, "x").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn cells_of_a_workbook() {
    let bytes = workbook();
    let names = sheets("a.xlsx", &bytes, Allowance::default()).expect("a workbook");
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Codes", "Events & more", "Hidden"]);
    let grid = open(&bytes, None).expect("a grid");
    assert_eq!(grid.row_name, "row {} of “Events & more”");
    assert_eq!(grid.columns, ["A", "B", "C", "D", "E", "F"]);
    assert_eq!(
        text(&grid),
        "A title,,,,,\nevent_date,latitude,code,seen,notes,at\n\
         2024-07-27,18.44,012,true,\"two\nlines, \"\"quoted\"\" مالي\",12:30:00\n\
         2024-07-27T18:05:30,1000000000000000000000,12,#DIV/0!,ab,\n"
    );
    assert_eq!(numbers(&grid), [1, 3, 4, 6]);
    assert_eq!(open(&bytes, Some("Hidden")).map(|grid| text(&grid)), Ok("x\n".to_owned()));
    assert!(open(&bytes, Some("None")).is_err());
}

/// The workbook with a piece of its markup replaced.
fn altered(from: &str, to: &str) -> Vec<u8> {
    let bytes = workbook();
    let mut archive = archive::open("a.xlsx", &bytes, Allowance::default()).expect("sound");
    let parts: Vec<(String, Vec<u8>)> = archive::names(&archive)
        .into_iter()
        .map(|entry| {
            let part = archive::read("a.xlsx", &mut archive, &entry).expect("sound");
            let part = String::from_utf8(part).expect("text");
            (entry, part.replace(from, to).into_bytes())
        })
        .collect();
    let parts: Vec<(&str, &[u8])> =
        parts.iter().map(|(name, part)| (name.as_str(), part.as_slice())).collect();
    pack(&parts)
}

#[test]
fn days_may_be_counted_from_1904() {
    let bytes = altered("<workbookPr", "<workbookPr date1904=\"1\"");
    // The same numbers are days four years and a day later.
    assert!(text(&open(&bytes, None).expect("a grid")).contains("\n2028-07-28,18.44,"));
}

#[test]
fn a_cell_that_is_nowhere_leaves_the_others() {
    let grid = open(&altered("r=\"C4\"", "r=\"ZZZZZZ99999999999\""), None).expect("a grid");
    assert!(text(&grid).contains("\n2024-07-27,18.44,,true,"), "{}", text(&grid));
    assert!(text(&grid).contains("\n2024-07-27T18:05:30,"));
    let (issue, finding) = grid.findings.first().expect("a finding");
    assert_eq!((*issue, finding.at.as_str()), (Issue::BrokenPart, "after cell B4 of “Events & more”"));
}

#[test]
fn texts_that_many_cells_share_are_asked_for() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let long = "x".repeat(30_000);
    for row in 0..1500 {
        sheet.write(row, 0, &long).expect("a cell");
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    assert!(matches!(open(&bytes, None), Err(ImportError::Large(_))));
    let allow = Allowance { large: true };
    assert_eq!(read("a.xlsx", &bytes, None, allow, &crate::io::unwatched).map(|it| it.rows.len()), Ok(1500));
}

#[test]
fn serial_numbers_of_both_systems() {
    let made = |value, is_1904, is_duration| {
        let mut text = String::new();
        write_serial(&mut text, value, is_1904, is_duration);
        text
    };
    assert_eq!(made(45_500.0, false, false), "2024-07-27");
    assert_eq!(made(44_038.0, true, false), "2024-07-27");
    assert_eq!(made(45_500.753_819_444_44, false, false), "2024-07-27T18:05:30");
    assert_eq!(
        (made(59.0, false, false), made(61.0, false, false)),
        ("1900-02-28".into(), "1900-03-01".into())
    );
    assert_eq!((made(60.0, false, false), made(1.0, false, false)), ("60".into(), "1900-01-01".into()));
    assert_eq!((made(0.0, true, false), made(0.5, false, false)), ("1904-01-01".into(), "12:00:00".into()));
    assert_eq!((made(1.25, false, true), made(-0.5, false, true)), ("30:00:00".into(), "-12:00:00".into()));
    assert_eq!((made(-3.0, false, false), made(1e300, false, false).len()), ("-3".into(), 301));
    assert_eq!(made(2_958_465.0, false, false), "9999-12-31");
}

#[test]
fn letters_of_columns() {
    assert_eq!([0, 25, 26, 701, 702].map(letters), ["A", "Z", "AA", "ZZ", "AAA"]);
}

/// The parts of a small workbook, by hand.
fn by_hand(shared: &str, sheet: &str) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>"#
        )
    };
    let all = |parts: String| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{parts}</Relationships>"#
        )
    };
    pack(&[
        ("_rels/.rels", all(relation("r1", "officeDocument", "xl/workbook.xml")).as_bytes()),
        ("xl/_rels/workbook.xml.rels", all(relation("r1", "worksheet", "worksheets/sheet1.xml")).as_bytes()),
        (
            "xl/workbook.xml",
            br#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn what_a_workbook_announces_is_not_believed() {
    let shared = r#"<sst uniqueCount="99999999999"><si><t>a</t></si></sst>"#;
    let sheet =
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>"#;
    let err = open(&by_hand(shared, sheet), None).expect_err("a lie");
    assert!(err.sentence().is_some_and(|it| it.contains("more texts")));
    let shared = shared.replace("99999999999", "1");
    assert_eq!(open(&by_hand(&shared, sheet), None).map(|grid| text(&grid)), Ok("a\n".to_owned()));
}

#[test]
fn odd_cells_are_told_and_the_others_kept() {
    let sheet = r##"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>
        <row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#SPILL!</v></c><c r="C1" t="n"><v>x</v></c><c r="XFD1"><v>9</v></c></row>
        <row r="1048576"><c r="A1048576"><v>2</v></c></row>
        <row r="7"><c r="A7"><v>3</v></c></row>
        <row r="8"><c r="A8"><v>4"##;
    let grid = open(&by_hand("<sst/>", sheet), None).expect("a grid");
    assert_eq!(text(&grid), "1\n2\n");
    assert_eq!(numbers(&grid), [1, 1_048_576]);
    let told: Vec<&str> = grid.findings.iter().map(|(_, it)| it.at.as_str()).collect();
    assert_eq!(told[..2], ["after cell A1 of “S”", "after cell A1 of “S”"]);
    assert!(grid.findings[0].1.value.contains("#SPILL!"));
    assert!(grid.cut_short.is_some_and(|why| why.contains("damaged after row 1048576")));
}

#[test]
fn a_workbook_that_unpacks_to_much_is_asked_for_and_can_be_stopped() {
    let rows: String = (1..=800_000)
        .map(|row| {
            format!(r#"<row r="{row}"><c r="A{row}"><v>1</v></c><c r="B{row}"><v>18.44</v></c></row>"#)
        })
        .collect();
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    assert!(sheet.len() > 48 << 20);
    let bytes = by_hand("<sst/>", &(sheet + &" ".repeat(90 << 20)));
    assert!(matches!(open(&bytes, Some("S")), Err(ImportError::Large(_))));
    let stop = |progress: Progress| if progress.done >= 5000 { Continue::No } else { Continue::Yes };
    let grid = read("a.xlsx", &bytes, Some("S"), Allowance { large: true }, &stop).expect("a grid");
    assert_eq!(grid.cut_short.as_deref(), Some("Reading was stopped."));
    assert_eq!(grid.rows.len(), 5120);
}

fn ods(body: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"#
    );
    pack(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

fn sound_ods() -> Vec<u8> {
    ods(
        r##"<table:tracked-changes><table:deletion><table:table-cell><text:p>gone</text:p></table:table-cell></table:deletion></table:tracked-changes>
      <table:table table:name="Hidden" table:style-name="ta2"><table:table-row><table:table-cell><text:p>h</text:p></table:table-cell></table:table-row></table:table>
      <table:table table:name="Events"><table:table-header-rows><table:table-row>
        <table:table-cell office:value-type="string"><text:p>event_date</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>lati<text:span>tude</text:span></text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b &amp; &#1605;</text:p><text:p>second</text:p><office:annotation><text:p>a comment</text:p></office:annotation></table:table-cell>
        <table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table-header-rows>
      <table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
      <table:table-row table:number-rows-repeated="2">
        <table:table-cell office:value-type="date" office:date-value="2024-07-27T00:00:00"><text:p>27/07/24</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="18.4400"><text:p>18,4</text:p></table:table-cell>
        <table:table-cell office:value-type="boolean" office:boolean-value="true" table:number-columns-repeated="2"><text:p>WAHR</text:p></table:table-cell>
        <table:table-cell office:value-type="time" office:time-value="PT12H30M00S"><text:p>12:30</text:p></table:table-cell>
        <table:table-cell office:value-type="float" calcext:value-type="error" office:value="0"><text:p>#DIV/0!</text:p></table:table-cell>
        <table:covered-table-cell/></table:table-row>
      <table:table-row table:number-rows-repeated="9999999999"><table:table-cell/></table:table-row></table:table>"##,
    )
}

#[test]
fn cells_of_an_open_document() {
    let grid = open(&sound_ods(), None).expect("a grid");
    assert_eq!(
        text(&grid),
        "event_date,latitude,\"a  b & م\nsecond\",,,\n\
         2024-07-27,18.44,true,true,12:30:00,#DIV/0!\n2024-07-27,18.44,true,true,12:30:00,#DIV/0!\n"
    );
    assert_eq!(numbers(&grid), [1, 1_000_002, 1_000_003]);
    let names = sheets("a.ods", &sound_ods(), Allowance::default()).expect("sheets");
    assert_eq!(names, [("Hidden".to_owned(), None), ("Events".to_owned(), None)]);
    assert_eq!(open(&sound_ods(), Some("Hidden")).map(|grid| text(&grid)), Ok("h\n".to_owned()));
}

#[test]
fn repeated_cells_do_not_fill_memory() {
    let row = r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>bomb</text:p></table:table-cell></table:table-row></table:table>"#;
    let err = open(&ods(row), None).expect_err("a question");
    assert!(matches!(err, ImportError::Large(_)), "{err:?}");
}

#[test]
fn damaged_documents_keep_what_was_read() {
    let body = r#"<table:table table:name="S"><table:table-row><table:table-cell><text:p>one</text:p></table:table-cell></table:table-row><table:table-row><table:table-ce"#;
    let bytes = pack(&[("content.xml", body.as_bytes())]);
    let grid = open(&bytes, None).expect("a grid");
    assert_eq!(text(&grid), "one\n");
    assert!(grid.cut_short.is_some());
    let deep = format!("<table:table table:name='S'>{}", "<x>".repeat(100_000));
    let grid = open(&pack(&[("content.xml", deep.as_bytes())]), None).expect("a grid");
    assert!(grid.cut_short.is_some_and(|why| why.contains("deeply")));
}

#[test]
fn what_is_no_workbook_is_refused_by_name() {
    for bytes in [&b"no workbook"[..], &pack(&[("a.txt", b"x")]), &pack(&[("xl/workbook.bin", b"x")])] {
        let err = open(bytes, None).expect_err("none");
        assert!(err.sentence().is_some_and(|it| it.contains("“a.xlsx”")), "{err:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn damaged_archives_are_survived(is_ods: bool, changes in changes()) {
        let bytes = if is_ods { sound_ods() } else { workbook() };
        let _ = open(&mutate(bytes, &changes), None);
    }

    /// Changes within the parts, which an archive's checksums would hide.
    #[test]
    fn damaged_parts_are_survived(changes in changes()) {
        let sheet = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>"#;
        let shared = r#"<sst uniqueCount="1"><si><r><t>a</t></r></si></sst>"#;
        let damaged = |text: &str| String::from_utf8_lossy(&mutate(text.as_bytes().to_vec(), &changes)).into_owned();
        let _ = open(&by_hand(shared, &damaged(sheet)), None);
        let _ = open(&by_hand(&damaged(shared), sheet), None);
        let body = r#"<table:table table:name="S"><table:table-row><table:table-cell office:value-type="float" office:value="1"><text:p>one</text:p></table:table-cell></table:table-row></table:table>"#;
        let _ = open(&ods(&damaged(body)), None);
    }
}
