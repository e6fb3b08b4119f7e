//! `/admin/relationships`: who coaches whom, for admins. They see the pairs, and nothing of what the
//! two have between them.

use highwater::{MutationRequest, use_query};
use leptos::{prelude::*, web_sys::SubmitEvent};
use leptos_meta::Title;

use super::{
    held::{Held, HeldSelect},
    mutations, name_of,
};
use crate::{
    account::{
        live::People,
        model::{Role, UserId},
    },
    coaching::{
        api,
        live::AllRelationships,
        model::{CoachingRelationship, Part, RelationshipChange},
    },
    error::AppError,
    live::StudioEvent,
    shown::Shown,
    ui::{
        Asker, ConfirmDialog, Each, EmptyState, Field, Freshness, PageHeader, Question,
        TableSkeleton, use_toasts,
    },
};

/// People to choose from: the value of the option, and the name.
type Options = Vec<(String, String)>;

/// Every relationship.
#[component]
pub fn RelationshipsPage() -> impl IntoView {
    let relationships = use_query(|| AllRelationships);
    let people = use_query(|| People);
    view! {
        <Title text="Relationships"/>
        <PageHeader title="Relationships"/>
        <Freshness what="the relationships"/>
        <Transition fallback=|| {
            view! { <TableSkeleton rows=4 heads=&["Coach", "Member", ""] class="as-list"/> }
        }>
            <Shown query=relationships what="the relationships" show=move |all| {
                let people = people.select(|answer| answer.and_then(Result::ok).unwrap_or_default());
                let of = move |role: Role| Signal::derive(move || -> Options {
                    let of_role = people.with(|people| {
                        let users = people.iter().map(|person| &person.user);
                        users.filter(|user| user.role == role).map(|user| (user.id.to_string(), user.name.clone())).collect()
                    });
                    of_role
                });
                view! { <Whole all=all coaches=of(Role::Coach) members=of(Role::Member)/> }.into_any()
            }/>
        </Transition>
    }
}

#[component]
fn Whole(
    /// The relationships.
    all: Signal<Option<Vec<CoachingRelationship>>>,
    /// Who may coach.
    coaches: Signal<Options>,
    /// Who may be coached.
    members: Signal<Options>,
) -> impl IntoView {
    let asker = Asker::new();
    let rows = move || all.get().unwrap_or_default();
    let empty = move || all.with(|all| all.as_ref().is_some_and(Vec::is_empty));
    view! {
        <Begin coaches=coaches members=members/>
        <Show when=empty>
            <EmptyState
                title="Nobody is coached yet"
                body="Choose a coach and a member above. From then on the two of them share sessions, \
                      actions, agreements and goals, which nobody else sees."
            />
        </Show>
        <ul class="pairs">
            <Each each=rows key=|pair| pair.id.clone() children=move |first| {
                view! { <Pair first=first all=all coaches=coaches members=members asker=asker/> }
            }/>
        </ul>
        <ConfirmDialog confirm=asker id="relationship-question" keep="Keep them"/>
    }
}

/// The form that brings two people together.
#[component]
fn Begin(
    /// Who may coach.
    coaches: Signal<Options>,
    /// Who may be coached.
    members: Signal<Options>,
) -> impl IntoView {
    let (coach, member) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let (mutations, toasts) = (mutations(), use_toasts());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = |of: RwSignal<String>| of.get_untracked().parse().ok().map(UserId);
        let (Some(with), Some(whom)) = (chosen(coach), chosen(member)) else {
            error.set(Some("Choose a coach and a member.".to_owned()));
            return;
        };
        error.set(None);
        mutations.run(begin(with, whom).done(move |outcome| match outcome {
            Ok(pair) => {
                coach.try_set(String::new());
                member.try_set(String::new());
                let (coach, member) = (name_of(pair.coach.as_ref()), name_of(pair.member.as_ref()));
                toasts.success(format!("{coach} coaches {member} from now on."));
            }
            Err(refusal) => _ = error.try_set(Some(refusal.to_string())),
        }));
    };
    view! {
        <form class="begin" novalidate on:submit=submit>
            <Choice id="new-coach" label="Coach" value=coach options=coaches/>
            <Choice id="new-member" label="Member" value=member options=members/>
            <button type="submit" class="button primary">"Bring them together"</button>
            <p class="field-error" role="status">{move || error.get()}</p>
        </form>
    }
}

