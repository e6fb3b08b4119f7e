//! `/labs/{id}/members`: who takes part. The owner says who does; everybody else can leave.

use highwater::use_query;
use leptos::{html, prelude::*, web_sys::SubmitEvent};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    bench::Bench,
    change::{add_member, leave, remove_member},
};
use crate::{
    account::model::UserId,
    app::Viewer,
    labs::{
        live::MemberList,
        model::{Member, MemberRole},
    },
    shown::Shown,
    ui::{
        Badge, Each, Question, TableSkeleton, TextField, TimeAgo, Tone, effect,
        focus_first_invalid, live,
    },
};

/// The members of a project.
#[component]
pub fn MembersPage() -> impl IntoView {
    let bench = Bench::here();
    let list = MemberList(bench.id());
    let members = use_query(move || list.clone());
    view! {
        <Transition fallback=|| {
            view! {
                <TableSkeleton rows=3 heads=&["Name", "Role", "Since", ""] class="as-list member-table"/>
            }
        }>
            <Shown query=members what="the members" show=move |members| {
                view! { <Whole bench=bench members=members/> }.into_any()
            }/>
        </Transition>
    }
}

#[component]
fn Whole(
    /// The page.
    bench: Bench,
    /// Who takes part.
    members: Signal<Option<Vec<Member>>>,
) -> impl IntoView {
    let owner = bench.is_owner();
    let all = move || members.get().unwrap_or_default();
    // Rows slide in when they join a list that was there already.
    let settled = StoredValue::new(false);
    effect(move |_| settled.set_value(true));
    view! {
        {live(move || owner.get().then(|| view! { <AddMember bench=bench/> }))}
        <table class="table as-list member-table">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col"><span class="visually-hidden">"What to do"</span></th>
                </tr>
            </thead>
            <tbody>
                <Each each=all key=|member| member.user_id let:member>
                    <Row
                        bench=bench
                        member=member
                        members=members
                        owner=owner
                        enters=settled.get_value()
                    />
                </Each>
            </tbody>
        </table>
    }
}

#[component]
fn Row(
    /// The page.
    bench: Bench,
    /// The member.
    member: Member,
    /// All of them.
    members: Signal<Option<Vec<Member>>>,
    /// Whether the reader owns the project.
    owner: Signal<bool>,
    /// Whether it joins a list that was there already.
    enters: bool,
) -> impl IntoView {
    let Viewer(viewer) = expect_context();
    let is_me = viewer.is_some_and(|viewer| viewer.id == member.user_id);
    let Member { user_id, name, role, added_at } = member;
    // The database may name others as owners.
    let role = Memo::new(move |_| {
        let now = members.with(|all| {
            all.as_ref()?.iter().find(|other| other.user_id == user_id).map(|other| other.role)
        });
        now.unwrap_or(role)
    });
    let last_owner = Memo::new(move |_| {
        let owners =
            |all: &Vec<Member>| all.iter().filter(|other| other.role == MemberRole::Owner).count();
        role.get() == MemberRole::Owner && members.with(|all| all.as_ref().map_or(0, owners)) < 2
    });
    let named = name.clone();
    let tools = move || {
        if last_owner.get() {
            return is_me
                .then(|| view! { <span class="muted">"You own it, so you cannot leave."</span> })
                .into_any();
        }
        match (is_me, owner.get()) {
            (true, _) => view! { <Leave bench=bench me=user_id/> }.into_any(),
            (false, true) => {
                view! { <Remove bench=bench member=user_id name=named.clone()/> }.into_any()
            }
            (false, false) => ().into_any(),
        }
    };
    view! {
        <tr class:row-enter=enters>
            <th scope="row" class="cell-title">
                {name}
                {is_me.then(|| view! { <span class="muted">" (you)"</span> })}
            </th>
            <td class="cell-status">
                <Badge tone=Signal::derive(move || match role.get() {
                    MemberRole::Owner => Tone::Accent,
                    MemberRole::Member => Tone::Neutral,
                })>
                    {move || role.get().as_str()}
                </Badge>
            </td>
            <td class="cell-added"><TimeAgo at=added_at/></td>
            <td class="cell-tools">{live(tools)}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Remove(
    /// The page.
    bench: Bench,
    /// Whom.
    member: UserId,
    /// What they are called.
    name: String,
) -> impl IntoView {
    let label = format!("Remove {name}");
    let ask = move |_| {
        let question = Question {
            title: format!("Remove {name} from this project?"),
            body: "From that moment they see nothing of it any more. What they did stays."
                .to_owned(),
            action: format!("Remove {name}"),
        };
        let name = name.clone();
        bench.asker.ask(question, move || {
            let name = name.clone();
            let request = remove_member(bench.id(), member).done(move |outcome| {
                if let Err(refusal) = outcome {
                    bench.toasts.error(format!("{name} still takes part. {refusal}"));
                }
            });
            bench.mutations.run(request);
        });
    };
    view! {
        <button type="button" class="button quiet danger" aria-label=label on:click=ask>
            "Remove"
        </button>
    }
}

#[component]
fn Leave(
    /// The page.
    bench: Bench,
    /// Who leaves.
    me: UserId,
) -> impl IntoView {
    let navigate = use_navigate();
    let name = bench.part(|project| project.name.clone());
    let ask = move |_| {
        let name = name.get_untracked();
        let question = Question {
            title: format!("Leave “{name}”?"),
            body: "You see nothing of it any more, until its owner has you take part again."
                .to_owned(),
            action: "Leave the project".to_owned(),
        };
        let navigate = navigate.clone();
        bench.asker.ask(question, move || {
            let name = name.clone();
            let request = leave(bench.id(), me).done(move |outcome| match outcome {
                Ok(_) => bench.toasts.success(format!("You have left “{name}”.")),
                Err(refusal) => {
                    bench.toasts.error(format!("You still take part in “{name}”. {refusal}"));
                }
            });
            bench.mutations.run(request);
            navigate("/labs", NavigateOptions::default());
        });
    };
    view! { <button type="button" class="button quiet" on:click=ask>"Leave"</button> }
}

/// The form with which the owner has somebody take part.
#[component]
fn AddMember(
    /// The page.
    bench: Bench,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let (email, error) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let address = email.with_untracked(|email| email.trim().to_owned());
        if address.is_empty() {
            error.set(Some("Write the address of their account.".to_owned()));
            request_animation_frame(move || focus_first_invalid(form));
            return;
        }
        error.set(None);
        busy.set(true);
        bench.mutations.run(add_member(bench.id(), address).done(move |outcome| {
            // The page may be gone by then.
            busy.try_set(false);
            match outcome {
                Ok(_) => _ = email.try_set(String::new()),
                Err(refusal) => {
                    error.try_set(Some(refusal.to_string()));
                    request_animation_frame(move || focus_first_invalid(form));
                }
            }
        }));
    };
    let waits = move || busy.get().then_some("true");
    view! {
        <form class="add-member" novalidate node_ref=form on:submit=submit>
            <TextField id="member-email" label="Email address" value=email error=error/>
            <button
                type="submit"
                class="button"
                aria-busy=waits
                aria-disabled=waits
            >
                "Add member"
            </button>
        </form>
    }
}
