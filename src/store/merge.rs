//! Several datasets in one store: a dataset is put into a store, or taken out of it.
//!
//! A store is never changed for that: a new one is made of stretches of rows of others, column by column,
//! so that who still looks at an old one is not disturbed.
//!
//! Invariants of what is made:
//! * The case's rows come first, then those of each flat dataset in the order in which they were first put
//!   in; rows keep their order within a dataset. Nothing is sorted: [`super::order`] merges.
//! * Names come in the order of the stores that they are from, those of the case's store first. Names of two
//!   stores are one if their keys are equal; what the first store says of it holds, and what it does not
//!   know is added. A name that no row of an open dataset has is gone, but for those of the case.
//! * Documents are never taken for each other: each file is one.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::report::About;
use crate::model::{DocumentId, EventId, Problem};

use super::columns::{Columns, Lists, Times};
use super::filter::{Codes, Dim, Filter};
use super::{CaseNames, DatasetId, EventDetail, Kind, Store, Table};

/// A change of the open datasets that needs a new store.
#[derive(Clone, Debug)]
pub enum Change {
    /// The rows of a dataset, in the place of those that it had; all of them if `complete`.
    Put {
        dataset: DatasetId,
        store: Arc<Store>,
        complete: bool,
    },
    Remove(DatasetId),
}

impl Change {
    pub fn dataset(&self) -> DatasetId {
        match self {
            Change::Put { dataset, .. } | Change::Remove(dataset) => *dataset,
        }
    }

    /// Whether there is nothing more to come of the dataset.
    pub fn is_complete(&self) -> bool {
        match self {
            Change::Put { complete, .. } => *complete,
            Change::Remove(_) => true,
        }
    }

    /// The store that it makes of another one, with its index. Looks at every row; shared among the cores
    /// of the pool that it is called in.
    pub fn made(&self, base: &Store) -> Store {
        let mut store = match self {
            // A dataset that takes the place of all that there is needs no putting together.
            Change::Put { dataset, store, .. } if base.datasets().all(|(id, _)| id == *dataset) => {
                let mut alone = Store::clone(store).numbered(*dataset);
                if alone.index.num_rows() == alone.columns.len() {
                    return alone;
                }
                alone.reindex();
                return alone;
            }
            Change::Put { dataset, store, .. } => base.with_dataset(*dataset, store),
            Change::Remove(dataset) => {
                let mut left = base.without_dataset(*dataset);
                if base.index.num_rows() == base.columns.len() {
                    let rows = base.datasets().filter(|(id, _)| id != dataset).map(|(_, rows)| rows);
                    let rows: Vec<Range<usize>> = rows.collect();
                    left.index = Arc::new(base.index.of_stretches(&left.columns, &rows));
                    return left;
                }
                left
            }
        };
        store.reindex();
        store
    }
}

/// Rows of one store that are one dataset.
struct Piece<'a> {
    /// Which of the stores that are put together.
    source: usize,
    /// Its number in the store that is made.
    id: DatasetId,
    /// `None` for a case.
    table: Option<&'a Table>,
    rows: Range<usize>,
}

impl<'a> Piece<'a> {
    fn of(table: &'a Table, source: usize, id: DatasetId) -> Self {
        Self { source, id, table: Some(table), rows: table.rows.clone() }
    }
}

/// Where the names of a store go.
struct Source<'a> {
    store: &'a Store,
    /// By old code, the new one; `None` if codes stay as they are.
    places: Option<Vec<u32>>,
    actors: Option<Vec<u32>>,
    sub_types: Option<Vec<u32>>,
    documents: Option<Vec<u32>>,
}

/// No name of what is made.
const GONE: u32 = Lists::NONE;

impl Store {
    /// The rows before those of all flat datasets.
    pub fn case_rows(&self) -> Range<usize> {
        0..self.tables.first().map_or(self.columns.len(), |table| table.rows.start)
    }

    /// The dataset of the case, if there is one.
    pub fn case_dataset(&self) -> Option<DatasetId> {
        // Rows that were put together by hand are a case as well.
        self.case.or_else(|| (!self.case_rows().is_empty()).then(DatasetId::default))
    }

