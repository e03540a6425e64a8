// Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error.
package main

// #include <guerdon.h>
// #include <stdlib.h>
// #cgo LDFLAGS: -lguerdon_ffi
import "C"

import (
	"fmt"
	"os"
	"path/filepath"
	"unsafe"
)

const records = `{"Seller": [{"name": "Ann"}, {"name": "Bo"}],
 "Deal": [{"id": "D1", "seller": "Ann", "amount": 1000.10, "signed_on": "2026-02-10"},
          {"id": "D2", "seller": "Ann", "amount": 400, "signed_on": "2026-03-02"},
          {"id": "D3", "seller": "Bo", "amount": 2000, "signed_on": "2026-03-15"}]}`

// view copies a text of the library.
func view(text C.struct_guerdon_text) string {
	return C.GoStringN(text.data, C.int(text.len))
}

// with hands a text over for the time of a call; the library copies what it keeps.
func with(text string, call func(*C.char, C.size_t)) {
	data := C.CString(text)
	defer C.free(unsafe.Pointer(data))
	call(data, C.size_t(len(text)))
}

// must ends the program with what an error tells.
func must(status C.int32_t, err *C.struct_guerdon_error) {
	if status == C.GUERDON_STATUS_OK {
		return
	}
	var text C.struct_guerdon_text
	C.guerdon_error_text(err, &text)
	fmt.Fprintln(os.Stderr, view(text))
	C.guerdon_error_free(err)
	os.Exit(1)
}

// compile compiles one rule file.
func compile(folder, name string) (plan *C.struct_guerdon_plan, status C.int32_t, err *C.struct_guerdon_error) {
	rules, failed := os.ReadFile(filepath.Join(folder, name))
	if failed != nil {
		panic(failed)
	}
	var sources *C.struct_guerdon_sources
	must(C.int32_t(C.guerdon_sources_new(&sources, &err)), err)
	defer C.guerdon_sources_free(sources)
	with(name, func(data *C.char, len C.size_t) {
		with(string(rules), func(text *C.char, textLen C.size_t) {
			must(C.int32_t(C.guerdon_sources_add(sources, data, len, text, textLen, &err)), err)
		})
	})
	status = C.int32_t(C.guerdon_plan_compile(sources, &plan, &err))
	return
}

func main() {
	folder := os.Args[1]
	var err *C.struct_guerdon_error
	plan, status, err := compile(folder, "plan.guerdon")
	must(status, err)

	var builder *C.struct_guerdon_builder
	var facts *C.struct_guerdon_facts
	must(C.int32_t(C.guerdon_builder_new(plan, nil, &builder, &err)), err)
	with(records, func(data *C.char, len C.size_t) {
		must(C.int32_t(C.guerdon_builder_json(builder, data, len, &err)), err)
	})
	must(C.int32_t(C.guerdon_builder_finish(builder, &facts, &err)), err)
	C.guerdon_builder_free(builder)

	var report *C.struct_guerdon_report
	var cursor *C.struct_guerdon_cursor
	var text C.struct_guerdon_text
	must(C.int32_t(C.guerdon_plan_evaluate(plan, facts, nil, &report, &err)), err)
	with("pay", func(data *C.char, len C.size_t) {
		must(C.int32_t(C.guerdon_report_read(report, data, len, &cursor, &err)), err)
	})
	for C.guerdon_cursor_next(cursor, 100, &text, nil) == C.GUERDON_STATUS_OK {
		fmt.Println(view(text))
	}
	C.guerdon_cursor_free(cursor)

	var trace *C.struct_guerdon_trace
	with("total[Ann, 2026-03]", func(data *C.char, len C.size_t) {
		must(C.int32_t(C.guerdon_plan_explain(plan, facts, nil, data, len, &trace, &err)), err)
	})
	must(C.int32_t(C.guerdon_trace_text(trace, C.GUERDON_LANGUAGE_OWN, &text, &err)), err)
	fmt.Print(view(text))
	C.guerdon_trace_free(trace)
	C.guerdon_report_free(report)

	var session *C.struct_guerdon_session
	must(C.int32_t(C.guerdon_session_new(plan, facts, nil, &session, &err)), err)
	deal := `{"id": "D4", "seller": "Ann", "amount": 1000, "signed_on": "2026-03-20"}`
	with("Ann", func(payee *C.char, payeeLen C.size_t) {
		with("Deal", func(table *C.char, tableLen C.size_t) {
			with(deal, func(data *C.char, len C.size_t) {
				must(C.int32_t(C.guerdon_session_what_if_json(session, payee, payeeLen, table, tableLen, data, len, &text, &err)), err)
			})
		})
	})
	fmt.Println(view(text))

	_, status, err = compile(folder, "broken.guerdon")
	if status != C.GUERDON_STATUS_REJECTED {
		os.Exit(1)
	}
	var info C.struct_guerdon_error_info
	info.struct_size = C.sizeof_struct_guerdon_error_info
	C.guerdon_error_get(err, 0, &info)
	fmt.Printf("%s %s:%d:%d %s\n", view(info.code), view(info.file), info.line, info.column, view(info.message))
	C.guerdon_error_free(err)

	C.guerdon_session_free(session)
	C.guerdon_facts_free(facts)
	C.guerdon_plan_free(plan)
	if C.guerdon_live_handles() != 0 {
		os.Exit(1)
	}
}
