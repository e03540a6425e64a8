// Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error.
#include <guerdon.hpp>

#include <fstream>
#include <iostream>
#include <sstream>

namespace {

std::string read(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

guerdon::plan compile(const std::string &folder, const std::string &name) {
    guerdon::sources files;
    files.add(name, read(folder + "/" + name));
    return guerdon::plan(files);
}

guerdon::record deal(const char *id, const char *seller, std::int64_t cents, std::int32_t day) {
    using guerdon::value;
    return {value::text("id", id), value::text("seller", seller), value::scaled("amount", cents, 2),
            value::date("signed_on", day)};
}

void commission(const std::string &folder) {
    const guerdon::plan plan = compile(folder, "plan.guerdon");
    guerdon::builder builder(plan);
    builder.row("Seller", {guerdon::value::text("name", "Ann")});
    builder.row("Seller", {guerdon::value::text("name", "Bo")});
    builder.row("Deal", deal("D1", "Ann", 100010, 20494));
    builder.row("Deal", deal("D2", "Ann", 40000, 20514));
    builder.row("Deal", deal("D3", "Bo", 200000, 20527));
    guerdon::facts facts = builder.finish();

    {
        const guerdon::report report = plan.evaluate(facts);
        guerdon::cursor pay = report.read("pay");
        for (std::string rows; pay.next(100, rows);) {
            std::cout << rows << '\n';
        }
        std::cout << plan.explain(facts, "total[Ann, 2026-03]").text();
    }
    guerdon::session session(plan, std::move(facts));
    std::cout << session.what_if("Ann", "Deal", deal("D4", "Ann", 100000, 20532)) << '\n';

    try {
        compile(folder, "broken.guerdon");
    } catch (const guerdon::error &error) {
        const guerdon::fault &first = error.faults().at(0);
        std::cout << first.code << ' ' << first.file << ':' << first.line << ':' << first.column << ' '
                  << first.message << '\n';
    }
}

} // namespace

int main(int count, char **arguments) {
    try {
        commission(count > 1 ? arguments[1] : "..");
    } catch (const guerdon::error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return guerdon_live_handles() == 0 ? 0 : 1;
}
