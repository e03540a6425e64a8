// Guerdon for C++17: handles that free themselves, errors as exceptions. Only guerdon.h and the library are needed.
#ifndef GUERDON_HPP
#define GUERDON_HPP

#include "guerdon.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guerdon {

/// Gives a text of the library; it lives as long as what it came from.
inline std::string_view view(guerdon_text text) { return {text.data, text.len}; }

/// One thing that went wrong.
struct fault {
    std::string code, message, advice, file, rule, table, field, limit;
    std::uint32_t line = 0, column = 0;
    std::uint64_t row = 0, limit_value = 0, limit_wanted = 0;
};

/// What is thrown where a call does not go well.
class error : public std::runtime_error {
public:
    error(std::int32_t status, std::string text, std::vector<fault> faults)
        : std::runtime_error(std::move(text)), status_(status), faults_(std::move(faults)) {}

    /// Gives the `GUERDON_STATUS_…`.
    std::int32_t status() const noexcept { return status_; }
    /// Gives everything that went wrong; of rules, one for each fault.
    const std::vector<fault> &faults() const noexcept { return faults_; }

private:
    std::int32_t status_;
    std::vector<fault> faults_;
};

namespace detail {

inline std::string copy(guerdon_text text) { return std::string(view(text)); }

[[noreturn]] inline void fail(std::int32_t status, guerdon_error *given) {
    std::string text = "guerdon: no reason given";
    std::vector<fault> faults;
    guerdon_text said{};
    std::size_t count = 0;
    if (given != nullptr && guerdon_error_text(given, &said) == GUERDON_STATUS_OK) {
        text = copy(said);
    }
    if (given != nullptr && guerdon_error_count(given, &count) == GUERDON_STATUS_OK) {
        for (std::size_t place = 0; place < count; ++place) {
            guerdon_error_info info{};
            info.struct_size = sizeof info;
            if (guerdon_error_get(given, place, &info) == GUERDON_STATUS_OK) {
                faults.push_back({copy(info.code), copy(info.message), copy(info.advice), copy(info.file),
                                  copy(info.rule), copy(info.table), copy(info.field), copy(info.limit), info.line,
                                  info.column, info.row, info.limit_value, info.limit_wanted});
            }
        }
    }
    guerdon_error_free(given);
    throw error(status, std::move(text), std::move(faults));
}

/// Makes a call whose last argument is an error, and throws what it tells.
template <typename Call> void must(Call call) {
    guerdon_error *given = nullptr;
    const auto status = static_cast<std::int32_t>(call(&given));
    if (status != GUERDON_STATUS_OK) {
        fail(status, given);
    }
}

/// Holds one handle, and frees it.
template <typename Handle, guerdon_status (*Free)(Handle *)> class owned {
public:
    owned() = default;
    explicit owned(Handle *handle) noexcept : handle_(handle) {}
    owned(owned &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    owned &operator=(owned &&other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    owned(const owned &) = delete;
    owned &operator=(const owned &) = delete;
    ~owned() { Free(handle_); }

    Handle *get() const noexcept { return handle_; }

private:
    Handle *handle_ = nullptr;
};

} // namespace detail

/// One value of a record. Texts must live until the call that takes it returns.
class value {
public:
    static value text(std::string_view field, std::string_view text) {
        value made(field, GUERDON_KIND_TEXT, 0, 0);
        made.raw_.text = text.data();
        made.raw_.text_len = text.size();
        return made;
    }
    static value whole(std::string_view field, std::int64_t number) {
        return value(field, GUERDON_KIND_WHOLE, number, 0);
    }
    /// Makes `number` divided by ten to the power of `decimals`.
    static value scaled(std::string_view field, std::int64_t number, std::int32_t decimals) {
        return value(field, GUERDON_KIND_SCALED, number, decimals);
    }
    /// Makes a day, as days since 1970-01-01.
    static value date(std::string_view field, std::int32_t days) {
        return value(field, GUERDON_KIND_DATE, days, 0);
    }
    static value yes_no(std::string_view field, bool yes) { return value(field, GUERDON_KIND_BOOL, yes, 0); }
    static value missing(std::string_view field) { return value(field, GUERDON_KIND_MISSING, 0, 0); }

    const guerdon_value &raw() const noexcept { return raw_; }

private:
    value(std::string_view field, std::int32_t kind, std::int64_t number, std::int32_t decimals) : raw_() {
        raw_.field = field.data();
        raw_.field_len = field.size();
        raw_.kind = kind;
        raw_.number = number;
        raw_.decimals = decimals;
    }

    guerdon_value raw_;
};

using record = std::vector<value>;

namespace detail {
inline std::vector<guerdon_value> raw(const record &values) {
    std::vector<guerdon_value> made;
    made.reserve(values.size());
    for (const value &one : values) {
        made.push_back(one.raw());
    }
    return made;
}
} // namespace detail

/// An explanation of one figure.
class trace {
public:
    explicit trace(guerdon_trace *handle) : handle_(handle) {}
    std::string text(std::int32_t language = GUERDON_LANGUAGE_OWN) const {
        guerdon_text out{};
        detail::must([&](auto error) { return guerdon_trace_text(handle_.get(), language, &out, error); });
        return detail::copy(out);
    }
    std::string json() const {
        guerdon_text out{};
        detail::must([&](auto error) { return guerdon_trace_json(handle_.get(), &out, error); });
        return detail::copy(out);
    }

private:
    detail::owned<guerdon_trace, guerdon_trace_free> handle_;
};

/// The rows of one table, read once.
class cursor {
public:
    explicit cursor(guerdon_cursor *handle) : handle_(handle) {}
    /// Reads the next rows as JSON; false where there are none left.
    bool next(std::size_t most, std::string &rows) {
        guerdon_text out{};
        guerdon_error *error = nullptr;
        const auto status = static_cast<std::int32_t>(guerdon_cursor_next(handle_.get(), most, &out, &error));
        if (status == GUERDON_STATUS_END) {
            guerdon_error_free(error);
            return false;
        }
        if (status != GUERDON_STATUS_OK) {
            detail::fail(status, error);
        }
        rows = view(out);
        return true;
    }

private:
    detail::owned<guerdon_cursor, guerdon_cursor_free> handle_;
};

/// The results of a run.
class report {
public:
    explicit report(guerdon_report *handle) : handle_(handle) {}
    bool complete() const {
        std::int32_t out = 0;
        detail::must([&](auto error) { return guerdon_report_complete(handle_.get(), &out, error); });
        return out != 0;
    }
    cursor read(std::string_view table) const {
        guerdon_cursor *out = nullptr;
        detail::must([&](auto error) {
            return guerdon_report_read(handle_.get(), table.data(), table.size(), &out, error);
        });
        return cursor(out);
    }
    void arrow(std::string_view table, ArrowArrayStream *out) const {
        detail::must([&](auto error) {
            return guerdon_report_arrow(handle_.get(), table.data(), table.size(), out, error);
        });
    }
    /// Does the same with every text as utf8, for what cannot read dictionaries.
    void arrow_plain(std::string_view table, ArrowArrayStream *out) const {
        detail::must([&](auto error) {
            return guerdon_report_arrow_plain(handle_.get(), table.data(), table.size(), out, error);
        });
    }

private:
    detail::owned<guerdon_report, guerdon_report_free> handle_;
};

/// Records ready to be evaluated.
class facts {
public:
    explicit facts(guerdon_facts *handle) : handle_(handle) {}
    guerdon_facts *get() const noexcept { return handle_.get(); }

private:
    detail::owned<guerdon_facts, guerdon_facts_free> handle_;
};

/// Rule files before they are compiled.
class sources {
public:
    sources() {
        guerdon_sources *out = nullptr;
        detail::must([&](auto error) { return guerdon_sources_new(&out, error); });
        handle_ = decltype(handle_)(out);
    }
    sources &add(std::string_view name, std::string_view text) {
        detail::must([&](auto error) {
            return guerdon_sources_add(handle_.get(), name.data(), name.size(), text.data(), text.size(), error);
        });
        return *this;
    }
    guerdon_sources *get() const noexcept { return handle_.get(); }

private:
    detail::owned<guerdon_sources, guerdon_sources_free> handle_;
};

/// A compiled plan; any number of threads may use it.
class plan {
public:
    explicit plan(const sources &files) {
        guerdon_plan *out = nullptr;
        detail::must([&](auto error) { return guerdon_plan_compile(files.get(), &out, error); });
        handle_ = decltype(handle_)(out);
    }
    report evaluate(const facts &records, const guerdon_options *options = nullptr) const {
        guerdon_report *out = nullptr;
        detail::must([&](auto error) {
            return guerdon_plan_evaluate(handle_.get(), records.get(), options, &out, error);
        });
        return report(out);
    }
    trace explain(const facts &records, std::string_view figure, const guerdon_options *options = nullptr) const {
        guerdon_trace *out = nullptr;
        detail::must([&](auto error) {
            return guerdon_plan_explain(handle_.get(), records.get(), options, figure.data(), figure.size(), &out,
                                        error);
        });
        return trace(out);
    }
    guerdon_plan *get() const noexcept { return handle_.get(); }

private:
    detail::owned<guerdon_plan, guerdon_plan_free> handle_;
};

/// Records on their way in.
class builder {
public:
    explicit builder(const plan &of, const guerdon_options *options = nullptr) {
        guerdon_builder *out = nullptr;
        detail::must([&](auto error) { return guerdon_builder_new(of.get(), options, &out, error); });
        handle_ = decltype(handle_)(out);
    }
    builder &table(std::string_view name) {
        detail::must([&](auto error) {
            return guerdon_builder_table(handle_.get(), name.data(), name.size(), error);
        });
        return *this;
    }
    builder &row(std::string_view table, const record &values) {
        const auto raw = detail::raw(values);
        detail::must([&](auto error) {
            return guerdon_builder_row(handle_.get(), table.data(), table.size(), raw.data(), raw.size(), error);
        });
        return *this;
    }
    builder &json(std::string_view text) {
        detail::must([&](auto error) {
            return guerdon_builder_json(handle_.get(), text.data(), text.size(), error);
        });
        return *this;
    }
    builder &arrow(std::string_view table, ArrowArrayStream *stream) {
        detail::must([&](auto error) {
            return guerdon_builder_arrow_stream(handle_.get(), table.data(), table.size(), stream, error);
        });
        return *this;
    }
    facts finish() {
        guerdon_facts *out = nullptr;
        detail::must([&](auto error) { return guerdon_builder_finish(handle_.get(), &out, error); });
        return facts(out);
    }

private:
    detail::owned<guerdon_builder, guerdon_builder_free> handle_;
};

/// Records that change while a plan is in use; one thread at a time.
class session {
public:
    session(const plan &of, facts records, const guerdon_options *options = nullptr) {
        guerdon_session *out = nullptr;
        detail::must([&](auto error) {
            return guerdon_session_new(of.get(), records.get(), options, &out, error);
        });
        handle_ = decltype(handle_)(out);
    }
    void upsert(std::string_view table, const record &values) {
        const auto raw = detail::raw(values);
        detail::must([&](auto error) {
            return guerdon_session_upsert(handle_.get(), table.data(), table.size(), raw.data(), raw.size(), error);
        });
    }
    bool remove(std::string_view table, const record &key) {
        const auto raw = detail::raw(key);
        std::int32_t out = 0;
        detail::must([&](auto error) {
            return guerdon_session_remove(handle_.get(), table.data(), table.size(), raw.data(), raw.size(), &out,
                                          error);
        });
        return out != 0;
    }
    std::string pay(std::string_view payee) {
        guerdon_text out{};
        detail::must([&](auto error) {
            return guerdon_session_pay(handle_.get(), payee.data(), payee.size(), &out, error);
        });
        return detail::copy(out);
    }
    std::string what_if(std::string_view payee, std::string_view table, const record &values) {
        const auto raw = detail::raw(values);
        guerdon_text out{};
        detail::must([&](auto error) {
            return guerdon_session_what_if(handle_.get(), payee.data(), payee.size(), table.data(), table.size(),
                                           raw.data(), raw.size(), &out, error);
        });
        return detail::copy(out);
    }
    trace explain(std::string_view figure) {
        guerdon_trace *out = nullptr;
        detail::must([&](auto error) {
            return guerdon_session_explain(handle_.get(), figure.data(), figure.size(), &out, error);
        });
        return trace(out);
    }

private:
    detail::owned<guerdon_session, guerdon_session_free> handle_;
};

/// Stops loads and runs that were given it, from any thread.
class cancel {
public:
    cancel() {
        guerdon_cancel *out = nullptr;
        detail::must([&](auto error) { return guerdon_cancel_new(&out, error); });
        handle_ = decltype(handle_)(out);
    }
    void set() const { guerdon_cancel_set(handle_.get()); }
    guerdon_cancel *get() const noexcept { return handle_.get(); }

private:
    detail::owned<guerdon_cancel, guerdon_cancel_free> handle_;
};

} // namespace guerdon

#endif
