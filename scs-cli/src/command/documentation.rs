//! `scs completions` and `scs man`: shell completions and manual pages, for packagers.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use crate::app::exit::Exit;
use crate::app::failure::Failure;
use crate::app::options::Common;
use crate::app::output::Output;

/// `scs completions`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs completions bash > ~/.local/share/bash-completion/completions/scs
  scs completions zsh  > ~/.zfunc/_scs
  scs completions fish > ~/.config/fish/completions/scs.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, program: &clap::Command, common: &Common) -> Result<Exit, Failure> {
        // The generator panics on write errors, so write to memory first.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut program.clone(), "scs", &mut script);
        let mut output = Output::open(common.output.as_deref())?;
        output.write_all(&script)?;
        output.finish()?;
        Ok(Exit::Success)
    }
}

/// `scs man`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  scs man | man -l -                  read the manual page
  scs man ~/.local/share/man/man1     install the pages of all commands")]
pub(crate) struct Manual {
    /// Write a page for every command to this directory
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

impl Manual {
    pub(crate) fn run(&self, program: &clap::Command, common: &Common) -> Result<Exit, Failure> {
        if let Some(directory) = &self.directory {
            fs::create_dir_all(directory)
                .and_then(|()| clap_mangen::generate_to(program.clone(), directory))
                .map_err(|error| Failure::unwritable(directory, &error))?;
        } else {
            let mut output = Output::open(common.output.as_deref())?;
            clap_mangen::Man::new(program.clone()).render(&mut output)?;
            output.finish()?;
        }
        Ok(Exit::Success)
    }
}
