//! Letters of names as look-ups.

/// `from_letter` for a vocabulary that has `ALL` and whose words tell their byte with `byte`.
macro_rules! from_letter {
    ($vocabulary:ty) => {
        impl $vocabulary {
            /// The word of a letter in a name, in any version.
            #[inline]
            #[must_use]
            pub const fn from_letter(letter: u8) -> Option<Self> {
                // A look-up and no search: which letter comes next is what a processor cannot predict.
                const BY_LETTER: [Option<$vocabulary>; 256] = {
                    let mut table = [None; 256];
                    let mut index = 0;
                    while index < <$vocabulary>::ALL.len() {
                        table[<$vocabulary>::ALL[index].byte() as usize] = Some(<$vocabulary>::ALL[index]);
                        index += 1;
                    }
                    table
                };
                BY_LETTER[letter as usize]
            }

            /// The letter in a name.
            #[must_use]
            pub const fn letter(self) -> char {
                self.byte() as char
            }
        }
    };
}
pub(crate) use from_letter;
