"""Guerdon for Python through ctypes; Arrow data goes both ways by the PyCapsule protocol, without a copy of ours."""

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

OK, END = 0, 22


class Text(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("len", c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.len).decode()


class Info(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("status", c_int32), ("line", c_uint32), ("column", c_uint32),
        ("reserved", c_uint32), ("code", Text), ("message", Text), ("advice", Text), ("file", Text), ("rule", Text),
        ("table", Text), ("field", Text), ("row", c_uint64), ("limit", Text), ("limit_value", c_uint64),
        ("limit_wanted", c_uint64),
    ]


class Stream(ctypes.Structure):
    """An ArrowArrayStream: five pointers."""
    _fields_ = [(name, c_void_p) for name in ("get_schema", "get_next", "get_last_error", "release", "private_data")]


class GuerdonError(Exception):
    def __init__(self, status, text, faults):
        super().__init__(text)
        self.status, self.faults = status, faults


_lib = ctypes.CDLL(os.environ.get("GUERDON_LIBRARY", "libguerdon_ffi.so.1"))


def _call(name, *arguments):
    """Makes a call whose last parameter is an error object, and raises what it tells."""
    error = c_void_p()
    status = getattr(_lib, name)(*arguments, byref(error))
    if status == OK:
        return
    text, count = Text(), c_size_t()
    _lib.guerdon_error_text(error, byref(text))
    _lib.guerdon_error_count(error, byref(count))
    faults = []
    for place in range(count.value):
        info = Info(struct_size=ctypes.sizeof(Info))
        _lib.guerdon_error_get(error, c_size_t(place), byref(info))
        faults.append({"code": str(info.code), "message": str(info.message), "file": str(info.file),
                       "line": info.line, "column": info.column})
    told = str(text)
    _lib.guerdon_error_free(error)
    raise GuerdonError(status, told, faults)


def _text(text):
    data = text.encode()
    return c_char_p(data), c_size_t(len(data))


class _Handle:
    _free = None

    def __init__(self, value):
        self._as_parameter_ = c_void_p(value)

    def __del__(self):
        getattr(_lib, self._free)(self._as_parameter_)
        self._as_parameter_ = c_void_p()


def _made(kind, name, *arguments):
    out = c_void_p()
    _call(name, *arguments, byref(out))
    return kind(out.value)


class _Sources(_Handle):
    _free = "guerdon_sources_free"


class _Cursor(_Handle):
    _free = "guerdon_cursor_free"


class _Trace(_Handle):
    _free = "guerdon_trace_free"


class Facts(_Handle):
    _free = "guerdon_facts_free"


class Plan(_Handle):
    _free = "guerdon_plan_free"

    @staticmethod
    def compile(files):
        """Compiles rule files: a dictionary of names and texts."""
        sources = _made(_Sources, "guerdon_sources_new")
        for name, text in files.items():
            _call("guerdon_sources_add", sources, *_text(name), *_text(text))
        return _made(Plan, "guerdon_plan_compile", sources)

    def evaluate(self, facts):
        return _made(Report, "guerdon_plan_evaluate", self, facts, None)

    def explain(self, facts, figure):
        trace = _made(_Trace, "guerdon_plan_explain", self, facts, None, *_text(figure))
        out = Text()
        _call("guerdon_trace_text", trace, c_int32(0), byref(out))
        return str(out)


class Builder(_Handle):
    _free = "guerdon_builder_free"

    @staticmethod
    def of(plan):
        return _made(Builder, "guerdon_builder_new", plan, None)

    def json(self, text):
        _call("guerdon_builder_json", self, *_text(text))

    def arrow(self, table, data):
        """Adds the rows of anything that has `__arrow_c_stream__`: pyarrow, polars, DuckDB, pandas."""
        capsule = data.__arrow_c_stream__()
        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = c_void_p, [ctypes.py_object, c_char_p]
        _call("guerdon_builder_arrow_stream", self, *_text(table), c_void_p(pointer(capsule, b"arrow_array_stream")))

    def finish(self):
        return _made(Facts, "guerdon_builder_finish", self)


class Report(_Handle):
    _free = "guerdon_report_free"

    def json(self, table):
        """Reads a table, a thousand rows at a time."""
        cursor = _made(_Cursor, "guerdon_report_read", self, *_text(table))
        out = Text()
        while True:
            try:
                _call("guerdon_cursor_next", cursor, c_size_t(1000), byref(out))
            except GuerdonError as error:
                if error.status == END:
                    return
                raise
            yield str(out)

    def arrow(self, table, plain=False):
        """Gives a table as an object that has `__arrow_c_stream__`; names come as dictionaries unless they are to be plain."""
        stream = Stream()
        _call("guerdon_report_arrow_plain" if plain else "guerdon_report_arrow", self, *_text(table), byref(stream))
        return _Stream(stream)


class _Stream:
    def __init__(self, stream):
        self._stream = stream

    def __arrow_c_stream__(self, requested_schema=None):
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [c_void_p, c_char_p, c_void_p]
        capsule = new(ctypes.addressof(self._stream), b"arrow_array_stream", None)
        self.capsule = capsule
        return capsule

    def __del__(self):
        # Whoever reads the stream moves it away; one that nobody has read is still ours.
        if self._stream.release:
            ctypes.CFUNCTYPE(None, c_void_p)(self._stream.release)(ctypes.addressof(self._stream))


class Session(_Handle):
    _free = "guerdon_session_free"

    @staticmethod
    def of(plan, facts):
        return _made(Session, "guerdon_session_new", plan, facts, None)

    def what_if(self, payee, table, record):
        out = Text()
        _call("guerdon_session_what_if_json", self, *_text(payee), *_text(table), *_text(record), byref(out))
        return str(out)


def live_handles():
    _lib.guerdon_live_handles.restype = c_size_t
    return _lib.guerdon_live_handles()
