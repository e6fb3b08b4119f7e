//! `/orders/{id}`: one order, whole.

use highwater::{QueryError, UseQuery, use_query};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{
    LastList,
    actions::Actions,
    contents::{Facts, LINE_HEADS, Lines},
    history::{History, author_of},
    note::NoteEditor,
    tone,
};
use crate::{
    app::answer_with,
    error::{AppError, words},
    orders::{
        live::{OrderDetail, OrderHistoryQuery},
        model::{Order, OrderId},
    },
    ui::{
        BackLink, Badge, CollectAny, ErrorState, Freshness, LiveValue, NotFound, PageHeader,
        TableSkeleton, Tone, live,
    },
};

/// One order. Another id is another page.
#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<OrderId>().ok()));
    live(move || match id.get() {
        Some(id) => view! { <OneOrder id=id/> }.into_any(),
        None => {
            answer_with(404);
            view! { <Title text="Page not found"/><NotFound/> }.into_any()
        }
    })
}

/// Which face the page has. The order changes without changing it.
#[derive(Clone, PartialEq)]
enum Face {
    Nothing,
    Order,
    Missing,
    Error(QueryError<AppError>),
}

#[component]
fn OneOrder(
    /// Which.
    id: OrderId,
) -> impl IntoView {
    let title = format!("Order {}", id.number());
    let query = {
        let id = id.clone();
        use_query(move || OrderDetail(id.clone()))
    };
    let history = {
        let id = id.clone();
        use_query(move || OrderHistoryQuery(id.clone()))
    };
    let LastList(last) = expect_context();
    view! {
        <Title text=title.clone()/>
        <BackLink href=last label="Orders"/>
        <Transition fallback={
            let title = title.clone();
            move || view! { <Loading title=title.clone()/> }
        }>
            <Answer id=id.clone() query=query history=history/>
        </Transition>
    }
}

/// What the page looks like before the order is there.
#[component]
fn Loading(
    /// The page's title, which its address says.
    title: String,
) -> impl IntoView {
    let fact = |name: &'static str| {
        view! {
            <div class="fact">
                <dt>{name}</dt>
                <dd><span class="skeleton-bar"></span></dd>
            </div>
        }
    };
    view! {
        <PageHeader title=title/>
        <div class="order">
            <div class="order-main">
                <section class="section">
                    <h2 class="section-title">"Lines"</h2>
                    <TableSkeleton rows=3 heads=&LINE_HEADS class="line-table"/>
                </section>
            </div>
            <div class="order-side" aria-hidden="true">
                <aside>
                    <section class="section">
                        <h2 class="section-title">"Details"</h2>
                        <dl class="facts">
                            {["Customer", "Ship to", "Placed", "Changed"].map(fact).collect_any()}
                        </dl>
                    </section>
                </aside>
            </div>
        </div>
    }
}

#[component]
fn Answer(
    /// Which order.
    id: OrderId,
    /// Its query.
    query: UseQuery<OrderDetail>,
    /// What happened to it.
    history: UseQuery<OrderHistoryQuery>,
) -> impl IntoView {
    let face = query.select(|answer| match answer {
        None => Face::Nothing,
        Some(Ok(_)) => Face::Order,
        Some(Err(QueryError::Refused(AppError::NotFound { .. }))) => Face::Missing,
        Some(Err(error)) => Face::Error(error),
    });
    live(move || match face.get() {
        Face::Nothing => ().into_any(),
        Face::Missing => view! { <NotFound/> }.into_any(),
        Face::Order => view! { <Whole id=id.clone() query=query history=history/> }.into_any(),
        Face::Error(error) => view! {
            <ErrorState
                title="The order could not be read"
                message=words(&error)
                on_retry=move |()| query.refetch()
                busy=Signal::derive(move || query.status().fetching)
            />
        }
        .into_any(),
    })
}

#[component]
fn Whole(
    /// Which order.
    id: OrderId,
    /// Its query, with a value.
    query: UseQuery<OrderDetail>,
    /// What happened to it.
    history: UseQuery<OrderHistoryQuery>,
) -> impl IntoView {
    let order = Memo::new(move |before: Option<&Option<Order>>| {
        let now = query.get().and_then(Result::ok);
        // The value may go (access lost) a moment before this face does.
        now.or_else(|| before.cloned().flatten())
    });
    let status = Memo::new(move |_| order.with(|order| order.as_ref().map(|order| order.status)));
    let note = Memo::new(move |_| {
        order.with(|order| order.as_ref().map(|order| order.note.clone()).unwrap_or_default())
    });
    let known = history.select(|answer| answer.and_then(Result::ok));
    let author = Signal::derive(move || {
        known.with(|known| note.with(|note| author_of(known.as_ref()?, note)))
    });
    let title = format!("Order {}", id.number());
    let edited = id.clone();
    view! {
        <PageHeader
            title=title
            beside=move || view! {
                <span data-testid="order-status">
                    <LiveValue value=move || status.get()>
                        <Badge tone=Signal::derive(move || status.get().map(tone).unwrap_or(Tone::Neutral))>
                            {move || status.get().map(|status| status.as_str())}
                        </Badge>
                    </LiveValue>
                </span>
            }
        >
            <Actions id=id status=status/>
        </PageHeader>
        <Freshness what="the order"/>
        <div class="order">
            <div class="order-main">
                <Lines order=order/>
                <NoteEditor id=edited note=note author=author/>
            </div>
            <div class="order-side">
                <Facts order=order/>
                <History history=history/>
            </div>
        </div>
    }
}
