#ifndef GUERDON_H
#define GUERDON_H

#include <stddef.h>
#include <stdint.h>

/*
 * What must be freed, and by whom. The library frees what it gave out and nothing else; never call free() on any of it.
 *
 *   made by                                    freed by
 *   guerdon_sources_new                        guerdon_sources_free
 *   guerdon_plan_compile                       guerdon_plan_free
 *   guerdon_cancel_new                         guerdon_cancel_free
 *   guerdon_builder_new                        guerdon_builder_free
 *   guerdon_builder_finish                     guerdon_facts_free (also after a session has taken them)
 *   guerdon_plan_evaluate, _session_evaluate   guerdon_report_free
 *   guerdon_report_read                        guerdon_cursor_free
 *   guerdon_plan_explain, _session_explain     guerdon_trace_free
 *   guerdon_session_new                        guerdon_session_free
 *   the last parameter `error` of any call     guerdon_error_free, where the call did not give OK
 *   guerdon_report_arrow, _arrow_plain         its own release callback
 *   a guerdon_text                             nobody: it lives as long as the function says that gave it
 *   arrays, schemas and streams given to       the library, in any case, also where it refuses them
 *     guerdon_builder_arrow, _arrow_stream
 *
 * What a call is given (names, texts, values, options) it copies, or has done with when it returns. Handles may be freed
 * in any order: what was made of something keeps it alive. NULL may be freed.
 *
 * Threads. Plans, facts, reports, explanations, errors and flags never change: any number of threads may use one at once.
 * Sets of rule files, builders, cursors and sessions may be moved between threads; where two use one at once, the second
 * gets BUSY. guerdon_cancel_set may be called from any thread at any time. A handle that is freed while another thread is
 * in a call with it lives until that call is over. The library starts no threads unless the options of a run allow them,
 * and calls nothing of the host's but the callbacks of Arrow structs, on the thread of the call.
 *
 * Results. Every call gives a status; out-parameters are written only where it is OK, `error` (which may be NULL) only
 * where it is not. Handles are no addresses: they are never followed, so that one that was freed, is of another kind or
 * made up is told from a good one. After a fault of the library (PANIC) the handle that was being changed gives POISONED,
 * all others work on. A panic message is also written to standard error unless the host sets a hook; the library sets
 * none.
 *
 * The library keeps nothing for the process that a host could see: no signal handlers, no hooks, no locale, no
 * environment, no files, no clock.
 */

struct ArrowSchema;
struct ArrowArray;
struct ArrowArrayStream;


/**
 * `through` of the options is set.
 */
#define GUERDON_HAS_THROUGH 1

/**
 * `shown_from` of the options is set.
 */
#define GUERDON_HAS_SHOWN_FROM 2

/**
 * The version of the interface that this header describes. The upper 16 bits change when programs must be changed, the
 * lower ones when something is added.
 */
#define GUERDON_ABI_VERSION 65536

/**
 * Says how a call ended. Statuses are only ever added.
 */
