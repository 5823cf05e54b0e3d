//! Moving the time window by calendar steps, by hand or by playing.

use crate::model::Interval;
use crate::store::bins::Unit;

/// By how much the window moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Step {
    Day,
    #[default]
    Week,
    Month,
    Year,
    /// To the next event.
    Event,
}

impl Step {
    pub const ALL: [Step; 5] = [Step::Day, Step::Week, Step::Month, Step::Year, Step::Event];

    pub fn name(self) -> &'static str {
        match self {
            Step::Day => "day",
            Step::Week => "week",
            Step::Month => "month",
            Step::Year => "year",
            Step::Event => "event",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The calendar unit, `None` for steps by event.
    pub fn unit(self) -> Option<Unit> {
        match self {
            Step::Day => Some(Unit::Day),
            Step::Week => Some(Unit::Week),
            Step::Month => Some(Unit::Month),
            Step::Year => Some(Unit::Year),
            Step::Event => None,
        }
    }

    /// The next bigger unit, for steps with Shift.
    pub fn bigger(self) -> Unit {
        match self {
            Step::Day => Unit::Week,
            Step::Week => Unit::Month,
            Step::Month | Step::Event => Unit::Year,
            Step::Year => Unit::Decade,
        }
    }
}

/// How the window changes while playing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PlayMode {
    /// Both ends move.
    #[default]
    Moving,
    /// The start stays, the end moves.
    Cumulative,
}

/// The state of the player.
#[derive(Clone, Debug, PartialEq)]
pub struct Playback {
    pub playing: bool,
    pub step: Step,
    pub mode: PlayMode,
    /// Steps per second are twice this.
    pub speed: f32,
    pub repeat: bool,
    /// The stretch that is played: from the start of the first window to the end of the last one.
    pub range: Interval,
    /// Seconds since the last step.
    pub since_step_secs: f64,
}

