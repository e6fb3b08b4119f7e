//! The connection under inputs of any kind, in any order, at any time.

use super::*;
use proptest::prelude::*;

/// An input without its stream: the schedule picks the live one, or an older one.
#[derive(Clone, Debug)]
struct Step {
    after_ms: u64,
    /// How many streams ago; 0 is the newest.
    ago: u64,
    kind: u8,
    number: u64,
    epoch: &'static str,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let after_ms = prop_oneof![Just(0), 0..1_000_u64, 0..60_000_u64];
    let ago = prop_oneof![4 => Just(0_u64), 1 => 1..4_u64];
    let number = prop_oneof![0..20_u64, 0..100_000_u64, Just(u64::MAX)];
    let epoch = prop::sample::select(vec!["a", "a", "b"]);
    let step = (after_ms, ago, 0..24_u8, number, epoch).prop_map(
        |(after_ms, ago, kind, number, epoch)| Step { after_ms, ago, kind, number, epoch },
    );
    prop::collection::vec(step, 1..120)
}

impl Step {
    fn input(&self, newest: u64) -> Input {
        let stream = StreamId(newest.saturating_sub(self.ago));
        let at = cursor(self.epoch, self.number);
        let status = [204, 401, 403, 404, 429, 500, 503][usize::from(self.kind) % 7];
        let retry_after_ms = (self.number.is_multiple_of(2)).then_some(self.number);
        match self.kind {
            0 | 1 => Input::Open { after: (self.number.is_multiple_of(2)).then_some(at) },
            2 => Input::Close,
            3 => Input::Opened(stream),
            4 | 5 => Input::Connected(stream, at),
            6 => Input::Delivered(stream, at),
            7 => Input::Complete(stream, at, self.number),
            8 if self.number.is_multiple_of(2) => Input::Heard(stream),
            8 => Input::Received(stream),
            9 => Input::RetryHint(stream, self.number),
            10..=12 => Input::Ended(stream, "ended".into()),
            13 | 14 => Input::Refused { stream, status, retry_after_ms },
            15 => {
                let sessions = [Session::Stands, Session::Over, Session::Unknown];
                Input::SessionChecked(
                    sessions[usize::from(self.number.is_multiple_of(2))
                        + usize::from(self.number.is_multiple_of(3))],
                )
            }
            16 => {
                [Input::Online, Input::Visible][usize::from(self.number.is_multiple_of(2))].clone()
            }
            17 => Input::Offline,
            18 => Input::Reconnect,
            19 => Input::Hidden,
            20 => Input::Suspended,
            21 => Input::Resumed,
            22 => Input::Polled { answered: self.number.is_multiple_of(2) },
            _ => Input::Time,
        }
    }
}

/// The caller's side: the one stream, and the one timer, dropped when nothing is to come.
struct Caller {
    connection: Connection,
    now_ms: u64,
    newest: u64,
    live: Option<StreamId>,
    timer_ms: Option<u64>,
    /// Whether `Open` came after the last `Close` or `SignIn`.
    open: bool,
    visible: bool,
    suspended: bool,
    connects: u32,
}

impl Caller {
    fn new(seed: u64) -> Self {
        let connection = Connection::new(Settings::default(), seed);
        Self {
            connection,
            now_ms: 0,
            newest: 0,
            live: None,
            timer_ms: None,
            open: false,
            visible: true,
            suspended: false,
            connects: 0,
        }
    }

    /// Gives one input, carries out the commands, and checks all that must always hold.
    fn give(&mut self, input: Input) -> Result<(), TestCaseError> {
        match &input {
            Input::Open { .. } => self.open = true,
            Input::Close => (self.open, self.suspended) = (false, false),
            Input::Visible => self.visible = true,
            Input::Hidden => self.visible = false,
            Input::Suspended => self.suspended = self.open,
            Input::Resumed => self.suspended = false,
            Input::Time => self.timer_ms = None,
            _ => {}
        }
        let late = input.stream().is_some() && input.stream() != self.live;
        if let Input::Ended(stream, _) = &input {
            self.live.take_if(|live| live == stream);
        }
        let before = self.connection.status().clone();
        let commands = self.connection.handle(self.now_ms, input.clone());
        let status = self.connection.status().clone();
        if late {
            prop_assert_eq!(&commands, &[], "a late {:?}", input);
            prop_assert_eq!(&before, &status);
        }
        let told = commands.contains(&Command::Changed);
        let shown = Status { last_event_ms: None, ..status.clone() };
        prop_assert!(told || shown == Status { last_event_ms: None, ..before }, "{:?}", input);
        for command in commands {
            self.carry_out(command)?;
        }
        let polls = status.is_polling() && self.visible;
        if matches!(status.state, State::Disconnected | State::Error) && !polls {
            self.timer_ms = None;
        }
        self.check(&status)
    }

