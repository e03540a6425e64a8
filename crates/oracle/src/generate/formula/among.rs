//! Places and shares among persons.

use super::Writer;

impl Writer<'_> {
    /// Writes the payee's place among persons.
    pub(super) fn place(&mut self) -> String {
        let key = self.random.pick(&[
            "o.rank",
            "(o.base otherwise CNY 0)",
            "o.base",
            "o.hired_on",
            "(count over Deal as x where x.owner is o and x.booked_on in period)",
            "(sum x.amount over Deal as x where x.owner is o and x.booked_on <= period.last_day)",
        ]);
        let (whom, filter, within) = (self.whose(), self.among_whom(), self.within());
        let way = self.random.pick(&["highest", "lowest"]);
        let ties = self.random.pick(&[
            "ties best",
            "ties best",
            "ties worst",
            "ties average",
            "ties dense",
            "order by o.id",
            "order by o.rank, o.hired_on lowest first",
        ]);
        format!("((rank of {key} among {whom} as o{filter}{within} {way} first {ties}) otherwise 0)")
    }

    /// Writes the payee's share of an amount among persons.
    pub(super) fn share_of(&mut self) -> String {
        let amount = self
            .random
            .pick(&["CNY 100", "CNY 1,000.01", "(-CNY 50)", "CNY 0.05", "CNY 0"]);
        let weight = self.random.pick(&[
            "1",
            "o.rank",
            "(count over Deal as x where x.owner is o and x.booked_on in period)",
            "(sum x.units over Deal as x where x.owner is o)",
        ]);
        // Behind a team "by" begins the weight, so that the tree must go without saying.
        let whom = match self.world.extras.mentors {
            true => "Person",
            false => self.whose().trim_end_matches(" by manager"),
        };
        let (filter, within) = (self.among_whom(), self.within());
        let rest = self
            .random
            .pick(&["", "", " rest to largest", " rest to first", " rest to last"]);
        let rounded = self.random.pick(&[
            "",
            "",
            " rounded half-up",
            " rounded half-even",
            " rounded up",
            " rounded ceiling",
        ]);
        let equally = self
            .random
            .pick(&["", " otherwise equally", " otherwise equally"]);
        format!(
            "((allocate {amount} among {whom} as o{filter}{within} by {weight}{rest}{rounded}{equally}) otherwise CNY 0)"
        )
    }

    /// Writes among whom: all, or those below the same superior.
    fn whose(&mut self) -> &'static str {
        self.random_of(&[
            "Person",
            "Person",
            "Person",
            "team of payee.manager by manager",
            "reports of payee.manager by manager",
            "team of (payee.manager.manager) by manager",
        ])
    }

    fn among_whom(&mut self) -> &'static str {
        self.random_of(&[
            "",
            "",
            " where o.role is not Boss",
            " where o.hired_on <= period.last_day",
        ])
    }

    fn within(&mut self) -> &'static str {
        self.random_of(&["", "", "", " within o.home", " within o.role"])
    }

    fn random_of(&mut self, texts: &[&'static str]) -> &'static str {
        let place = self.random.below(texts.len());
        texts.get(place).copied().unwrap_or("")
    }
}