impl Playback {
    pub const SPEEDS: [f32; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
    /// Steps per second at speed 1.
    pub const STEPS_PER_SEC: f64 = 2.0;
}

impl Default for Playback {
    fn default() -> Self {
        Self {
            playing: false,
            step: Step::default(),
            mode: PlayMode::default(),
            speed: 1.0,
            repeat: false,
            range: Interval::UNKNOWN,
            since_step_secs: 0.0,
        }
    }
}

/// A window moved by `n` units on the calendar.
pub fn shifted(window: Interval, unit: Unit, n: i64) -> Interval {
    if window.open_start() || window.open_end() {
        return window;
    }
    let start = unit.add(window.start, n);
    let end = unit.add(window.end, n).max(start + 1);
    Interval { start, end }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{AppState, Command, Derived, Direction, Incoming, Origin, TimeCommand};
    use super::*;
    use crate::model::EventType;
    use crate::model::time::{SECONDS_PER_DAY, parse_edtf};
    use crate::store::Kind;
    use crate::store::Store;

    fn interval(text: &str) -> Interval {
        parse_edtf(text).expect("dates").interval
    }

    /// A case with events of these dates and nothing else.
    struct Player {
        state: AppState,
        derived: Derived,
        now: f64,
    }

    impl Player {
        fn new(dates: &[&str]) -> Self {
            Self::of(&dates.iter().map(|date| interval(date)).collect::<Vec<_>>())
        }

        fn of(intervals: &[Interval]) -> Self {
            let mut store = Store::default();
            for interval in intervals {
                store
                    .columns
                    .push_bare(*interval, Kind { event_type: EventType::Battles, ..Kind::default() });
            }
            let mut player = Self { state: AppState::default(), derived: Derived::default(), now: 0.0 };
            let store = Box::new(store);
            player.state.receive(Incoming::CaseOpened { store, origin: Origin::BuiltIn, opened_at: 0 });
            player.state.view.collapse_gaps = false;
            player.derived.refresh(&player.state);
            player
        }

        fn send(&mut self, command: TimeCommand) {
            self.state.apply(Command::Time(command), &self.derived);
            self.derived.refresh(&self.state);
        }

        fn set(&mut self, step: Step, mode: PlayMode, window: Option<&str>) {
            self.send(TimeCommand::SetStep(step));
            self.send(TimeCommand::SetMode(mode));
            self.send(TimeCommand::Window(window.map(interval)));
        }

        /// Lets half a second pass, which is one step at speed 1.
        fn half_second(&mut self) {
            self.now += 0.5;
            self.state.tick(self.now, &self.derived);
            self.derived.refresh(&self.state);
        }

        fn window(&self) -> String {
            self.state.view.filter.window.map(Interval::to_edtf).unwrap_or_default()
        }

        /// The windows of the next steps, until playing stops.
        fn windows(&mut self, most: usize) -> Vec<String> {
            let mut windows = Vec::new();
            for _ in 0..most {
                self.half_second();
                if !self.state.view.playback.playing {
                    break;
                }
                windows.push(self.window());
            }
            windows
        }

        fn playing(&self) -> bool {
            self.state.view.playback.playing
        }
    }

    const YEAR: [&str; 4] = ["2024-01-10", "2024-01-20/2024-01-22", "2024-03-05", "2024-04-30"];

    #[test]
    fn moving_by_month_goes_to_the_last_event_and_stops() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Month, PlayMode::Moving, None);
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-01-31");
        assert_eq!(
            player.windows(20),
            ["2024-02-01/2024-02-29", "2024-03-01/2024-03-31", "2024-04-01/2024-04-30"]
        );
        assert!(!player.playing());
        assert_eq!(player.window(), "2024-04-01/2024-04-30", "stays at the end");
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-01-31", "starts again");
    }

    #[test]
    fn moving_keeps_the_length_of_the_window() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Day, PlayMode::Moving, Some("2024-01-09/2024-01-12"));
        player.send(TimeCommand::Play(true));
        assert_eq!(player.windows(2), ["2024-01-10/2024-01-13", "2024-01-11/2024-01-14"]);
        player.send(TimeCommand::Play(false));
        player.half_second();
        assert_eq!(player.window(), "2024-01-11/2024-01-14");
    }

    #[test]
    fn cumulative_fills_the_window_and_resumes_after_a_pause() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Week, PlayMode::Cumulative, Some("2024-01-01/2024-01-31"));
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-01-07");
        player.half_second();
        assert_eq!(player.window(), "2024-01-01/2024-01-14");
        player.send(TimeCommand::TogglePlay);
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-01-14", "goes on where it paused");
        assert_eq!(
            player.windows(20),
            ["2024-01-01/2024-01-21", "2024-01-01/2024-01-28", "2024-01-01/2024-01-31"]
        );
        assert!(!player.playing());
        assert_eq!(player.window(), "2024-01-01/2024-01-31");
    }

    #[test]
    fn a_window_set_by_hand_is_what_cumulative_playing_fills() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Week, PlayMode::Cumulative, Some("2024-01-01/2024-03-31"));
        player.send(TimeCommand::TogglePlay);
        player.half_second();
        player.send(TimeCommand::Window(Some(interval("2024-01-01/2024-01-10"))));
        assert!(!player.playing(), "a new window stops playing");
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.windows(20), ["2024-01-01/2024-01-10"]);
    }

    #[test]
    fn repeat_starts_again() {
        let mut player = Player::new(&["2024-01-10", "2024-03-05"]);
        player.set(Step::Month, PlayMode::Moving, None);
        player.send(TimeCommand::ToggleRepeat);
        player.send(TimeCommand::TogglePlay);
        let (jan, feb, mar) = ("2024-01-01/2024-01-31", "2024-02-01/2024-02-29", "2024-03-01/2024-03-31");
        assert_eq!(player.windows(6), [feb, mar, jan, feb, mar, jan]);
    }

    #[test]
    fn by_event_every_date_is_visited_once() {
        let mut player = Player::new(&["2024", "2024-01-10", "2024-01-10", "2024-03", "2024-03-05"]);
        player.set(Step::Event, PlayMode::Moving, None);
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-12-31");
        assert_eq!(player.windows(20), ["2024-01-10", "2024-03-01/2024-03-31", "2024-03-05"]);
        assert!(!player.playing());
        player.send(TimeCommand::Step(Direction::Backward));
        assert_eq!(player.window(), "2024-03-01/2024-03-31");
    }

    #[test]
    fn by_event_cumulative_ends_with_the_last_one() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Event, PlayMode::Cumulative, Some("2024-01-01/2024-03-31"));
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-01-10");
        assert_eq!(player.windows(20), ["2024-01-01/2024-01-20", "2024-01-01/2024-03-05"]);
        assert!(!player.playing());
    }

    #[test]
    fn speed_and_year_steps() {
        let mut player = Player::new(&["1970/1979", "2012", "2024-07-27"]);
        player.set(Step::Year, PlayMode::Moving, None);
        player.send(TimeCommand::SetSpeed(4.0));
        player.send(TimeCommand::TogglePlay);
        for _ in 0..3 {
            player.now += 0.125;
            player.state.tick(player.now, &player.derived);
        }
        assert_eq!(player.window(), "1973-01-01/1973-12-31");
        // After a long pause of the machine one step is enough.
        player.now += 60.0;
        player.state.tick(player.now, &player.derived);
        assert_eq!(player.window(), "1974-01-01/1974-12-31");
    }

    #[test]
    fn collapsed_gaps_are_not_played() {
        let mut player = Player::new(&["2012-03-04", "2012-03-12", "2024-07-27"]);
        player.state.view.collapse_gaps = true;
        player.set(Step::Week, PlayMode::Moving, None);
        player.send(TimeCommand::TogglePlay);
        let windows = player.windows(50);
        assert!(windows.len() < 8, "{windows:?}");
        assert_eq!(windows.last().map(String::as_str), Some("2024-07-22/2024-07-28"));
        player.set(Step::Month, PlayMode::Cumulative, Some("2012-03/2024-12"));
        player.send(TimeCommand::TogglePlay);
        let windows = player.windows(50);
        assert!(windows.len() < 12, "{windows:?}");
        assert!(windows.contains(&"2012-03-01/2024-07-31".to_owned()), "{windows:?}");
    }

    #[test]
    fn steps_and_jumps_by_hand() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Month, PlayMode::Moving, None);
        player.send(TimeCommand::ToLast);
        assert_eq!(player.window(), "2024-04-01/2024-04-30");
        player.send(TimeCommand::Step(Direction::Backward));
        assert_eq!(player.window(), "2024-03-01/2024-03-31");
        player.send(TimeCommand::BigStep(Direction::Backward));
        assert_eq!(player.window(), "2023-03-01/2023-03-31");
        player.send(TimeCommand::ToFirst);
        assert_eq!(player.window(), "2024-01-01/2024-01-31");
        player.set(Step::Month, PlayMode::Cumulative, Some("2024-02"));
        player.send(TimeCommand::ToLast);
        assert_eq!(player.window(), "2024-02-01/2024-04-30");
        player.set(Step::Year, PlayMode::Moving, Some("0001"));
        player.send(TimeCommand::Step(Direction::Backward));
        assert_eq!(player.window(), "0001-01-01/0001-12-31", "there is no year before");
    }

    #[test]
    fn presets_take_the_unit_about_what_is_looked_at() {
        let mut player = Player::new(&YEAR);
        player.send(TimeCommand::PresetMonth);
        assert_eq!(player.window(), "2024-04-01/2024-04-30", "of the last event");
        player.send(TimeCommand::Window(Some(interval("2022-08/2024-12"))));
        player.send(TimeCommand::PresetYear);
        assert_eq!(player.window(), "2023-01-01/2023-12-31", "of the middle of the window");
        player.state.apply(
            Command::Select(super::super::SelectCommand::Event(crate::model::EventId(2))),
            &player.derived,
        );
        player.send(TimeCommand::PresetMonth);
        assert_eq!(player.window(), "2024-03-01/2024-03-31", "of the selected event");
        player.send(TimeCommand::PresetSelection);
        assert_eq!(player.window(), "2024-03-05");
    }

    #[test]
    fn an_open_window_plays_as_if_there_were_none() {
        let mut player = Player::new(&YEAR);
        player.set(Step::Month, PlayMode::Moving, Some("2024-02/.."));
        player.send(TimeCommand::TogglePlay);
        assert_eq!(player.window(), "2024-01-01/2024-01-31");
        assert!(player.playing());
    }

    fn any_interval() -> impl Strategy<Value = Interval> {
        let day = |day: i64| Interval { start: day * SECONDS_PER_DAY, end: (day + 1) * SECONDS_PER_DAY };
        prop_oneof![
            4 => (0i64..40).prop_map(day),
            2 => (0i64..40, 1i64..9).prop_map(move |(d, n)| Interval { end: day(d + n).end, ..day(d) }),
            1 => (0i64..40).prop_map(move |d| Interval { start: Interval::OPEN_START, ..day(d) }),
            1 => (0i64..40).prop_map(move |d| Interval { end: Interval::OPEN_END, ..day(d) }),
            1 => Just(Interval::UNKNOWN),
        ]
    }

    proptest! {
        #[test]
        fn the_next_event_is_that_of_looking_at_all(
            intervals in prop::collection::vec(any_interval(), 1..40),
            window in prop::option::of((0i64..40, 1i64..9)),
            cumulative: bool,
            forward: bool,
        ) {
            let mut player = Player::of(&intervals);
            let mode = if cumulative { PlayMode::Cumulative } else { PlayMode::Moving };
            player.set(Step::Event, mode, None);
            let window = window.map(|(day, n)| {
                Interval { start: day * SECONDS_PER_DAY, end: (day + n) * SECONDS_PER_DAY }
            });
            player.send(TimeCommand::Window(window));
            let direction = if forward { Direction::Forward } else { Direction::Backward };
            player.send(TimeCommand::Step(direction));

            let key = |i: &Interval| (i.start, i.end);
            let first_day = |i: &Interval| i.start + SECONDS_PER_DAY;
            let bounded = intervals.iter().copied();
            let bounded = bounded.filter(|i| !i.is_unknown() && !i.open_start() && !i.open_end());
            let fits = |i: &Interval| window.is_none_or(|w| match (forward, cumulative) {
                (true, false) => key(i) > key(&w),
                (false, false) => key(i) < key(&w),
                (true, true) => i.start >= w.end,
                (false, true) => i.start >= w.start && first_day(i) < w.end,
            });
            let fitting = bounded.filter(fits);
            let next = if forward { fitting.min_by_key(key) } else { fitting.max_by_key(key) };
            let expected = match (next, window) {
                (Some(next), Some(w)) if cumulative => Some(Interval { start: w.start, end: first_day(&next) }),
                (Some(next), _) => Some(next),
                (None, window) => window,
            };
            prop_assert_eq!(player.state.view.filter.window, expected);
        }

        #[test]
        fn playing_by_day_skips_nothing_but_long_empty_stretches(
            intervals in prop::collection::vec(any_interval(), 1..6),
            spread in 1i64..12,
        ) {
            // Days far apart, so that there are stretches to be left out.
            let spread = |secs: i64| if secs.unsigned_abs() > 1 << 59 { secs } else { secs * spread };
            let intervals: Vec<Interval> =
                intervals.iter().map(|i| Interval { start: spread(i.start), end: spread(i.end) }).collect();
            let mut player = Player::of(&intervals);
            player.state.view.collapse_gaps = true;
            player.set(Step::Day, PlayMode::Moving, None);
            player.send(TimeCommand::TogglePlay);
            let known = || intervals.iter().filter(|i| !i.is_unknown());
            let mut before = player.state.view.filter.window;
            for _ in 0..2000 {
                player.half_second();
                let window = player.state.view.filter.window;
                if !player.playing() || window == before {
                    break;
                }
                let (Some(a), Some(b)) = (before, window) else { break };
                // What lies between two windows that follow each other touches no event.
                if b.start > a.end {
                    let between = Interval { start: a.end, end: b.start };
                    prop_assert!(!known().any(|i| i.overlaps(between)), "{between:?}");
                }
                before = window;
            }
        }
    }
}
