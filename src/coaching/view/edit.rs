//! Writing items: shown at once, guarded by the version, taken back if refused.
//!
//! Owns the mutations of notes, actions, agreements and goals. It must not know how they look.

use std::pin::Pin;

use highwater::{Committed, MutationId, MutationRequest, Query};
use leptos::web_sys::js_sys;
use time::OffsetDateTime;

use crate::{
    coaching::{
        api,
        live::{ActionList, AgreementList, GoalList, NoteList},
        model::{
            Action, ActionChange, ActionId, Agreement, AgreementChange, AgreementId,
            BODY_MAX_CHARS, GoalChange, GoalId, Item, LINE_MAX_CHARS, NewAction, NewAgreement,
            NewGoal, NewNote, Note, NoteChange, NoteId, OverarchingGoal, Person, Place,
        },
    },
    error::AppError,
    live::StudioEvent,
    ui::browser_now,
};

type Answer<T> = Pin<Box<dyn Future<Output = Result<Committed<T>, AppError>> + Send>>;

/// An item that this page can write.
pub(super) trait Editable: Item {
    /// What there is to say of one that is not there yet.
    type New: Clone + Send + Sync + 'static;
    /// The list in which it stands.
    type List: Query<Event = StudioEvent, Value = Vec<Self>, Refusal = AppError>;

    /// The most characters its text may have.
    const MOST: usize;

    /// Its text.
    fn words(&self) -> &str;

    /// The change that gives it another text.
    fn reworded(words: String) -> Self::Change;

    /// A change, decided on a version.
    fn decided_on(change: Self::Change, version: u64) -> Self::Change;

    /// The field in which it is edited.
    fn place(id: Self::Id) -> Place;

    /// As it will be, until the server says what it is.
    fn provisional(new: &Self::New, me: &Person, people: &[Person], now: OffsetDateTime) -> Self;

    /// Has the server add it.
    fn create(new: Self::New, mutation: MutationId) -> Answer<Self>;

    /// Has the server change it.
    fn change(id: Self::Id, change: Self::Change, mutation: MutationId) -> Answer<Self>;

    /// Has the server delete it.
    fn delete(id: Self::Id, version: Option<u64>, mutation: MutationId) -> Answer<()>;
}

/// Adds an item to a list.
pub(super) fn create<T: Editable>(
    list: T::List,
    new: T::New,
    me: &Person,
    people: &[Person],
) -> MutationRequest<StudioEvent, T, AppError> {
    let shown = T::provisional(&new, me, people, now());
    // Nobody else changes what is not there: each is its own scope.
    MutationRequest::new(shown.id().to_string(), move |sending| T::create(new.clone(), sending.id))
        .overlay(list, move |items| items.push(shown.clone()))
}

/// Changes an item. `still` says whether it is as it was when the change was decided on; what
/// somebody else has made another is not overwritten unseen.
pub(super) fn change<T: Editable>(
    list: T::List,
    id: T::Id,
    change: T::Change,
    people: Vec<Person>,
    still: impl Fn(&T) -> bool + Send + Sync + 'static,
) -> MutationRequest<StudioEvent, T, AppError> {
    let (read, sent, laid) = (list.clone(), change.clone(), id.clone());
    let scope = id.to_string();
    MutationRequest::new(scope, move |sending| {
        let shown = sending.committed(&read).and_then(Result::ok).unwrap_or_default();
        let item = shown.iter().find(|item| *item.id() == id);
        // Version 0 never is: the server refuses in its own words.
        let version = item.map_or(0, |item| if still(item) { item.version() } else { 0 });
        T::change(id.clone(), T::decided_on(sent.clone(), version), sending.id)
    })
    .overlay(list, move |items| {
        let item = items.iter_mut().find(|item| *item.id() == laid);
        if let Some(item) = item
            && let Ok(next) = item.changed(&change, &people, now())
        {
            *item = next;
        }
    })
}

/// Deletes an item, whatever it has become.
pub(super) fn delete<T: Editable>(
    list: T::List,
    id: T::Id,
) -> MutationRequest<StudioEvent, (), AppError> {
    let gone = id.clone();
    MutationRequest::new(id.to_string(), move |sending| T::delete(id.clone(), None, sending.id))
        .overlay(list, move |items| items.retain(|item| *item.id() != gone))
}

/// The browser's time. What is shown of it lasts until the server has answered.
fn now() -> OffsetDateTime {
    browser_now().unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// Bits for the id of what is not there yet: it lives in this page alone.
fn bits() -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and any bits will do"
    )]
    let bits = (js_sys::Math::random() * 9_007_199_254_740_992.0) as u64;
    bits
}

impl Editable for Note {
    type New = NewNote;
    type List = NoteList;

    const MOST: usize = BODY_MAX_CHARS;

    fn words(&self) -> &str {
        &self.body
    }

