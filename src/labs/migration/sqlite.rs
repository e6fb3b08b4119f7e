//! The triggers on SQLite.
//!
//! They work in `sqlite3` 3.40 and in Python's module too, which do not know the newest functions. A
//! trigger does not set itself off, so that it may give a row the version that its writer did not.

use super::{TOLD_CHARS, TOLD_ONE_BY_ONE};
use crate::jobs::model::JobProgress;

/// Now, in milliseconds since the Unix epoch; the same throughout a statement.
const NOW: &str = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

/// Which columns say how far a job has come.
const PROGRESS: [&str; 5] = [
    "progress_stage",
    "progress_current",
    "progress_total",
    "progress_message",
    "progress_updated_at",
];

/// What may move from one project to another, and its table.
const MOVING: [(&str, &str); 3] =
    [("sources", "ingestion_sources"), ("jobs", "jobs"), ("proposals", "proposed_nodes")];

pub(super) fn triggers() -> Vec<String> {
    let mut all = of_rows();
    all.extend(MOVING.into_iter().flat_map(|(what, table)| moved(what, table)));
    all.extend(of_members());
    all.extend(["INSERT", "UPDATE"].map(of_form));
    all
}

/// Refuses a job that nobody could read.
fn of_form(how: &str) -> String {
    let wrong = |column: &str| {
        format!("NEW.{column} < 0 OR typeof(NEW.{column}) NOT IN ('integer', 'null')")
    };
    let (current, total) = (wrong("progress_current"), wrong("progress_total"));
    let id = format!("NEW.id NOT GLOB 'job_{}'", "[0-9a-f]".repeat(16));
    let message = "a job has an id of job_ and 16 hexadecimal digits, and progress counted from 0";
    trigger(
        &format!(
            "jobs_of_form_by_{} BEFORE {how} ON jobs WHEN {id} OR {current} OR {total}",
            how.to_lowercase()
        ),
        &[format!("SELECT RAISE(ABORT, '{message}');")],
    )
}