enum guerdon_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * It did what it says.
   */
  GUERDON_STATUS_OK = 0,
  /**
   * A pointer that must not be NULL is.
   */
  GUERDON_STATUS_NULL_ARGUMENT = 1,
  /**
   * A handle is none of ours.
   */
  GUERDON_STATUS_BAD_HANDLE = 2,
  /**
   * A handle is of another kind than the call wants.
   */
  GUERDON_STATUS_WRONG_HANDLE = 3,
  /**
   * A handle has been freed.
   */
  GUERDON_STATUS_STALE_HANDLE = 4,
  /**
   * Another thread is using the handle at this moment, or something else still needs it unchanged.
   */
  GUERDON_STATUS_BUSY = 5,
  /**
   * An earlier call on this handle ended in a fault of the library; free it.
   */
  GUERDON_STATUS_POISONED = 6,
  /**
   * A fault of the library; nothing was written.
   */
  GUERDON_STATUS_PANIC = 7,
  /**
   * A text is not UTF-8.
   */
  GUERDON_STATUS_BAD_UTF8 = 8,
  /**
   * A length is larger than any object, or than what is allowed here.
   */
  GUERDON_STATUS_BAD_LENGTH = 9,
  /**
   * A struct has the wrong size, or something in its reserved part.
   */
  GUERDON_STATUS_BAD_STRUCT = 10,
  /**
   * A number is outside what the call takes, or a pointer is not aligned.
   */
  GUERDON_STATUS_BAD_ARGUMENT = 11,
  /**
   * The rules have errors.
   */
  GUERDON_STATUS_REJECTED = 12,
  /**
   * Records do not fit the rules: an unknown name, a value of the wrong kind, JSON that is none.
   */
  GUERDON_STATUS_BAD_DATA = 13,
  /**
   * A limit would be passed.
   */
  GUERDON_STATUS_LIMIT = 14,
  /**
   * The host asked to stop.
   */
  GUERDON_STATUS_CANCELLED = 15,
  /**
   * There is no memory left.
   */
  GUERDON_STATUS_OUT_OF_MEMORY = 16,
  /**
   * A change of a record was refused; nothing is changed.
   */
  GUERDON_STATUS_REFUSED = 17,
  /**
   * There is no such figure, table or payee.
   */
  GUERDON_STATUS_NOT_FOUND = 18,
  /**
   * An Arrow array, schema or stream is not what it must be.
   */
  GUERDON_STATUS_BAD_ARROW = 19,
  /**
   * The header is of another version than the library.
   */
  GUERDON_STATUS_ABI_MISMATCH = 20,
  /**
   * The facts were loaded for another plan.
   */
  GUERDON_STATUS_OTHER_PLAN = 21,
  /**
   * There are no further rows.
   */
  GUERDON_STATUS_END = 22,
  /**
   * No status: for hosts that need a word for what they do not know.
   */
  GUERDON_STATUS_UNKNOWN = 2147483647,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum guerdon_status guerdon_status;
#else
typedef int32_t guerdon_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Says of what kind a value is.
 */
enum guerdon_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * No value.
   */
  GUERDON_KIND_MISSING = 0,
  /**
   * yes (`number` 1) or no (0).
   */
  GUERDON_KIND_BOOL = 1,
  /**
   * A whole number: `number`.
   */
  GUERDON_KIND_WHOLE = 2,
  /**
   * A number with decimals: `number` divided by ten to the power of `decimals`.
   */
  GUERDON_KIND_SCALED = 3,
  /**
   * A day: `number` days since 1970-01-01.
   */
  GUERDON_KIND_DATE = 4,
  /**
   * Text, read as a cell of a file is: `2026-03-05`, `CNY 1,200.00`, `8%`, `East`.
   */
  GUERDON_KIND_TEXT = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum guerdon_kind guerdon_kind;
#else
typedef int32_t guerdon_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Names the language of an explanation.
 */
enum guerdon_language
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * That of the rule file.
   */
  GUERDON_LANGUAGE_OWN = 0,
  /**
   * English.
   */
  GUERDON_LANGUAGE_EN = 1,
  /**
   * Chinese.
   */
  GUERDON_LANGUAGE_ZH = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum guerdon_language guerdon_language;
#else
typedef int32_t guerdon_language;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * Records on their way in. One thread at a time.
 */
struct guerdon_builder;

/**
 * A flag that stops a load or a run. Any number of threads may use it at once.
 */
struct guerdon_cancel;

/**
 * The rows of one table of a report, read once from the first to the last. One thread at a time.
 */
struct guerdon_cursor;

/**
 * What went wrong in a call. Never changes; any number of threads may use it at once.
 */
struct guerdon_error;

/**
 * Records ready to be evaluated. Never change; any number of threads may use them at once.
 */
struct guerdon_facts;

/**
 * A compiled plan. Never changes; any number of threads may use it at once.
 */
struct guerdon_plan;

/**
 * The results of a run. Never changes; any number of threads may use it at once.
 */
struct guerdon_report;

/**
 * Records that change while a plan is in use. One thread at a time.
 */
struct guerdon_session;

/**
 * Rule files before they are compiled. One thread at a time.
 */
struct guerdon_sources;

/**
 * An explanation of one figure. Never changes; any number of threads may use it at once.
 */
struct guerdon_trace;

/**
 * A text of ours: UTF-8, `len` bytes, followed by a NUL that `len` does not count. It is not to be freed, and lives as
 * long as the function says that gave it.
 *
 * As an argument (a cell of a column) it is a text of the caller's that needs no NUL; `data` of NULL is an empty cell.
 */
