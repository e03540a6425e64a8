//! What if, for some records and periods alone, or with another file: every figure is worked out by hand.

use crate::diff::{company, what_if};

#[test]
fn some_records_and_periods_may_be_set_alone() {
    // Ann has missed 1,100, and Bob's quota stays.
    assert_eq!(
        what_if(&["quota[Ann] = quota[Ann] * 1.1"]),
        "Ann,EUR,150.00,50.00,-100.00,1,quota[Ann] = quota[Ann] * 1.1,-100.00,bonus,\n"
    );
    assert_eq!(
        what_if(&["quota［“Ann”］ ＝ quota * 1.1"]),
        "Ann,EUR,150.00,50.00,-100.00,1,quota［“Ann”］ ＝ quota * 1.1,-100.00,bonus,\n"
    );
    // Bob's 1,500 reach 1,500.
    let bob = "Bob,EUR,75.00,175.00,100.00,1";
    assert_eq!(
        what_if(&["quota['Bob'].goal = EUR 1500"]),
        format!("{bob},quota['Bob'].goal = EUR 1500,100.00,bonus,\n")
    );
    assert_eq!(
        what_if(&["target[Bob, 2026-01] = EUR 1500"]),
        format!("{bob},\"target[Bob, 2026-01] = EUR 1500\",100.00,bonus,\n")
    );
    assert_eq!(
        what_if(&["target['2026-01'] = target['2026-01'] * 1.1"]),
        "Ann,EUR,150.00,50.00,-100.00,1,target['2026-01'] = target['2026-01'] * 1.1,-100.00,bonus,\n"
    );
    // 5% of 1,500 more, and the 2,000 are reached.
    assert_eq!(
        what_if(&["Deal[D2].amount = amount * 2"]),
        "Bob,EUR,75.00,250.00,175.00,1,Deal[D2].amount = amount * 2,100.00,bonus,\n\
         Bob,EUR,75.00,250.00,175.00,1,Deal[D2].amount = amount * 2,75.00,commission,\n"
    );
}

#[test]
fn a_table_may_be_read_from_another_file() {
    let company = company();
    company.write("easy.csv", "seller,goal\nAnn,1000\nBob,1500\nCid,500\n");
    let run = ["--format", "csv"];
    let pay = "plan,pay,payee,period,currency,amount\nsales,total,Ann,2026-01,EUR,150.00\n\
               sales,total,Bob,2026-01,EUR,175.00\nsales,total,Cid,2026-01,EUR,0.00\n";
    let set = ["--set", "quota = \"easy.csv\""];
    company.run(&[&run[..], &set].concat()).ends(0, pay);
    let done = company.run(&[&run[..], &set, &["--compare"]].concat());
    done.ends(
        0,
        "payee,currency,before,after,change,stage,clauses,part,plan,pay,earn,line\n\
         Bob,EUR,75.00,175.00,100.00,1,\"quota = \"\"easy.csv\"\"\",100.00,sales,total,bonus,\n",
    );
}

#[test]
fn what_cannot_be_set_alone_is_told() {
    let wrong = [
        ("quota[Zed] = EUR 5", "no record of \"quota\" has the key Zed"),
        ("target[Zed] = EUR 5", "no record of \"Seller\" has the key Zed"),
        (
            "rate[Ann] = 6%",
            "it is one value for everybody; write it without keys",
        ),
        ("target[Ann, Bob] = EUR 5", "a period is written like 2026-03"),
        ("quota[Ann, Bob] = EUR 5", "there are more keys than it has"),
        ("quota[] = EUR 5", "write a name, \"=\" and a formula"),
        (
            "Deal = \"other.csv\"",
            "under the same name, and give that folder to --data",
        ),
        (
            "quota = \"nowhere.csv\"",
            "there is no file \"nowhere.csv\" for \"quota\"",
        ),
    ];
    for (setting, words) in wrong {
        let done = company().run(&["--set", setting, "--compare"]);
        done.says(words);
        let code = if words.starts_with("there is no file") {
            3
        } else {
            2
        };
        done.ends(code, "");
    }
}
