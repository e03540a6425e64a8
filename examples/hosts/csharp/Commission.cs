// Loads a plan, hands records over, prints pay, explains a figure, asks what if, and shows an error.
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

static class Commission
{
    const string Library = "guerdon_ffi";
    const int End = 22;

    [StructLayout(LayoutKind.Sequential)]
    struct Words { public IntPtr Data; public UIntPtr Len; }

    [StructLayout(LayoutKind.Sequential)]
    struct Info
    {
        public UIntPtr StructSize;
        public int Status;
        public uint Line, Column, Reserved;
        public Words Code, Message, Advice, File, Rule, Table, Field;
        public ulong Row;
        public Words Limit;
        public ulong LimitValue, LimitWanted;
    }

    // Handles are numbers of 64 bits and are never followed.
    [DllImport(Library)] static extern int guerdon_sources_new(out long made, out long error);
    [DllImport(Library)] static extern int guerdon_sources_add(long sources, byte[] name, UIntPtr nameLen, byte[] text, UIntPtr textLen, out long error);
    [DllImport(Library)] static extern int guerdon_sources_free(long sources);
    [DllImport(Library)] static extern int guerdon_plan_compile(long sources, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_plan_free(long plan);
    [DllImport(Library)] static extern int guerdon_builder_new(long plan, IntPtr options, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_builder_json(long builder, byte[] json, UIntPtr len, out long error);
    [DllImport(Library)] static extern int guerdon_builder_finish(long builder, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_builder_free(long builder);
    [DllImport(Library)] static extern int guerdon_facts_free(long facts);
    [DllImport(Library)] static extern int guerdon_plan_evaluate(long plan, long facts, IntPtr options, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_plan_explain(long plan, long facts, IntPtr options, byte[] figure, UIntPtr len, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_report_read(long report, byte[] table, UIntPtr len, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_report_free(long report);
    [DllImport(Library)] static extern int guerdon_cursor_next(long cursor, UIntPtr most, out Words rows, out long error);
    [DllImport(Library)] static extern int guerdon_cursor_free(long cursor);
    [DllImport(Library)] static extern int guerdon_trace_text(long trace, int language, out Words text, out long error);
    [DllImport(Library)] static extern int guerdon_trace_free(long trace);
    [DllImport(Library)] static extern int guerdon_session_new(long plan, long facts, IntPtr options, out long made, out long error);
    [DllImport(Library)] static extern int guerdon_session_what_if_json(long session, byte[] payee, UIntPtr payeeLen, byte[] table, UIntPtr tableLen, byte[] json, UIntPtr len, out Words text, out long error);
    [DllImport(Library)] static extern int guerdon_session_free(long session);
    [DllImport(Library)] static extern int guerdon_error_get(long error, UIntPtr place, ref Info info);
    [DllImport(Library)] static extern int guerdon_error_free(long error);
    [DllImport(Library)] static extern UIntPtr guerdon_live_handles();

    sealed class GuerdonException : Exception
    {
        public readonly int Status;
        public GuerdonException(int status, string message) : base(message) { Status = status; }
    }

    static string Read(Words text)
    {
        var bytes = new byte[(int)text.Len];
        Marshal.Copy(text.Data, bytes, 0, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    static void Must(int status, long error)
    {
        if (status == 0) return;
        var info = new Info { StructSize = (UIntPtr)Marshal.SizeOf(typeof(Info)) };
        guerdon_error_get(error, UIntPtr.Zero, ref info);
        string text = $"{Read(info.Code)} {Read(info.File)}:{info.Line}:{info.Column} {Read(info.Message)}";
        guerdon_error_free(error);
        throw new GuerdonException(status, text);
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    static UIntPtr Len(byte[] bytes) => (UIntPtr)bytes.Length;

    static long Compile(string folder, string name)
    {
        byte[] rules = File.ReadAllBytes(Path.Combine(folder, name));
        long plan, error;
        Must(guerdon_sources_new(out long sources, out error), error);
        try
        {
            Must(guerdon_sources_add(sources, Bytes(name), Len(Bytes(name)), rules, Len(rules), out error), error);
            Must(guerdon_plan_compile(sources, out plan, out error), error);
            return plan;
        }
        finally { guerdon_sources_free(sources); }
    }

    const string Records = @"{""Seller"": [{""name"": ""Ann""}, {""name"": ""Bo""}],
 ""Deal"": [{""id"": ""D1"", ""seller"": ""Ann"", ""amount"": 1000.10, ""signed_on"": ""2026-02-10""},
          {""id"": ""D2"", ""seller"": ""Ann"", ""amount"": 400, ""signed_on"": ""2026-03-02""},
          {""id"": ""D3"", ""seller"": ""Bo"", ""amount"": 2000, ""signed_on"": ""2026-03-15""}]}";

    static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        string folder = arguments[0];
        long error;
        long plan = Compile(folder, "plan.guerdon");
        Must(guerdon_builder_new(plan, IntPtr.Zero, out long builder, out error), error);
        byte[] records = Bytes(Records);
        Must(guerdon_builder_json(builder, records, Len(records), out error), error);
        Must(guerdon_builder_finish(builder, out long facts, out error), error);
        guerdon_builder_free(builder);

        Must(guerdon_plan_evaluate(plan, facts, IntPtr.Zero, out long report, out error), error);
        Must(guerdon_report_read(report, Bytes("pay"), (UIntPtr)3, out long cursor, out error), error);
        Words text;
        int status;
        while ((status = guerdon_cursor_next(cursor, (UIntPtr)100, out text, out error)) == 0)
            Console.WriteLine(Read(text));
        if (status != End) Must(status, error);
        guerdon_error_free(error);
        guerdon_cursor_free(cursor);

        byte[] figure = Bytes("total[Ann, 2026-03]");
        Must(guerdon_plan_explain(plan, facts, IntPtr.Zero, figure, Len(figure), out long trace, out error), error);
        Must(guerdon_trace_text(trace, 0, out text, out error), error);
        Console.Write(Read(text));
        guerdon_trace_free(trace);
        guerdon_report_free(report);

        Must(guerdon_session_new(plan, facts, IntPtr.Zero, out long session, out error), error);
        byte[] deal = Bytes(@"{""id"": ""D4"", ""seller"": ""Ann"", ""amount"": 1000, ""signed_on"": ""2026-03-20""}");
        Must(guerdon_session_what_if_json(session, Bytes("Ann"), (UIntPtr)3, Bytes("Deal"), (UIntPtr)4, deal, Len(deal), out text, out error), error);
        Console.WriteLine(Read(text));

        try { Compile(folder, "broken.guerdon"); }
        catch (GuerdonException refused) { Console.WriteLine(refused.Message); }
        guerdon_session_free(session);
        guerdon_facts_free(facts);
        guerdon_plan_free(plan);
        return (int)guerdon_live_handles();
    }
}
