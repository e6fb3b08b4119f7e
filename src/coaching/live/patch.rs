//! What an event does to what is shown and does not include it yet.
//!
//! Owns the decision between patching, fetching anew and leaving alone. Pure: it is tested against
//! what a fetch would bring.

use highwater::Patch;

use super::{
    event::CoachingEvent,
    told::{ItemNews, Told},
};
use crate::{
    coaching::model::{
        CoachingRelationship, CoachingSession, Item, Notification, Notifications, RelationshipId,
    },
    live::StudioEvent,
};

/// What is to be done with what has one version when it is told of another.
enum Step {
    /// It is the next: take it.
    Next,
    /// It is the same or an older one.
    Past,
    /// There is one between them.
    Gap,
}

fn step(shown: u64, told: u64) -> Step {
    match told {
        told if told <= shown => Step::Past,
        told if told == shown + 1 => Step::Next,
        _ => Step::Gap,
    }
}

/// What `event` does to the list of items of `of`.
pub(super) fn items<T: Told>(of: &T::Of, list: &mut Vec<T>, event: &StudioEvent) -> Patch {
    let StudioEvent::Coaching(event) = event else { return Patch::Unaffected };
    let Some((_, news)) = T::told(event).filter(|(told, _)| *told == of) else {
        return Patch::Unaffected;
    };
    match news {
        ItemNews::Created(item) => insert(list, item),
        ItemNews::Updated(item) => {
            let Some(shown) = list.iter_mut().find(|shown| shown.id() == item.id()) else {
                return Patch::Stale;
            };
            match step(shown.version(), item.version()) {
                Step::Next => shown.clone_from(item),
                Step::Past => return Patch::Unaffected,
                Step::Gap => return Patch::Stale,
            }
        }
        ItemNews::Deleted(id) => list.retain(|shown| shown.id() != id),
    }
    Patch::Patched
}

/// Puts an item where it belongs in the order in which items were made.
fn insert<T: Item>(list: &mut Vec<T>, item: &T) {
    let key = |item: &T| (item.created_at(), item.id().to_string());
    list.retain(|shown| shown.id() != item.id());
    let place = list.partition_point(|shown| key(shown) < key(item));
    list.insert(place, item.clone());
}

/// What `event` does to one session.
pub(super) fn session(session: &mut CoachingSession, event: &StudioEvent) -> Patch {
    let StudioEvent::Coaching(event) = event else { return Patch::Unaffected };
    if let CoachingEvent::SessionDeleted { coaching_session_id, .. } = event {
        // Only a fetch can tell how it is refused.
        return if *coaching_session_id == session.id { Patch::Stale } else { Patch::Unaffected };
    }
    let Some(told) = changed(event).filter(|told| told.id == session.id) else {
        return Patch::Unaffected;
    };
    match step(session.version, told.version) {
        Step::Next => session.clone_from(told),
        Step::Past => return Patch::Unaffected,
        Step::Gap => return Patch::Stale,
    }
    Patch::Patched
}

/// What `event` does to the sessions of a relationship, the latest first.
pub(super) fn sessions(
    of: &RelationshipId,
    sessions: &mut Vec<CoachingSession>,
    event: &StudioEvent,
) -> Patch {
    let StudioEvent::Coaching(event) = event else { return Patch::Unaffected };
    match event {
        CoachingEvent::SessionDeleted { coaching_relationship_id, coaching_session_id }
            if coaching_relationship_id == of =>
        {
            sessions.retain(|session| session.id != *coaching_session_id);
            return Patch::Patched;
        }
        CoachingEvent::SessionCreated { coaching_relationship_id, coaching_session }
            if coaching_relationship_id == of =>
        {
            sessions.retain(|session| session.id != coaching_session.id);
            sessions.push(coaching_session.clone());
        }
        _ => {
            let told = changed(event).filter(|told| told.coaching_relationship_id == *of);
            let Some(told) = told else { return Patch::Unaffected };
            let Some(shown) = sessions.iter_mut().find(|shown| shown.id == told.id) else {
                return Patch::Stale;
            };
            match step(shown.version, told.version) {
                Step::Next => shown.clone_from(told),
                Step::Past => return Patch::Unaffected,
                Step::Gap => return Patch::Stale,
            }
        }
    }
    sessions.sort_by(|a, b| (b.scheduled_at, &b.id).cmp(&(a.scheduled_at, &a.id)));
    Patch::Patched
}

/// The session that an event of a change carries.
fn changed(event: &CoachingEvent) -> Option<&CoachingSession> {
    match event {
        CoachingEvent::SessionUpdated { coaching_session, .. }
        | CoachingEvent::SessionStarted { coaching_session, .. }
        | CoachingEvent::SessionEnded { coaching_session, .. } => Some(coaching_session),
        _ => None,
    }
}

/// What `event` does to one relationship.
pub(super) fn relationship(shown: &mut CoachingRelationship, event: &StudioEvent) -> Patch {
    let Some(told) = told_relationship(event).filter(|told| told.id == shown.id) else {
        return Patch::Unaffected;
    };
    match step(shown.version, told.version) {
        Step::Next => shown.clone_from(told),
        Step::Past => return Patch::Unaffected,
        Step::Gap => return Patch::Stale,
    }
    Patch::Patched
}

/// What `event` does to the list of all relationships, the newest first.
pub(super) fn relationships(all: &mut Vec<CoachingRelationship>, event: &StudioEvent) -> Patch {
    let Some(told) = told_relationship(event) else { return Patch::Unaffected };
    let Some(shown) = all.iter_mut().find(|shown| shown.id == told.id) else {
        let key = |of: &CoachingRelationship| (of.created_at, of.id.clone());
        if told.version != 1 {
            return Patch::Stale;
        }
        let place = all.partition_point(|shown| key(shown) > key(told));
        all.insert(place, told.clone());
        return Patch::Patched;
    };
    relationship(shown, event)
}

fn told_relationship(event: &StudioEvent) -> Option<&CoachingRelationship> {
    match event {
        StudioEvent::Coaching(CoachingEvent::CoachingRelationshipChanged {
            coaching_relationship,
        }) => Some(coaching_relationship),
        _ => None,
    }
}

/// What `event` does to somebody's notifications.
pub(super) fn notifications(shown: &mut Notifications, event: &StudioEvent) -> Patch {
    match event {
        StudioEvent::Coaching(CoachingEvent::NotificationCreated { notification }) => {
            let key = |of: &Notification| (of.created_at, of.id.clone());
            shown.unread += 1;
            let place = shown.newest.partition_point(|other| key(other) > key(notification));
            shown.newest.insert(place, notification.clone());
            shown.newest.truncate(Notifications::SHOWN);
            Patch::Patched
        }
        StudioEvent::Coaching(CoachingEvent::NotificationDismissed { notification_id }) => {
            let all_are_listed = shown.newest.len() == shown.unread as usize;
            if !all_are_listed {
                // One that is not listed moves up.
                return Patch::Stale;
            }
            shown.newest.retain(|other| other.id != *notification_id);
            shown.unread = u32::try_from(shown.newest.len()).unwrap_or(u32::MAX);
            Patch::Patched
        }
        _ => Patch::Unaffected,
    }
}
