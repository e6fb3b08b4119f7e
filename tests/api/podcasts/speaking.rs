//! The jobs that speak, with programs in place of the one that speaks: missing, slow, hanging and
//! failing ones, and what a server keeps of what they made.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use studio::content::files;
use tempfile::TempDir;

use super::{ended, generate, listening, read, written};
use crate::{
    app::{ANA, TestApp},
    client::Client,
};

/// Speaks every text as silence, in the form that eSpeak NG writes. While it is shut, it waits. Each
/// run is a little longer than the one before, so that no two make the same sound.
pub const SOUND: &str = r#"
cat > /dev/null
echo $$ >> $here/runs
run=$(wc -l < $here/runs)
while [ -e $here/shut ]; do sleep 0.02; done
printf 'RIFF\377\377\377\177WAVEfmt \020\0\0\0\001\0\001\0\042\126\0\0\104\254\0\0\002\0\020\0data\377\377\377\177'
head -c $((44100 + 4410 * run)) /dev/zero
"#;

/// How long a job stays the server's that lets programs take their time.
const LEASE: Duration = Duration::from_secs(600);

/// A program in place of the one that speaks, in a directory of its own.
pub struct Program {
    directory: TempDir,
}

impl Program {
    /// A shell script, with `$here` for the directory.
    pub fn new(script: &str) -> Self {
        let program = Self::missing();
        program.install(script);
        program
    }

