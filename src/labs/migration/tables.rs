//! The tables, in SQL that SQLite and PostgreSQL share but for a few words.

use crate::labs::model::{LINE_MAX_CHARS, SUMMARY_MAX_CHARS};

/// Times are milliseconds since the Unix epoch. A person is an account's id. `{now}`, `{id:…}` and
/// `{is_id:…}` are each database's own words for the time, a new id, and the form of one; `{line}` and
/// `{summary}` the most characters of a line and of a short text.
const TABLES: [&str; 14] = [
    "CREATE TABLE labs_projects (
        id TEXT NOT NULL DEFAULT ({id:prj_}) CONSTRAINT labs_projects_key PRIMARY KEY
            CONSTRAINT labs_projects_id_form CHECK ({is_id:prj_}),
        name TEXT NOT NULL CONSTRAINT labs_projects_named
            CHECK (length(name) BETWEEN 1 AND {line}),
        description TEXT NOT NULL DEFAULT '' CONSTRAINT labs_projects_description_short
            CHECK (length(description) <= {summary}),
        created_at BIGINT NOT NULL DEFAULT ({now}),
        updated_at BIGINT NOT NULL DEFAULT ({now}),
        version BIGINT NOT NULL DEFAULT 1
            CONSTRAINT labs_projects_version_positive CHECK (version >= 1)
    )",
    "CREATE TABLE labs_members (
        project_id TEXT NOT NULL CONSTRAINT labs_members_project
            REFERENCES labs_projects (id) ON DELETE CASCADE,
        user_id BIGINT NOT NULL,
        role TEXT NOT NULL DEFAULT 'member' CONSTRAINT labs_members_role_known
            CHECK (role IN ('owner', 'member')),
        added_at BIGINT NOT NULL DEFAULT ({now}),
        CONSTRAINT labs_members_key PRIMARY KEY (project_id, user_id)
    )",
    "CREATE INDEX labs_members_by_user ON labs_members (user_id)",
    "CREATE TABLE ingestion_sources (
        id TEXT NOT NULL DEFAULT ({id:src_}) CONSTRAINT ingestion_sources_key PRIMARY KEY
            CONSTRAINT ingestion_sources_id_form CHECK ({is_id:src_}),
        project_id TEXT NOT NULL CONSTRAINT ingestion_sources_project
            REFERENCES labs_projects (id) ON DELETE CASCADE,
        source_name TEXT NOT NULL CONSTRAINT ingestion_sources_named
            CHECK (length(source_name) BETWEEN 1 AND {line}),
        status TEXT NOT NULL DEFAULT 'pending' CONSTRAINT ingestion_sources_status_known
            CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
        error TEXT CONSTRAINT ingestion_sources_error_short CHECK (length(error) <= {summary}),
        bytes BIGINT NOT NULL DEFAULT 0
            CONSTRAINT ingestion_sources_bytes_counted CHECK (bytes >= 0),
        words BIGINT CONSTRAINT ingestion_sources_words_counted CHECK (words >= 0),
        created_at BIGINT NOT NULL DEFAULT ({now}),
        updated_at BIGINT NOT NULL DEFAULT ({now}),
        version BIGINT NOT NULL DEFAULT 1
            CONSTRAINT ingestion_sources_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX ingestion_sources_by_project ON ingestion_sources (project_id, created_at, id)",
    // `body` is what came, `readable` what can be read in it; apart from the rows that are listed and
    // told of.
    "CREATE TABLE ingestion_texts (
        source_id TEXT NOT NULL CONSTRAINT ingestion_texts_key PRIMARY KEY
            CONSTRAINT ingestion_texts_source REFERENCES ingestion_sources (id) ON DELETE CASCADE,
        body TEXT NOT NULL,
        readable TEXT
    )",
    "CREATE TABLE proposed_nodes (
        id TEXT NOT NULL DEFAULT ({id:nod_}) CONSTRAINT proposed_nodes_key PRIMARY KEY
            CONSTRAINT proposed_nodes_id_form CHECK ({is_id:nod_}),
        project_id TEXT NOT NULL CONSTRAINT proposed_nodes_project
            REFERENCES labs_projects (id) ON DELETE CASCADE,
        title TEXT NOT NULL CONSTRAINT proposed_nodes_titled
            CHECK (length(title) BETWEEN 1 AND {line}),
        summary TEXT NOT NULL DEFAULT '' CONSTRAINT proposed_nodes_summary_short
            CHECK (length(summary) <= {summary}),
        confidence REAL NOT NULL CONSTRAINT proposed_nodes_confidence_a_share
            CHECK (confidence BETWEEN 0 AND 1),
        mentions BIGINT NOT NULL DEFAULT 0
            CONSTRAINT proposed_nodes_mentions_counted CHECK (mentions >= 0),
        status TEXT NOT NULL DEFAULT 'proposed' CONSTRAINT proposed_nodes_status_known
            CHECK (status IN ('proposed', 'accepted', 'rejected')),
        source_id TEXT CONSTRAINT proposed_nodes_source
            REFERENCES ingestion_sources (id) ON DELETE SET NULL,
        created_at BIGINT NOT NULL DEFAULT ({now}),
        updated_at BIGINT NOT NULL DEFAULT ({now}),
        version BIGINT NOT NULL DEFAULT 1
            CONSTRAINT proposed_nodes_version_positive CHECK (version >= 1)
    )",
    "CREATE INDEX proposed_nodes_by_project
        ON proposed_nodes (project_id, status, confidence, id)",
    "CREATE INDEX proposed_nodes_by_source ON proposed_nodes (source_id)",
    "CREATE TABLE node_links (
        one TEXT NOT NULL CONSTRAINT node_links_one
            REFERENCES proposed_nodes (id) ON DELETE CASCADE,
        other TEXT NOT NULL CONSTRAINT node_links_other
            REFERENCES proposed_nodes (id) ON DELETE CASCADE,
        weight REAL NOT NULL CONSTRAINT node_links_weight_a_share
            CHECK (weight > 0 AND weight <= 1),
        CONSTRAINT node_links_key PRIMARY KEY (one, other),
        CONSTRAINT node_links_between_two CHECK (one < other)
    )",
    "CREATE INDEX node_links_by_other ON node_links (other)",
    "CREATE INDEX jobs_by_project ON jobs (project_id, created_at) WHERE project_id IS NOT NULL",
    // `subject` is the session or API token that it was asked for with, and ends with.
    "CREATE TABLE labs_stream_tokens (
        hash TEXT NOT NULL CONSTRAINT labs_stream_tokens_key PRIMARY KEY,
        project_id TEXT NOT NULL CONSTRAINT labs_stream_tokens_project
            REFERENCES labs_projects (id) ON DELETE CASCADE,
        user_id BIGINT NOT NULL,
        subject TEXT NOT NULL,
        expires_at BIGINT NOT NULL
    )",
    "CREATE INDEX labs_stream_tokens_by_age ON labs_stream_tokens (expires_at)",
];