struct guerdon_text {
  /**
   * The first byte; never NULL in what the library gives.
   */
  const char *data;
  /**
   * The number of bytes.
   */
  size_t len;
};

/**
 * Tells one thing that went wrong. Texts live as long as the error they come from.
 */
struct guerdon_error_info {
  /**
   * The size of this struct, set by the caller.
   */
  size_t struct_size;
  /**
   * A `GUERDON_STATUS_…`.
   */
  int32_t status;
  /**
   * The line in the file, from 1; 0 if there is none.
   */
  uint32_t line;
  /**
   * The column in the line, from 1, in code points; 0 if there is none.
   */
  uint32_t column;
  /**
   * 0.
   */
  uint32_t reserved;
  /**
   * The number under which the message is registered (`E0203`), or the name of the status (`null_argument`).
   */
  struct guerdon_text code;
  /**
   * What is wrong.
   */
  struct guerdon_text message;
  /**
   * What to do instead; may be empty.
   */
  struct guerdon_text advice;
  /**
   * The rule file; may be empty.
   */
  struct guerdon_text file;
  /**
   * The words of the rule; may be empty.
   */
  struct guerdon_text rule;
  /**
   * The table of the data; may be empty.
   */
  struct guerdon_text table;
  /**
   * The field of the table; may be empty.
   */
  struct guerdon_text field;
  /**
   * The record's number in the input, from 1; 0 if there is none.
   */
  uint64_t row;
  /**
   * The limit (`rows`, `cells`, `cell_bytes`, `text_bytes`, `memory_bytes`, `groups`); may be empty.
   */
  struct guerdon_text limit;
  /**
   * The most that is allowed.
   */
  uint64_t limit_value;
  /**
   * What was asked for.
   */
  uint64_t limit_wanted;
};

/**
 * Bounds one load or one run. 0 leaves a limit as it is by default.
 */
struct guerdon_limits {
  /**
   * The size of this struct.
   */
  size_t struct_size;
  /**
   * The most records of one table.
   */
  uint64_t rows;
  /**
   * The most cells of all tables.
   */
  uint64_t cells;
  /**
   * The most bytes of one cell of text.
   */
  uint64_t cell_bytes;
  /**
   * The most bytes of different texts in one column.
   */
  uint64_t text_bytes;
  /**
   * The most bytes that columns and results may hold at one time.
   */
  uint64_t memory_bytes;
  /**
   * The most groups of one aggregate.
   */
  uint64_t groups;
  /**
   * The most problems that are kept in full.
   */
  uint64_t problems;
};

/**
 * Says what a load or run computes and what it may use. All of it may be 0.
 */
struct guerdon_options {
  /**
   * The size of this struct.
   */
  size_t struct_size;
  /**
   * The limits; NULL for those by default.
   */
  const struct guerdon_limits *limits;
  /**
   * The flag that stops it; NULL for none.
   */
  const struct guerdon_cancel *cancel;
  /**
   * A sum of `GUERDON_HAS_…`: which of the days below are set.
   */
  uint32_t has;
  /**
   * The threads that a run may use beside the caller's own: 0 and 1 start none.
   */
  uint32_t threads;
  /**
   * The last day of the run, as days since 1970-01-01; without it, the latest day in the facts.
   */
  int32_t through;
  /**
   * The first day that is shown, as days since 1970-01-01; what lies before is computed all the same.
   */
  int32_t shown_from;
};

/**
 * One value for one field of a record.
 *
 * There is no way in for binary floating point, which cannot hold 0.1. A number for a field of per cent is a fraction of
 * one: 0.08 is 8 %.
 */
struct guerdon_value {
  /**
   * The name of the field, as in the rules.
   */
  const char *field;
  /**
   * The bytes of the name.
   */
  size_t field_len;
  /**
   * The text, for the kind TEXT; otherwise not looked at.
   */
  const char *text;
  /**
   * The bytes of the text.
   */
  size_t text_len;
  /**
   * The number, for all other kinds.
   */
  int64_t number;
  /**
   * A `GUERDON_KIND_…`.
   */
  int32_t kind;
  /**
   * The decimals of the number, 0 to 18, for the kind SCALED.
   */
  int32_t decimals;
};

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Gives the version of the interface that the library has.
 */
