//! The agreements of a relationship.

use std::sync::Arc;

use highwater::use_query;
use leptos::prelude::*;

use super::{
    composer::{Added, Compose, Composer},
    desk::Desk,
    edit,
    item::{ItemsOf, rows},
};
use crate::app::draft_name;
use crate::{
    coaching::{
        live::AgreementList,
        model::{Agreement, NewAgreement, Place, RelationshipId},
    },
    shown::Shown,
};

/// The agreements, and the field for another.
#[component]
pub(super) fn Agreements(
    /// The page.
    desk: Desk,
    /// Whose.
    relationship: RelationshipId,
) -> impl IntoView {
    let list = AgreementList(relationship.clone());
    let query = {
        let list = list.clone();
        use_query(move || list.clone())
    };
    let of = Compose {
        id: "new-agreement",
        label: "New agreement",
        hint: "What have you agreed on?",
        key: "r",
        place: Place::NewAgreement,
        draft: draft_name(&format!("new agreement:{relationship}")),
    };
    let added_to = list.clone();
    let add = Arc::new(move |body: String, added: Added| {
        let new = NewAgreement { coaching_relationship_id: relationship.clone(), body };
        let me = desk.me.get_value();
        let request = edit::create::<Agreement>(added_to.clone(), new, &me, &[]);
        desk.mutations.run(request.done(move |outcome| added(outcome.map(|_| ()))));
    });
    view! {
        <section class="section" aria-labelledby="agreements">
            <h2 class="section-title" id="agreements">"Agreements"</h2>
            <Transition fallback=|| view! { <p class="muted">"Loading"</p> }>
                <Shown query=query what="the agreements" show={
                    let list = list.clone();
                    move |items| rows(ItemsOf {
                        desk,
                        list: list.clone(),
                        items,
                        more: |_, _, _| ().into_any(),
                        again: |agreement, body| NewAgreement {
                            coaching_relationship_id: agreement.coaching_relationship_id.clone(),
                            body,
                        },
                    })
                }/>
            </Transition>
            <Composer desk=desk of=of add=add/>
        </section>
    }
}
