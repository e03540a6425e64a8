/* The faults that Valgrind must find in a C program; the same as in examples/planted.rs.
 *   planted read_after_free | never_released | none */
#include <guerdon.h>

#include <stdio.h>
#include <string.h>

#define TEXT(text) (text), strlen(text)

static const char *RULES =
    "data Seller key name\n  name : text\nend\n"
    "data Deal key id\n  id : text\n  seller : Seller\n  amount : money EUR\n  signed_on : date\nend\n"
    "plan flat\n  payee Seller\n  currency EUR\n  effective 2026-01-01 through 2026-12-31\n  period month\n"
    "  rounding half-up to 0.01 at each line\n"
    "  earn commission for each Deal where seller is payee dated signed_on = amount * 5%\n"
    "  pay total = due commission\nend\n";
static const char *RECORDS =
    "{\"Seller\": [{\"name\": \"Ann\"}],"
    " \"Deal\": [{\"id\": \"D1\", \"seller\": \"Ann\", \"amount\": 1000.10, \"signed_on\": \"2026-02-10\"}]}";

/* The struct of the Arrow C stream interface. */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, void *);
    int (*get_next)(struct ArrowArrayStream *, void *);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

static int failures = 0;

static void ok(int32_t status) {
    if (status != GUERDON_STATUS_OK) {
        failures++;
    }
}

static void read_rows(const struct guerdon_report *report, int too_late) {
    struct guerdon_cursor *cursor = NULL;
    struct guerdon_text rows = {"", 0};
    unsigned long sum = 0;
    size_t place;
    ok(guerdon_report_read(report, TEXT("pay"), &cursor, NULL));
    ok(guerdon_cursor_next(cursor, 100, &rows, NULL));
    if (too_late) {
        ok(guerdon_cursor_free(cursor));
    }
    for (place = 0; place < rows.len; place++) {
        sum += (unsigned char)rows.data[place];
    }
    printf("%s", sum == 0 ? "nothing was read\n" : "");
    if (!too_late) {
        ok(guerdon_cursor_free(cursor));
    }
}

static void take_stream(const struct guerdon_report *report, int release) {
    struct ArrowArrayStream stream;
    ok(guerdon_report_arrow(report, TEXT("pay"), &stream, NULL));
    if (release) {
        stream.release(&stream);
    }
    memset(&stream, 0, sizeof stream);
}

int main(int count, char **arguments) {
    const char *fault = count > 1 ? arguments[1] : "none";
    struct guerdon_sources *sources = NULL;
    struct guerdon_plan *plan = NULL;
    struct guerdon_builder *builder = NULL;
    struct guerdon_facts *facts = NULL;
    struct guerdon_report *report = NULL;
    ok(guerdon_sources_new(&sources, NULL));
    ok(guerdon_sources_add(sources, TEXT("plan.guerdon"), TEXT(RULES), NULL));
    ok(guerdon_plan_compile(sources, &plan, NULL));
    ok(guerdon_sources_free(sources));
    ok(guerdon_builder_new(plan, NULL, &builder, NULL));
    ok(guerdon_builder_json(builder, TEXT(RECORDS), NULL));
    ok(guerdon_builder_finish(builder, &facts, NULL));
    ok(guerdon_builder_free(builder));
    ok(guerdon_plan_evaluate(plan, facts, NULL, &report, NULL));
    read_rows(report, strcmp(fault, "read_after_free") == 0);
    take_stream(report, strcmp(fault, "never_released") != 0);
    ok(guerdon_report_free(report));
    ok(guerdon_facts_free(facts));
    ok(guerdon_plan_free(plan));
    return failures == 0 && guerdon_live_handles() == 0 ? 0 : 1;
}
