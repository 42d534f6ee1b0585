//! One figure: what Keystead takes, what it is held against, and how much more it may take.

/// How far from its limit a figure may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound {
    /// At most so many times the limit.
    Times(f64),
    /// At most so much more than the limit.
    More(f64),
    /// Less than it.
    Less,
}

/// What was measured, in turn.
#[derive(Debug)]
pub(crate) struct Figure {
    /// What.
    pub(crate) name: String,
    /// The unit of all values.
    pub(crate) unit: &'static str,
    /// What it is held against.
    pub(crate) against: &'static str,
    /// How far from that it may be.
    pub(crate) bound: Bound,
    /// Keystead's, round by round.
    pub(crate) ours: Vec<f64>,
    /// The other's, round by round.
    pub(crate) theirs: Vec<f64>,
}

impl Figure {
    /// Nothing measured yet.
    pub(crate) fn new(
        name: impl Into<String>,
        unit: &'static str,
        against: &'static str,
        bound: Bound,
    ) -> Self {
        Self {
            name: name.into(),
            unit,
            against,
            bound,
            ours: Vec::new(),
            theirs: Vec::new(),
        }
    }

    /// Takes one round in.
    pub(crate) fn take(&mut self, ours: f64, theirs: f64) {
        self.ours.push(ours);
        self.theirs.push(theirs);
    }

    /// What the bound speaks of: how many times the limit, or how much more.
    pub(crate) fn distance(&self) -> f64 {
        let (ours, theirs) = (median(&self.ours), median(&self.theirs));
        match self.bound {
            Bound::Times(_) | Bound::Less => ours / theirs,
            Bound::More(_) => ours - theirs,
        }
    }

    /// The bound holds. Fewer than seven rounds prove nothing.
    pub(crate) fn is_kept(&self) -> bool {
        let held = match self.bound {
            Bound::Times(most) | Bound::More(most) => self.distance() <= most,
            Bound::Less => self.distance() < 1.0,
        };
        held && self.ours.len() >= 7 && self.theirs.len() == self.ours.len()
    }
}

/// The middle one; of an even number, the lower of the two.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .get(sorted.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(bound: Bound, ours: f64, rounds: usize) -> Figure {
        let mut figure = Figure::new("a", "ms", "b", bound);
        for _ in 0..rounds {
            figure.take(ours, 10.0);
        }
        figure
    }

    #[test]
    fn a_bound_is_kept_or_missed() {
        for (bound, ours, kept) in [
            (Bound::Times(1.5), 15.0, true),
            (Bound::Times(1.5), 15.1, false),
            (Bound::More(60.0), 70.0, true),
            (Bound::More(60.0), 70.1, false),
            (Bound::Less, 9.9, true),
            (Bound::Less, 10.0, false),
            (Bound::Times(3.0), f64::NAN, false),
        ] {
            assert_eq!(measured(bound, ours, 7).is_kept(), kept, "{bound:?} {ours}");
        }
        assert!(
            !measured(Bound::Less, 1.0, 6).is_kept(),
            "six rounds prove nothing"
        );
    }

    #[test]
    fn one_outlier_moves_no_median() {
        assert!((median(&[3.0, 1.0, 1000.0, 2.0, 4.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }
}
