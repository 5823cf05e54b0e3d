//! Events as the graphics device holds them, and which of them a time window can show. Pure.
//!
//! Invariants:
//! * There is one instance per event, with a place or without, in order of time: by begin, undated
//!   ones last. An event keeps its instance whatever the filter and the window.
//! * Times are exact. An instance holds the places of its begin and its end among all distinct begins
//!   and ends, not the times: whether an event is in a window, open or not, to the second, is told by
//!   comparing two small numbers with limits that are looked up once per window.

use std::ops::Range;

use crate::model::time::SECONDS_PER_DAY;
use crate::model::{EventId, EventType, Interval};
use crate::store::filter::WindowMode;
use crate::store::order::{Index, TimeOrder};
use crate::store::sites::Sites;
use crate::store::{DatasetId, Store};

/// Bytes of an instance.
pub const BYTES: usize = 16;
/// Stands for the begin and the end of an undated event: beyond those of all dated ones, and still
/// within the limits of no window at all.
const UNDATED: u32 = u32::MAX - 1;
/// The place of an end shares a number with the look of the event, which has the lowest bits.
const TYPE_BITS: u32 = 8;
/// Most distinct ends; the last number is for undated events.
const MAX_ENDS: usize = (1 << (u32::BITS - TYPE_BITS)) - 2;

/// Of which colour an event is: by its dataset and its type. Of the numbers of datasets only the lowest
/// bits tell, which do until as many were opened in one session.
pub fn look(dataset: DatasetId, event_type: EventType) -> u32 {
    u32::from(dataset.0) % 32 * 8 + event_type as u32
}

/// An event on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    /// In units of 2⁻³² of the world's side; of no meaning for events without a place.
    pub point: [u32; 2],
    /// Place of its begin among all begins.
    pub begin: u32,
    /// Place of its end among all ends, and its [`look`].
    pub end_and_type: u32,
}

impl Instance {
    fn bytes(&self) -> [u8; BYTES] {
        let [x, y] = self.point;
        let words = [x, y, self.begin, self.end_and_type].map(u32::to_ne_bytes);
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(words.as_flattened());
        bytes
    }
}

/// What a window shows, as far as time goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Of places of begins, and of ends.
    pub begins: Range<u32>,
    pub ends: Range<u32>,
    /// All that is shown is among these instances.
    pub instances: Range<u32>,
}

/// All distinct begins and ends of the dated events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moments {
    /// In seconds, ascending.
    begins: Vec<i64>,
    ends: Vec<i64>,
    /// Per begin, and once more behind the last one: how many events begin earlier.
    before: Vec<u32>,
    /// Per begin: the latest end of all events that begin then or earlier.
    reach: Vec<i64>,
    /// Events, the undated ones too.
    len: u32,
}

impl Moments {
    /// `None` if there are more different ends than can be told apart.
    pub fn new(index: &Index) -> Option<Self> {
        // Each day on which events are, and each odd event: begin, end, how many.
        let of_day = |(day, count): (i64, u32)| {
            let start = day.saturating_mul(SECONDS_PER_DAY);
            (start, start.saturating_add(SECONDS_PER_DAY), count)
        };
        let of_odd = |interval: Interval| (interval.start, interval.end, 1);
        let days = index.days.per_day().map(of_day);
        let mut spans: Vec<(i64, i64, u32)> =
            days.chain(index.time.odd.iter().map(|odd| of_odd(odd.interval))).collect();
        spans.sort_unstable();
        let mut ends: Vec<i64> = spans.iter().map(|(_, end, _)| *end).collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.len() > MAX_ENDS {
            return None;
        }
        let mut moments = Self { ends, len: index.num_rows() as u32, ..Self::default() };
        let (mut count, mut latest) = (0, i64::MIN);
        for same_begin in spans.chunk_by(|a, b| a.0 == b.0) {
            moments.begins.extend(same_begin.first().map(|(begin, ..)| *begin));
            moments.before.push(count);
            for (_, end, events) in same_begin {
                count += events;
                latest = latest.max(*end);
            }
            moments.reach.push(latest);
        }
        moments.before.push(count);
        Some(moments)
    }

    /// How many instances there are, those of undated events too.
    pub fn num_instances(&self) -> u32 {
        self.len
    }