uint32_t guerdon_abi_version(void);

/**
 * Compares the header that a program was compiled with, `GUERDON_ABI_VERSION`, to the library that it has loaded: OK if
 * the library has all that the header promises.
 */
guerdon_status guerdon_check_abi(uint32_t header,
                                 struct guerdon_error **error);

/**
 * Gives the version of the library, such as `0.1.0`; the text lives as long as the library.
 */
guerdon_status guerdon_version(struct guerdon_text *out);

/**
 * Gives the name of a status, such as `null_argument`; the text lives as long as the library.
 */
guerdon_status guerdon_status_name(int32_t status, struct guerdon_text *out);

/**
 * Counts the handles that are not freed, of the whole process: 0 at the end of a program that frees all.
 */
size_t guerdon_live_handles(void);

/**
 * Counts the things that an error tells: at least one; of rules, one for each fault.
 */
guerdon_status guerdon_error_count(const struct guerdon_error *error, size_t *out);

/**
 * Tells one of the things, by its place from 0. The caller sets `info->struct_size` before; the texts live as long as
 * the error.
 */
guerdon_status guerdon_error_get(const struct guerdon_error *error,
                                 size_t place,
                                 struct guerdon_error_info *info);

/**
 * Gives all of it as a text for people; it lives as long as the error.
 */
guerdon_status guerdon_error_text(const struct guerdon_error *error, struct guerdon_text *out);

/**
 * Frees an error; NULL is left alone.
 */
guerdon_status guerdon_error_free(struct guerdon_error *error);

/**
 * Begins a set of rule files.
 */
guerdon_status guerdon_sources_new(struct guerdon_sources **out, struct guerdon_error **error);

/**
 * Adds a rule file, or a sheet that one names: the name by which other files `use` it, and its text in UTF-8. Both are
 * copied. At most 256 files, 4 MiB each, 32 MiB together.
 */
guerdon_status guerdon_sources_add(struct guerdon_sources *sources,
                                   const char *name,
                                   size_t name_len,
                                   const char *text,
                                   size_t text_len,
                                   struct guerdon_error **error);

/**
 * Frees a set of rule files; NULL is left alone. Plans that were made of it live on.
 */
guerdon_status guerdon_sources_free(struct guerdon_sources *sources);

/**
 * Checks and compiles rule files. Where they have errors, the error object tells every one of them.
 */
guerdon_status guerdon_plan_compile(const struct guerdon_sources *sources,
                                    struct guerdon_plan **out,
                                    struct guerdon_error **error);

/**
 * Gives the warnings and notes of the compilation as a list of JSON; the text lives as long as the plan.
 */
guerdon_status guerdon_plan_warnings(const struct guerdon_plan *plan,
                                     struct guerdon_text *out,
                                     struct guerdon_error **error);

/**
 * Gives the tables and fields that the plan reads, with their types and keys, as JSON; the text lives as long as the
 * plan.
 */
guerdon_status guerdon_plan_schema(const struct guerdon_plan *plan,
                                   struct guerdon_text *out,
                                   struct guerdon_error **error);

/**
 * Frees a plan; NULL is left alone. What was made with it lives on.
 */
guerdon_status guerdon_plan_free(struct guerdon_plan *plan);

/**
 * Makes a flag that is not set.
 */
guerdon_status guerdon_cancel_new(struct guerdon_cancel **out, struct guerdon_error **error);

/**
 * Sets a flag, from any thread: loads and runs that were given it stop soon, with the status CANCELLED. It stays set.
 */
guerdon_status guerdon_cancel_set(const struct guerdon_cancel *cancel);

/**
 * Frees a flag; NULL is left alone. Loads and runs that were given it go on.
 */
guerdon_status guerdon_cancel_free(struct guerdon_cancel *cancel);

/**
 * Begins to load records for a plan. Of the options, `limits` and `cancel` are looked at; NULL stands for none.
 *
 * Bad data never ends a load: a bad cell spoils what reads it, and is in the table `problems` of the report. A fault of
 * the program (an unknown name, a number for a day) ends it: every later call on the builder gives the same fault, until
 * `guerdon_builder_finish` begins anew.
 */
