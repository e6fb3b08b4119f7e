//! The triggers on PostgreSQL, which `postgres.sql` defines.

use super::{TOLD_CHARS, TOLD_ONE_BY_ONE};
use crate::jobs::model::JobProgress;

pub(super) fn triggers() -> Vec<String> {
    let sql = include_str!("postgres.sql");
    vec![
        sql.replace("{told_one_by_one}", &TOLD_ONE_BY_ONE.to_string())
            .replace("{told_chars}", &TOLD_CHARS.to_string())
            .replace("{last_stages}", &JobProgress::LAST_STAGES.join(",")),
    ]
}
