//! Waqai: a map-and-timeline explorer for analysts who work from text.
//!
//! This page is the architecture. Users' documentation is `README.md`.
//!
//! # What a thing is called
//!
//! A **case** is everything open at once. A **document** is a source text, cut into **segments**; a
//! **span** is a range of its text with a role (trigger, place, date, actor, count, sentence), counted
//! in Unicode scalar values of the unmodified text. An **event** happened: type, interval with
//! precision, places with geo precision, actors with roles. A **claim** is what one claimant is
//! reported to say about an event; an event has many, they may contradict each other and are never
//! averaged away. **Fatalities** (low, best, high) are derived from claims by one stated rule
//! ([`model::fatalities`]). A **tray** is a counted list of what a view cannot show.
//!
//! A **dataset** is one file's part of the case; as a **layer** it has its own colours and place. A
//! **flat** one has rows: a **row** is an event with one claim, a **record** is the row as its file has
//! it, an **attribute** is a column that is no field of events. A **dialect** is a family of files whose
//! columns and codes are known. A **finding** is what is odd about rows, by kind ([`model::import::Issue`]);
//! a **remedy** is what a user may do about it. **Twins** are events of two datasets that are the same.
//!
//! # Layers
//!
//! ```text
//! main → cli → headless → app → ui ──→ text (parley, vello_cpu)
//!                          │     └───→ state ─→ store ─→ model
//!                          ├──→ jobs ─→ io ───→ store
//!                          ├──→ lang
//!                          ├──→ raster
//!                          └──→ state
//! ```
//!
//! | layer | holds | does not know |
//! |---|---|---|
//! | [`model`] | values of the field; dates, intervals, tolls, gazetteer | files, serde, windows |
//! | [`store`] | columns, side tables, filter, facets, bins, search | files, clocks, windows |
//! | [`io`] | bytes ↔ batches: case folder, attachments, exports, settings, scripts | threads, windows |
//! | [`text`] | bidi layout, hit tests, glyph coverage, editing | egui, files |
//! | [`lang`] | the interface's words (Fluent) | windows |
//! | [`state`] | what the user is doing; commands in, effects out | files, threads, clocks, windows |
//! | [`jobs`] | threads, one channel back, file dialogs | the state |
//! | [`ui`] | paints and asks | files, threads |
//! | [`raster`] | draws the window's triangles | what they show |
//! | [`app`] | where state, jobs and window meet | |
//! | [`headless`], [`cli`] | the same program without a window system; arguments | |
//!
//! One crate has no compiler wall between modules; `tests/tidy.rs` is the wall.
//!
//! # One frame
//!
//! ```text
//! logic():  jobs.poll() → JobEvent ──→ state.receive(incoming) → Effects ─┐
//!           commands.drain() ────────→ state.apply(command)    → Effects ─┴→ app.run → jobs
//!           state.tick(now)             playing moves the window
//!           derived.refresh(&state)     only what changed: search, filter, facets, trays, list
//! ui():     (&state, &derived, &theme, &catalog) → paint, push commands for the next frame
//! ```
//!
//! * [`state::AppState::apply`] and [`state::AppState::receive`] are the only writers. Commands are
//!   plain values: tests compare them, scripts replay them.
//! * A panel gets `&FrameCtx` and `&mut Commands`: its signature shows that it cannot change anything
//!   but its own widgets.
//! * Each value has one owner. The camera lives in walkers' `MapMemory`, the time scale in the
//!   timeline; others ask by a wish with a serial number ([`state::CameraMove`]).
//! * [`state::Derived`] is keyed by what it is derived from, so nothing has to be invalidated.
//! * The filter is one bit per dimension and event ([`store::filter`]): a facet counts under all
//!   *other* filters by masking its own bit.
//! * [`state::Derived`] makes small cases' values on the spot. For large datasets it keeps two things
//!   apart: what passes everything but the time window ([`store::cross::Base`], made by a job while the
//!   last one is still shown) and the window laid over it ([`store::cross::Cross`], moved in the frame).
//! * A hovered event is told by whatever view the pointer is over, and drawn by all in the frame after.
//!
//! # Files on their way in
//!
//! ```text
//! path ─ io::sniff (first bytes, ending) ─→ Format
//!   delimited ─ encoding, marks, header ────────────────────┐
//!   workbooks, JSON, GeoJSON, KML, GPX, Parquet, GeoPackage,│
//!   TimeMap ─ a reader each ─→ Grid (rows of text) ─────────┴─ io::table ─→ Store + Report
//!   doccano, brat, WebAnno ─ io::annotated ─→ CaseBatch ─────────────────→ Store
//! ```
//!
//! * **Readers know no meaning.** A reader of a container makes a [`io::import::Grid`]: the rows as text, as
//!   the file has them, under the file's names; what comes from geometry or markup has names that begin with
//!   `@`. What columns and values mean is decided once, for all formats, by [`io::table`].
//! * **[`io::import::values`]**: the text of one cell becomes a date, a number, degrees; pure, strict, and with
//!   a remark where something should be told. **[`io::import::codes`]**: tables of event types and precisions,
//!   which users can look up. **[`io::import::recognise`]**: names of columns and first rows become a dialect and
//!   a mapping.
//! * **[`io::import::open()`]** detects [`model::import::Settings`] with the evidence for each. Which of two orders
//!   of day and month holds is asked of every row ([`io::import::values::Look`]). A file of a known family is read
//!   at once, and a notice leads to its report and settings; any other waits as a draft ([`state::import`]) in the
//!   import dialog, where each change of the settings is tried on the whole file by a job ([`jobs::ImportEvent`])
//!   that the next change stops. What a setting does not touch is not done again.
//! * **Nothing is lost or changed silently.** `rows = events + left_out` holds for every
//!   [`model::import::Report`]; a finding has its place, column, value and reason. A remedy is a setting: the
//!   file is read again with it, and the dataset's rows are replaced.
//! * **Hostile files** cost what they hold, not what they say: sizes are checked before room is made
//!   ([`io::import::limits`]), nesting has a depth, queries have a number of steps. Readers of others that index
//!   into what a file says are guarded, so that a panic of theirs is an error of the file.
//!
//! # Several datasets
//!
//! The rows of all datasets are in one store, so that there is one filter, one time, one order. A dataset comes
//! and goes by a change ([`store::merge`]), which makes a new store of stretches of rows; large ones are made by
//! a job while the old one is shown. What a user set about each is in [`state::Dataset`]. A hidden
//! dataset fails one bit of the filter, like any other condition. Twins are proposed by [`store::twins`], by a
//! number of stated parts, and are marked by the user alone.
//!
//! # Files on their way out
//!
//! [`io::export`] writes all formats from one layout of columns and rows: first the model's columns under names
//! that the program knows again, then what else the rows have, so that nothing of a row is lost. Parts are made on
//! all cores and written in order; a file is there whole or not at all. What a format cannot hold is told, counted.
//! `tests/round_trip.rs` holds writers and readers together.
//!
//! # Millions of rows
//!
//! Delimited text stays where it is ([`io::mapped`]), a grid is in memory. [`io::table`] cuts either into
//! records on all cores, each stretch of bytes once, and fills the columns: some 46 bytes a row, in
//! order of time. Notes and all else of a row are read from the file when they are looked at
//! ([`store::table`]); [`store::flat`] makes an event with details of one row.
//!
//! * **Columns.** Few combinations of type, sub-type and precisions occur: a row holds the number of its
//!   [`store::Kind`]. Nearly all events last one day: a row holds a day, others are listed apart.
//! * **Filter.** A row has one bit per filter that it fails. Rows that fail none, or one alone, are kept
//!   in order of time; so a window is a stretch of them, and moving it adds and takes away the rows that
//!   enter and leave. Bins are differences of sums by day. The slow and plain form of all this is in
//!   `tests/common/naive.rs`, and properties hold the two together.
//! * **Map.** Events at one coordinate are one site; sites lie along a space-filling curve, so that a
//!   view or a cell of the map is a few stretches of them ([`store::sites`]). Counts per site and type
//!   follow the window; density and the counts on the map are sums of them, never a sample.
//! * **Search.** An index of folded words ([`store::words`]), 24 bytes a row, made by a job after
//!   opening. A folded copy of the notes would be ten times that. One word is answered by the index
//!   alone; a phrase is looked for in the rows that hold its words, so an answer is exactly that of
//!   searching all folded notes, also while the index is not ready, only slower then.
//!
//! # Text
//!
//! egui shapes Arabic but does not reorder it, so everything that may hold Arabic is laid out by
//! [`text`] per paragraph and painted from a glyph atlas (`ui::widgets::text_*`, and
//! [`ui::widgets::words`] for short texts). egui's own labels are for fixed Latin words only.
//!
//! # Map
//!
//! walkers draws vector tiles of a bundled archive through the graphics card; labels are ours,
//! because they may be Arabic and must not overlap the case's own. A place known as a region or
//! country is an area of its stated radius with a hollow symbol, never a pin. Each shown event is in
//! exactly one marker, so the counts on the map add up to the count of shown events that have a place.
//! Crowded views are density with exact counts ([`ui::map::crowd`]), or on a graphics device every event
//! as a point ([`ui::map::points`]).
//!
//! # Where it departs from what one might expect
//!
//! * The case's own briefs are shipped, the articles are not: a document refers to its original by
//!   SHA-256, and spans into it light up once the user attaches a file of that hash.
//! * Threads send [`jobs::JobEvent`]s, never commands; [`app`] translates.
//! * The CSV splitter is ours ([`io::table`]): the `csv` crate takes three times as long, on one core.
//! * XLS and ODS are read by hand ([`io::import::sheets`]): the usual crate makes room for what a file says,
//!   a last cell or a repeated row, before it looks. XLSX is read by `calamine` cell by cell.
//! * GeoJSON is read by hand ([`io::import::geojson`]): the usual crate wants the whole file as a tree and
//!   refuses what is nearly right; here a feature at a time is held, and what is odd about it is told.
//! * Parquet is read by the `parquet` crate without Arrow: rows become text by columns, which needs no
//!   second form in memory. What a file says about its own sizes is checked first.
//! * Numbers of files stay text until they are asked for: `00123` is a code, `18.440` has three decimals.
//! * Triangles are drawn by pipelines of our own ([`raster`]): without a graphics card the stock shader
//!   takes a tenth of a second for a window.
//! * `unsafe` is in two places: [`io::mapped`] (a mapped file, and a handler that keeps one that
//!   shrinks from killing the program) and two calls in [`io::process`].
//! * The PMTiles reader is ours ([`ui::map::archive`]): a user's archive may be damaged, and tiles are
//!   read synchronously within a time budget per frame.

pub mod app;
pub mod cli;
pub mod headless;
pub mod io;
pub mod jobs;
pub mod lang;
pub mod model;
pub mod raster;
pub mod state;
pub mod store;
pub mod text;
pub mod ui;