guerdon_status guerdon_builder_new(const struct guerdon_plan *plan,
                                   const struct guerdon_options *options,
                                   struct guerdon_builder **out,
                                   struct guerdon_error **error);

/**
 * Says that a table is handed over, even if it has no records. A table that is never named counts as forgotten.
 */
guerdon_status guerdon_builder_table(struct guerdon_builder *builder,
                                     const char *table,
                                     size_t table_len,
                                     struct guerdon_error **error);

/**
 * Adds a record. Fields that are not named are empty.
 */
guerdon_status guerdon_builder_row(struct guerdon_builder *builder,
                                   const char *table,
                                   size_t table_len,
                                   const struct guerdon_value *values,
                                   size_t count,
                                   struct guerdon_error **error);

/**
 * Adds the texts of one field, one for each record; `data` of NULL is an empty cell. Texts are read as cells of a file
 * are. All columns of a table must come to the same length in the end.
 */
guerdon_status guerdon_builder_column_text(struct guerdon_builder *builder,
                                           const char *table,
                                           size_t table_len,
                                           const char *field,
                                           size_t field_len,
                                           const struct guerdon_text *values,
                                           size_t count,
                                           struct guerdon_error **error);

/**
 * Adds the numbers of one field, each divided by ten to the power of `decimals` (0 to 18). `present` is NULL, or has a
 * byte for each number that is 0 where there is none.
 */
guerdon_status guerdon_builder_column_number(struct guerdon_builder *builder,
                                             const char *table,
                                             size_t table_len,
                                             const char *field,
                                             size_t field_len,
                                             const int64_t *values,
                                             int32_t decimals,
                                             const uint8_t *present_or_null,
                                             size_t count,
                                             struct guerdon_error **error);

/**
 * Adds the days of one field, as days since 1970-01-01. `present` is NULL, or has a byte for each day that is 0 where
 * there is none.
 */
guerdon_status guerdon_builder_column_date(struct guerdon_builder *builder,
                                           const char *table,
                                           size_t table_len,
                                           const char *field,
                                           size_t field_len,
                                           const int32_t *values,
                                           const uint8_t *present_or_null,
                                           size_t count,
                                           struct guerdon_error **error);

/**
 * Adds the answers of one field: 1 for yes, 0 for no, a byte each. `present` is NULL, or has a byte for each answer that
 * is 0 where there is none.
 */
guerdon_status guerdon_builder_column_bool(struct guerdon_builder *builder,
                                           const char *table,
                                           size_t table_len,
                                           const char *field,
                                           size_t field_len,
                                           const uint8_t *values,
                                           const uint8_t *present_or_null,
                                           size_t count,
                                           struct guerdon_error **error);

/**
 * Adds records of any tables from JSON: `{"Deal": [{"id": "D1", "amount": 1200.50}]}`. Numbers are read from their
 * digits; a field that comes twice is refused.
 */
guerdon_status guerdon_builder_json(struct guerdon_builder *builder,
                                    const char *json,
                                    size_t json_len,
                                    struct guerdon_error **error);

/**
 * Ends a load and gives its records. The builder is empty afterwards, whether it went well or not, and can take the next
 * load; it is still to be freed.
 */
guerdon_status guerdon_builder_finish(struct guerdon_builder *builder,
                                      struct guerdon_facts **out,
                                      struct guerdon_error **error);

/**
 * Frees a builder with what is in it; NULL is left alone.
 */
guerdon_status guerdon_builder_free(struct guerdon_builder *builder);

/**
 * Counts the records of a table.
 */
guerdon_status guerdon_facts_count(const struct guerdon_facts *facts,
                                   const char *table,
                                   size_t table_len,
                                   uint64_t *out,
                                   struct guerdon_error **error);

/**
 * Frees records; NULL is left alone. Reports that were made of them live on.
 */
guerdon_status guerdon_facts_free(struct guerdon_facts *facts);

/**
 * Adds the rows of a batch to a table: a struct array whose columns have the names of fields. Columns may be utf8,
 * large_utf8, a dictionary of these, bool, int8 to uint64, decimal128 or date32; binary floating point is refused. Array
 * and schema are moved: the producer finds them released, also where they are refused. They are checked before anything is
 * taken in, as far as the interface allows: it does not say how long a buffer is.
 */