    /// The datasets with their rows, in order of rows.
    pub fn datasets(&self) -> impl Iterator<Item = (DatasetId, Range<usize>)> + '_ {
        let case = self.case_dataset().map(|id| (id, self.case_rows()));
        case.into_iter().chain(self.tables.iter().map(|table| (table.id, table.rows.clone())))
    }

    /// The rows of a dataset; `None` if it is not open.
    pub fn rows_of(&self, dataset: DatasetId) -> Option<Range<usize>> {
        self.datasets().find(|(id, _)| *id == dataset).map(|(_, rows)| rows)
    }

    pub fn table(&self, dataset: DatasetId) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == dataset)
    }

    /// The dataset of an event.
    pub fn dataset_of(&self, event: EventId) -> DatasetId {
        self.columns.kind_of(event.index()).dataset
    }

    /// A store of one dataset under another number.
    pub fn numbered(mut self, dataset: DatasetId) -> Self {
        if self.datasets().any(|(id, _)| id != dataset) {
            let has_index = self.index.num_rows() == self.columns.len();
            self.columns.kinds = self.columns.kinds.of_dataset(dataset);
            self.case = self.case_dataset().map(|_| dataset);
            self.tables.iter_mut().for_each(|table| table.id = dataset);
            if has_index {
                // Rows are where they were; only sites know datasets.
                let mut index = (*self.index).clone();
                index.sites.set_dataset(dataset);
                self.index = Arc::new(index);
            }
        }
        self
    }

    /// With a dataset put in, which is all that another store has, in the place of the one that had its
    /// number. A case takes the place of the case. Without an index.
    pub fn with_dataset(&self, dataset: DatasetId, added: &Store) -> Store {
        let case = match added.case_dataset() {
            Some(_) => added.piece_of_case(1).map(|piece| Piece { id: dataset, ..piece }),
            None => self.piece_of_case(0).filter(|piece| piece.id != dataset),
        };
        let mut new = added.tables.iter().map(|table| Piece::of(table, 1, dataset));
        let mut pieces: Vec<Piece<'_>> = case.into_iter().collect();
        for table in &self.tables {
            if table.id == dataset {
                pieces.extend(new.by_ref());
            } else {
                pieces.push(Piece::of(table, 0, table.id));
            }
        }
        pieces.extend(new);
        compose(&[self, added], pieces)
    }

    /// Without a dataset. Without an index.
    pub fn without_dataset(&self, dataset: DatasetId) -> Store {
        let tables = self.tables.iter().map(|table| Piece::of(table, 0, table.id));
        let pieces = self.piece_of_case(0).into_iter().chain(tables);
        compose(&[self], pieces.filter(|piece| piece.id != dataset).collect())
    }

    fn piece_of_case(&self, source: usize) -> Option<Piece<'_>> {
        let rows = self.case_rows();
        self.case_dataset().map(|id| Piece { source, id, table: None, rows })
    }

    /// Whether a document stands for the file of a flat dataset.
    fn is_of_table(&self, document: usize) -> bool {
        self.tables.iter().any(|table| table.document.index() == document)
    }
}

/// A store of pieces of others. A case's piece is the first one, if there is any.
fn compose(stores: &[&Store], pieces: Vec<Piece<'_>>) -> Store {
    let mut made = Store::default();
    let case = pieces.first().filter(|piece| piece.table.is_none());
    // Names of the case come first.
    let first = case.map_or(0, |case| case.source);
    let mut order: Vec<usize> = (0..stores.len()).collect();
    order.sort_by_key(|source| *source != first);
    let mut sources: Vec<Source<'_>> = stores.iter().map(|store| Source::new(store)).collect();
    for (number, at) in order.into_iter().enumerate() {
        let own: Vec<&Piece<'_>> = pieces.iter().filter(|piece| piece.source == at).collect();
        let Some(source) = sources.get_mut(at).filter(|_| !own.is_empty()) else { continue };
        let has_case = own.iter().any(|piece| piece.table.is_none());
        source.take_names(&mut made, &own, has_case, number == 0);
    }
    if let Some(case) = case
        && let Some(source) = sources.get(case.source)
    {
        take_case(&mut made, source, case);
    }
    for piece in &pieces {
        let Some((table, source)) = piece.table.zip(sources.get_mut(piece.source)) else { continue };
        let id = piece.id;
        let start = made.tables.last().map_or(case.map_or(0, |case| case.rows.len()), |last| last.rows.end);
        let document = DocumentId::from_index(made.documents.len());
        made.documents.extend(source.store.document(table.document).cloned());
        if let Some(slot) =
            source.documents.as_mut().and_then(|documents| documents.get_mut(table.document.index()))
        {
            *slot = document.0;
        }
        made.tables.push(table.moved(id, document, start));
        // What was found odd in a file is told under its name.
        let problems = source.store.problems.iter().filter(|problem| problem.file == table.name);
        made.problems.extend(problems.cloned());
    }
    if made.titles.is_empty()
        && let Some(document) =
            made.tables.first().and_then(|table| made.documents.get(table.document.index()))
    {
        made.titles = document.titles.clone();
    }
    take_columns(&mut made, &sources, &pieces);
    made
}