/// What is told of sources, jobs, nodes and projects.
fn of_rows() -> Vec<String> {
    let version = "MAX(NEW.version, OLD.version + 1)";
    let source = format!(
        "json_object('type', 'status_update', 'projectId', NEW.project_id, 'sourceId', NEW.id,
            'status', NEW.status, 'sourceName', NEW.source_name, 'error', NEW.error,
            'words', NEW.words, 'updatedAt', {}, 'version', {version})",
        iso(&touched("updated_at"))
    );
    let progress = format!(
        "json_object('type', 'progress_update', 'projectId', NEW.project_id, 'jobId', NEW.id,
            'progress', json_object(
                'stage', COALESCE(substr(NEW.progress_stage, 1, {TOLD_CHARS}), ''),
                'current', COALESCE(NEW.progress_current, 0),
                'total', COALESCE(NEW.progress_total, 0),
                'message', COALESCE(substr(NEW.progress_message, 1, {TOLD_CHARS}), ''),
                'timestamp', COALESCE({}, {NOW})),
            'version', {version})",
        touched("progress_updated_at")
    );
    let generation = |row: &str, version: &str| {
        format!(
            "json_object('type', 'generation_changed', 'projectId', {row}.project_id,
                'jobId', {row}.id, 'status', {row}.status, 'version', {version})"
        )
    };
    let proposal = format!(
        "json_object('type', 'proposal_update', 'projectId', NEW.project_id,
            'proposalId', NEW.id, 'title', NEW.title, 'summary', NEW.summary,
            'confidence', NEW.confidence, 'status', NEW.status, 'was', OLD.status,
            'updatedAt', {}, 'version', {version})",
        iso(&touched("updated_at"))
    );
    let new_proposal = format!(
        "json_object('type', 'new_proposal', 'projectId', NEW.project_id, 'proposalId', NEW.id,
            'title', NEW.title, 'confidence', NEW.confidence, 'createdAt', {})",
        iso("NEW.created_at")
    );
    let one = |kind: &str, id: &str, row: &str| {
        format!("json_object('type', '{kind}', 'projectId', {row}.project_id, '{id}', {row}.id)")
    };
    // However much else is told of a project's jobs, that one is done is not lost in it.
    let finished = format!(
        "CASE WHEN NEW.progress_stage IN ({}) THEN 'finished jobs' ELSE 'jobs' END",
        quoted(&JobProgress::LAST_STAGES)
    );
    let of_sources = ["source_name", "status", "error", "words", "updated_at"];
    let of_nodes = ["title", "summary", "confidence", "status", "updated_at"];
    let of_jobs = ["status", "cancel_requested", "error", "run_after", "title"];
    vec![
        trigger(
            "ingestion_sources_added AFTER INSERT ON ingestion_sources",
            &[told("sources", "NEW", &one("source_added", "sourceId", "NEW"))],
        ),
        trigger(
            &format!(
                "ingestion_sources_updated AFTER UPDATE {}",
                when("ingestion_sources", &of_sources)
            ),
            &[told("sources", "NEW", &source), versioned("ingestion_sources", "updated_at")],
        ),
        trigger(
            "ingestion_sources_deleted AFTER DELETE ON ingestion_sources",
            &[told("sources", "OLD", &one("source_deleted", "sourceId", "OLD"))],
        ),
        trigger(
            "jobs_added AFTER INSERT ON jobs WHEN NEW.project_id IS NOT NULL",
            &[told("jobs", "NEW", &generation("NEW", "NEW.version"))],
        ),
        trigger(
            "jobs_deleted AFTER DELETE ON jobs WHEN OLD.project_id IS NOT NULL",
            &[told("jobs", "OLD", &generation("OLD", "OLD.version + 1"))],
        ),
        trigger(
            &format!(
                "jobs_updated AFTER UPDATE {} AND NEW.project_id IS NOT NULL",
                when("jobs", &of_jobs)
            ),
            &[
                told("jobs", "NEW", &generation("NEW", version)),
                "UPDATE jobs SET version = OLD.version + 1
                    WHERE id = NEW.id AND NEW.version <= OLD.version;"
                    .to_owned(),
            ],
        ),
        trigger(
            &format!(
                "jobs_progressed AFTER UPDATE {} AND NEW.project_id IS NOT NULL",
                when("jobs", &PROGRESS)
            ),
            &[
                told_apart(&finished, "jobs", "NEW", &progress),
                versioned("jobs", "progress_updated_at"),
            ],
        ),
        trigger(
            "proposed_nodes_added AFTER INSERT ON proposed_nodes",
            &[told("proposals", "NEW", &new_proposal)],
        ),
        trigger(
            &format!("proposed_nodes_updated AFTER UPDATE {}", when("proposed_nodes", &of_nodes)),
            &[told("proposals", "NEW", &proposal), versioned("proposed_nodes", "updated_at")],
        ),
        trigger(
            "proposed_nodes_deleted AFTER DELETE ON proposed_nodes",
            &[told("proposals", "OLD", &one("proposal_deleted", "proposalId", "OLD"))],
        ),
        trigger(
            &format!(
                "labs_projects_updated AFTER UPDATE {}",
                when("labs_projects", &["name", "description"])
            ),
            &[project_changed("NEW.id"), versioned("labs_projects", "updated_at")],
        ),
        // A shell of SQLite's own does not follow references unless it is told to.
        trigger(
            "labs_projects_deleted AFTER DELETE ON labs_projects",
            &["labs_members", "ingestion_sources", "proposed_nodes"]
                .map(|table| format!("DELETE FROM {table} WHERE project_id = OLD.id;")),
        ),
    ]
}

/// What is told of who takes part.
fn of_members() -> Vec<String> {
    let joined = || {
        [
            access(
                "json_object('subject', 'user:' || NEW.user_id,
                    'join', json_array('project:' || NEW.project_id),
                    'gained', json_array(json_object('labs', 'mine'),
                        json_object('labs', json_object('within', NEW.project_id))))",
            ),
            project_changed("NEW.project_id"),
        ]
    };
    let left = || {
        [
            access(
                "json_object('subject', 'user:' || OLD.user_id,
                    'leave', json_array('project:' || OLD.project_id),
                    'gained', json_array(json_object('labs', 'mine')),
                    'lost', json_array(
                        json_object('labs', json_object('within', OLD.project_id))))",
            ),
            access(
                "json_object('end', json('true'),
                    'subject', 'project_member:' || OLD.project_id || ':' || OLD.user_id)",
            ),
            project_changed("OLD.project_id"),
        ]
    };
    let changed = [left().as_slice(), joined().as_slice()].concat();
    vec![
        trigger("labs_members_added AFTER INSERT ON labs_members", &joined()),
        trigger(
            "labs_members_updated AFTER UPDATE OF role ON labs_members",
            &[project_changed("NEW.project_id")],
        ),
        trigger(
            "labs_members_moved AFTER UPDATE OF project_id, user_id ON labs_members
                WHEN NEW.project_id <> OLD.project_id OR NEW.user_id <> OLD.user_id",
            &changed,
        ),
        trigger("labs_members_removed AFTER DELETE ON labs_members", &left()),
    ]
}

