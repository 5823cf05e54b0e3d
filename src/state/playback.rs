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
