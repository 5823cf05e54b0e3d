//! Reading PMTiles (version 3) archives.
//!
//! Invariants:
//! * Nothing here panics or allocates without bound, whatever the bytes are: an archive may be any
//!   file the user picked.
//! * Nothing here opens files. Bytes come through [`TileBytes`], so that this works the same over
//!   the archive built into the program and over one that a loader opened.
//! * Reading is synchronous: a lookup is a binary search in a directory that is already decoded, and
//!   one read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use thiserror::Error;
use walkers::TileId;

/// Where the bytes of an archive come from.
pub trait TileBytes: Send + Sync {
    /// How long the archive is.
    fn size_bytes(&self) -> u64;

    /// Exactly `length_bytes` bytes from `offset_bytes` on, or why they could not be had.
    fn read_at(&self, offset_bytes: u64, length_bytes: usize) -> Result<Cow<'_, [u8]>, String>;
}

/// The part of `bytes` that was asked for.
fn slice_at(bytes: &[u8], offset_bytes: u64, length_bytes: usize) -> Result<Cow<'_, [u8]>, String> {
    usize::try_from(offset_bytes)
        .ok()
        .and_then(|start| bytes.get(start..start.checked_add(length_bytes)?))
        .map(Cow::Borrowed)
        .ok_or_else(|| "past the end of the archive".to_owned())
}

impl TileBytes for &'static [u8] {
    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset_bytes: u64, length_bytes: usize) -> Result<Cow<'_, [u8]>, String> {
        slice_at(self, offset_bytes, length_bytes)
    }
}

impl TileBytes for Vec<u8> {
    fn size_bytes(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset_bytes: u64, length_bytes: usize) -> Result<Cow<'_, [u8]>, String> {
        slice_at(self, offset_bytes, length_bytes)
    }
}

/// Why an archive, or a part of it, could not be used.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ArchiveError {
    #[error("not a PMTiles archive")]
    NotPmTiles,
    #[error("PMTiles version {0} is not supported, only version 3 is")]
    Version(u8),
    #[error("tiles of this kind are not supported, only vector (MVT), PNG and JPEG tiles are")]
    TileKind,
    #[error("this compression is not supported, only gzip and none are")]
    Compression,
    #[error("the archive is damaged: {0}")]
    Damaged(&'static str),
    #[error("could not be read: {0}")]
    Read(String),
}

/// What a tile of the archive is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    Vector,
    /// PNG or JPEG.
    Raster,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
}

impl Compression {
    fn from_code(code: u8) -> Result<Self, ArchiveError> {
        match code {
            1 => Ok(Self::None),
            2 => Ok(Self::Gzip),
            _ => Err(ArchiveError::Compression),
        }
    }

    /// `bytes` unpacked, refused when there is more than `limit_bytes` of it.
    fn unpack(self, bytes: &[u8], limit_bytes: usize) -> Result<Vec<u8>, ArchiveError> {
        match self {
            Self::None if bytes.len() > limit_bytes => Err(ArchiveError::Damaged("too large")),
            Self::None => Ok(bytes.to_vec()),
            Self::Gzip => {
                let mut unpacked = Vec::new();
                flate2::read::MultiGzDecoder::new(bytes)
                    .take(limit_bytes as u64 + 1)
                    .read_to_end(&mut unpacked)
                    .map_err(|_| ArchiveError::Damaged("bad gzip data"))?;
                if unpacked.len() > limit_bytes {
                    return Err(ArchiveError::Damaged("too large"));
                }
                Ok(unpacked)
            }
        }
    }
}

const HEADER_BYTES: usize = 127;
/// A directory larger than this is taken for damage. The specification wants the root in 16 KiB.
const DIRECTORY_LIMIT_BYTES: usize = 64 << 20;
const METADATA_LIMIT_BYTES: usize = 4 << 20;
/// A tile larger than this, unpacked, is not drawn.
const TILE_LIMIT_BYTES: usize = 16 << 20;
/// Leaf directories kept decoded.
const LEAVES_KEPT: usize = 64;
/// How deep leaf directories may nest.
const LEAF_DEPTH: usize = 4;
/// The deepest zoom at which the number of a tile fits the arithmetic here.
const DEEPEST_ZOOM: u8 = 26;

/// One entry of a directory: `run_length` tiles from `tile_number` on that share one content, or,
/// with `run_length` 0, a leaf directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    tile_number: u64,
    offset_bytes: u64,
    length_bytes: u32,
    run_length: u32,
}

