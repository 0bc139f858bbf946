//! The program `scs`.

mod app;
mod cli;
mod command;
mod print;
mod shapes;
mod source;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::app::color::When;
use crate::app::exit::{Exit, status};
use crate::app::failure::Failure;
use crate::cli::Cli;

fn main() -> ExitCode {
    // Nothing else installs one, so it cannot fail.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let error = app::version::with_facts(error, Cli::command(), source::fetched::of_version);
            // clap returns help and version as errors, too.
            return match error.print().and_then(|()| io::stdout().flush()) {
                Ok(()) => u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
                Err(error) => status(&Failure::from(error), When::Never),
            };
        }
    };
    let color = cli.common.color;
    match cli.run() {
        Ok(Exit::Success) => ExitCode::SUCCESS,
        Ok(Exit::Findings) => ExitCode::from(1),
        Err(failure) => status(&failure, color),
    }
}
