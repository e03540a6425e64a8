//! Formats statements with comments in them: each comment stays with its statement.

#![expect(clippy::unwrap_used, reason = "a test states its input")]

use guerdon_syntax::Language;
use guerdon_syntax::format::format_source;

fn formats_to(text: &str, expected: &str) {
    let once = format_source("t", text, None).unwrap();
    assert_eq!(once, expected, "{text}");
    assert_eq!(format_source("t", &once, None).unwrap(), expected);
}

#[test]
fn a_comment_in_a_statement_that_fits_one_line_goes_behind_it_or_above_it() {
    formats_to(
        "\
plan p
  let x = 1 +  # one
    2
  let y = 1 +  # first
    # between
    2 +        # second
    3          # third
  let z = 3
end
",
        "\
plan p
  let x = 1 + 2  # one
  # first
  # between
  # second
  let y = 1 + 2 + 3  # third
  let z = 3
end
",
    );
}

#[test]
fn a_comment_at_the_end_of_a_line_that_stays_stays_there() {
    formats_to(
        "\
plan p
  earn commission \"Commission\"        # the title
    for each Order dated booked_on  # the orders
    # the formula
    = apply steps to amount against quota_year stacked in order of booked, id restarting every year # of the amount
    because \"the plan of the year\"  # agreed
    # see there
    ref \"section 3\"                       # the clause
  pay total = sum commission over Order          # the pay
end
",
        "\
plan p
  earn commission \"Commission\"  # the title
    for each Order dated booked_on  # the orders
    # the formula
    = apply steps to amount against quota_year
    stacked in order of booked, id restarting every year  # of the amount
    because \"the plan of the year\"                        # agreed
    # see there
    ref \"section 3\"  # the clause
  pay total = sum commission over Order  # the pay
end
",
    );
}

#[test]
fn comments_in_the_rows_of_a_block_and_before_its_end_stay_in_it() {
    formats_to(
        "\
tiers t marginal   # the kind
  # low
  from 0% below 80%: 4%  # slow
from 80% up: (             # fast
  # faster
  10% +    # and
  1%)      # all
      # no more
end # over
# last
",
        "\
tiers t marginal  # the kind
  # low
  from 0%  below 80% : 4%  # slow
  # fast
  # faster
  # and
  from 80% up        : (10% + 1%)  # all
  # no more
end  # over
# last
",
    );
}

#[test]
fn rows_keep_their_order_and_so_their_comments() {
    formats_to(
        "\
rates fixed
  inverse              # both ways
  # from the bank
  USD to CNY : 7.10    # monthly
  missing day previous # weekends
end
calendar fiscal
  year named by last day # as the accounts
  # July
  year starts in 7       # since 2019
end
source Person from \"people.csv\"
  where \"state\" = \"active\" # who is here
  # the key
  id = \"No.\" # number
end
",
        "\
rates fixed
  inverse  # both ways
  # from the bank
  USD to CNY : 7.10     # monthly
  missing day previous  # weekends
end
calendar fiscal
  year named by last day  # as the accounts
  # July
  year starts in 7  # since 2019
end
source Person from \"people.csv\"
  where \"state\" = \"active\"  # who is here
  # the key
  id = \"No.\"  # number
end
",
    );
}

#[test]
fn comments_around_the_first_lines_stay_around_them() {
    formats_to(
        "\
# a licence

  # indented
language   zh  # Chinese
# about the version
guerdon  1     # first
# a plan
方案 p  # the plan
结束
# last",
        "\
# a licence

# indented
# about the version
guerdon 1  # first
语言 中文  # Chinese

# a plan
方案 p  # the plan
结束
# last
",
    );
    assert_eq!(
        format_source("t", "# head\nplan p\nend  # over\n# last\n", Some(Language::Zh)).unwrap(),
        "语言 中文\n\n# head\n方案 p\n结束  # over\n# last\n"
    );
}