#[component]
fn Choice(
    /// The control's id.
    id: &'static str,
    /// What is chosen.
    label: &'static str,
    /// The choice.
    value: RwSignal<String>,
    /// Among whom.
    options: Signal<Options>,
) -> impl IntoView {
    let option =
        |(of, words): (String, String)| view! { <option value=of>{words}</option> }.into_any();
    view! {
        <Field id=id label=label>
            <select
                class="input"
                id=id
                prop:value=move || value.get()
                on:change=move |event| value.set(event_target_value(&event))
            >
                <option value="">"Choose…"</option>
                {move || options.get().into_iter().map(option).collect::<Vec<_>>()}
            </select>
        </Field>
    }
}

/// One pair, whose places can be given to others.
#[component]
fn Pair(
    /// The pair, as it was first.
    first: CoachingRelationship,
    /// All of them.
    all: Signal<Option<Vec<CoachingRelationship>>>,
    /// Who may coach.
    coaches: Signal<Options>,
    /// Who may be coached.
    members: Signal<Options>,
    /// Asks before somebody is removed.
    asker: Asker,
) -> impl IntoView {
    let pair = Memo::new(move |before: Option<&CoachingRelationship>| {
        let now = all.with(|all| all.as_ref()?.iter().find(|it| it.id == first.id).cloned());
        now.unwrap_or_else(|| before.unwrap_or(&first).clone())
    });
    let (mutations, toasts) = (mutations(), use_toasts());
    let put = move |part: Part, person: Option<UserId>| {
        mutations.run(change(pair.get_untracked(), part, person).done(move |outcome| {
            if let Err(refusal) = outcome {
                toasts.error(format!("Nothing has changed. {refusal}"));
            }
        }));
    };
    let place = move |part: Part, label: &'static str, options: Signal<Options>| {
        let value = move || pair.with(|pair| pair.person(part).map(|person| person.id));
        let held = Held {
            label: Signal::derive(move || {
                let with = pair.with(|pair| {
                    pair.people().map(|person| person.name.clone()).collect::<Vec<_>>()
                });
                format!("{label} of {}", with.join(" and "))
            }),
            value: Signal::derive(move || value().map(|id| id.to_string()).unwrap_or_default()),
            on_change: Callback::new(move |chosen: String| {
                let person = chosen.parse().ok().map(UserId);
                let before = pair.with_untracked(|pair| pair.person(part).cloned());
                let Some(before) = before.filter(|before| Some(before.id) != person) else {
                    return put(part, person);
                };
                let question = Question {
                    title: format!("Remove {} from this coaching?", before.name),
                    body:
                        "From that moment they see nothing of it any more. What was written stays."
                            .to_owned(),
                    action: "Remove".to_owned(),
                };
                asker.ask(question, move || put(part, person));
            }),
        };
        let options = Signal::derive(move || {
            let mut all = vec![(String::new(), "Nobody".to_owned())];
            all.extend(options.get());
            // Who is there stays to be seen, whatever their role has become.
            if let Some(person) = pair.with(|pair| pair.person(part).cloned()) {
                let id = person.id.to_string();
                if !all.iter().any(|(other, _)| *other == id) {
                    all.push((id, person.name));
                }
            }
            all
        });
        view! { <HeldSelect of=held options=options/> }
    };
    view! {
        <li class="pair">
            <p class="pair-head">
                {place(Part::Coach, "Coach", coaches)}
                <span class="muted">"coaches"</span>
                {place(Part::Member, "Member", members)}
            </p>
        </li>
    }
}

fn begin(
    coach: UserId,
    member: UserId,
) -> MutationRequest<StudioEvent, CoachingRelationship, AppError> {
    MutationRequest::new("relationships", move |sending| {
        api::create_relationship(coach, member, sending.id)
    })
    // Its event brings it; should the stream be down, the list is asked for.
    .overlay(AllRelationships, |_| {})
}

/// Gives a place to somebody, as it was when that was decided.
fn change(
    before: CoachingRelationship,
    part: Part,
    person: Option<UserId>,
) -> MutationRequest<StudioEvent, CoachingRelationship, AppError> {
    let id = before.id.clone();
    MutationRequest::new(format!("relationship {id}"), move |sending| {
        let now = sending.committed(&AllRelationships).and_then(Result::ok).unwrap_or_default();
        let now = now.into_iter().find(|now| now.id == before.id);
        let same = |now: &CoachingRelationship| now.person(part) == before.person(part);
        // Version 0 never is: the server refuses in its own words.
        let version = now.map_or(0, |now| if same(&now) { now.version } else { 0 });
        let change = RelationshipChange { part, person, version };
        api::change_relationship(id.clone(), change, sending.id)
    })
    .overlay(AllRelationships, |_| {})
}