    /// What a window shows; all of time and undated events without one.
    pub fn shown(&self, window: Option<(Interval, WindowMode)>) -> Shown {
        let Some((window, mode)) = window else {
            return Shown { begins: 0..u32::MAX, ends: 0..u32::MAX, instances: 0..self.len };
        };
        let begins_before = |limit: i64| self.begins.partition_point(|begin| *begin < limit);
        let ends_until = |limit: i64| self.ends.partition_point(|end| *end <= limit) as u32;
        let instance = |begin: usize| self.before.get(begin).copied().unwrap_or(0);
        // Beyond the window's end nothing begins that it shows.
        let last = begins_before(window.end);
        let (first, ends) = match mode {
            // Nor does anything end before it that is shown; nothing up to `first` reaches it.
            WindowMode::Possibly => {
                let first = self.reach.partition_point(|end| *end <= window.start);
                (first, ends_until(window.start)..self.ends.len() as u32)
            }
            WindowMode::Certainly => (begins_before(window.start), 0..ends_until(window.end)),
        };
        let first = first.min(last);
        Shown { begins: first as u32..last as u32, ends, instances: instance(first)..instance(last) }
    }
}

/// How far the making of instances has come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    uniform: usize,
    odd: usize,
    undated: usize,
    /// Place of the last begin, and the last end with its place.
    begin: usize,
    end: Option<(i64, u32)>,
}

impl Cursor {
    /// The next event in order of time, and its interval, which is unknown for undated ones.
    fn next(&mut self, time: &TimeOrder, days: &[i32]) -> Option<(EventId, Interval)> {
        if let Some(odd) = time.odd.get(self.odd)
            && odd.before as usize <= self.uniform
        {
            self.odd += 1;
            return Some((EventId(odd.row), odd.interval));
        }
        if let Some(event) = time.uniform.get(self.uniform) {
            self.uniform += 1;
            let start = i64::from(days.get(event.index()).copied()?).saturating_mul(SECONDS_PER_DAY);
            return Some((event, Interval { start, end: start.saturating_add(SECONDS_PER_DAY) }));
        }
        let event = time.undated.get(self.undated)?;
        self.undated += 1;
        Some((event, Interval::UNKNOWN))
    }

    /// The next event and its instance; `None` after the last one.
    pub fn instance(
        &mut self,
        store: &Store,
        index: &Index,
        moments: &Moments,
    ) -> Option<(EventId, Instance)> {
        let (event, interval) = self.next(&index.time, store.columns.times.days())?;
        let event_type = look(store.dataset_of(event), store.event_type(event));
        let point = index.sites.of(event).and_then(|site| index.sites.points().get(site as usize).copied());
        let point = point.unwrap_or_default();
        if interval.is_unknown() {
            let end_and_type = UNDATED << TYPE_BITS | event_type;
            return Some((event, Instance { point, begin: UNDATED, end_and_type }));
        }
        while moments.begins.get(self.begin).is_some_and(|begin| *begin < interval.start) {
            self.begin += 1;
        }
        let end = match self.end {
            Some((end, place)) if end == interval.end => place,
            _ => moments.ends.partition_point(|end| *end < interval.end) as u32,
        };
        self.end = Some((interval.end, end));
        let begin = self.begin as u32;
        Some((event, Instance { point, begin, end_and_type: end << TYPE_BITS | event_type }))
    }

    /// Appends the bytes of at most so many instances.
    pub fn write(
        &mut self,
        store: &Store,
        index: &Index,
        moments: &Moments,
        most: usize,
        bytes: &mut Vec<u8>,
    ) {
        bytes.reserve(most * BYTES);
        for _ in 0..most {
            let Some((_, instance)) = self.instance(store, index, moments) else { return };
            bytes.extend_from_slice(&instance.bytes());
        }
    }
}

