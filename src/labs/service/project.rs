//! Projects, and who takes part in them.

use highwater::{AsOf, Committed, MutationId, Stamped};

use super::{is_of, no_such, owner_of, read_of, role_in, source::target_of, target_of_generation};
use crate::{
    account::{
        model::{CurrentUser, UserId},
        service::{author, find},
    },
    error::AppError,
    id::random_bits,
    jobs::service::cancel_of_owner,
    labs::{
        model::{Member, MemberRole, NewMember, NewProject, Project, ProjectChange, ProjectId},
        store,
    },
    server::state::AppState,
};

/// What only an owner may do about the members.
const SAY_WHO: &str = "say who takes part";

/// The projects in which the user takes part, by name. The answer includes at least `min`.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_projects(
    state: &AppState,
    user: &CurrentUser,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<Project>, AppError>>, AppError> {
    let user = user.id;
    let read = state
        .live
        .read(min, move |tx| Box::pin(async move { Ok(Ok(store::projects(tx, user).await?)) }));
    read.await
}

/// A project in which the user takes part. The answer includes at least `min`; a refusal is stamped
/// as well.
///
/// # Errors
/// When the database or the log fails.
pub async fn get_project(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Project, AppError>>, AppError> {
    let read = read_of((state, user, id), min, |tx, id, role| {
        Box::pin(async move {
            store::find_project(tx, &id, role).await?.ok_or_else(|| no_such("project"))
        })
    });
    read.await
}

/// Who takes part in a project, by name. The answer includes at least `min`; a refusal is stamped as
/// well.
///
/// # Errors
/// When the database or the log fails.
pub async fn list_members(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    min: Option<&AsOf>,
) -> Result<Stamped<Result<Vec<Member>, AppError>>, AppError> {
    let read = read_of((state, user, id), min, |tx, id, _| {
        Box::pin(async move { store::members(tx, &id).await })
    });
    read.await
}

/// Makes a project, which the user owns. A repeat of the mutation `by` of the same user makes none.
///
/// # Errors
/// [`AppError::Invalid`]; or when the database or the log fails.
pub async fn create_project(
    state: &AppState,
    user: &CurrentUser,
    new: NewProject,
    by: Option<MutationId>,
) -> Result<Committed<Project>, AppError> {
    let (new, owner, now) = (new.checked()?, user.id, state.now());
    let project = Project {
        id: ProjectId::of_bits(random_bits()?),
        name: new.name,
        description: new.description,
        role: MemberRole::Owner,
        members: 1,
        sources: 0,
        proposed: 0,
        accepted: 0,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    state
        .live
        .write(author(owner, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                store::insert_project(write.tx(), &project).await?;
                let role = MemberRole::Owner;
                store::add_member(write.tx(), &project.id, owner, role, now).await?;
                Ok(project)
            })
        })
        .await
}

/// Changes what a project is called and is about, and answers it as it is then. A repeat of the
/// mutation `by` of the same user is answered with the first outcome.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`], [`AppError::Forbidden`];
/// [`AppError::VersionConflict`] if it has changed; or when the database or the log fails.
pub async fn change_project(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    change: ProjectChange,
    by: Option<MutationId>,
) -> Result<Committed<Project>, AppError> {
    let (change, user, now) = (change.checked()?, user.id, state.now());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                let role = role_in(write.tx(), user, &id).await?;
                let stored = store::find_project(write.tx(), &id, role).await?;
                let mut next = stored.ok_or_else(|| no_such("project"))?;
                is_of("project", change.version, next.version)?;
                let before = (next.name.clone(), next.description.clone());
                next.name = change.name.unwrap_or(next.name);
                next.description = change.description.unwrap_or(next.description);
                if before == (next.name.clone(), next.description.clone()) {
                    return Ok(next);
                }
                (next.updated_at, next.version) = (now, next.version + 1);
                store::update_project(write.tx(), &next).await?;
                Ok(next)
            })
        })
        .await
}

/// Deletes a project with all that belongs to it; what is being read and proposed for it is given up. A repeat
/// of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database or the log fails.
pub async fn delete_project(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    by: Option<MutationId>,
) -> Result<Committed<()>, AppError> {
    let (user, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                owner_of(write.tx(), user, &id, "delete the project").await?;
                jobs.cancel_for_target(write, &target_of_generation(&id), now).await?;
                for source in store::sources(write.tx(), &id).await? {
                    jobs.cancel_for_target(write, &target_of(&source.id), now).await?;
                }
                store::delete_project(write.tx(), &id).await
            })
        })
        .await
}

/// Has somebody take part in a project, and answers who does then. They hear of it at once. A repeat
/// of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::Invalid`] for an address that nobody
/// has; [`AppError::Conflict`] for whoever takes part already; or when the database or the log fails.
pub async fn add_member(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    new: NewMember,
    by: Option<MutationId>,
) -> Result<Committed<Vec<Member>>, AppError> {
    owner_of(&state.db, user.id, &id, SAY_WHO).await?;
    let added = find(state, &new.email).await.map_err(|error| match error {
        AppError::NotFound { .. } => {
            AppError::invalid("email", "Nobody has an account with this address.")
        }
        other => other,
    })?;
    let (user, now) = (user.id, state.now());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                owner_of(write.tx(), user, &id, SAY_WHO).await?;
                if store::role_of(write.tx(), &id, added.id).await?.is_some() {
                    let message = format!("{} takes part already.", added.name);
                    return Err(AppError::Conflict { message });
                }
                store::add_member(write.tx(), &id, added.id, MemberRole::Member, now).await?;
                store::members(write.tx(), &id).await
            })
        })
        .await
}

/// Has somebody take part in a project no longer, and answers who does then. They hear no more of it
/// at once, their pages forget it, and what they are having proposed is given up. Everybody may leave;
/// its owner may have others leave. A repeat of the mutation `by` is answered with the first outcome.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; [`AppError::Conflict`] for the last owner; or
/// when the database or the log fails.
pub async fn remove_member(
    state: &AppState,
    user: &CurrentUser,
    id: ProjectId,
    gone: UserId,
    by: Option<MutationId>,
) -> Result<Committed<Vec<Member>>, AppError> {
    let (user, now, jobs) = (user.id, state.now(), state.jobs.clone());
    state
        .live
        .write(author(user, by), move |write| {
            Box::pin(async move {
                write.attribute_triggers().await?;
                match user == gone {
                    true => _ = role_in(write.tx(), user, &id).await?,
                    false => owner_of(write.tx(), user, &id, SAY_WHO).await?,
                }
                let role = store::role_of(write.tx(), &id, gone).await?;
                match role.ok_or_else(|| no_such("member"))? {
                    MemberRole::Owner if store::owners(write.tx(), &id).await? == 1 => {
                        let message = "The last owner cannot leave. Delete the project instead.";
                        return Err(AppError::Conflict { message: message.to_owned() });
                    }
                    _ => store::remove_member(write.tx(), &id, gone).await?,
                }
                // Whoever asked for a job hears what it reads.
                cancel_of_owner(write, &jobs, gone, &target_of_generation(&id), now).await?;
                store::members(write.tx(), &id).await
            })
        })
        .await
}