/// Takes over what only a case has.
fn take_case(made: &mut Store, source: &Source<'_>, case: &Piece<'_>) {
    let Source { store, .. } = source;
    made.case = Some(case.id);
    made.case_names = store.case_names;
    made.titles = store.titles.clone();
    let document = |id: DocumentId| {
        DocumentId(source.documents.as_ref().map_or(id.0, |new| new.get(id.index()).copied().unwrap_or(GONE)))
    };
    made.details = store.details.clone();
    made.mentions = store.mentions.clone();
    let is_of_table = |problem: &&Problem| store.tables.iter().any(|table| table.name == problem.file);
    made.problems = store.problems.iter().filter(|problem| !is_of_table(problem)).cloned().collect();
    if source.documents.is_some() {
        for EventDetail { claims, .. } in &mut made.details {
            claims.iter_mut().for_each(|claim| claim.document = document(claim.document));
        }
        made.mentions.iter_mut().for_each(|mention| mention.document = document(mention.document));
        for problem in &mut made.problems {
            if let Some(About::Document(id)) = &mut problem.about {
                *id = document(*id);
            }
        }
    }
}

fn take_columns<'a>(made: &mut Store, sources: &'a [Source<'a>], pieces: &'a [Piece<'a>]) {
    let of: Vec<(&'a Piece<'a>, &'a Source<'a>, &'a Columns)> = pieces
        .iter()
        .filter_map(|piece| sources.get(piece.source).map(|source| (piece, source, &source.store.columns)))
        .collect();
    let len: usize = of.iter().map(|(piece, ..)| piece.rows.len()).sum();
    let mut columns = Columns::default();
    let codes: Vec<Vec<u16>> =
        of.iter().map(|(piece, source, _)| kinds_of(&mut columns, piece, source)).collect();
    columns.kind.reserve_exact(len);
    columns.lat.reserve_exact(len);
    columns.lon.reserve_exact(len);
    columns.times.reserve_exact(len);
    columns.fatalities.reserve_exact(len);
    let Columns { times, kind, lat, lon, fatalities, places, actors, documents, claimants, .. } =
        &mut columns;
    type Column = fn(&Columns) -> &Lists;
    type Codes<'a> = fn(&'a Source<'a>) -> Option<&'a [u32]>;
    let joined = |column: Column, codes: Codes<'a>| {
        let parts: Vec<_> = of
            .iter()
            .map(|(piece, source, from)| (column(from), piece.rows.clone(), codes(source)))
            .collect();
        Lists::joined(&parts)
    };
    rayon::scope(|scope| {
        scope.spawn(|_| *actors = joined(|from| &from.actors, |source| source.actors.as_deref()));
        scope.spawn(|_| *claimants = joined(|from| &from.claimants, |source| source.actors.as_deref()));
        scope.spawn(|_| *places = joined(|from| &from.places, |source| source.places.as_deref()));
        scope.spawn(|_| *documents = joined(|from| &from.documents, |source| source.documents.as_deref()));
        scope.spawn(|_| {
            for (piece, _, from) in &of {
                times.extend_from(&from.times, &piece.rows);
                fatalities.extend_from(&from.fatalities, &piece.rows);
            }
        });
        scope.spawn(|_| {
            for ((piece, _, from), codes) in of.iter().zip(&codes) {
                let old = from.kind.get(piece.rows.clone()).unwrap_or_default();
                kind.extend(old.iter().map(|code| codes.get(usize::from(*code)).copied().unwrap_or(0)));
                lat.extend_from_slice(from.lat.get(piece.rows.clone()).unwrap_or_default());
                lon.extend_from_slice(from.lon.get(piece.rows.clone()).unwrap_or_default());
            }
        });
    });
    made.columns = columns;
}

/// The numbers of a piece's kinds in new columns, by their old ones.
fn kinds_of(columns: &mut Columns, piece: &Piece<'_>, source: &Source<'_>) -> Vec<u16> {
    let from = &source.store.columns;
    let used = used_kinds(from, &piece.rows);
    let code = |(kind, used): (&Kind, &bool)| {
        if !used {
            return 0;
        }
        let sub_type = u32::from(kind.sub_type);
        let new = source
            .sub_types
            .as_ref()
            .map_or(sub_type, |new| new.get(usize::from(kind.sub_type)).copied().unwrap_or(0));
        columns.kinds.intern(Kind { sub_type: new as u16, dataset: piece.id, ..*kind })
    };
    from.kinds.all().iter().zip(&used).map(code).collect()
}

fn used_kinds(columns: &Columns, rows: &Range<usize>) -> Vec<bool> {
    let mut used = vec![false; columns.kinds.len()];
    for kind in columns.kind.get(rows.clone()).unwrap_or_default() {
        if let Some(slot) = used.get_mut(usize::from(*kind)) {
            *slot = true;
        }
    }
    used
}

impl<'a> Source<'a> {
    fn new(store: &'a Store) -> Self {
        Self { store, places: None, actors: None, sub_types: None, documents: None }
    }

    /// Appends the names that the pieces need, and remembers where they went. `is_first`: there are no
    /// names of others yet.
    fn take_names(&mut self, made: &mut Store, pieces: &[&Piece<'_>], has_case: bool, is_first: bool) {
        let store = self.store;
        let columns = &store.columns;
        // With all of a store's datasets all of its names are needed.
        let is_whole = pieces.len() == store.datasets().count();
        let kept = if has_case { store.case_names } else { CaseNames::default() };
        let marked = |len: usize, kept: usize, lists: &[&Lists]| -> Vec<bool> {
            let mut marks = vec![is_whole; len];
            marks.iter_mut().take(kept).for_each(|mark| *mark = true);
            if !is_whole {
                for piece in pieces {
                    lists.iter().for_each(|list| list.mark(&piece.rows, &mut marks));
                }
            }
            marks
        };
        let (places, (actors, kinds)) = rayon::join(
            || marked(store.places.len(), kept.places, &[&columns.places]),
            || {
                rayon::join(
                    || marked(store.actors.len(), kept.actors, &[&columns.actors, &columns.claimants]),
                    || pieces.iter().map(|piece| used_kinds(columns, &piece.rows)).collect::<Vec<_>>(),
                )
            },
        );
        let mut sub_types = vec![is_whole; store.sub_types.len()];
        sub_types.iter_mut().take(kept.sub_types).for_each(|mark| *mark = true);
        for (at, kind) in columns.kinds.all().iter().enumerate() {
            if kinds.iter().any(|used| used.get(at) == Some(&true))
                && let Some(mark) = sub_types.get_mut(usize::from(kind.sub_type))
            {
                *mark = true;
            }
        }

        let codes = names(
            &mut made.places,
            &store.places,
            &places,
            is_first,
            |place| &place.key,
            |own, other| {
                own.position = own.position.or(other.position);
            },
        );
        self.places = changed(codes);
        let codes = names(
            &mut made.actors,
            &store.actors,
            &actors,
            is_first,
            |actor| &actor.key,
            |own, other| {
                // Who acts in one dataset and is named as a source in another is one of those who act.
                if own.kind.is_empty() || (own.kind == "media" && other.kind == "group") {
                    own.kind.clone_from(&other.kind);
                }
            },
        );
        self.actors = changed(codes);
        let of_sub_types = store.sub_types.iter().zip(&sub_types);
        let codes =
            of_sub_types.map(|((_, text), used)| if *used { made.sub_types.intern(text) } else { GONE });
        self.sub_types = changed(codes.collect());

        // Documents of flat datasets come with their rows, those of a case go with it.
        let is_left = store.case.is_some() && !has_case;
        let mut documents = Vec::with_capacity(store.documents.len());
        for (at, document) in store.documents.iter().enumerate() {
            if is_left || store.is_of_table(at) {
                documents.push(GONE);
                continue;
            }
            documents.push(made.documents.len() as u32);
            made.documents.push(document.clone());
        }
        self.documents = Some(documents);
    }
}

/// Codes as a table, unless all stay as they are.
fn changed(codes: Vec<u32>) -> Option<Vec<u32>> {
    let stays = codes.iter().zip(0u32..).all(|(new, old)| *new == old);
    (!stays).then_some(codes)
}

/// Appends the marked names that are not there yet; says where each went.
fn names<T: Clone>(
    made: &mut Vec<T>,
    names: &[T],
    marks: &[bool],
    is_first: bool,
    key: impl Fn(&T) -> &str,
    add: impl Fn(&mut T, &T),
) -> Vec<u32> {
    // What is found is taken: two names of one store stay two.
    let mut known: FxHashMap<String, u32> = FxHashMap::default();
    if !is_first {
        known.extend(made.iter().zip(0u32..).map(|(name, code)| (key(name).to_owned(), code)));
    }
    let mut codes = Vec::with_capacity(names.len());
    for (name, used) in names.iter().zip(marks) {
        if !used {
            codes.push(GONE);
            continue;
        }
        let code = known.remove(key(name));
        if let Some((code, own)) = code.and_then(|code| Some((code, made.get_mut(code as usize)?))) {
            add(own, name);
            codes.push(code);
            continue;
        }
        codes.push(made.len() as u32);
        made.push(name.clone());
    }
    codes
}

/// The event that one store has at `event`, in another one: of the same dataset, the same event. A dataset
/// may have been read further, or read anew in another way.
pub fn moved(from: &Store, to: &Store, event: EventId) -> Option<EventId> {
    let row = event.index();
    let id = from.dataset_of(event);
    let (Some(old), Some(new)) = (from.table(id), to.table(id)) else {
        let rows = to.rows_of(id).filter(|_| from.table(id).is_none() && to.table(id).is_none())?;
        return rows.contains(&row).then_some(event);
    };
    if Arc::ptr_eq(old.offsets(), new.offsets()) {
        return Some(EventId::from_index(row - old.rows.start + new.rows.start));
    }
    let place = |store: &Store, table: &Table, row: usize| {
        let day = store.columns.times.days().get(row).copied()?;
        Some((day == Times::UNDATED, day, table.offset_of(row)?))
    };
    let wanted = place(from, old, row)?;
    let (mut low, mut high) = (new.rows.start, new.rows.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if place(to, new, middle)? < wanted { low = middle + 1 } else { high = middle }
    }
    (low < new.rows.end && place(to, new, low)? == wanted).then(|| EventId::from_index(low))
}

/// As [`moved`], also if the event got another date. Looks at the rows one by one.
pub fn sought(from: &Store, to: &Store, event: EventId) -> Option<EventId> {
    let (old, new) = from.table_of(event).and_then(|old| Some((old, to.table(old.id)?)))?;
    let offset = old.offset_of(event.index());
    new.rows.clone().find(|row| new.offset_of(*row) == offset).map(EventId::from_index)
}

/// The document that one store has at `document`, in another one.
pub fn moved_document(from: &Store, to: &Store, document: DocumentId) -> Option<DocumentId> {
    if let Some(table) = from.tables.iter().find(|table| table.document == document) {
        return to.table(table.id).map(|table| table.document);
    }
    let key = &from.document(document)?.key;
    let own =
        |(at, document): &(usize, &crate::model::Document)| document.key == *key && !to.is_of_table(*at);
    to.documents.iter().enumerate().find(own).map(|(at, _)| DocumentId::from_index(at))
}

/// A filter of one store for another one: codes of what is not there any more are left out.
pub fn moved_filter(from: &Store, to: &Store, filter: &Filter) -> Filter {
    let mut moved_filter = filter.clone();
    for dim in Dim::FACETS {
        let Some(codes) = moved_filter.codes_mut(dim).filter(|codes| !codes.is_empty()) else { continue };
        *codes =
            std::mem::take(codes).into_iter().filter_map(|code| moved_code(from, to, dim, code)).collect();
    }
    let open = |id: &u32| to.datasets().any(|(open, _)| u32::from(open.0) == *id);
    moved_filter.hidden = filter.hidden.iter().copied().filter(open).collect::<Codes>();
    let mut twins: Vec<u32> =
        filter.twins.iter().filter_map(|row| moved(from, to, EventId(*row))).map(|event| event.0).collect();
    twins.sort_unstable();
    moved_filter.twins = Arc::new(twins);
    moved_filter
}

/// The code that a code of a facet has in another store.
pub fn moved_code(from: &Store, to: &Store, dim: Dim, code: u32) -> Option<u32> {
    let at = code as usize;
    match dim {
        Dim::Actor | Dim::Claimant => to.actor_by_key(&from.actors.get(at)?.key).map(|id| id.0),
        Dim::Place => {
            let key = &from.places.get(at)?.key;
            to.places.iter().position(|place| place.key == *key).map(|at| at as u32)
        }
        Dim::SubType => to.sub_types.code(from.sub_types.get(code)),
        Dim::Document => moved_document(from, to, DocumentId(code)).map(|id| id.0),
        Dim::Dataset => to.datasets().any(|(id, _)| u32::from(id.0) == code).then_some(code),
        _ => Some(code),
    }
}