guerdon_status guerdon_builder_arrow(struct guerdon_builder *builder,
                                     const char *table,
                                     size_t table_len,
                                     struct ArrowArray *array,
                                     struct ArrowSchema *schema,
                                     struct guerdon_error **error);

/**
 * Adds the rows of all batches of a stream to a table. The stream is moved: the producer finds it released, also where it
 * is refused. Its callbacks are called on this thread and must neither unwind nor use the builder.
 */
guerdon_status guerdon_builder_arrow_stream(struct guerdon_builder *builder,
                                            const char *table,
                                            size_t table_len,
                                            struct ArrowArrayStream *stream,
                                            struct guerdon_error **error);

/**
 * Begins to read a table of a report as a stream. Names that many rows have (plans, statements, payees, periods, currencies,
 * kinds) come as int32 codes with a dictionary of utf8, other texts as utf8, days as date32, amounts as decimal128(38, s)
 * with the least scale that holds them all (as utf8 where none does), other figures as utf8. Each batch brings its
 * dictionaries along; in the table of pay they are the same in all batches. The stream lives until it is released, whatever
 * is freed before; it may be moved between threads, and used by one at a time.
 */
guerdon_status guerdon_report_arrow(const struct guerdon_report *report,
                                    const char *table,
                                    size_t table_len,
                                    struct ArrowArrayStream *out,
                                    struct guerdon_error **error);

/**
 * Does the same with every text as utf8, for hosts that cannot read dictionaries.
 */
guerdon_status guerdon_report_arrow_plain(const struct guerdon_report *report,
                                          const char *table,
                                          size_t table_len,
                                          struct ArrowArrayStream *out,
                                          struct guerdon_error **error);

/**
 * Runs a plan over facts. What is wrong with single records or payees is in the table `problems` of the report, while
 * everybody else is paid.
 */
guerdon_status guerdon_plan_evaluate(const struct guerdon_plan *plan,
                                     const struct guerdon_facts *facts,
                                     const struct guerdon_options *options,
                                     struct guerdon_report **out,
                                     struct guerdon_error **error);

/**
 * Explains one figure, named as in a rule file: `commission_pay[p1, 2026-03]`, `commission[D1]`.
 */
guerdon_status guerdon_plan_explain(const struct guerdon_plan *plan,
                                    const struct guerdon_facts *facts,
                                    const struct guerdon_options *options,
                                    const char *figure,
                                    size_t figure_len,
                                    struct guerdon_trace **out,
                                    struct guerdon_error **error);

/**
 * Says whether every amount that should be paid is known: 1 or 0. Where it is 0, the table `problems` says why.
 */
guerdon_status guerdon_report_complete(const struct guerdon_report *report,
                                       int32_t *out,
                                       struct guerdon_error **error);

/**
 * Counts the tables of a report.
 */
guerdon_status guerdon_report_table_count(const struct guerdon_report *report,
                                          size_t *out,
                                          struct guerdon_error **error);

/**
 * Gives the name of a table by its place from 0: `pay`, `earnings`, `measures`, `problems`, `accruals`,
 * `accrual_balances`, then those of contests, awards, warnings, scorecards and targets where the rules have such; the
 * text lives as long as the report.
 */
guerdon_status guerdon_report_table_name(const struct guerdon_report *report,
                                         size_t place,
                                         struct guerdon_text *out,
                                         struct guerdon_error **error);

/**
 * Begins to read a table of a report.
 */
guerdon_status guerdon_report_read(const struct guerdon_report *report,
                                   const char *table,
                                   size_t table_len,
                                   struct guerdon_cursor **out,
                                   struct guerdon_error **error);

/**
 * Frees a report; NULL is left alone. Cursors and streams that read it live on.
 */
guerdon_status guerdon_report_free(struct guerdon_report *report);

/**
 * Reads the next rows, at most `most`, as a list of JSON objects. Amounts are text. Where there are none left, the status
 * is END and nothing is written. The text lives until the next call with this cursor.
 */
guerdon_status guerdon_cursor_next(struct guerdon_cursor *cursor,
                                   size_t most,
                                   struct guerdon_text *out,
                                   struct guerdon_error **error);

/**
 * Frees a cursor; NULL is left alone.
 */
