//! Programs that do what a speaking program should not.

use super::*;

/// Waits until something is so.
async fn until(what: &str, mut is: impl FnMut() -> bool) {
    let waiting = async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .unwrap_or_else(|_| panic!("never: {what}"));
}

impl Fake {
    /// The id of its process, once it has written it.
    fn process(&self) -> Option<u32> {
        fs::read_to_string(self.path("pid")).ok()?.trim().parse().ok()
    }

    fn is_running(&self) -> bool {
        self.process().is_some_and(|id| PathBuf::from(format!("/proc/{id}")).exists())
    }
}

/// Tells its id, once it is all there, and then becomes `command`.
fn becoming(command: &str) -> Fake {
    Fake::new(&format!("echo $$ > $here/p; mv $here/p $here/pid; exec {command}"))
}

#[tokio::test]
async fn a_program_that_hangs_is_ended_in_time() {
    let fake = becoming("sleep 600");
    let time = Duration::from_secs(2);
    let speaker = fake.speaker(Limits { time, ..Limits::default() });
    let error = speaker.speak("Some words.", &Voice::default(), Rate::default()).await.unwrap_err();
    assert!(matches!(error, SpeechError::TooSlow(limit) if limit == time), "{error}");
    assert_eq!(
        error.to_string(),
        "The speech program took longer than 2 seconds and was ended. Try a shorter text."
    );
    assert!(fake.process().is_some() && !fake.is_running());
}

#[tokio::test]
async fn a_program_that_nobody_waits_for_is_ended() {
    let fake = becoming("sleep 600");
    tokio::select! {
        end = fake.speak("Some words.") => panic!("{end:?}"),
        () = until("it runs", || fake.is_running()) => {}
    }
    until("it is ended", || !fake.is_running()).await;
}

#[tokio::test]
async fn a_program_that_never_stops_writing_is_ended() {
    let fake = becoming("cat /dev/zero");
    let limits = Limits { bytes: 2 * 60 * 44_100, ..Limits::default() };
    let error = fake
        .speaker(limits)
        .speak("Some words.", &Voice::default(), Rate::default())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "The speech is longer than 2 minutes. Try a shorter text.");
    assert!(!fake.is_running());
}

#[tokio::test]
async fn a_failure_is_told_with_its_status_and_what_was_written() {
    let error = Fake::new("echo trouble >&2; head -c 5000000 /dev/zero >&2; exit 3")
        .speak("Words.")
        .await
        .unwrap_err();
    let SpeechError::Failed { status: Some(3), message } = &error else { panic!("{error:?}") };
    assert!(message.starts_with("trouble") && message.len() <= 2_000);
    assert!(error.may_pass() && !error.to_string().contains("trouble"));

    let killed = Fake::new("kill -9 $$").speak("Words.").await.unwrap_err();
    assert!(matches!(killed, SpeechError::Failed { status: None, .. }), "{killed:?}");
}

#[tokio::test]
async fn what_is_not_sound_is_refused() {
    let wrong = [
        "cat > /dev/null; echo rubbish",
        "cat > /dev/null",
        "printf 'RIFF\\0\\0\\0\\0WAVEfmt \\377\\377\\377\\377'",
        "printf 'RIFF\\0\\0\\0\\0WAVEdata\\0\\0\\0\\0abcd'",
        // Eight bits a sample.
        "printf 'RIFF....WAVEfmt \\020\\0\\0\\0\\001\\0\\001\\0\\042\\126\\0\\0\\042\\126\\0\\0\\001\\0\\010\\0data....ab'",
    ];
    for script in wrong {
        let error = Fake::new(script).speak("Some words.").await.unwrap_err();
        assert!(matches!(error, SpeechError::NotSound(_)), "{script}: {error:?}");
        assert!(!error.may_pass());
    }
}

#[tokio::test]
async fn a_program_that_does_not_listen_hangs_nobody() {
    let long = "Some words. ".repeat(100_000);
    let error = Fake::new("exit 0").speak(&long).await.unwrap_err();
    assert!(matches!(error, SpeechError::NotSound(_)), "{error:?}");
}

#[tokio::test]
async fn a_missing_program_says_what_to_install() {
    let speaker = Speaker::new("/nowhere/espeak-ng", Limits::default());
    let error = speaker.speak("Some words.", &Voice::default(), Rate::default()).await.unwrap_err();
    assert!(matches!(error, SpeechError::Missing));
    assert!(error.to_string().contains("apt install espeak-ng"));

    let directory = Speaker::new("/tmp", Limits::default());
    let error =
        directory.speak("Some words.", &Voice::default(), Rate::default()).await.unwrap_err();
    assert!(matches!(error, SpeechError::NotStarted(_)), "{error:?}");
}

#[tokio::test]
async fn a_voice_that_is_not_installed_is_named() {
    let voice: Voice = "zz+f3".parse().unwrap();
    let error = espeak().speak("Some words.", &voice, Rate::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "The speech program has no voice “zz+f3”. Choose another one.");
}

#[tokio::test]
async fn the_text_is_nothing_but_text() {
    let fake = Fake::tone();
    fake.speak("-w x $(touch /tmp/x) [[h@'loU]] \u{1}12p `id`").await.unwrap();
    assert_eq!(
        fs::read_to_string(fake.path("heard")).unwrap(),
        "-w x $(touch /tmp/x) [ [h@'loU]] 12p `id`\n"
    );
    let error = fake.speak(" … \n").await.unwrap_err();
    assert!(matches!(error, SpeechError::NothingToSay));
}

#[tokio::test]
async fn the_program_gets_its_arguments_and_little_of_the_environment() {
    let fake = Fake::new("echo \"$@\" > $here/arguments; env > $here/environment; exit 1");
    fake.speak("Some words.").await.unwrap_err();
    assert_eq!(
        fs::read_to_string(fake.path("arguments")).unwrap(),
        "-v en-us+f3 -s 160 -b 1 --stdin --stdout\n"
    );
    // Cargo sets variables for every test.
    let environment = fs::read_to_string(fake.path("environment")).unwrap();
    assert!(environment.contains("PATH=") && !environment.contains("CARGO"), "{environment}");
}