/// One bit per instance, lowest first: whether the event has a place and fails nothing. `fails` has a
/// value per row, or is empty if no event fails anything. Ends with whole lines of so many words.
pub fn mask(index: &Index, fails: &[u16], line: usize) -> Vec<u32> {
    const BITS: usize = u32::BITS as usize;
    let sites = index.sites.of_rows();
    let words = index.num_rows().div_ceil(BITS).max(1).next_multiple_of(line.max(1));
    let mut mask = vec![0u32; words];
    let bits = |sites: &[u32], fails: &[u16]| {
        let placed =
            (0..).zip(sites).fold(0, |word, (bit, site)| word | u32::from(*site != Sites::NONE) << bit);
        (0..).zip(fails).fold(placed, |word, (bit, fails)| word & !(u32::from(*fails != 0) << bit))
    };
    if index.time.is_order_of_rows() {
        // As in nearly all large datasets; the loops are plain enough for wide instructions.
        let mut fails = fails.chunks(BITS);
        for (word, sites) in mask.iter_mut().zip(sites.chunks(BITS)) {
            *word = bits(sites, fails.next().unwrap_or_default());
        }
        return mask;
    }
    let mut place = 0;
    index.time.each(|row| {
        let at = |row: usize| row..row + 1;
        let site = sites.get(at(row as usize)).unwrap_or_default();
        let bit = bits(site, fails.get(at(row as usize)).unwrap_or_default());
        if let Some(word) = mask.get_mut(place / BITS) {
            *word |= bit << (place % BITS);
        }
        place += 1;
    });
    mask
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::Kind;
    use crate::store::cross::{Base, Cross};

    /// A begin in hours, a length in hours or `None` for open, and a place.
    type Row = (Option<i64>, Option<i64>, Option<(f32, f32)>, usize);

    fn interval(begin: Option<i64>, hours: Option<i64>) -> Interval {
        match (begin.map(|begin| begin * 3600), hours.map(|hours| hours * 3600)) {
            (Some(start), Some(length)) => Interval { start, end: start + length },
            (Some(start), None) => Interval { start, end: Interval::OPEN_END },
            (None, Some(end)) => Interval { start: Interval::OPEN_START, end },
            (None, None) => Interval::UNKNOWN,
        }
    }

    fn store(rows: &[Row]) -> Store {
        let mut store = Store::default();
        for (row, (begin, hours, place, kind)) in rows.iter().enumerate() {
            let event_type = EventType::ALL[*kind];
            let kind = Kind { event_type, ..Kind::default() };
            store.columns.push_bare(interval(*begin, *hours), kind);
            if let Some((lat, lon)) = place {
                (store.columns.lat[row], store.columns.lon[row]) = (*lat, *lon);
            }
        }
        store.reindex();
        store
    }

    fn row() -> impl Strategy<Value = Row> {
        let times = prop_oneof![
            4 => (-5i64..5).prop_map(|day| (Some(day * 24), Some(24))),
            2 => (-120i64..120, 1i64..100).prop_map(|(begin, hours)| (Some(begin), Some(hours))),
            1 => (-120i64..120).prop_map(|begin| (Some(begin), None)),
            1 => (-120i64..120).prop_map(|end| (None, Some(end))),
            1 => Just((None, None)),
        ];
        let place = prop::option::of((-80.0f32..80.0, -180.0f32..180.0));
        (times, place, 0..EventType::ALL.len())
            .prop_map(|((begin, hours), place, kind)| (begin, hours, place, kind))
    }

    /// All instances in order, as they are on the device.
    fn instances(store: &Store, moments: &Moments) -> Vec<(EventId, Instance)> {
        let mut cursor = Cursor::default();
        std::iter::from_fn(|| cursor.instance(store, &store.index, moments)).collect()
    }

    proptest! {
        #[test]
        fn instances_are_the_columns(rows in prop::collection::vec(row(), 0..60)) {
            let store = store(&rows);
            let moments = Moments::new(&store.index).expect("few ends");
            let all = instances(&store, &moments);
            let mut order = Vec::new();
            store.index.time.each(|row| order.push(row));
            prop_assert_eq!(all.iter().map(|(event, _)| event.0).collect::<Vec<_>>(), order);
            prop_assert_eq!(moments.num_instances() as usize, rows.len());
            for (event, instance) in &all {
                let kind = store.event_type(*event) as u32;
                prop_assert_eq!(instance.end_and_type & ((1 << TYPE_BITS) - 1), kind);
                let time = store.interval(*event);
                if time.is_unknown() {
                    prop_assert_eq!(instance.begin, UNDATED);
                } else {
                    prop_assert_eq!(moments.begins[instance.begin as usize], time.start);
                    prop_assert_eq!(moments.ends[(instance.end_and_type >> TYPE_BITS) as usize], time.end);
                }
                if let Some(place) = store.position(*event) {
                    let (x, y) = crate::ui::map::camera::mercator(place);
                    for (exact, unit) in [x, y].into_iter().zip(instance.point) {
                        prop_assert!((exact - f64::from(unit) / 4_294_967_296.0).abs() < 1e-9);
                    }
                }
            }
            // In pieces, the same.
            let whole: Vec<u8> = all.iter().flat_map(|(_, instance)| instance.bytes()).collect();
            let (mut cursor, mut pieces) = (Cursor::default(), Vec::new());
            for _ in 0..rows.len().div_ceil(7) {
                cursor.write(&store, &store.index, &moments, 7, &mut pieces);
            }
            prop_assert_eq!(pieces, whole);
        }

        #[test]
        fn windows_show_what_they_touch_or_hold(
            rows in prop::collection::vec(row(), 0..60),
            from in -130i64..130,
            hours in 0i64..200,
            certainly in any::<bool>(),
        ) {
            let store = store(&rows);
            let moments = Moments::new(&store.index).expect("few ends");
            let window = Interval { start: from * 3600, end: (from + hours) * 3600 };
            let mode = if certainly { WindowMode::Certainly } else { WindowMode::Possibly };
            let shown = moments.shown(Some((window, mode)));
            let base = Base::new(&store, &Default::default(), &Default::default(), None);
            let cross = Cross::new(&store, base.into(), Some(window), mode);
            for (place, (event, instance)) in (0u32..).zip(instances(&store, &moments)) {
                let inside = shown.begins.contains(&instance.begin)
                    && shown.ends.contains(&(instance.end_and_type >> TYPE_BITS));
                let time = store.interval(event);
                let truth = match mode {
                    WindowMode::Possibly => time.overlaps(window),
                    WindowMode::Certainly => time.within(window),
                };
                prop_assert_eq!(inside, truth, "{:?} in {:?}", time, window);
                prop_assert!(!inside || shown.instances.contains(&place));
                prop_assert!(hours == 0 || truth == (cross.fails(event) == 0));
            }
            let all = moments.shown(None);
            prop_assert_eq!(&all.instances, &(0..rows.len() as u32));
            for (_, instance) in instances(&store, &moments) {
                prop_assert!(all.begins.contains(&instance.begin));
                prop_assert!(all.ends.contains(&(instance.end_and_type >> TYPE_BITS)));
            }
        }

        #[test]
        fn the_mask_has_a_bit_per_instance(
            rows in prop::collection::vec(row(), 0..80),
            part in 1u32..5,
            plain in any::<bool>(),
        ) {
            let mut rows = rows;
            if plain {
                rows.retain(|(begin, hours, ..)| begin.is_none() == hours.is_none() && hours.is_none_or(|h| h == 24));
                rows.iter_mut().for_each(|(begin, ..)| *begin = begin.map(|hour| hour / 24 * 24));
                rows.sort_by_key(|(begin, ..)| (begin.is_none(), *begin));
            }
            let store = store(&rows);
            prop_assert!(!plain || store.index.time.is_order_of_rows());
            let moments = Moments::new(&store.index).expect("few ends");
            let fails: Vec<u16> = (0..rows.len() as u32).map(|row| (row % part) as u16 * 8).collect();
            for fails in [fails, Vec::new()] {
                let mask = mask(&store.index, &fails, 4);
                prop_assert!(!mask.is_empty() && mask.len().is_multiple_of(4));
                for (place, (event, _)) in instances(&store, &moments).into_iter().enumerate() {
                    let bit = mask[place / 32] >> (place % 32) & 1 == 1;
                    let passes = fails.get(event.index()).is_none_or(|fails| *fails == 0);
                    prop_assert_eq!(bit, passes && store.position(event).is_some());
                }
            }
        }
    }

    #[test]
    fn events_of_one_day_are_cut_to_the_window() {
        let rows: Vec<Row> = (0..100).map(|day| (Some(day * 24), Some(24), Some((1.0, 2.0)), 0)).collect();
        let moments = Moments::new(&store(&rows).index).expect("few ends");
        let window = Interval { start: 10 * SECONDS_PER_DAY, end: 20 * SECONDS_PER_DAY };
        for mode in [WindowMode::Possibly, WindowMode::Certainly] {
            assert_eq!(moments.shown(Some((window, mode))).instances, 10..20, "{mode:?}");
        }
    }
}
