//! The server functions of coaching. Each is a public endpoint: the service it calls authorises.

mod relationship;
mod session;
mod items;
mod notification;
mod presence;

pub use self::{
    items::{
        change_action, change_agreement, change_goal, change_note, create_action, create_agreement,
        create_goal, create_note, delete_action, delete_agreement, delete_goal, delete_note,
        list_actions, list_agreements, list_goals, list_notes,
    },
    notification::{dismiss_notification, dismiss_notifications, list_notifications},
    presence::{be_present, leave_session},
    relationship::{
        all_relationships, change_relationship, coaching_overview, create_relationship,
        get_relationship, goal_history, my_relationships,
    },
    session::{
        change_coaching_session, create_coaching_session, delete_coaching_session,
        get_coaching_session, list_coaching_sessions,
    },
};