/// The place of a tile on the archive's one-dimensional order: zoom by zoom, each along a Hilbert
/// curve. `None` for a tile that does not exist.
pub fn tile_number(id: TileId) -> Option<u64> {
    if id.zoom > DEEPEST_ZOOM {
        return None;
    }
    let side = 1u64 << id.zoom;
    let (mut x, mut y) = (u64::from(id.x), u64::from(id.y));
    if x >= side || y >= side {
        return None;
    }
    let before = ((1u64 << (2 * u32::from(id.zoom))) - 1) / 3;
    let mut along = 0;
    let mut half = side / 2;
    while half > 0 {
        let right = u64::from(x & half != 0);
        let down = u64::from(y & half != 0);
        along += half * half * ((3 * right) ^ down);
        if down == 0 {
            if right == 1 {
                x = side - 1 - x;
                y = side - 1 - y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        half /= 2;
    }
    Some(before + along)
}

/// Takes variable-length integers off the front of `bytes`.
struct Varints<'a>(&'a [u8]);

impl Varints<'_> {
    fn next(&mut self) -> Result<u64, ArchiveError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first().ok_or(ArchiveError::Damaged("directory cut short"))?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ArchiveError::Damaged("number too long"))
    }
}

fn parse_directory(bytes: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    let mut numbers = Varints(bytes);
    let count = numbers.next()?;
    // Every entry takes at least four bytes, so a count beyond that is damage.
    let count = usize::try_from(count)
        .ok()
        .filter(|count| *count <= bytes.len() / 4)
        .ok_or(ArchiveError::Damaged("directory cut short"))?;
    let damaged = ArchiveError::Damaged("number too large");

    let mut entries = Vec::with_capacity(count);
    let mut tile_number = 0u64;
    for _ in 0..count {
        tile_number = tile_number.checked_add(numbers.next()?).ok_or(damaged.clone())?;
        entries.push(Entry { tile_number, offset_bytes: 0, length_bytes: 0, run_length: 0 });
    }
    for entry in &mut entries {
        entry.run_length = u32::try_from(numbers.next()?).map_err(|_| damaged.clone())?;
    }
    for entry in &mut entries {
        entry.length_bytes = u32::try_from(numbers.next()?).map_err(|_| damaged.clone())?;
    }
    let mut following = 0u64;
    for entry in &mut entries {
        entry.offset_bytes = match numbers.next()? {
            // Directly behind the one before.
            0 => following,
            offset => offset - 1,
        };
        following = entry.offset_bytes.checked_add(u64::from(entry.length_bytes)).ok_or(damaged.clone())?;
    }
    Ok(entries)
}

/// The entry that covers the tile, if any.
fn find(entries: &[Entry], tile_number: u64) -> Option<Entry> {
    let after = entries.partition_point(|entry| entry.tile_number <= tile_number);
    let entry = *entries.get(after.checked_sub(1)?)?;
    let covered = entry.run_length == 0 || tile_number - entry.tile_number < u64::from(entry.run_length);
    covered.then_some(entry)
}

/// Text without HTML tags, on one line, of a length that fits a map.
fn without_markup(text: &str) -> String {
    let mut in_tag = false;
    let plain: String = text
        .chars()
        .filter(|character| {
            let was_in_tag = in_tag;
            in_tag = match character {
                '<' => true,
                '>' => false,
                _ => in_tag,
            };
            !in_tag && !was_in_tag
        })
        .collect();
    let plain = plain.replace("&copy;", "©").replace("&nbsp;", " ").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect()
}

/// A PMTiles archive, with its root directory decoded.
pub struct Archive {
    bytes: Arc<dyn TileBytes>,
    root: Vec<Entry>,
    leaves: HashMap<u64, Arc<[Entry]>>,
    leaf_offset_bytes: u64,
    data_offset_bytes: u64,
    metadata: (u64, u64),
    directory_compression: Compression,
    tile_compression: Compression,
    tile_kind: TileKind,
    min_zoom: u8,
    max_zoom: u8,
}

