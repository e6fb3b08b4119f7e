//! The demo's coaching: Carla coaches Ana and Ben, so that every page has something to show.
//!
//! Owns what they are made to have done and when. It is done by the service, as people do it, at times
//! before now.

use std::sync::Arc;

use time::{Date, Duration, OffsetDateTime};

use super::{
    model::{
        ActionStatus, CoachingSessionId, GoalChange, GoalId, GoalStatus, NewAction, NewAgreement,
        NewGoal, NewNote, NewSession, RelationshipId, SessionChange, SessionStatus,
    },
    service,
};
use crate::{account::model::CurrentUser, error::AppError, server::state::AppState};

/// Who is in the demo.
pub struct People<'a> {
    /// Puts the others together.
    pub admin: &'a CurrentUser,
    /// Coaches both members.
    pub coach: &'a CurrentUser,
    /// Has a session that is going on.
    pub ana: &'a CurrentUser,
    /// Has one tomorrow.
    pub ben: &'a CurrentUser,
}

/// Adds it all, unless there is any relationship.
///
/// # Errors
/// When the database or the log fails.
pub async fn add(state: &AppState, people: &People<'_>) -> Result<(), AppError> {
    let there = service::all_relationships(state, people.admin, None).await?.value?;
    if !there.is_empty() {
        return Ok(());
    }
    of_ana(&Story { state, people, member: people.ana }).await?;
    of_ben(&Story { state, people, member: people.ben }).await
}

async fn of_ana(story: &Story<'_>) -> Result<(), AppError> {
    let Story { people: People { coach, ana, .. }, .. } = *story;
    let of = story.begin(49).await?;
    let first = story.session(&of, "Where you stand", 42).await?;
    story.end(&first, 42).await?;
    story
        .note(coach, &first, 42, "Ana leads a team of six since March and misses working alone.")
        .await?;
    story.note(ana, &first, 42, "What gives me energy: solving things with others.\nWhat takes it: meetings without an aim.").await?;
    story.agreement(&of, 42, "What is said here stays here.").await?;
    story
        .agreement(&of, 42, "We meet every two weeks, and whoever cannot says so the day before.")
        .await?;
    let done = ActionStatus::Completed;
    story
        .action(
            &first,
            42,
            "List the meetings of a week and what each is for",
            ana,
            Some(-35),
            done,
        )
        .await?;
    let goal = story.goal(&of, 42, "Delegate without checking twice").await?;
    story.progress(&goal, &[(35, 15), (28, 20), (14, 45), (7, 60)]).await?;
    let goal = story.goal(&of, 42, "Speak up early in large meetings").await?;
    story.progress(&goal, &[(28, 10), (21, 30), (20, 25)]).await?;

    let second = story.session(&of, "Half-time", 14).await?;
    story.end(&second, 14).await?;
    story.note(coach, &second, 14, "Delegating works for tasks, not yet for decisions.").await?;
    let late = ActionStatus::InProgress;
    story
        .action(
            &second,
            14,
            "Hand the release over to Mira, decisions included",
            ana,
            Some(-2),
            late,
        )
        .await?;
    story
        .action(
            &second,
            14,
            "Ask the board for a seat in the planning round",
            ana,
            None,
            ActionStatus::Blocked,
        )
        .await?;
    let goal = story.goal(&of, 14, "Know who follows me").await?;
    story.progress(&goal, &[(2, 5)]).await?;

    story.read_all(13).await?;

    let now = story.session(&of, "Deciding together", 0).await?;
    story.start(&now, 0).await?;
    story.note(ana, &now, 0, "Mira decided twice without asking. It went well.").await?;
    story
        .action(
            &now,
            0,
            "Write down which decisions stay with me",
            ana,
            Some(1),
            ActionStatus::NotStarted,
        )
        .await?;
    story
        .action(
            &now,
            0,
            "Send Ana the article on decision rights",
            coach,
            Some(3),
            ActionStatus::NotStarted,
        )
        .await?;
    story.session(&of, "What has stuck", -14).await?;
    Ok(())
}

async fn of_ben(story: &Story<'_>) -> Result<(), AppError> {
    let Story { people: People { coach, ben, .. }, .. } = *story;
    let of = story.begin(30).await?;
    let first = story.session(&of, "First conversation", 21).await?;
    story.end(&first, 21).await?;
    story
        .note(coach, &first, 21, "Ben wants to move from support to development within a year.")
        .await?;
    story.agreement(&of, 21, "Ben brings the topic, Carla the questions.").await?;
    story
        .action(
            &first,
            21,
            "Talk to two people who made the same move",
            ben,
            Some(-7),
            ActionStatus::Completed,
        )
        .await?;
    story
        .action(
            &first,
            21,
            "Choose a small tool of the team to improve",
            ben,
            Some(0),
            ActionStatus::InProgress,
        )
        .await?;
    let goal = story.goal(&of, 21, "Ship a first change of my own").await?;
    story.progress(&goal, &[(18, 20), (10, 40), (4, 70)]).await?;
    story.goal(&of, 21, "Find a mentor among the developers").await?;
    story.read_all(3).await?;
    story.session(&of, "The first change", -1).await?;
    Ok(())
}

