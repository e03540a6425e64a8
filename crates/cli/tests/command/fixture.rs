//! A small company in a folder of its own, and the command run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Five per cent of each deal's share, for two sellers.
pub(crate) const PLAN: &str = r#"data Seller key name
  name : text
end

data Deal key id
  id        : text
  seller    : Seller
  amount    : money EUR   check amount > EUR 0
  share     : percent     check share <= 100%
  signed_on : date
end

plan flat "Five per cent"
  payee     Seller
  currency  EUR
  effective 2026-01-01 through 2026-12-31
  period    month
  rounding  half-up to 0.01 at each line
  earn commission for each Deal where seller is payee dated signed_on = amount * share * 5%
  pay total = due commission
end
"#;

/// Bob's deal, which pays EUR 50.00 in February whatever stands below it.
pub(crate) const DEALS: &str = "id,seller,amount,share,signed_on\nD0,Bob,1000,100%,2026-02-10\n";

/// What is said of any run that leaves something out.
pub(crate) const INCOMPLETE: &str = "This run is incomplete: ";

/// What a command did.
pub(crate) struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Done {
    /// Says that a text was printed on standard error.
    pub(crate) fn says(&self, text: &str) {
        assert!(self.err.contains(text), "no\n{text}\nin\n{}", self.err);
    }

    /// Says how the command ended, and what it printed on standard output.
    pub(crate) fn ends(&self, code: i32, out: &str) {
        assert_eq!((self.code, self.out.as_str()), (code, out), "{}", self.err);
    }

    /// Reads standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.out, self.err))
    }
}

/// A folder with the plan and its records.
pub(crate) struct Company {
    folder: TempDir,
}

impl Company {
    /// Makes the company with Bob's deal and these further lines.
    pub(crate) fn with_deals(more: impl AsRef<[u8]>) -> Self {
        let company = Self {
            folder: TempDir::new().unwrap(),
        };
        company.write("plan.guerdon", PLAN);
        company.write("Seller.csv", "name\nAnn\nBob\n");
        company.write("Deal.csv", [DEALS.as_bytes(), more.as_ref()].concat());
        company
    }

    /// Makes the company with other rules.
    pub(crate) fn with_rules(rules: impl AsRef<[u8]>) -> Self {
        let company = Self::with_deals("");
        company.write("plan.guerdon", rules);
        company
    }

    /// Makes the company with another file of records.
    pub(crate) fn with_file(name: &str, text: impl AsRef<[u8]>) -> Self {
        let company = Self::with_deals("D1,Ann,1000,50%,2026-02-11\n");
        company.write(name, text);
        company
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Lists the names in a folder, in order.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Runs a command in the folder.
    pub(crate) fn guerdon(&self, arguments: &[&str]) -> Done {
        guerdon(self.folder.path(), arguments)
    }

    /// Runs the plan, with further arguments.
    pub(crate) fn run(&self, more: &[&str]) -> Done {
        self.guerdon(&[&["run", "plan.guerdon", "--data", "."], more].concat())
    }

    /// Compares the plan with `new.guerdon`, with further arguments.
    pub(crate) fn diff(&self, more: &[&str]) -> Done {
        self.guerdon(&[&["diff", "plan.guerdon", "new.guerdon", "--data", "."], more].concat())
    }

    /// Explains a figure of the plan.
    pub(crate) fn explain(&self, figure: &str) -> Done {
        self.guerdon(&["explain", "plan.guerdon", figure, "--data", "."])
    }

    /// Runs the plan over February and gives the pay as CSV.
    pub(crate) fn february(&self) -> Done {
        self.run(&["--period", "2026-02", "--format", "csv"])
    }
}

/// Gives the pay of February as CSV, with these two amounts.
pub(crate) fn pay(ann: &str, bob: &str) -> String {
    format!(
        "plan,pay,payee,period,currency,amount\nflat,total,Ann,2026-02,EUR,{ann}\nflat,total,Bob,2026-02,EUR,{bob}\n"
    )
}

/// Runs a command in a folder.
pub(crate) fn guerdon(folder: &Path, arguments: &[&str]) -> Done {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_guerdon"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    Done {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Gives the folder of an example.
pub(crate) fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/rules")
        .join(name)
}