    fn reworded(words: String) -> NoteChange {
        NoteChange { body: Some(words), ..NoteChange::default() }
    }

    fn decided_on(change: NoteChange, version: u64) -> NoteChange {
        NoteChange { version: Some(version), ..change }
    }

    fn place(id: NoteId) -> Place {
        Place::Note(id)
    }

    fn provisional(new: &NewNote, me: &Person, _: &[Person], now: OffsetDateTime) -> Self {
        Self {
            id: NoteId::of_bits(bits()),
            coaching_session_id: new.coaching_session_id.clone(),
            body: new.body.trim().to_owned(),
            author: me.clone(),
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    fn create(new: NewNote, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::create_note(new, mutation))
    }

    fn change(id: NoteId, change: NoteChange, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::change_note(id, change, mutation))
    }

    fn delete(id: NoteId, version: Option<u64>, mutation: MutationId) -> Answer<()> {
        Box::pin(api::delete_note(id, version, mutation))
    }
}

impl Editable for Action {
    type New = NewAction;
    type List = ActionList;

    const MOST: usize = BODY_MAX_CHARS;

    fn words(&self) -> &str {
        &self.body
    }

    fn reworded(words: String) -> ActionChange {
        ActionChange { body: Some(words), ..ActionChange::default() }
    }

    fn decided_on(change: ActionChange, version: u64) -> ActionChange {
        ActionChange { version: Some(version), ..change }
    }

    fn place(id: ActionId) -> Place {
        Place::Action(id)
    }

    fn provisional(new: &NewAction, _: &Person, people: &[Person], now: OffsetDateTime) -> Self {
        Self {
            id: ActionId::of_bits(bits()),
            coaching_session_id: new.coaching_session_id.clone(),
            body: new.body.trim().to_owned(),
            assignee: people.iter().find(|person| Some(person.id) == new.assignee_id).cloned(),
            due_on: new.due_on,
            status: new.status,
            status_changed_at: now,
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    fn create(new: NewAction, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::create_action(new, mutation))
    }

    fn change(id: ActionId, change: ActionChange, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::change_action(id, change, mutation))
    }

    fn delete(id: ActionId, version: Option<u64>, mutation: MutationId) -> Answer<()> {
        Box::pin(api::delete_action(id, version, mutation))
    }
}

impl Editable for Agreement {
    type New = NewAgreement;
    type List = AgreementList;

    const MOST: usize = BODY_MAX_CHARS;

    fn words(&self) -> &str {
        &self.body
    }

    fn reworded(words: String) -> AgreementChange {
        AgreementChange { body: Some(words), ..AgreementChange::default() }
    }

    fn decided_on(change: AgreementChange, version: u64) -> AgreementChange {
        AgreementChange { version: Some(version), ..change }
    }

    fn place(id: AgreementId) -> Place {
        Place::Agreement(id)
    }

    fn provisional(new: &NewAgreement, _: &Person, _: &[Person], now: OffsetDateTime) -> Self {
        Self {
            id: AgreementId::of_bits(bits()),
            coaching_relationship_id: new.coaching_relationship_id.clone(),
            body: new.body.trim().to_owned(),
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    fn create(new: NewAgreement, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::create_agreement(new, mutation))
    }

    fn change(id: AgreementId, change: AgreementChange, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::change_agreement(id, change, mutation))
    }

    fn delete(id: AgreementId, version: Option<u64>, mutation: MutationId) -> Answer<()> {
        Box::pin(api::delete_agreement(id, version, mutation))
    }
}

impl Editable for OverarchingGoal {
    type New = NewGoal;
    type List = GoalList;

    const MOST: usize = LINE_MAX_CHARS;

    fn words(&self) -> &str {
        &self.title
    }

    fn reworded(words: String) -> GoalChange {
        GoalChange { title: Some(words), ..GoalChange::default() }
    }

    fn decided_on(change: GoalChange, version: u64) -> GoalChange {
        GoalChange { version: Some(version), ..change }
    }

    fn place(id: GoalId) -> Place {
        Place::Goal(id)
    }

    fn provisional(new: &NewGoal, _: &Person, _: &[Person], now: OffsetDateTime) -> Self {
        Self {
            id: GoalId::of_bits(bits()),
            coaching_relationship_id: new.coaching_relationship_id.clone(),
            title: new.title.trim().to_owned(),
            progress: new.progress,
            status: new.status,
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    fn create(new: NewGoal, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::create_goal(new, mutation))
    }

    fn change(id: GoalId, change: GoalChange, mutation: MutationId) -> Answer<Self> {
        Box::pin(api::change_goal(id, change, mutation))
    }

    fn delete(id: GoalId, version: Option<u64>, mutation: MutationId) -> Answer<()> {
        Box::pin(api::delete_goal(id, version, mutation))
    }
}