/// What one member and the coach do.
struct Story<'a> {
    state: &'a AppState,
    people: &'a People<'a>,
    member: &'a CurrentUser,
}

impl Story<'_> {
    /// The state as it is so many days ago.
    fn ago(&self, days: i64) -> AppState {
        let at = self.time(days);
        AppState { clock: Arc::new(move || at), ..self.state.clone() }
    }

    fn time(&self, days_ago: i64) -> OffsetDateTime {
        self.state.now() - Duration::days(days_ago)
    }

    fn day(&self, in_days: i64) -> Date {
        self.time(-in_days).date()
    }

    async fn begin(&self, days_ago: i64) -> Result<RelationshipId, AppError> {
        let (admin, coach) = (self.people.admin, self.people.coach.id);
        let state = self.ago(days_ago);
        let made = service::create_relationship(&state, admin, coach, self.member.id, None);
        Ok(made.await?.value.id)
    }

    /// A session at that time, scheduled a week before it, or now if that is earlier.
    async fn session(
        &self,
        of: &RelationshipId,
        title: &str,
        days_ago: i64,
    ) -> Result<CoachingSessionId, AppError> {
        let new = NewSession {
            coaching_relationship_id: of.clone(),
            title: title.to_owned(),
            scheduled_at: self.time(days_ago).truncate_to_hour(),
        };
        let state = self.ago((days_ago + 7).max(0));
        let made = service::create_coaching_session(&state, self.people.coach, new, None).await?;
        Ok(made.value.id)
    }

    async fn start(&self, id: &CoachingSessionId, days_ago: i64) -> Result<(), AppError> {
        self.turn(id, SessionStatus::Running, self.ago(days_ago)).await
    }

    /// Starts a session and ends it an hour later.
    async fn end(&self, id: &CoachingSessionId, days_ago: i64) -> Result<(), AppError> {
        self.start(id, days_ago).await?;
        let at = self.time(days_ago) + Duration::HOUR;
        let later = AppState { clock: Arc::new(move || at), ..self.state.clone() };
        self.turn(id, SessionStatus::Done, later).await
    }

    async fn turn(
        &self,
        id: &CoachingSessionId,
        status: SessionStatus,
        at: AppState,
    ) -> Result<(), AppError> {
        let change = SessionChange { status: Some(status), ..SessionChange::default() };
        let coach = self.people.coach;
        service::change_coaching_session(&at, coach, id.clone(), change, None).await?;
        Ok(())
    }

    async fn note(
        &self,
        by: &CurrentUser,
        of: &CoachingSessionId,
        days_ago: i64,
        body: &str,
    ) -> Result<(), AppError> {
        let new = NewNote { coaching_session_id: of.clone(), body: body.to_owned() };
        service::create_note(&self.ago(days_ago), by, new, None).await?;
        Ok(())
    }

    async fn action(
        &self,
        of: &CoachingSessionId,
        days_ago: i64,
        body: &str,
        assignee: &CurrentUser,
        due_in_days: Option<i64>,
        status: ActionStatus,
    ) -> Result<(), AppError> {
        let new = NewAction {
            coaching_session_id: of.clone(),
            body: body.to_owned(),
            assignee_id: Some(assignee.id),
            due_on: due_in_days.map(|days| self.day(days)),
            status,
        };
        service::create_action(&self.ago(days_ago), self.people.coach, new, None).await?;
        Ok(())
    }

    async fn agreement(
        &self,
        of: &RelationshipId,
        days_ago: i64,
        body: &str,
    ) -> Result<(), AppError> {
        let new = NewAgreement { coaching_relationship_id: of.clone(), body: body.to_owned() };
        service::create_agreement(&self.ago(days_ago), self.people.coach, new, None).await?;
        Ok(())
    }

    async fn goal(
        &self,
        of: &RelationshipId,
        days_ago: i64,
        title: &str,
    ) -> Result<GoalId, AppError> {
        let new = NewGoal {
            coaching_relationship_id: of.clone(),
            title: title.to_owned(),
            progress: 0,
            status: GoalStatus::InProgress,
        };
        let made = service::create_goal(&self.ago(days_ago), self.member, new, None).await?;
        Ok(made.value.id)
    }

    /// The member puts all notifications aside.
    async fn read_all(&self, days_ago: i64) -> Result<(), AppError> {
        service::dismiss_notifications(&self.ago(days_ago), self.member, None).await?;
        Ok(())
    }

    /// How far a goal came so many days ago.
    async fn progress(&self, id: &GoalId, steps: &[(i64, u8)]) -> Result<(), AppError> {
        for (days_ago, progress) in steps {
            let change = GoalChange { progress: Some(*progress), ..GoalChange::default() };
            let state = self.ago(*days_ago);
            service::change_goal(&state, self.member, id.clone(), change, None).await?;
        }
        Ok(())
    }
}
