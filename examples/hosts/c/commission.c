/* Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error. */
#include <guerdon.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text that ends with a NUL, as a pointer and a length. */
#define TEXT(text) (text), strlen(text)

/* Ends the program with what an error tells, if a call did not go well. */
static void must(int32_t status, struct guerdon_error *error) {
    struct guerdon_text text;
    if (status == GUERDON_STATUS_OK) {
        return;
    }
    if (guerdon_error_text(error, &text) == GUERDON_STATUS_OK) {
        fprintf(stderr, "%.*s\n", (int)text.len, text.data);
    }
    guerdon_error_free(error);
    exit(1);
}

/* Compiles one file of rules. */
static int32_t compile(const char *folder, const char *name, struct guerdon_plan **plan,
                       struct guerdon_error **error) {
    struct guerdon_sources *sources = NULL;
    char path[1024];
    char *text = malloc(1 << 16);
    size_t len;
    int32_t status;
    FILE *in;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    in = fopen(path, "rb");
    if (in == NULL || text == NULL) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    len = fread(text, 1, 1 << 16, in);
    fclose(in);
    must(guerdon_sources_new(&sources, error), *error);
    must(guerdon_sources_add(sources, TEXT(name), text, len, error), *error);
    free(text);
    status = guerdon_plan_compile(sources, plan, error);
    guerdon_sources_free(sources);
    return status;
}

/* Makes a value of text for a field. */
static struct guerdon_value text_value(const char *field, const char *text) {
    struct guerdon_value value;
    memset(&value, 0, sizeof value);
    value.field = field;
    value.field_len = strlen(field);
    value.kind = GUERDON_KIND_TEXT;
    value.text = text;
    value.text_len = strlen(text);
    return value;
}

/* Makes the record of a deal: its amount in cents, its day as days since 1970-01-01. */
static void deal(struct guerdon_value *values, const char *id, const char *seller, int64_t cents, int64_t day) {
    values[0] = text_value("id", id);
    values[1] = text_value("seller", seller);
    values[2] = text_value("amount", "");
    values[2].kind = GUERDON_KIND_SCALED;
    values[2].number = cents;
    values[2].decimals = 2;
    values[3] = text_value("signed_on", "");
    values[3].kind = GUERDON_KIND_DATE;
    values[3].number = day;
}

static struct guerdon_facts *load(const struct guerdon_plan *plan, struct guerdon_error **error) {
    struct guerdon_builder *builder = NULL;
    struct guerdon_facts *facts = NULL;
    struct guerdon_value values[4];
    struct guerdon_text names[2] = {{"Ann", 3}, {"Bo", 2}};
    must(guerdon_builder_new(plan, NULL, &builder, error), *error);
    must(guerdon_builder_column_text(builder, TEXT("Seller"), TEXT("name"), names, 2, error), *error);
    deal(values, "D1", "Ann", 100010, 20494); /* 2026-02-10 */
    must(guerdon_builder_row(builder, TEXT("Deal"), values, 4, error), *error);
    deal(values, "D2", "Ann", 40000, 20514); /* 2026-03-02 */
    must(guerdon_builder_row(builder, TEXT("Deal"), values, 4, error), *error);
    deal(values, "D3", "Bo", 200000, 20527); /* 2026-03-15 */
    must(guerdon_builder_row(builder, TEXT("Deal"), values, 4, error), *error);
    must(guerdon_builder_finish(builder, &facts, error), *error);
    guerdon_builder_free(builder);
    return facts;
}

static void print_pay(const struct guerdon_report *report, struct guerdon_error **error) {
    struct guerdon_cursor *cursor = NULL;
    struct guerdon_text rows;
    int32_t status;
    must(guerdon_report_read(report, TEXT("pay"), &cursor, error), *error);
    while ((status = guerdon_cursor_next(cursor, 100, &rows, NULL)) == GUERDON_STATUS_OK) {
        printf("%.*s\n", (int)rows.len, rows.data);
    }
    if (status != GUERDON_STATUS_END) {
        exit(1);
    }
    guerdon_cursor_free(cursor);
}

static void print_error(const char *folder) {
    struct guerdon_plan *plan = NULL;
    struct guerdon_error *error = NULL;
    struct guerdon_error_info info;
    memset(&info, 0, sizeof info);
    info.struct_size = sizeof info;
    if (compile(folder, "broken.guerdon", &plan, &error) != GUERDON_STATUS_REJECTED) {
        exit(1);
    }
    must(guerdon_error_get(error, 0, &info), NULL);
    printf("%s %s:%u:%u %s\n", info.code.data, info.file.data, info.line, info.column, info.message.data);
    guerdon_error_free(error);
}

int main(int count, char **arguments) {
    const char *folder = count > 1 ? arguments[1] : "..";
    struct guerdon_error *error = NULL;
    struct guerdon_plan *plan = NULL;
    struct guerdon_facts *facts = NULL;
    struct guerdon_report *report = NULL;
    struct guerdon_trace *trace = NULL;
    struct guerdon_session *session = NULL;
    struct guerdon_text text;
    struct guerdon_value values[4];

    must(guerdon_check_abi(GUERDON_ABI_VERSION, &error), error);
    must(compile(folder, "plan.guerdon", &plan, &error), error);
    facts = load(plan, &error);
    must(guerdon_plan_evaluate(plan, facts, NULL, &report, &error), error);
    print_pay(report, &error);

    must(guerdon_plan_explain(plan, facts, NULL, TEXT("total[Ann, 2026-03]"), &trace, &error), error);
    must(guerdon_trace_text(trace, GUERDON_LANGUAGE_OWN, &text, &error), error);
    printf("%s", text.data);
    guerdon_trace_free(trace);
    guerdon_report_free(report);

    must(guerdon_session_new(plan, facts, NULL, &session, &error), error);
    deal(values, "D4", "Ann", 100000, 20532); /* 2026-03-20 */
    must(guerdon_session_what_if(session, TEXT("Ann"), TEXT("Deal"), values, 4, &text, &error), error);
    printf("%s\n", text.data);

    print_error(folder);

    guerdon_session_free(session);
    guerdon_facts_free(facts);
    guerdon_plan_free(plan);
    return guerdon_live_handles() == 0 ? 0 : 1;
}