guerdon_status guerdon_cursor_free(struct guerdon_cursor *cursor);

/**
 * Gives an explanation as text in a `GUERDON_LANGUAGE_…`; it lives as long as the explanation.
 */
guerdon_status guerdon_trace_text(const struct guerdon_trace *trace,
                                  int32_t language,
                                  struct guerdon_text *out,
                                  struct guerdon_error **error);

/**
 * Gives an explanation as JSON: a tree whose summands add up to the figure; the text lives as long as the explanation.
 */
guerdon_status guerdon_trace_json(const struct guerdon_trace *trace,
                                  struct guerdon_text *out,
                                  struct guerdon_error **error);

/**
 * Frees an explanation; NULL is left alone.
 */
guerdon_status guerdon_trace_free(struct guerdon_trace *trace);

/**
 * Begins a session on facts, which it takes over: their handle is empty afterwards, and still to be freed. BUSY while a
 * report or a run reads them. The options hold for every run of the session; without `through`, a run ends on the latest
 * day of the records as they are at that time.
 */
guerdon_status guerdon_session_new(const struct guerdon_plan *plan,
                                   struct guerdon_facts *facts,
                                   const struct guerdon_options *options,
                                   struct guerdon_session **out,
                                   struct guerdon_error **error);

/**
 * Puts a record in, in the place of the one with its key if there is one. Fields that are not named are empty. REFUSED
 * where a load would find fault with it; nothing is changed then. BUSY while a report of the session is not freed.
 */
guerdon_status guerdon_session_upsert(struct guerdon_session *session,
                                      const char *table,
                                      size_t table_len,
                                      const struct guerdon_value *values,
                                      size_t count,
                                      struct guerdon_error **error);

/**
 * Puts a record in that is an object of JSON.
 */
guerdon_status guerdon_session_upsert_json(struct guerdon_session *session,
                                           const char *table,
                                           size_t table_len,
                                           const char *json,
                                           size_t json_len,
                                           struct guerdon_error **error);

/**
 * Takes the record with a key out; `out` (which may be NULL) is 1 if there was one and 0 if not.
 */
guerdon_status guerdon_session_remove(struct guerdon_session *session,
                                      const char *table,
                                      size_t table_len,
                                      const struct guerdon_value *values,
                                      size_t count,
                                      int32_t *out,
                                      struct guerdon_error **error);

/**
 * Gives what one payee is paid: a list of JSON objects, the rows of the table `pay`. The text lives until the next call
 * with this session.
 */
guerdon_status guerdon_session_pay(struct guerdon_session *session,
                                   const char *payee,
                                   size_t payee_len,
                                   struct guerdon_text *out,
                                   struct guerdon_error **error);

/**
 * Gives what one payee would be paid if a record were there, in the place of the one with its key if there is one; nothing
 * is changed. The text is as that of `guerdon_session_pay`.
 */
guerdon_status guerdon_session_what_if(struct guerdon_session *session,
                                       const char *payee,
                                       size_t payee_len,
                                       const char *table,
                                       size_t table_len,
                                       const struct guerdon_value *values,
                                       size_t count,
                                       struct guerdon_text *out,
                                       struct guerdon_error **error);

/**
 * Gives what one payee would be paid if a record that is an object of JSON were there.
 */
guerdon_status guerdon_session_what_if_json(struct guerdon_session *session,
                                            const char *payee,
                                            size_t payee_len,
                                            const char *table,
                                            size_t table_len,
                                            const char *json,
                                            size_t json_len,
                                            struct guerdon_text *out,
                                            struct guerdon_error **error);

/**
 * Runs the plan over all records of the session. No record can be changed until the report is freed.
 */
guerdon_status guerdon_session_evaluate(struct guerdon_session *session,
                                        struct guerdon_report **out,
                                        struct guerdon_error **error);

/**
 * Explains one figure on the records of the session.
 */
guerdon_status guerdon_session_explain(struct guerdon_session *session,
                                       const char *figure,
                                       size_t figure_len,
                                       struct guerdon_trace **out,
                                       struct guerdon_error **error);

/**
 * Frees a session with its records; NULL is left alone. Reports that were made of it live on.
 */
guerdon_status guerdon_session_free(struct guerdon_session *session);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* GUERDON_H */
