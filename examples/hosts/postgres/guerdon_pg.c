/* guerdon_pay(rules text, records text): what is paid, as JSON, inside a PostgreSQL server. */
#include <postgres.h>

#include <fmgr.h>
#include <utils/builtins.h>

#include <guerdon.h>

#include <string.h>

PG_MODULE_MAGIC;
PG_FUNCTION_INFO_V1(guerdon_pay);

/* What one call makes; all of it is freed before PostgreSQL is told of an error, which leaves by a long jump. */
typedef struct job {
    struct guerdon_sources *sources;
    struct guerdon_plan *plan;
    struct guerdon_builder *builder;
    struct guerdon_facts *facts;
    struct guerdon_report *report;
    struct guerdon_cursor *cursor;
    struct guerdon_error *error;
} job;

static void job_free(job *made) {
    guerdon_cursor_free(made->cursor);
    guerdon_report_free(made->report);
    guerdon_facts_free(made->facts);
    guerdon_builder_free(made->builder);
    guerdon_plan_free(made->plan);
    guerdon_sources_free(made->sources);
    guerdon_error_free(made->error);
}

/* Copies what an error tells into PostgreSQL's memory. */
static char *told(const struct guerdon_error *error) {
    struct guerdon_text text;
    if (guerdon_error_text(error, &text) != GUERDON_STATUS_OK) {
        return pstrdup("no reason given");
    }
    return pnstrdup(text.data, text.len);
}

static int32_t pay(job *made, text *rules, text *records, struct guerdon_text *rows) {
    int32_t status = guerdon_sources_new(&made->sources, &made->error);
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_sources_add(made->sources, "plan.guerdon", 12, VARDATA_ANY(rules), VARSIZE_ANY_EXHDR(rules),
                                     &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_plan_compile(made->sources, &made->plan, &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_builder_new(made->plan, NULL, &made->builder, &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_builder_json(made->builder, VARDATA_ANY(records), VARSIZE_ANY_EXHDR(records), &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_builder_finish(made->builder, &made->facts, &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_plan_evaluate(made->plan, made->facts, NULL, &made->report, &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_report_read(made->report, "pay", 3, &made->cursor, &made->error);
    }
    if (status == GUERDON_STATUS_OK) {
        status = guerdon_cursor_next(made->cursor, 1000000, rows, &made->error);
    }
    return status;
}

Datum guerdon_pay(PG_FUNCTION_ARGS) {
    text *rules = PG_GETARG_TEXT_PP(0);
    text *records = PG_GETARG_TEXT_PP(1);
    job made;
    struct guerdon_text rows;
    text *paid;
    memset(&made, 0, sizeof made);
    if (pay(&made, rules, records, &rows) != GUERDON_STATUS_OK) {
        char *message = told(made.error);
        job_free(&made);
        ereport(ERROR, (errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION), errmsg("%s", message)));
    }
    paid = cstring_to_text_with_len(rows.data, (int)rows.len);
    job_free(&made);
    PG_RETURN_TEXT_P(paid);
}
