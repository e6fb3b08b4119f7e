//! Changes of access by programs that do not know the engine: what was decided last comes last in the
//! log, or is refused.

use highwater::server::{AccessChange, ChangeLog, Recorded};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

use super::{run, session};
use crate::{
    desk::{Desk, PostgresDesk},
    notes::audiences,
};

/// Members, whose coming and going a trigger records, as an application's would.
const MEMBERS: &str = r#"CREATE TABLE members (id int PRIMARY KEY);
    CREATE FUNCTION note_members() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            what text := CASE TG_OP WHEN 'INSERT' THEN 'join' ELSE 'leave' END;
            subject text := 'user:' || COALESCE(NEW.id, OLD.id);
        BEGIN
            INSERT INTO highwater_log (kind, body) VALUES
                ('access', json_build_object('subject', subject, what, json_build_array('all')));
            RETURN NULL;
        END $$;
    CREATE TRIGGER note_members AFTER INSERT OR DELETE ON members
        FOR EACH ROW EXECUTE FUNCTION note_members()"#;

/// What takes a transaction's number, and nothing else.
const NUMBER: &str = "SELECT pg_current_xact_id()";

async fn open() -> (PostgresDesk, DatabaseConnection, DatabaseConnection) {
    let desk = PostgresDesk::open().await;
    run(&desk.db, &[MEMBERS]).await;
    let (older, newer) = (session(&desk).await, session(&desk).await);
    (desk, older, newer)
}

/// Who has joined and left, in the order of the log.
async fn changes(desk: &PostgresDesk) -> Vec<(String, bool)> {
    let start = highwater::Cursor::new(desk.log().head().await.unwrap().epoch, 0, 0);
    let newest = "SELECT xid FROM highwater_log ORDER BY xid DESC LIMIT 1";
    let newest = sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, newest);
    let newest = desk.db.query_one_raw(newest).await.unwrap().unwrap();
    let newest: i64 = newest.try_get("", "xid").unwrap();
    let end = highwater::Cursor::new(start.epoch.clone(), newest.unsigned_abs() + 1, 0);
    desk.settled(&end).await;
    let rows = desk.log().after(&start, 100).await.unwrap().rows;
    let change = |what| match what {
        Recorded::Access(AccessChange { subject, join, leave, .. }) => {
            assert_eq!([join.as_slice(), leave.as_slice()].concat(), audiences(&["all"]));
            (subject, leave.is_empty())
        }
        Recorded::Event { .. } => panic!("{what:?} is no change of access"),
    };
    rows.into_iter().map(|row| change(row.what)).collect()
}

fn assert_lost(error: Result<sea_orm::ExecResult, DbErr>) {
    let error = error.unwrap_err();
    assert!(highwater::server::PostgresLog::is_busy(&error), "{error}");
    assert!(error.to_string().contains("run this again"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_undoes_what_a_later_transaction_did_is_told_to_run_again() {
    for level in ["READ COMMITTED", "REPEATABLE READ"] {
        let (desk, older, newer) = open().await;
        run(&older, &[&format!("BEGIN ISOLATION LEVEL {level}"), NUMBER]).await;
        run(&newer, &["INSERT INTO members VALUES (7)"]).await;
        let undone = older.execute_unprepared("DELETE FROM members WHERE id = 7").await;
        if level == "REPEATABLE READ" {
            // It sees no member that could be removed.
            assert_eq!(undone.unwrap().rows_affected(), 0);
            run(&older, &["COMMIT"]).await;
        } else {
            assert_lost(undone);
            run(&older, &["ROLLBACK"]).await;
        }
        run(&older, &["DELETE FROM members WHERE id = 7"]).await;
        let user = || "user:7".to_owned();
        assert_eq!(changes(&desk).await, [(user(), true), (user(), false)], "{level}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waited_for_a_later_transaction_is_told_to_run_again() {
    let (desk, older, newer) = open().await;
    run(&newer, &["INSERT INTO members VALUES (7)"]).await;
    run(&older, &["BEGIN", NUMBER]).await;
    run(&newer, &["BEGIN", "DELETE FROM members WHERE id = 7"]).await;
    // It waits for the end of what removes the member.
    let (added, _) = futures::join!(
        older.execute_unprepared("INSERT INTO members VALUES (7)"),
        run(&newer, &["COMMIT"]),
    );
    assert_lost(added);
    run(&older, &["ROLLBACK", "INSERT INTO members VALUES (7)"]).await;
    let joins: Vec<_> = changes(&desk).await.into_iter().map(|(_, joins)| joins).collect();
    assert_eq!(joins, [true, false, true]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_others_and_rows_that_cannot_be_read_are_in_nobodys_way() {
    let (desk, older, newer) = open().await;
    let role = &desk.database;
    run(&desk.db, &[&format!("CREATE ROLE {role}")]).await;
    run(&desk.db, &[&format!("GRANT INSERT ON highwater_log TO {role}")]).await;
    run(&desk.db, &[&format!("GRANT INSERT, DELETE, SELECT ON members TO {role}")]).await;
    // Who may only insert is checked as well, and not by what they put in the way.
    let disguise = "CREATE TEMP TABLE highwater_log (LIKE public.highwater_log)";
    let become_role = format!("SET ROLE {role}");
    run(&older, &[disguise, &become_role, "BEGIN", NUMBER]).await;
    run(&newer, &["INSERT INTO members VALUES (7)"]).await;
    let spoilt = "INSERT INTO highwater_log (kind, body) VALUES ('access', 'nothing'),
        ('access', '[]'), ('access', '{}')";
    run(&newer, &[spoilt]).await;
    let access = |user: u32| {
        format!(
            "INSERT INTO public.highwater_log (kind, body)
                VALUES ('access', '{{\"leave\":[\"all\"],\"subject\":\"user:{user}\"}}')"
        )
    };
    run(&older, &["SAVEPOINT a", &access(8)]).await;
    assert_lost(older.execute_unprepared(&access(7)).await);
    // Nor is the function to be had for another table.
    run(&older, &["ROLLBACK", "CREATE TEMP TABLE mine (kind text, xid bigint, body text)"]).await;
    let attached = "CREATE TRIGGER mine AFTER INSERT ON mine FOR EACH ROW
        EXECUTE FUNCTION public.highwater_access()";
    assert!(older.execute_unprepared(attached).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_restored_in_any_order() {
    let (desk, older, _newer) = open().await;
    let restore = r#"INSERT INTO highwater_log (xid, kind, body) VALUES
        (4, 'access', '{"subject":"user:7","join":["all"]}'),
        (3, 'access', '{"subject":"user:7","leave":["all"]}')"#;
    run(&older, &[restore]).await;
    let joins: Vec<_> = changes(&desk).await.into_iter().map(|(_, joins)| joins).collect();
    assert_eq!(joins, [false, true]);
}
