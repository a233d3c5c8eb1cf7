//! Chance from a seed. Only whole-number mixing and IEEE arithmetic: the same seed gives the same city on every machine.

/// A stream of chance (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

/// Mixes two numbers into one that looks like neither.
pub(crate) const fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number for a pair of lattice indices.
pub(crate) const fn mix_ij(seed: u64, i: i32, j: i32) -> u64 {
    mix(mix(seed, i as u32 as u64), j as u32 as u64 + 1)
}

impl Rng {
    /// The stream that belongs to `seed` and `part`.
    pub(crate) const fn of(seed: u64, part: u64) -> Self {
        Self(mix(seed, part))
    }

    /// The next 64 bits.
    pub(crate) const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0, 0)
    }

    /// At least 0 and below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        unit(self.bits())
    }

    /// At least `from` and below `to`.
    pub(crate) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// One of 0 .. `n`; 0 when `n` is 0.
    pub(crate) const fn below(&mut self, n: u64) -> u64 {
        if n == 0 { 0 } else { self.bits() % n }
    }

    /// Whether something of probability `p` happens.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `all`, which is never empty.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// A hash as a number from 0 to 1.
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Smooth noise from -1 to 1 whose bumps are about 1 wide.
pub(crate) fn noise(seed: u64, x: f64, y: f64) -> f64 {
    let (x0, y0) = (x.floor(), y.floor());
    let at = |dx: i32, dy: i32| unit(mix_ij(seed, x0 as i32 + dx, y0 as i32 + dy)) * 2.0 - 1.0;
    // Quintic fade: second derivatives are continuous, so that streets bend without kinks.
    let fade = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let (sx, sy) = (fade(x - x0), fade(y - y0));
    let low = at(0, 0) + (at(1, 0) - at(0, 0)) * sx;
    let high = at(0, 1) + (at(1, 1) - at(0, 1)) * sx;
    low + (high - low) * sy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_even_and_repeatable() {
        let mean = |seed| {
            let mut r = Rng::of(seed, 1);
            (0..10_000).map(|_| r.unit()).sum::<f64>() / 10_000.0
        };
        assert!((mean(1) - 0.5).abs() < 0.02);
        assert_eq!(mean(1), mean(1));
        assert_ne!(mean(1), mean(2));
    }

    #[test]
    fn noise_is_smooth_and_bounded() {
        for k in 0..2000 {
            let x = f64::from(k) * 0.01;
            let (a, b) = (noise(7, x, 0.3), noise(7, x + 0.01, 0.3));
            assert!(a.abs() <= 1.0 && (a - b).abs() < 0.05);
        }
    }
}
