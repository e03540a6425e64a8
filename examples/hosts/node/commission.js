// Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const koffi = createRequire(path.resolve(process.env.GUERDON_NODE ?? ".", "x.js"))("koffi");
const library = koffi.load(process.env.GUERDON_LIBRARY ?? "libguerdon_ffi.so.1");

koffi.struct("guerdon_text", { data: "void *", len: "size_t" });
koffi.struct("guerdon_error_info", {
  struct_size: "size_t", status: "int32_t", line: "uint32_t", column: "uint32_t", reserved: "uint32_t",
  code: "guerdon_text", message: "guerdon_text", advice: "guerdon_text", file: "guerdon_text", rule: "guerdon_text",
  table: "guerdon_text", field: "guerdon_text", row: "uint64_t", limit: "guerdon_text", limit_value: "uint64_t",
  limit_wanted: "uint64_t",
});

// Handles are numbers of 64 bits; they are never followed.
const declare = (name, parameters) => library.func(`int32_t ${name}(${parameters})`);
const made = "_Out_ uint64_t *out, _Out_ uint64_t *error";
const said = "_Out_ guerdon_text *out, _Out_ uint64_t *error";
const text = (name) => `const uint8_t *${name}, size_t ${name}_len`;
const lib = {
  sources_new: declare("guerdon_sources_new", made),
  sources_add: declare("guerdon_sources_add", `uint64_t sources, ${text("name")}, ${text("text")}, _Out_ uint64_t *error`),
  plan_compile: declare("guerdon_plan_compile", `uint64_t sources, ${made}`),
  builder_new: declare("guerdon_builder_new", `uint64_t plan, void *options, ${made}`),
  builder_json: declare("guerdon_builder_json", `uint64_t builder, ${text("json")}, _Out_ uint64_t *error`),
  builder_finish: declare("guerdon_builder_finish", `uint64_t builder, ${made}`),
  plan_evaluate: declare("guerdon_plan_evaluate", `uint64_t plan, uint64_t facts, void *options, ${made}`),
  plan_explain: declare("guerdon_plan_explain", `uint64_t plan, uint64_t facts, void *options, ${text("figure")}, ${made}`),
  report_read: declare("guerdon_report_read", `uint64_t report, ${text("table")}, ${made}`),
  cursor_next: declare("guerdon_cursor_next", `uint64_t cursor, size_t most, ${said}`),
  trace_text: declare("guerdon_trace_text", `uint64_t trace, int32_t language, ${said}`),
  session_new: declare("guerdon_session_new", `uint64_t plan, uint64_t facts, void *options, ${made}`),
  what_if: declare("guerdon_session_what_if_json", `uint64_t session, ${text("payee")}, ${text("table")}, ${text("json")}, ${said}`),
  error_get: declare("guerdon_error_get", "uint64_t error, size_t place, _Inout_ guerdon_error_info *info"),
  live_handles: library.func("size_t guerdon_live_handles()"),
};
const free = (kind, handle) => declare(`guerdon_${kind}_free`, "uint64_t handle")(handle);

const OK = 0, END = 22;
const read = (text) => koffi.decode(text.data, "char", Number(text.len));
const pair = (text) => { const data = Buffer.from(text, "utf8"); return [data, data.length]; };

class GuerdonError extends Error {
  constructor(status, handle) {
    const info = { struct_size: koffi.sizeof("guerdon_error_info") };
    lib.error_get(handle, 0, info);
    super(`${read(info.code)} ${read(info.file)}:${info.line}:${info.column} ${read(info.message)}`);
    this.status = status;
    free("error", handle);
  }
}

// Makes a call that gives a handle or a text.
function call(name, ...parameters) {
  const [out, error] = [[null], [null]];
  const status = lib[name](...parameters, out, error);
  if (status !== OK) throw new GuerdonError(status, error[0]);
  return out[0];
}

// Makes a call that gives nothing.
function tell(name, ...parameters) {
  const error = [null];
  const status = lib[name](...parameters, error);
  if (status !== OK) throw new GuerdonError(status, error[0]);
}

const folder = process.argv[2];

function compile(name) {
  const sources = call("sources_new");
  try {
    tell("sources_add", sources, ...pair(name), ...pair(readFileSync(path.join(folder, name), "utf8")));
    return call("plan_compile", sources);
  } finally {
    free("sources", sources);
  }
}

const records = `{"Seller": [{"name": "Ann"}, {"name": "Bo"}],
 "Deal": [{"id": "D1", "seller": "Ann", "amount": 1000.10, "signed_on": "2026-02-10"},
          {"id": "D2", "seller": "Ann", "amount": 400, "signed_on": "2026-03-02"},
          {"id": "D3", "seller": "Bo", "amount": 2000, "signed_on": "2026-03-15"}]}`;

const plan = compile("plan.guerdon");
const builder = call("builder_new", plan, null);
tell("builder_json", builder, ...pair(records));
const facts = call("builder_finish", builder);
free("builder", builder);

const report = call("plan_evaluate", plan, facts, null);
const cursor = call("report_read", report, ...pair("pay"));
try {
  for (;;) console.log(read(call("cursor_next", cursor, 100)));
} catch (error) {
  if (error.status !== END) throw error;
}
free("cursor", cursor);

const trace = call("plan_explain", plan, facts, null, ...pair("total[Ann, 2026-03]"));
process.stdout.write(read(call("trace_text", trace, 0)));
free("trace", trace);
free("report", report);

const session = call("session_new", plan, facts, null);
const deal = '{"id": "D4", "seller": "Ann", "amount": 1000, "signed_on": "2026-03-20"}';
console.log(read(call("what_if", session, ...pair("Ann"), ...pair("Deal"), ...pair(deal))));

try {
  compile("broken.guerdon");
} catch (error) {
  console.log(error.message);
}
free("session", session);
free("facts", facts);
free("plan", plan);
process.exitCode = Number(lib.live_handles()) === 0 ? 0 : 1;
