//! `studio user …`: accounts, by whoever runs the binary on the server.

use std::io::{self, BufRead, IsTerminal};

use clap::Subcommand;
use console::Term;
use highwater::server::By;

use super::Failure;
use crate::{
    account::{
        model::Role,
        service::{self, NewAccount},
        session,
    },
    server::{configuration::Configuration, state::AppState},
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Add an account. The password is asked for, or is the first line of standard input
    Add {
        /// Sign-in name
        email: String,
        /// Name to show
        #[arg(long)]
        name: String,
        /// staff, coach, member or admin
        #[arg(long)]
        role: Role,
    },
    /// Give an account another role. Open pages and streams follow at once
    Role {
        /// Sign-in name
        email: String,
        /// staff, coach, member or admin
        role: Role,
    },
    /// End all sessions of an account. Its API tokens stay
    SignOut {
        /// Sign-in name
        email: String,
        /// Why, for the account's owner to read
        #[arg(long)]
        reason: Option<String>,
    },
}

pub(super) async fn run(configuration: Configuration, command: Command) -> Result<(), Failure> {
    match command {
        Command::Add { email, name, role } => {
            let password = read_password()?;
            let state = AppState::open(configuration).await?;
            let added = NewAccount { email, name, role, password };
            let id = service::add_account(&state, added.clone()).await?;
            println!("Added {} as {role}, user {id}.", added.email);
        }
        Command::Role { email, role } => {
            let state = AppState::open(configuration).await?;
            let user = service::find(&state, &email).await?;
            let before = service::change_role(&state.live, user.id, role).await?;
            match before.role == role {
                true => println!("{} was {role} already.", user.email),
                false => println!("{} is {role} now, and was {}.", user.email, before.role),
            }
        }
        Command::SignOut { email, reason } => {
            let state = AppState::open(configuration).await?;
            let user = service::find(&state, &email).await?;
            let ended = match reason {
                None => session::end_all(&state, user.id).await?,
                Some(reason) => {
                    session::force_out(&state, By::nobody(), user.id, &reason).await?.value
                }
            };
            match ended {
                0 => println!("{} was signed in nowhere.", user.email),
                1 => println!("Ended 1 session of {}.", user.email),
                ended => println!("Ended {ended} sessions of {}.", user.email),
            }
        }
    }
    Ok(())
}

/// Asks for a password without showing it, twice; or takes the first line of standard input.
fn read_password() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Ok(first_line(io::stdin().lock())?);
    }
    let terminal = Term::stderr();
    if !terminal.is_term() {
        return Err(
            "there is no terminal to ask for the password; pass it on standard input".into()
        );
    }
    let ask = |prompt: &str| {
        terminal.write_str(prompt)?;
        terminal.read_secure_line()
    };
    let password = ask("Password: ")?;
    if ask("Again: ")? != password {
        return Err("the two passwords differ".into());
    }
    Ok(password)
}

/// The first line, without its end.
fn first_line(mut input: impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_and_may_end_in_spaces() {
        for (input, expected) in [("pass word \r\nrest\n", "pass word "), ("x", "x"), ("", "")] {
            assert_eq!(first_line(input.as_bytes()).unwrap(), expected);
        }
    }
}
