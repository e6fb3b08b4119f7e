//! `/admin/people`: who has an account, what they may do, and where they are signed in right now.
//!
//! Owns what admins see of people. It must not decide what an admin may do.

mod add;
mod row;
mod sign_out;

use std::time::Duration;

use highwater::{MutationRequest, Mutations, UseQuery, use_mutation, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

use self::{add::AddPerson, row::PersonRow, sign_out::SignOutDialog};
use super::page::OwnList;
use crate::{
    account::{
        api::change_role,
        live::{OpenStreams, People},
        model::{CurrentUser, Person, Role, UserId},
    },
    error::AppError,
    live::StudioEvent,
    ui::{
        Asker, ConfirmDialog, Freshness, NeedsJavaScript, PageHeader, Question, Toasts, effect,
        use_toasts,
    },
};

/// How often open streams are asked for: no event tells of them.
const EVERY: Duration = Duration::from_secs(10);

/// What the parts of the page share, as context.
#[derive(Clone, Copy)]
struct Desk {
    people: UseQuery<People>,
    streams: UseQuery<OpenStreams>,
    mutations: Mutations<StudioEvent>,
    toasts: Toasts,
    confirm: Asker,
    /// Whom the dialog that signs out is about, while it asks.
    leaving: RwSignal<Option<CurrentUser>>,
    /// Who looks.
    own: UserId,
}

/// The people and their accounts.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let (people, streams) = (use_query(|| People), use_query(|| OpenStreams));
    look_again(streams);
    let crate::app::Viewer(viewer) = expect_context();
    let desk = Desk {
        people,
        streams,
        // A change outlives the page that asked for it.
        mutations: use_context().unwrap_or_else(use_mutation),
        toasts: use_toasts(),
        confirm: Asker::new(),
        leaving: RwSignal::new(None),
        own: viewer.map_or(UserId(0), |viewer| viewer.id),
    };
    provide_context(desk);
    view! {
        <Title text="People"/>
        <PageHeader title="People">
            <AddPerson desk=desk/>
        </PageHeader>
        <Freshness what="people"/>
        <NeedsJavaScript what="Changing people"/>
        <div class="people">
            <OwnList
                query=people
                failed="People could not be read"
                empty="Nobody has an account."
                row=|person| view! { <PersonRow person=person/> }.into_any()
                key=|person: &Person| person.user.id.to_string()
            />
        </div>
        <SignOutDialog desk=desk/>
        <ConfirmDialog confirm=desk.confirm id="role-title" keep="Stay admin"/>
    }
}

/// Asks for the open streams now and then, while somebody looks.
fn look_again(streams: UseQuery<OpenStreams>) {
    effect(move |_| {
        let ask = move || {
            if !document().hidden() {
                streams.refetch();
            }
        };
        let asking = set_interval_with_handle(ask, EVERY).ok();
        on_cleanup(move || {
            if let Some(asking) = asking {
                asking.clear();
            }
        });
    });
}

impl Desk {
    /// Gives somebody a role; asks first if that takes the viewer's own page away.
    fn change_role(self, person: CurrentUser, role: Role) {
        if person.role == role {
            return;
        }
        if person.id != self.own {
            return self.send_role(person, role);
        }
        let question = Question {
            title: format!("Become {role}, and be no admin any more?"),
            body: "This page is closed to you at once. Only another admin can make you one again."
                .to_owned(),
            action: format!("Become {role}"),
        };
        self.confirm.ask(question, move || self.send_role(person.clone(), role));
    }

    fn send_role(self, person: CurrentUser, role: Role) {
        let toasts = self.toasts;
        let name = person.name.clone();
        self.mutations.run(with_role(person.id, role).done(move |outcome| match outcome {
            Ok(_) => toasts.success(format!("{name} is {role} now.")),
            Err(error) => toasts.error(format!("{name} was not made {role}. {error}")),
        }));
    }
}

fn with_role(id: UserId, role: Role) -> MutationRequest<StudioEvent, CurrentUser, AppError> {
    MutationRequest::new(format!("person {id}"), move |sending| change_role(id, role, sending.id))
        .overlay(People, move |people| {
            let person = people.iter_mut().find(|person| person.user.id == id);
            person.into_iter().for_each(|person| person.user.role = role);
        })
}