    fn carry_out(&mut self, command: Command) -> Result<(), TestCaseError> {
        match command {
            Command::Connect { stream, .. } => {
                prop_assert_eq!(self.live, None, "two live streams");
                prop_assert!(stream.0 > self.newest, "the id of an older stream");
                prop_assert!(self.open && !self.suspended, "nobody wants it");
                self.newest = stream.0;
                self.live = Some(stream);
                self.connects += 1;
            }
            Command::Abort(stream) => {
                prop_assert_eq!(self.live.take(), Some(stream));
            }
            Command::SignIn => self.open = false,
            Command::Wake { in_ms } => self.timer_ms = Some(self.now_ms.saturating_add(in_ms)),
            Command::Poll => prop_assert!(self.visible, "a hidden page polls"),
            Command::CheckSession | Command::Changed => {}
        }
        Ok(())
    }

    fn check(&self, status: &Status) -> Result<(), TestCaseError> {
        let live = matches!(status.state, State::Connecting | State::Connected);
        prop_assert_eq!(live, self.live.is_some(), "{:?}", status);
        prop_assert!(status.reconnect_attempts <= Settings::default().max_attempts);
        let wanted = self.open && !self.suspended;
        prop_assert!(wanted || status.state == State::Disconnected);
        let is_off = matches!(status.state, State::Connected | State::Disconnected);
        prop_assert!(!(is_off && status.is_polling()));
        if let Some(poll_at_ms) = status.poll_at_ms.filter(|_| self.visible) {
            prop_assert!(self.timer_ms.is_some_and(|timer_ms| timer_ms <= poll_at_ms));
        }
        let waiting = match status.state {
            State::Reconnecting { attempt } => Some(attempt),
            _ => None,
        };
        prop_assert_eq!(waiting.is_some(), status.retry_at_ms.is_some());
        prop_assert!(
            waiting.is_none_or(|attempt| attempt == status.reconnect_attempts && attempt > 0)
        );
        // Someone will come back to it: the timer rings no later than the next deadline.
        if let Some(retry_at_ms) = status.retry_at_ms {
            prop_assert!(self.timer_ms.is_some_and(|timer_ms| timer_ms <= retry_at_ms));
        }
        if live {
            let latest = self.now_ms + Settings::default().watchdog_ms();
            prop_assert!(self.timer_ms.is_some_and(|timer_ms| timer_ms <= latest));
        }
        Ok(())
    }

    /// Runs a schedule; the timer does not ring by itself, `Time` comes at any time.
    fn run(&mut self, steps: &[Step]) -> Result<(), TestCaseError> {
        for step in steps {
            self.now_ms += step.after_ms;
            self.give(step.input(self.newest))?;
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// The assertions of [`Caller::give`] are the property: no panic, never two live streams, late
    /// inputs change nothing, attempts within the maximum, a timer while there is a deadline, and
    /// no change of the status untold.
    #[test]
    fn no_schedule_breaks_the_rules_of_the_connection(seed: u64, steps in steps()) {
        Caller::new(seed).run(&steps)?;
    }

    #[test]
    fn reconnect_leads_to_connecting_from_every_state_that_is_open(seed: u64, steps in steps()) {
        let mut caller = Caller::new(seed);
        caller.run(&steps)?;
        let newest = caller.newest;
        caller.give(Input::Reconnect)?;
        if caller.open && !caller.suspended {
            prop_assert_eq!(caller.connection.state(), &State::Connecting);
            prop_assert_eq!(caller.newest, newest + 1);
        } else {
            prop_assert_eq!(caller.connection.state(), &State::Disconnected);
        }
    }

    /// The timer alone keeps it going: against a server that is silent for ever, every schedule
    /// comes to rest after no more than the attempts that are left.
    #[test]
    fn against_silence_the_attempts_run_out_and_no_state_hangs(seed: u64, steps in steps()) {
        let mut caller = Caller::new(seed);
        caller.run(&steps)?;
        caller.connects = 0;
        let mut rings = 0;
        let moving = |caller: &Caller| {
            !matches!(caller.connection.state(), State::Disconnected | State::Error)
        };
        let was_moving = moving(&caller);
        // A wait of u64::MAX, asked for by Retry-After, is the one that no timer outlives.
        while moving(&caller) && caller.connection.status().retry_at_ms != Some(u64::MAX) {
            caller.now_ms = caller.now_ms.max(caller.timer_ms.unwrap_or(0));
            caller.give(Input::Time)?;
            rings += 1;
            prop_assert!(rings < 120, "hangs in {:?}", caller.connection.status());
        }
        prop_assert!(caller.connects <= Settings::default().max_attempts);
        if was_moving && !moving(&caller) {
            prop_assert_eq!(caller.connection.state(), &State::Error);
        }
    }

    /// Within one stream, and as long as no log begins anew, resuming never goes back.
    #[test]
    fn the_resume_position_never_goes_back_within_a_stream(
        positions in prop::collection::vec((0..50_u64, any::<bool>()), 1..40)
    ) {
        let (mut connection, stream) = connected();
        let mut furthest = 5;
        for (major, ping) in positions {
            let at = cursor("a", major);
            let input = if ping { Input::Complete(stream, at, 0) } else { Input::Delivered(stream, at) };
            connection.handle(0, input);
            furthest = furthest.max(major);
            let after = asked(&connection.clone().handle(0, Input::Reconnect)).unwrap().1;
            prop_assert_eq!(after, Some(cursor("a", furthest)));
        }
    }
}
