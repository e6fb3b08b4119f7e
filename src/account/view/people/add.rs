//! Adding somebody: their address, their name, what they may do, and their first password.

use highwater::MutationRequest;
use leptos::{html, prelude::*, web_sys::SubmitEvent};

use super::Desk;
use crate::{
    account::{
        api::add_person,
        model::{CurrentUser, NewPerson, Role},
    },
    error::AppError,
    live::StudioEvent,
    ui::{
        CollectAny, Dialog, Field, TextField, close_dialog, described_by, focus_first_invalid,
        open_dialog,
    },
};

/// What is typed, and what is wrong with it.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    email: RwSignal<String>,
    role: RwSignal<Role>,
    password: RwSignal<String>,
    refusal: RwSignal<Option<AppError>>,
}

impl Typed {
    fn new() -> Self {
        Self {
            name: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            role: RwSignal::new(Role::Member),
            password: RwSignal::new(String::new()),
            refusal: RwSignal::new(None),
        }
    }

    fn person(self) -> NewPerson {
        NewPerson {
            email: self.email.get(),
            name: self.name.get(),
            role: self.role.get(),
            password: self.password.get(),
        }
    }

    /// What is wrong with a field; what is wrong with none in particular stands at the address.
    fn wrong(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let refusal = self.refusal.get()?;
            let field = match &refusal {
                AppError::Invalid { field: Some(field), .. } => field.clone(),
                _ => "email".to_owned(),
            };
            (field == name).then(|| refusal.to_string())
        })
    }

    fn clear(self) {
        for text in [self.name, self.email, self.password] {
            text.set(String::new());
        }
        self.role.set(Role::Member);
        self.refusal.set(None);
    }
}

/// The button and its dialog.
#[component]
pub(super) fn AddPerson(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let (dialog, form) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Form>::new());
    let (typed, busy) = (Typed::new(), RwSignal::new(false));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let toasts = desk.toasts;
        desk.mutations.run(add(untrack(move || typed.person())).done(move |outcome| {
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(person) => {
                    toasts.success(format!("{} can sign in now.", person.name));
                    typed.clear();
                    close_dialog(dialog);
                }
                Err(refusal) => {
                    typed.refusal.try_set(Some(refusal));
                    // The mark is there with the next frame.
                    request_animation_frame(move || focus_first_invalid(form));
                }
            }
        }));
    };
    let waits = move || busy.get().then_some("true");
    view! {
        <button type="button" class="button primary" on:click=move |_| open_dialog(dialog)>
            "Add a person"
        </button>
        <Dialog
            node=dialog
            id="add-person-title"
            title="Add a person"
            actions=Box::new(move || view! {
                <button type="button" class="button" on:click=move |_| close_dialog(dialog)>
                    "Cancel"
                </button>
                <button
                    type="submit"
                    form="add-person"
                    class="button primary"
                    aria-busy=waits
                    aria-disabled=waits
                >
                    "Add"
                </button>
            }.into_any())
        >
            <form id="add-person" class="add-person" novalidate node_ref=form on:submit=submit>
                <Fields typed=typed/>
            </form>
        </Dialog>
    }
}

#[component]
fn Fields(
    /// What is typed.
    typed: Typed,
) -> impl IntoView {
    let options = Role::ALL.map(|role| {
        let selected = role == typed.role.get_untracked();
        view! { <option value=role.as_str() selected=selected>{role.as_str()}</option> }
    });
    let wrong = typed.wrong("password");
    view! {
        <TextField id="person-name" label="Name" value=typed.name error=typed.wrong("name")/>
        <TextField id="person-email" label="Email" value=typed.email error=typed.wrong("email")/>
        <Field id="person-role" label="Role">
            <select
                class="input"
                id="person-role"
                prop:value=move || typed.role.get().as_str()
                on:change=move |event| {
                    if let Ok(role) = event_target_value(&event).parse() {
                        typed.role.set(role);
                    }
                }
            >
                {options.into_iter().collect_any()}
            </select>
        </Field>
        <Field
            id="person-password"
            label="First password"
            help="At least 10 characters. Tell it to them in person."
            error=wrong
        >
            <input
                class="input"
                id="person-password"
                type="password"
                autocomplete="new-password"
                aria-describedby=described_by("person-password", true)
                aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                prop:value=move || typed.password.get()
                on:input=move |event| typed.password.set(event_target_value(&event))
            />
        </Field>
    }
}

fn add(person: NewPerson) -> MutationRequest<StudioEvent, CurrentUser, AppError> {
    MutationRequest::new("new person", move |sending| add_person(person.clone(), sending.id))
}