impl Archive {
    /// Reads the header and the root directory.
    pub fn open(bytes: Arc<dyn TileBytes>) -> Result<Self, ArchiveError> {
        if bytes.size_bytes() < HEADER_BYTES as u64 {
            return Err(ArchiveError::NotPmTiles);
        }
        let header = bytes.read_at(0, HEADER_BYTES).map_err(ArchiveError::Read)?.into_owned();
        if header.get(..7) != Some(b"PMTiles") {
            return Err(ArchiveError::NotPmTiles);
        }
        let byte = |at: usize| header.get(at).copied().unwrap_or_default();
        let long = |at: usize| {
            header.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(0, u64::from_le_bytes)
        };
        if byte(7) != 3 {
            return Err(ArchiveError::Version(byte(7)));
        }
        let tile_kind = match byte(99) {
            1 => TileKind::Vector,
            2 | 3 => TileKind::Raster,
            _ => return Err(ArchiveError::TileKind),
        };
        let directory_compression = Compression::from_code(byte(97))?;
        let tile_compression = match (tile_kind, byte(98)) {
            // Pictures are compressed already; writers leave the field unset as often as not.
            (TileKind::Raster, 0) => Compression::None,
            (_, code) => Compression::from_code(code)?,
        };
        let (min_zoom, max_zoom) = (byte(100), byte(101).min(DEEPEST_ZOOM));
        if min_zoom > max_zoom {
            return Err(ArchiveError::Damaged("zoom range"));
        }

        let mut archive = Self {
            bytes,
            root: Vec::new(),
            leaves: HashMap::new(),
            leaf_offset_bytes: long(40),
            data_offset_bytes: long(56),
            metadata: (long(24), long(32)),
            directory_compression,
            tile_compression,
            tile_kind,
            min_zoom,
            max_zoom,
        };
        archive.root = archive.directory(long(8), long(16))?;
        Ok(archive)
    }

    pub fn tile_kind(&self) -> TileKind {
        self.tile_kind
    }

    pub fn min_zoom(&self) -> u8 {
        self.min_zoom
    }

    pub fn max_zoom(&self) -> u8 {
        self.max_zoom
    }

    /// The credit that the archive asks for, without markup.
    pub fn attribution(&self) -> Option<String> {
        let (offset, length) = self.metadata;
        let packed = self.read(offset, length, METADATA_LIMIT_BYTES).ok()?;
        let unpacked = self.directory_compression.unpack(&packed, METADATA_LIMIT_BYTES).ok()?;
        let metadata: walkers::Value = std::str::from_utf8(&unpacked).ok()?.parse().ok()?;
        let text = without_markup(metadata.get("attribution")?.as_str()?);
        (!text.is_empty()).then_some(text)
    }

    /// Whether the archive has that very tile. Damage counts as absence.
    pub fn contains(&mut self, id: TileId) -> bool {
        matches!(self.entry(id), Ok(Some(_)))
    }

    /// The unpacked content of a tile, `None` when the archive does not have it.
    pub fn tile(&mut self, id: TileId) -> Result<Option<Vec<u8>>, ArchiveError> {
        let Some(entry) = self.entry(id)? else {
            return Ok(None);
        };
        let offset = self
            .data_offset_bytes
            .checked_add(entry.offset_bytes)
            .ok_or(ArchiveError::Damaged("tile out of reach"))?;
        let packed = self.read(offset, u64::from(entry.length_bytes), TILE_LIMIT_BYTES)?;
        self.tile_compression.unpack(&packed, TILE_LIMIT_BYTES).map(Some)
    }

