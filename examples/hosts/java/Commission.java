import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.LongByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error. */
public final class Commission {
    /** The library. Handles are numbers of 64 bits and are never followed; lengths are size_t, 64 bits as well. */
    public interface Guerdon extends Library {
        int guerdon_sources_new(LongByReference out, LongByReference error);
        int guerdon_sources_add(long sources, byte[] name, long nameLen, byte[] text, long textLen, LongByReference error);
        int guerdon_sources_free(long sources);
        int guerdon_plan_compile(long sources, LongByReference out, LongByReference error);
        int guerdon_plan_free(long plan);
        int guerdon_builder_new(long plan, Pointer options, LongByReference out, LongByReference error);
        int guerdon_builder_json(long builder, byte[] json, long len, LongByReference error);
        int guerdon_builder_finish(long builder, LongByReference out, LongByReference error);
        int guerdon_builder_free(long builder);
        int guerdon_facts_free(long facts);
        int guerdon_plan_evaluate(long plan, long facts, Pointer options, LongByReference out, LongByReference error);
        int guerdon_plan_explain(long plan, long facts, Pointer options, byte[] figure, long len, LongByReference out, LongByReference error);
        int guerdon_report_read(long report, byte[] table, long len, LongByReference out, LongByReference error);
        int guerdon_report_free(long report);
        int guerdon_cursor_next(long cursor, long most, Text out, LongByReference error);
        int guerdon_cursor_free(long cursor);
        int guerdon_trace_text(long trace, int language, Text out, LongByReference error);
        int guerdon_trace_free(long trace);
        int guerdon_session_new(long plan, long facts, Pointer options, LongByReference out, LongByReference error);
        int guerdon_session_what_if_json(long session, byte[] payee, long payeeLen, byte[] table, long tableLen, byte[] json, long len, Text out, LongByReference error);
        int guerdon_session_free(long session);
        int guerdon_error_get(long error, long place, Info info);
        int guerdon_error_free(long error);
        long guerdon_live_handles();
    }

    /** A text of the library. */
    @Structure.FieldOrder({"data", "len"})
    public static class Text extends Structure {
        public Pointer data;
        public long len;

        String words() {
            return new String(data.getByteArray(0, (int) len), StandardCharsets.UTF_8);
        }
    }

    /** What an error tells. */
    @Structure.FieldOrder({"struct_size", "status", "line", "column", "reserved", "code", "message", "advice", "file",
        "rule", "table", "field", "row", "limit", "limit_value", "limit_wanted"})
    public static class Info extends Structure {
        public long struct_size;
        public int status, line, column, reserved;
        public Text code, message, advice, file, rule, table, field;
        public long row;
        public Text limit;
        public long limit_value, limit_wanted;
    }

    static final class GuerdonException extends RuntimeException {
        final int status;

        GuerdonException(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    static final Guerdon LIB = Native.load(System.getenv("GUERDON_LIBRARY"), Guerdon.class);
    static final int END = 22;
    static final String RECORDS = """
        {"Seller": [{"name": "Ann"}, {"name": "Bo"}],
         "Deal": [{"id": "D1", "seller": "Ann", "amount": 1000.10, "signed_on": "2026-02-10"},
                  {"id": "D2", "seller": "Ann", "amount": 400, "signed_on": "2026-03-02"},
                  {"id": "D3", "seller": "Bo", "amount": 2000, "signed_on": "2026-03-15"}]}""";

    interface Call {
        int make(LongByReference error);
    }

    interface Making {
        int make(LongByReference out, LongByReference error);
    }

    static void tell(Call call) {
        LongByReference error = new LongByReference();
        int status = call.make(error);
        if (status != 0) {
            Info info = new Info();
            info.struct_size = info.size();
            LIB.guerdon_error_get(error.getValue(), 0, info);
            String text = info.code.words() + " " + info.file.words() + ":" + info.line + ":" + info.column + " "
                + info.message.words();
            LIB.guerdon_error_free(error.getValue());
            throw new GuerdonException(status, text);
        }
    }

    static long make(Making call) {
        LongByReference out = new LongByReference();
        tell(error -> call.make(out, error));
        return out.getValue();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static long compile(Path folder, String name) throws IOException {
        byte[] rules = Files.readAllBytes(folder.resolve(name));
        long sources = make(LIB::guerdon_sources_new);
        try {
            tell(error -> LIB.guerdon_sources_add(sources, bytes(name), bytes(name).length, rules, rules.length, error));
            return make((out, error) -> LIB.guerdon_plan_compile(sources, out, error));
        } finally {
            LIB.guerdon_sources_free(sources);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        long plan = compile(folder, "plan.guerdon");
        long builder = make((out, error) -> LIB.guerdon_builder_new(plan, null, out, error));
        byte[] records = bytes(RECORDS);
        tell(error -> LIB.guerdon_builder_json(builder, records, records.length, error));
        long facts = make((out, error) -> LIB.guerdon_builder_finish(builder, out, error));
        LIB.guerdon_builder_free(builder);

        long report = make((out, error) -> LIB.guerdon_plan_evaluate(plan, facts, null, out, error));
        long cursor = make((out, error) -> LIB.guerdon_report_read(report, bytes("pay"), 3, out, error));
        Text text = new Text();
        try {
            while (true) {
                tell(error -> LIB.guerdon_cursor_next(cursor, 100, text, error));
                System.out.println(text.words());
            }
        } catch (GuerdonException end) {
            if (end.status != END) {
                throw end;
            }
        }
        LIB.guerdon_cursor_free(cursor);

        byte[] figure = bytes("total[Ann, 2026-03]");
        long trace = make((out, error) -> LIB.guerdon_plan_explain(plan, facts, null, figure, figure.length, out, error));
        tell(error -> LIB.guerdon_trace_text(trace, 0, text, error));
        System.out.print(text.words());
        LIB.guerdon_trace_free(trace);
        LIB.guerdon_report_free(report);

        long session = make((out, error) -> LIB.guerdon_session_new(plan, facts, null, out, error));
        byte[] deal = bytes("{\"id\": \"D4\", \"seller\": \"Ann\", \"amount\": 1000, \"signed_on\": \"2026-03-20\"}");
        tell(error -> LIB.guerdon_session_what_if_json(session, bytes("Ann"), 3, bytes("Deal"), 4, deal, deal.length, text, error));
        System.out.println(text.words());

        try {
            compile(folder, "broken.guerdon");
        } catch (GuerdonException error) {
            System.out.println(error.getMessage());
        }
        LIB.guerdon_session_free(session);
        LIB.guerdon_facts_free(facts);
        LIB.guerdon_plan_free(plan);
        System.exit(LIB.guerdon_live_handles() == 0 ? 0 : 1);
    }
}
