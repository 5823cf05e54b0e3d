//! Workbooks made by hand: there is no writer of this format.

use proptest::prelude::*;

use super::*;
use crate::io::import::archive::tests::{changes, mutate};
use crate::io::import::{Allowance, Grid};

fn put(stream: &mut Vec<u8>, kind: u16, data: &[u8]) {
    stream.extend(kind.to_le_bytes());
    stream.extend((data.len() as u16).to_le_bytes());
    stream.extend(data);
}

fn place(row: u16, column: u16, format: u16) -> Vec<u8> {
    [row, column, format].iter().flat_map(|it| it.to_le_bytes()).collect()
}

/// A compound file with one stream.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    let size = stream.len().max(4096);
    stream.resize(size.next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let mut head = vec![0_u8; 512];
    head[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    head[30..32].copy_from_slice(&9_u16.to_le_bytes());
    // Sector 0 is the list, 1 the directory, the stream follows.
    head[44] = 1;
    head[48] = 1;
    head[60..64].fill(0xff);
    head[68..72].fill(0xff);
    head[76..512].fill(0xff);
    head[76..80].fill(0);
    let mut list: Vec<u32> = vec![0xffff_fffd, 0xffff_fffe];
    list.extend((0..sectors as u32).map(|at| if at + 1 == sectors as u32 { 0xffff_fffe } else { at + 3 }));
    list.resize(128, u32::MAX);
    let mut directory = vec![0_u8; 512];
    let mut entry = |at: usize, name: &str, kind: u8, start: u32, size: u32| {
        let entry = &mut directory[at * 128..(at + 1) * 128];
        for (to, unit) in entry.chunks_mut(2).zip(name.encode_utf16()) {
            to.copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = (name.len() as u8 + 1) * 2;
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
    };
    entry(0, "Root Entry", 5, u32::MAX, 0);
    entry(1, "Workbook", 2, 2, size as u32);
    [head, list.iter().flat_map(|it| it.to_le_bytes()).collect(), directory, stream].concat()
}

/// Two sheets, the second one hidden; the first has cells of every kind, its rows out of order.
fn workbook() -> Vec<u8> {
    let bof = |kind: u16| [0x0600_u16, kind].iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<u8>>();
    let mut sheet = Vec::new();
    put(&mut sheet, BOF, &bof(0x10));
    put(&mut sheet, NUMBER, &[place(2, 1, 1), 45_500.5_f64.to_le_bytes().to_vec()].concat());
    put(&mut sheet, LABELSST, &[place(0, 0, 0), 0_u32.to_le_bytes().to_vec()].concat());
    put(&mut sheet, LABELSST, &[place(0, 1, 0), 1_u32.to_le_bytes().to_vec()].concat());
    put(&mut sheet, RK, &[place(1, 0, 0), (1844_u32 << 2 | 3).to_le_bytes().to_vec()].concat());
    let numbers = [
        place(1, 1, 2),
        (45_500_u32 << 2 | 2).to_le_bytes().to_vec(),
        vec![0, 0],
        (7_u32 << 2 | 2).to_le_bytes().to_vec(),
        vec![2, 0],
    ];
    put(&mut sheet, MULRK, &numbers.concat());
    put(&mut sheet, BOOLERR, &[place(3, 0, 0), vec![1, 0]].concat());
    put(&mut sheet, BOOLERR, &[place(3, 1, 0), vec![7, 1]].concat());
    put(&mut sheet, FORMULA, &[place(3, 2, 0), vec![0, 0, 0, 0, 0, 0, 0xff, 0xff], vec![0; 8]].concat());
    put(&mut sheet, STRING, &[3, 0, 0, b'a', b'b', b'c']);
    // A chart within the sheet.
    put(&mut sheet, BOF, &bof(0x20));
    put(&mut sheet, NUMBER, &[place(9, 9, 0), 1.0_f64.to_le_bytes().to_vec()].concat());
    put(&mut sheet, EOF, &[]);
    put(&mut sheet, LABEL, &[place(4, 0, 0), vec![2, 0, 1, 0x45, 0x06, 0x27, 0x06]].concat());
    put(&mut sheet, EOF, &[]);

    let mut book = Vec::new();
    put(&mut book, BOF, &bof(5));
    let format = "dd\\ mmm\\ yyyy hh:mm";
    put(&mut book, FORMAT, &[&[164, 0, format.len() as u8, 0, 0], format.as_bytes()].concat());
    for id in [0_u16, 164, 14] {
        put(&mut book, XF, &[[0, 0], id.to_le_bytes()].concat());
    }
    let mut places = Vec::new();
    for (name, hidden) in [("Events", 0), ("Codes", 1)] {
        places.push(book.len() + 4);
        put(
            &mut book,
            BOUNDSHEET,
            &[&[0, 0, 0, 0, hidden, 0, name.len() as u8, 0], name.as_bytes()].concat(),
        );
    }
    // The second text runs on in a record of its own, where its characters become wide.
    let texts = [&[2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0][..], b"lat", &[5, 0, 0], b"da"].concat();
    put(&mut book, SST, &texts);
    put(&mut book, CONTINUE, &[1, b't', 0, b'e', 0, 0x3a, 0x26]);
    put(&mut book, EOF, &[]);
    for at in places {
        let start = book.len() as u32;
        book[at..at + 4].copy_from_slice(&start.to_le_bytes());
        book.extend(&sheet);
    }
    compound(book)
}

fn open(bytes: &[u8], sheet: Option<&str>) -> Result<Grid, ImportError> {
    super::super::read("a.xls", bytes, sheet, Allowance::default(), &crate::io::unwatched)
}

#[test]
fn cells_of_every_kind() {
    let bytes = workbook();
    let sheets = super::super::sheets("a.xls", &bytes, Allowance::default()).expect("a workbook");
    assert_eq!(sheets, [("Events".to_owned(), None), ("Codes".to_owned(), None)]);
    let grid = open(&bytes, None).expect("a grid");
    assert_eq!(grid.row_name, "row {} of “Events”");
    assert_eq!(
        String::from_utf8_lossy(&grid.text),
        "lat,date☺,\n18.44,2024-07-27,7\n,2024-07-27T12:00:00,\ntrue,#DIV/0!,abc\nما,,\n"
    );
    assert_eq!(grid.rows.iter().map(|(_, number)| *number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!((grid.findings, grid.cut_short), (vec![], None));
}

#[test]
fn damage_is_told() {
    let bytes = workbook();
    assert!(open(&bytes, Some("Other")).is_err());
    assert!(open(&bytes[..1500], None).is_err());
    // A list of sectors that runs in a circle.
    let mut circle = bytes.clone();
    circle[512 + 2 * 4..512 + 3 * 4].copy_from_slice(&2_u32.to_le_bytes());
    assert!(open(&circle, None).is_err());
    // The stream ends within the second sheet.
    let mut short = bytes;
    let end = short.windows(4).rposition(|it| it == [0x0a, 0, 0, 0]).expect("an end");
    short[end..].fill(0xff);
    let grid = open(&short, Some("Codes")).expect("a grid");
    assert!(grid.cut_short.is_some());
    assert_eq!(grid.rows.len(), 5);
}

#[test]
fn formats_of_dates() {
    for format in ["yyyy-mm-dd", "[$-409]d mmm;@", "h:mm AM/PM", "\"on\" dd", "[Red]m/d"] {
        assert_eq!(looks_of(format), Looks::Moment, "{format}");
    }
    for format in ["General", "0.00E+00", "#,##0.00_);[Red]\\(d", "\"days\" 0", "[$USD] 0", "0*d", "@"] {
        assert_eq!(looks_of(format), Looks::Number, "{format}");
    }
    assert_eq!(looks_of("[h]:mm:ss"), Looks::Duration);
}

proptest! {
    #[test]
    fn damaged_files_are_survived(changes in changes()) {
        let _ = open(&mutate(workbook(), &changes), None);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = open(&[&[0xd0, 0xcf, 0x11, 0xe0][..], &bytes].concat(), None);
        let _ = open(&compound(bytes), None);
    }
}