/// How many hexadecimal digits follow an id's prefix.
const DIGITS: usize = 16;

pub(super) fn for_sqlite() -> Vec<String> {
    spelled("CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)", |prefix| {
        let digits = "[0-9a-f]".repeat(DIGITS);
        [format!("'{prefix}' || lower(hex(randomblob(8)))"), format!("id GLOB '{prefix}{digits}'")]
    })
}

pub(super) fn for_postgres() -> Vec<String> {
    let now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    spelled(now, |prefix| {
        // Random enough not to meet another; nobody is kept out by an id.
        let random = format!("md5(random()::text || clock_timestamp()::text), 1, {DIGITS}");
        [
            format!("'{prefix}' || substr({random})"),
            format!("id ~ '^{prefix}[0-9a-f]{{{DIGITS}}}$'"),
        ]
    })
}

fn spelled(now: &str, id: impl Fn(&str) -> [String; 2]) -> Vec<String> {
    let spell = |table: &&str| {
        let mut table = table
            .replace("{now}", now)
            .replace("{line}", &LINE_MAX_CHARS.to_string())
            .replace("{summary}", &SUMMARY_MAX_CHARS.to_string());
        for prefix in ["prj_", "src_", "nod_"] {
            let [new, form] = id(prefix);
            table = table
                .replace(&format!("{{id:{prefix}}}"), &new)
                .replace(&format!("{{is_id:{prefix}}}"), &form);
        }
        table
    };
    TABLES.iter().map(spell).collect()
}
