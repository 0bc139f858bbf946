//! The reasons why flags cannot be determined.

use thiserror::Error;

/// Error: flags, or the value of one, that cannot be determined.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadFlagsError {
    /// There is no command.
    #[error("it has neither a command nor arguments")]
    NoCommand,
    /// The command runs something else.
    #[error("its command does not run `{0}`")]
    OtherProgram(String),
    /// The program is started by something that may change its flags.
    #[error("`{program}` is started by `{launcher}`, which may pass other flags")]
    Launcher {
        /// The program that is started instead.
        launcher: String,
        /// The program.
        program: String,
    },
    /// None of several containers is known to run it.
    #[error("none of its {containers} containers is named `{program}` or runs it in its command")]
    NoContainer {
        /// Their number.
        containers: usize,
        /// The program.
        program: String,
    },
    /// It is a script that a shell would have to evaluate.
    #[error("its command is a shell script with {0}, which is not evaluated here")]
    Script(String),
    /// It has a word that comes from a variable.
    #[error("its command uses the variable `{0}`, but the pod does not show its value")]
    Variable(String),
    /// It has a word that does not belong to a flag.
    #[error("its command has `{0}`, which does not belong to any flag")]
    Stray(String),
    /// The value of a flag comes from a variable.
    #[error("`--{flag}` is set from the variable `{variable}`, but the pod does not show its value")]
    UnknownValue {
        /// The flag.
        flag: String,
        /// The variable.
        variable: String,
    },
    /// A boolean flag has an invalid value.
    #[error("`--{flag}={value}` is neither true nor false")]
    NoTruth {
        /// The flag.
        flag: String,
        /// The value of the flag.
        value: String,
    },
    /// All flags are in a file.
    #[error("its settings are in the file `{0}`, which is not in the inventory")]
    ConfigFile(String),
    /// It is not a JSON list of arguments.
    #[error("cannot parse the annotation with the node's arguments: {0}")]
    NodeArguments(String),
}
