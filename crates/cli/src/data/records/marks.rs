//! The commas, line ends and quotation marks of a text, 64 bytes at a time.

/// Gives the places of the marks in order.
pub(super) struct Marks<'t> {
    blocks: std::slice::Chunks<'t, u8>,
    /// Where the present block begins.
    base: usize,
    /// The marks of the present block that are still to come, a bit each.
    bits: u64,
    /// Where the next block begins.
    next: usize,
}

const BLOCK: usize = 64;

impl<'t> Marks<'t> {
    /// Begins at a place.
    pub(super) fn of(text: &'t [u8], from: usize) -> Self {
        Self {
            blocks: text.get(from..).unwrap_or_default().chunks(BLOCK),
            base: from,
            bits: 0,
            next: from,
        }
    }
}

impl Iterator for Marks<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            let block = self.blocks.next()?;
            self.base = self.next;
            self.next = self.next.saturating_add(BLOCK);
            self.bits = match block.first_chunk() {
                Some(block) => marks(block),
                None => {
                    let mut last = [0; BLOCK];
                    last.iter_mut()
                        .zip(block)
                        .for_each(|(place, byte)| *place = *byte);
                    marks(&last)
                }
            };
        }
        let place = usize::try_from(self.bits.trailing_zeros()).unwrap_or(0);
        self.bits &= self.bits.wrapping_sub(1);
        Some(self.base.saturating_add(place))
    }
}

/// Sets a bit for each mark, the first byte's lowest.
fn marks(block: &[u8; BLOCK]) -> u64 {
    let flags = block.map(|byte| u8::from(byte == b',') | u8::from(byte == b'\n') | u8::from(byte == b'"'));
    let (eights, _) = flags.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| {
        // Eight flags, a byte each, are multiplied into the highest byte, a bit each.
        let packed = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        (bits << 8) | packed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found_wherever_it_stands() {
        let mut text = vec![b'x'; 200];
        for place in 0..200 {
            text[place] = [b',', b'\n', b'"'][place % 3];
            for from in [0, place / 2, place] {
                let found: Vec<_> = Marks::of(&text, from).collect();
                assert_eq!(found, [place], "{place} from {from}");
            }
            text[place] = b'x';
        }
    }

    #[test]
    fn marks_come_in_order_and_nothing_else_does() {
        let text = b"a,b;\"c\"\r\n\xAC,\x8A".repeat(40);
        let is_mark = |byte: &u8| matches!(byte, b',' | b'\n' | b'"');
        let expected: Vec<_> = (0..text.len()).filter(|place| is_mark(&text[*place])).collect();
        assert_eq!(Marks::of(&text, 0).collect::<Vec<_>>(), expected);
    }
}