    /// None.
    pub fn missing() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// Puts it in its place. Another process writes it: this one might start a program at the same
    /// time, which would hold the file open, and a file that is open for writing cannot be run.
    pub fn install(&self, script: &str) {
        let mut install = Command::new("install")
            .args(["-m", "755", "/dev/stdin"])
            .arg(self.path("speak"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let script = format!("#!/bin/sh\nhere={}\n{script}", self.directory.path().display());
        install.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(install.wait().unwrap().success());
    }

    /// A server that speaks with it.
    pub async fn app(&self) -> TestApp {
        let path = self.path("speak");
        TestApp::start_with(move |studio| {
            studio.speech_program = path.clone();
            studio.speech_time = Duration::from_secs(1);
        })
        .await
    }

    /// A server that lets it take its time, and gives no sign of life of its jobs in that time.
    async fn patient_app(&self) -> TestApp {
        let path = self.path("speak");
        TestApp::start_with(move |studio| {
            studio.speech_program = path.clone();
            studio.job_lease = LEASE;
        })
        .await
    }

    /// Lets it wait.
    pub fn shut(&self) {
        fs::write(self.path("shut"), "").unwrap();
    }

    /// Lets it speak.
    pub fn open(&self) {
        fs::remove_file(self.path("shut")).unwrap();
    }

    /// The processes that it has been, by their numbers.
    fn runs(&self) -> Vec<String> {
        let runs = fs::read_to_string(self.path("runs")).unwrap_or_default();
        runs.lines().map(str::to_owned).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

/// Waits for a condition.
async fn when<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let asked = async {
        loop {
            if let Some(found) = found().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asked).await.expect(what)
}

/// Waits until a job has a status and has been begun so often; what it is then.
async fn job_when(client: &Client, id: &Value, status: &str, attempts: u64) -> Value {
    let path = format!("/api/v1/jobs/{}", id.as_str().unwrap());
    when(status, async || {
        let job = read(client, &path).await;
        (job["status"] == status && job["attempts"] == attempts).then_some(job)
    })
    .await
}

/// Collects what nothing refers to, as in two hours, and counts the MP3 files that are left.
pub async fn sounds_kept(app: &TestApp) -> usize {
    let hours = app.state.now() + Duration::from_secs(7_200);
    files::collect(&app.state.files, &app.state.live, hours).await.unwrap();
    sounds(app)
}

fn sounds(app: &TestApp) -> usize {
    let mut sounds = 0;
    for directory in fs::read_dir(app.data_dir().join("files")).unwrap() {
        for file in fs::read_dir(directory.unwrap().path()).unwrap() {
            let content = fs::read(file.unwrap().path()).unwrap();
            sounds += usize::from(content.starts_with(&[0xff]) || content.starts_with(b"ID3"));
        }
    }
    sounds
}

fn is_running(process: &str) -> bool {
    let state = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z"))
}

#[tokio::test]
async fn deletion_while_a_job_speaks_ends_the_program_and_leaves_no_file() {
    let program = Program::new(SOUND);
    let app = program.patient_app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = written(&ana, &mut own).await;
    program.shut();
    let begun = generate(&ana, &address, "generate-audio").await.expect_status(202).json();
    let process = when("it speaks", async || program.runs().pop()).await;
    assert!(is_running(&process));

    super::delete(&ana, &address).await.expect_status(204);
    job_when(&ana, &begun["jobId"], "cancelled", 1).await;
    when("the program ends", async || (!is_running(&process)).then_some(())).await;
    ana.get(&address).await.expect_refusal(404, "not_found", None);
    assert_eq!(sounds_kept(&app).await, 0);
    let incoming = fs::read_dir(app.data_dir().join("files/incoming")).unwrap();
    assert_eq!(incoming.count(), 0, "nothing half is left");
    let said = own.all_until(&app.head().await).await;
    assert!(said.iter().all(|said| said.kind() != "job_completion"), "{said:?}");
}

#[tokio::test]
async fn a_cancelled_job_leaves_the_podcast_as_it_was() {
    let program = Program::new(SOUND);
    let app = program.patient_app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = written(&ana, &mut own).await;
    let before = read(&ana, &address).await;
    program.shut();
    let begun = generate(&ana, &address, "generate-audio").await.expect_status(202).json();
    when("it speaks", async || program.runs().pop()).await;
    assert_eq!(read(&ana, &address).await["status"], "generating_audio");
    let job = format!("/api/v1/jobs/{}", begun["jobId"].as_str().unwrap());
    ana.post(&format!("{job}/cancel"), json!({})).await.expect_status(200);
    let told = ended(&mut own).await;
    assert_eq!((&told["jobId"], &told["status"]), (&begun["jobId"], &json!("failed")));
    let after = read(&ana, &address).await;
    for field in ["status", "error", "script", "audio"] {
        assert_eq!(after[field], before[field], "{field}");
    }

    // It can be done again, by its job or anew.
    program.open();
    ana.post(&format!("{job}/retry"), json!({})).await.expect_status(200);
    assert_eq!(ended(&mut own).await["status"], "completed");
    assert_eq!(read(&ana, &address).await["status"], "ready");
}

#[tokio::test]
async fn a_missing_program_fails_at_once_says_what_to_install_and_keeps_the_script() {
    let program = Program::missing();
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = written(&ana, &mut own).await;
    let begun = generate(&ana, &address, "generate-audio").await.expect_status(202).json();
    assert_eq!(ended(&mut own).await["status"], "failed");
    job_when(&ana, &begun["jobId"], "failed", 1).await;
    let podcast = read(&ana, &address).await;
    assert_eq!(podcast["status"], "failed");
    let error = podcast["error"].as_str().unwrap();
    assert!(error.contains("Install espeak-ng"), "{error}");
    assert!(podcast["script"].is_object());

    program.install(SOUND);
    let retry = format!("/api/v1/jobs/{}/retry", begun["jobId"].as_str().unwrap());
    ana.post(&retry, json!({})).await.expect_status(200);
    assert_eq!(ended(&mut own).await["status"], "completed");
    let podcast = read(&ana, &address).await;
    assert_eq!((&podcast["status"], &podcast["error"]), (&json!("ready"), &Value::Null));
}

#[tokio::test]
async fn a_program_that_hangs_once_is_ended_and_its_job_done_again() {
    let program = Program::new(SOUND);
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = written(&ana, &mut own).await;
    program.shut();
    let begun = generate(&ana, &address, "generate-audio").await.expect_status(202).json();
    let job = job_when(&ana, &begun["jobId"], "queued", 1).await;
    let error = job["error"].as_str().unwrap();
    assert!(error.contains("took longer than"), "{error}");
    assert!(!is_running(&program.runs()[0]));
    assert_eq!(read(&ana, &address).await["status"], "generating_audio", "it is tried again");
    program.open();
    app.set_clock_ahead(time::Duration::seconds(6));
    assert_eq!(ended(&mut own).await["status"], "completed");
}

#[tokio::test]
async fn a_program_that_fails_each_time_fails_the_job_with_its_reason() {
    let program = Program::new("cat > /dev/null; echo $$ >> $here/runs; exit 3");
    let app = program.app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = written(&ana, &mut own).await;
    let begun = generate(&ana, &address, "generate-audio").await.expect_status(202).json();
    for (attempts, seconds) in [(1, 6), (2, 20)] {
        job_when(&ana, &begun["jobId"], "queued", attempts).await;
        app.set_clock_ahead(time::Duration::seconds(seconds));
    }
    assert_eq!(ended(&mut own).await["status"], "failed");
    job_when(&ana, &begun["jobId"], "failed", 3).await;
    assert_eq!(program.runs().len(), 3);
    let podcast = read(&ana, &address).await;
    assert_eq!(podcast["status"], "failed");
    let error = podcast["error"].as_str().unwrap();
    assert!(error.contains("The speech program failed"), "{error}");
}

#[tokio::test]
async fn a_job_that_is_taken_up_again_while_it_still_runs_leaves_one_sound() {
    let program = Program::new(SOUND);
    let app = program.patient_app().await;
    let ana = app.sign_in(ANA).await;
    let mut own = listening(&ana).await;
    let address = written(&ana, &mut own).await;
    let turns = json!([{ "host": "a", "text": "One run of the program." }]);
    let script = json!({ "title": "T", "segments": [{ "title": "One", "turns": turns }] });
    let patch = |request: reqwest::RequestBuilder| request.json(&json!({ "script": script }));
    ana.send(Method::PATCH, &address, patch).await.expect_status(200);
    program.shut();
    let begun = generate(&ana, &address, "generate-audio").await.expect_status(202).json();
    when("it speaks", async || program.runs().pop()).await;
    // Its lease lapses, and it is begun once more, by this server or the other.
    let _other = app.another().await;
    app.set_clock_ahead(time::Duration::try_from(LEASE).unwrap() + time::Duration::SECOND);
    when("it speaks twice", async || (program.runs().len() == 2).then_some(())).await;
    program.open();
    assert_eq!(ended(&mut own).await["status"], "completed");
    job_when(&ana, &begun["jobId"], "completed", 2).await;
    let audio = read(&ana, &address).await["audio"].clone();
    // Each run makes another sound, and one of them is nobody's.
    when("both have made one", async || (sounds(&app) == 2).then_some(())).await;
    assert_eq!(sounds_kept(&app).await, 1);
    assert_eq!(read(&ana, &address).await["audio"], audio);
    let said = own.all_until(&app.head().await).await;
    assert!(said.iter().all(|said| said.kind() != "job_completion"), "{said:?}");
}
