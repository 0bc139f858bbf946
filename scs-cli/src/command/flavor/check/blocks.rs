//! Splits an input into blocks of whole lines for several threads.

use std::io::{self, Read};

use memchr::memrchr;

use crate::app::input::LONGEST_LINE;

/// The size of a block in bytes: small enough for a core's cache, large enough to make the overhead negligible.
pub(super) const BLOCK: usize = 1 << 18;

/// The block that [`Feed::next`] put into the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The index of the block.
    pub(super) number: u64,
    /// Whether the block is a single line that was cut at [`LONGEST_LINE`].
    pub(super) cut: bool,
    /// The number of input bytes consumed for the block.
    pub(super) consumed: u64,
}

/// Reads blocks, for one thread at a time.
pub(super) struct Feed<R> {
    reader: R,
    /// The start of an incomplete line.
    carry: Vec<u8>,
    next: u64,
    ended: bool,
}

impl<R: Read> Feed<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self { reader, carry: Vec::new(), next: 0, ended: false }
    }

    /// Fills `buffer` with whole lines; the last line of the input may lack a line break.
    pub(super) fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Block>> {
        buffer.clear();
        // Free the memory of a very long line.
        buffer.shrink_to(4 * BLOCK);
        buffer.append(&mut self.carry);
        let mut consumed = 0;
        let mut cut = false;
        while !self.ended {
            let before = buffer.len();
            let read = (&mut self.reader).take(BLOCK as u64).read_to_end(buffer)?;
            consumed += read as u64;
            self.ended = read < BLOCK;
            if let Some(newline) = memrchr(b'\n', &buffer[before..]) {
                let end = before + newline + 1;
                // At the end of the input, the rest is the last line, not a carry.
                if !self.ended {
                    self.carry.extend_from_slice(&buffer[end..]);
                    buffer.truncate(end);
                }
                break;
            }
            if buffer.len() > LONGEST_LINE {
                buffer.truncate(LONGEST_LINE);
                cut = true;
                consumed += self.skip_line()?;
                break;
            }
        }
        if buffer.is_empty() {
            return Ok(None);
        }
        let number = self.next;
        self.next += 1;
        Ok(Some(Block { number, cut, consumed }))
    }

    /// Skips to the next line; its start becomes the carry.
    fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        while !self.ended {
            self.carry.clear();
            let read = (&mut self.reader).take(BLOCK as u64).read_to_end(&mut self.carry)?;
            skipped += read as u64;
            self.ended = read < BLOCK;
            if let Some(newline) = memchr::memchr(b'\n', &self.carry) {
                self.carry.drain(..=newline);
                return Ok(skipped);
            }
        }
        self.carry.clear();
        Ok(skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(input: &[u8]) -> Vec<(Vec<u8>, bool)> {
        let mut feed = Feed::new(input);
        let mut buffer = Vec::new();
        let mut blocks = Vec::new();
        while let Some(block) = feed.next(&mut buffer).unwrap() {
            blocks.push((buffer.clone(), block.cut));
        }
        blocks
    }

    #[test]
    fn nothing_is_lost_between_blocks() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 17] {
            let mut input = b"SCS-2V-4\nSCS-4V-8-20s\n\n".repeat(length / 23 + 1);
            input.truncate(length);
            let blocks = blocks(&input);
            let (last, whole) =
                blocks.split_last().map_or((&[][..], &[][..]), |(last, whole)| (&last.0[..], whole));
            assert!(whole.iter().all(|(block, cut)| block.ends_with(b"\n") && !cut));
            let all: Vec<u8> =
                whole.iter().flat_map(|(block, _)| block.clone()).chain(last.to_vec()).collect();
            assert_eq!(all, input);
        }
    }

    #[test]
    fn a_line_may_be_longer_than_a_block_but_not_endless() {
        let long = vec![b'x'; 3 * BLOCK];
        let endless = vec![b'y'; LONGEST_LINE + 2 * BLOCK];
        let input = [&long[..], b"\n", &endless, b"\nSCS-2V-4\nlast"].concat();
        let blocks = blocks(&input);
        let cut: Vec<_> = blocks.iter().map(|(block, cut)| (block.len(), *cut)).collect();
        assert_eq!(cut, [(long.len() + 1, false), (LONGEST_LINE, true), (b"SCS-2V-4\nlast".len(), false)]);
    }
}