    fn read(
        &self,
        offset_bytes: u64,
        length_bytes: u64,
        limit_bytes: usize,
    ) -> Result<Cow<'_, [u8]>, ArchiveError> {
        let within = offset_bytes.checked_add(length_bytes).is_some_and(|end| end <= self.bytes.size_bytes());
        let length = usize::try_from(length_bytes).ok().filter(|length| *length <= limit_bytes);
        match (within, length) {
            (true, Some(length)) => self.bytes.read_at(offset_bytes, length).map_err(ArchiveError::Read),
            (true, None) => Err(ArchiveError::Damaged("too large")),
            (false, _) => Err(ArchiveError::Damaged("past the end of the archive")),
        }
    }

    fn directory(&self, offset_bytes: u64, length_bytes: u64) -> Result<Vec<Entry>, ArchiveError> {
        let packed = self.read(offset_bytes, length_bytes, DIRECTORY_LIMIT_BYTES)?;
        let unpacked = self.directory_compression.unpack(&packed, DIRECTORY_LIMIT_BYTES)?;
        parse_directory(&unpacked)
    }

    fn entry(&mut self, id: TileId) -> Result<Option<Entry>, ArchiveError> {
        let Some(number) = tile_number(id) else {
            return Ok(None);
        };
        let mut found = find(&self.root, number);
        for _ in 0..=LEAF_DEPTH {
            match found {
                Some(leaf) if leaf.run_length == 0 => {
                    let entries = self.leaf(leaf)?;
                    found = find(&entries, number);
                }
                other => return Ok(other),
            }
        }
        Err(ArchiveError::Damaged("directories nest too deep"))
    }

    fn leaf(&mut self, entry: Entry) -> Result<Arc<[Entry]>, ArchiveError> {
        if let Some(entries) = self.leaves.get(&entry.offset_bytes) {
            return Ok(entries.clone());
        }
        let offset = self
            .leaf_offset_bytes
            .checked_add(entry.offset_bytes)
            .ok_or(ArchiveError::Damaged("directory out of reach"))?;
        let entries: Arc<[Entry]> = self.directory(offset, u64::from(entry.length_bytes))?.into();
        if self.leaves.len() >= LEAVES_KEPT {
            self.leaves.clear();
        }
        self.leaves.insert(entry.offset_bytes, entries.clone());
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(zoom: u8, x: u32, y: u32) -> TileId {
        TileId { x, y, zoom }
    }

    fn world() -> Archive {
        let bytes: &'static [u8] = super::super::basemap::WORLD_ARCHIVE;
        Archive::open(Arc::new(bytes)).expect("the built-in archive opens")
    }

    /// The first numbers, as the specification lists them.
    #[test]
    fn tiles_are_numbered_along_the_curve() {
        assert_eq!(tile_number(id(0, 0, 0)), Some(0));
        assert_eq!(tile_number(id(1, 0, 0)), Some(1));
        assert_eq!(tile_number(id(1, 0, 1)), Some(2));
        assert_eq!(tile_number(id(1, 1, 1)), Some(3));
        assert_eq!(tile_number(id(1, 1, 0)), Some(4));
        assert_eq!(tile_number(id(2, 0, 0)), Some(5));
        assert_eq!(tile_number(id(12, 3423, 1763)), Some(19_078_479));
        assert_eq!(tile_number(id(1, 2, 0)), None);
        assert_eq!(tile_number(id(200, 0, 0)), None);
    }

    #[test]
    fn every_tile_of_a_zoom_has_its_own_number() {
        let mut numbers: Vec<u64> =
            (0..16u32).flat_map(|x| (0..16u32).filter_map(move |y| tile_number(id(4, x, y)))).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (85..85 + 256).collect::<Vec<u64>>());
    }

    #[test]
    fn the_built_in_archive_has_the_world_and_the_sahel() {
        let mut world = world();
        assert_eq!((world.min_zoom(), world.max_zoom()), (0, 10));
        assert_eq!(world.tile_kind(), TileKind::Vector);
        assert!(world.contains(id(0, 0, 0)));
        // Mali at tile zoom 10, and nothing that deep elsewhere.
        assert!(world.contains(id(10, 509, 461)));
        assert!(!world.contains(id(10, 100, 400)));
        let tile = world.tile(id(5, 15, 14)).expect("readable");
        assert!(tile.is_some_and(|tile| tile.len() > 1000));
    }

    #[test]
    fn the_credit_is_read_without_markup() {
        assert!(world().attribution().is_some_and(|credit| credit.contains("Natural Earth")));
        assert_eq!(
            without_markup("<a href=\"https://x\">Tiles</a>\n &copy; <b>OSM</b> &amp; others"),
            "Tiles © OSM & others"
        );
        assert_eq!(without_markup("a <never closed"), "a");
    }

    #[test]
    fn anything_that_is_not_an_archive_is_refused_in_words() {
        for bytes in [vec![], b"PMTiles".to_vec(), vec![0; 4096]] {
            let refused = Archive::open(Arc::new(bytes)).err();
            assert_eq!(refused, Some(ArchiveError::NotPmTiles));
        }
        let mut old = vec![0; 200];
        old[..8].copy_from_slice(b"PMTiles\x02");
        assert_eq!(Archive::open(Arc::new(old)).err(), Some(ArchiveError::Version(2)));
    }

    /// Flips bytes of the header and the directories, cuts the archive short, and asks for tiles.
    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let whole = super::super::basemap::WORLD_ARCHIVE;
        for cut in [127, 128, 300, 2000, 20_000] {
            if let Ok(mut archive) = Archive::open(Arc::new(whole[..cut].to_vec())) {
                for zoom in 0..12 {
                    let _ = archive.tile(id(zoom, 0, 0));
                }
            }
        }
        let head = whole[..200_000].to_vec();
        for at in (0..127).chain((127..16_000).step_by(97)) {
            for value in [0x00, 0x7f, 0xff] {
                let mut damaged = head.clone();
                damaged[at] = value;
                if let Ok(mut archive) = Archive::open(Arc::new(damaged)) {
                    for zoom in [0, 3, 6, 10] {
                        let _ = archive.tile(id(zoom, 1 << zoom >> 1, 1 << zoom >> 1));
                    }
                }
            }
        }
    }

    #[test]
    fn unpacking_stops_at_its_limit() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![0; 1 << 20]).expect("in memory");
        let packed = packed.finish().expect("in memory");
        assert!(Compression::Gzip.unpack(&packed, 1 << 20).is_ok());
        assert_eq!(Compression::Gzip.unpack(&packed, 1 << 19), Err(ArchiveError::Damaged("too large")));
    }
}