/// Both projects hear that much has changed when something moves from one to the other.
fn moved(what: &str, table: &str) -> [String; 2] {
    [("OLD", "left"), ("NEW", "joined")].map(|(row, how)| {
        let head = format!(
            "{table}_{how} AFTER UPDATE OF id, project_id ON {table} WHEN {row}.project_id IS NOT NULL
                AND (NEW.id <> OLD.id OR NEW.project_id IS NOT OLD.project_id)"
        );
        trigger(&head, &[told(what, row, &bulk(what, row))])
    })
}

fn trigger(head: &str, body: &[String]) -> String {
    format!("CREATE TRIGGER {head} BEGIN {} END", body.concat())
}

/// When a row of a table has another value in one of these columns.
fn when(table: &str, columns: &[&str]) -> String {
    let differs = |column: &&str| format!("NEW.{column} IS NOT OLD.{column}");
    let differ: Vec<String> = columns.iter().map(differs).collect();
    format!("ON {table} WHEN ({})", differ.join(" OR "))
}

/// Records one event of `what` of a project or, past so many in a second, that there were many: of
/// such rows the newest supersedes those before it.
fn told(what: &str, row: &str, body: &str) -> String {
    told_apart(&format!("'{what}'"), what, row, body)
}

/// As [`told`], counted by the expression `apart`.
fn told_apart(apart: &str, what: &str, row: &str, body: &str) -> String {
    let before = TOLD_ONE_BY_ONE - 1;
    let project = format!("{row}.project_id");
    let about = format!("{apart} || ' of ' || {project}");
    let many = format!("'many ' || {about}");
    let bulk = bulk(what, row);
    let columns = "recorded_ms, kind, audiences, about, body";
    let head = format!("{NOW}, 'event', json_array('project:' || {project})");
    format!(
        "INSERT INTO highwater_log ({columns}) SELECT {head}, {about}, {body}
            WHERE COALESCE((SELECT recorded_ms FROM highwater_log WHERE about = {about}
                ORDER BY id DESC LIMIT 1 OFFSET {before}), 0) <= {NOW} - 1000;
        INSERT INTO highwater_log ({columns}) SELECT {head}, {many}, {bulk} WHERE changes() = 0;
        DELETE FROM highwater_log WHERE about = {many}
            AND id < (SELECT MAX(id) FROM highwater_log WHERE about = {many});"
    )
}

fn bulk(what: &str, row: &str) -> String {
    format!(
        "json_object('type', 'bulk_change', 'projectId', {row}.project_id, 'changed', '{what}')"
    )
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}

/// Gives a row what its writer did not: the version of a change, and its time.
fn versioned(table: &str, time: &str) -> String {
    format!(
        "UPDATE {table} SET version = MAX(NEW.version, OLD.version + 1), {time} = {}
            WHERE id = NEW.id AND (NEW.version <= OLD.version OR NEW.{time} IS OLD.{time});",
        touched(time)
    )
}

/// The time of a change: what its writer gives, or now.
fn touched(time: &str) -> String {
    format!("CASE WHEN NEW.{time} IS OLD.{time} THEN {NOW} ELSE NEW.{time} END")
}

/// Milliseconds as RFC 3339 has them.
fn iso(ms: &str) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%fZ', ({ms}) / 1000.0, 'unixepoch')")
}

fn project_changed(project: &str) -> String {
    format!(
        "INSERT INTO highwater_log (recorded_ms, kind, audiences, body)
            VALUES ({NOW}, 'event', json_array('project:' || {project}),
                json_object('type', 'project_changed', 'projectId', {project}));"
    )
}

fn access(body: &str) -> String {
    format!("INSERT INTO highwater_log (recorded_ms, kind, body) VALUES ({NOW}, 'access', {body});")
}
