//! One person: what they may do, when they were seen, and what they have open.

use leptos::{prelude::*, web_sys::HtmlSelectElement};

use super::Desk;
use crate::{
    account::model::{OpenStream, Person, Role, UserId},
    ui::{Badge, CollectAny, LiveValue, TimeAgo, Tone, live},
};

/// How many streams are named; of more it is said how many.
const NAMED: usize = 3;

/// A row of the list.
#[component]
pub(super) fn PersonRow(
    /// The person as they were when the row was made; it follows them from there.
    person: Person,
) -> impl IntoView {
    let desk: Desk = expect_context();
    let id = person.user.id;
    let followed = desk.people.select(move |answer| {
        let people = answer.and_then(Result::ok)?;
        people.into_iter().find(|person| person.user.id == id)
    });
    let person = Signal::derive(move || followed.get().unwrap_or_else(|| person.clone()));
    let user = move || person.with(|person| person.user.clone());
    let is_own = id == desk.own;
    view! {
        <li class="entry person">
            <div class="entry-what">
                <p class="entry-name">
                    {move || user().name}
                    {is_own.then(|| view! { <Badge tone=Tone::Accent>"you"</Badge> })}
                </p>
                <p class="entry-facts">
                    {move || user().email} " · "
                    {move || match person.with(|person| person.last_seen_at) {
                        Some(at) => view! { "seen " <TimeAgo at=at/> }.into_any(),
                        None => "never seen".into_any(),
                    }}
                </p>
                <Open desk=desk id=id/>
            </div>
            <div class="person-actions">
                <RoleSelect desk=desk person=person/>
                <button
                    type="button"
                    class="button"
                    aria-label=move || format!("Sign {} out", user().name)
                    on:click=move |_| desk.leaving.set(Some(user()))
                >
                    "Sign out"
                </button>
            </div>
        </li>
    }
}

/// What somebody has open.
#[component]
fn Open(
    /// The page.
    desk: Desk,
    /// Who.
    id: UserId,
) -> impl IntoView {
    let own = desk.streams.select(move |answer| {
        let all = answer.and_then(Result::ok)?;
        let own = all.into_iter().filter(|stream| stream.user == id);
        Some(own.collect::<Vec<OpenStream>>())
    });
    live(move || {
        let Some(streams) = own.get() else { return ().into_any() };
        let count = match streams.len() {
            0 => return view! { <p class="entry-facts">"Nothing open"</p> }.into_any(),
            1 => "1 page or program open: ".to_owned(),
            several => format!("{several} pages or programs open: "),
        };
        let more = streams.len().saturating_sub(NAMED);
        let named = streams.into_iter().take(NAMED).enumerate().map(|(place, stream)| {
            view! {
                {(place > 0).then_some("; ")} {stream.device} " since " <TimeAgo at=stream.since/>
            }
        });
        view! {
            <p class="entry-facts person-open">
                {count} {named.collect_any()} {(more > 0).then(|| format!("; and {more} more"))}
            </p>
        }
        .into_any()
    })
}

/// What somebody may do, to be changed.
#[component]
fn RoleSelect(
    /// The page.
    desk: Desk,
    /// Who.
    person: Signal<Person>,
) -> impl IntoView {
    let role = Signal::derive(move || person.with(|person| person.user.role));
    let name = move || person.with(|person| person.user.name.clone());
    let options = Role::ALL.map(|one| {
        let selected = role.get_untracked() == one;
        view! { <option value=one.as_str() selected=selected>{one.as_str()}</option> }
    });
    let changed = move |event: leptos::ev::Event| {
        let asked = event_target_value(&event).parse();
        let select: HtmlSelectElement = event_target(&event);
        // What is shown is what is so, until it is asked for.
        select.set_value(role.get_untracked().as_str());
        if let Ok(asked) = asked {
            desk.change_role(person.get_untracked().user, asked);
        }
    };
    view! {
        <LiveValue value=move || role.get()>
            <select
                class="input"
                aria-label=move || format!("Role of {}", name())
                prop:value=move || role.get().as_str()
                on:change=changed
            >
                {options.into_iter().collect_any()}
            </select>
        </LiveValue>
    }
}
