//! Random numbers that are the same on every machine.
//!
//! Invariants: only integers decide; no floating-point function of the platform has a part in a draw.
//! A stream is a function of its seed and its number alone, so a row does not depend on how many
//! numbers the rows before it have drawn.

/// The odd constant that SplitMix64 steps by: 2⁶⁴ divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The output function of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A stream of numbers: SplitMix64.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The stream of a number under a seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self { state: mix(mix(seed.wrapping_add(STEP)) ^ stream.wrapping_mul(STEP)) }
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number below `end`; 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        // A product of two 32-bit numbers; the ends used here are far below 2³².
        (((self.number() >> 32) * end as u64) >> 32) as usize
    }

    /// A number from `first` to `last`, inclusive.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below((last + 1).saturating_sub(first))
    }

    pub fn chance(&mut self, share: Share) -> bool {
        (self.number() >> 32) < share.0
    }

    /// One of a list; `None` if it is empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// One of a list of texts; nothing if it is empty.
    pub fn word<'a>(&mut self, list: &[&'a str]) -> &'a str {
        self.pick(list).copied().unwrap_or_default()
    }

    /// About normally distributed around 0: twelve uniform numbers have a variance of one.
    pub fn normal(&mut self, deviation: i32) -> i32 {
        let mut sum = 0;
        for _ in 0..3 {
            let four = self.number();
            sum += (0..4).map(|at| (four >> (16 * at)) & 0xFFFF).sum::<u64>() as i64;
        }
        ((sum - 6 * 0xFFFF) * i64::from(deviation) / 0x1_0000) as i32
    }
}

/// How often something happens, in 2³²nds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(u64);

impl Share {
    pub const NEVER: Self = Self(0);

    pub const fn per_million(count: u64) -> Self {
        Self((count << 32) / 1_000_000)
    }

    /// A share between 0 and 1. One multiplication by a power of two: exact everywhere.
    pub fn of(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * 4_294_967_296.0) as u64)
    }
}

/// Draws one of a list by weights, in constant time (Walker's alias method, in integers).
#[derive(Clone, Debug)]
pub struct Weighted {
    /// Per item: below which 32-bit number it is drawn itself, and what is drawn otherwise.
    items: Vec<(u64, u32)>,
}

impl Weighted {
    pub fn new(weights: &[u64]) -> Self {
        let count = weights.len() as u128;
        let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum::<u128>().max(1);
        // What each item has, in units of which a full item has `total`.
        let mut left: Vec<u128> = weights.iter().map(|weight| u128::from(*weight) * count).collect();
        let mut items: Vec<(u64, u32)> = (0..weights.len()).map(|at| (1 << 32, at as u32)).collect();
        let (mut poor, mut rich): (Vec<usize>, Vec<usize>) =
            (0..weights.len()).partition(|at| left[*at] < total);
        while let (Some(receiver), Some(giver)) = (poor.pop(), rich.last().copied()) {
            items[receiver] = (((left[receiver] << 32) / total) as u64, giver as u32);
            left[giver] -= total - left[receiver];
            if left[giver] < total {
                rich.pop();
                poor.push(giver);
            }
        }
        Self { items }
    }

    /// Weights that fall as 1 ÷ (rank + `flat`): Zipf's law with a flattened head.
    pub fn zipf(count: usize, flat: u64) -> Vec<u64> {
        (1..=count as u64).map(|rank| (1 << 32) / (rank + flat)).collect()
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// The place of an item; 0 if there are none.
    pub fn draw(&self, rng: &mut Rng) -> usize {
        let number = rng.number();
        let at = (((number >> 32) * self.items.len() as u64) >> 32) as usize;
        match self.items.get(at) {
            Some((own, other)) if number & 0xFFFF_FFFF >= *own => *other as usize,
            _ => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        // The first outputs for the seed 1234567, as other implementations give them.
        let mut rng = Rng { state: 1_234_567 };
        assert_eq!([rng.number(), rng.number()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn weights_are_kept() {
        let weights = [5, 0, 1, 94, 900];
        let weighted = Weighted::new(&weights);
        let mut rng = Rng::new(7, 0);
        let mut counts = [0_u64; 5];
        for _ in 0..1_000_000 {
            counts[weighted.draw(&mut rng)] += 1;
        }
        for (count, weight) in counts.iter().zip(weights) {
            let wanted = weight * 1000;
            assert!(count.abs_diff(wanted) <= wanted / 20, "{counts:?}");
        }
        assert_eq!(Weighted::new(&[]).draw(&mut rng), 0);
    }

    #[test]
    fn draws_stay_in_their_bounds_and_spread_as_asked() {
        let mut rng = Rng::new(7, 1);
        let (mut sum, mut squares, mut hits) = (0.0, 0.0, 0);
        for _ in 0..100_000 {
            assert!(rng.below(3) < 3 && (4..=9).contains(&rng.between(4, 9)));
            let x = f64::from(rng.normal(1000));
            (sum, squares) = (sum + x, squares + x * x);
            hits += u32::from(rng.chance(Share::of(0.25)));
        }
        assert!((sum / 1e5).abs() < 15.0 && (squares / 1e5 - 1e6).abs() < 2e4);
        assert!((24_000..26_000).contains(&hits));
        assert!(!rng.chance(Share::NEVER) && rng.chance(Share::of(1.0)) && rng.below(0) == 0);
        assert_eq!(rng.pick::<u8>(&[]), None);
    }
}
