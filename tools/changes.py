"""The one-line changes that a module's tests should notice.

Each makes the program wrong in a way in which people make it wrong: a comparison turned round, a
step forgotten, a number off by one. What only describes (docstrings, annotations, texts) and
what only a bug can break (``assert``) is left alone.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE,
    ast.LtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_AT_THE_LIMIT: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
_OTHER_CALL = {"min": "max", "max": "min"}
_EMPTY = {
    "str": '""', "bytes": 'b""', "int": "0", "float": "0.0", "bool": "False", "list": "[]",
    "Sequence": "[]", "dict": "{}", "set": "set()", "frozenset": "frozenset()", "tuple": "()",
}  # fmt: skip
_SHOWN = 44  # characters of a change's two sides in the table
_LARGEST = 1000  # a number above is a size or a limit that no test should have to reach


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``start`` and ``end`` are bytes of the source; ``number`` is of the line.

    ``line`` is the text of the line without the blanks around it, ``what`` tells the change.
    """

    number: int
    line: str
    what: str
    start: int
    end: int
    becomes: str

    def made_in(self, source: bytes) -> bytes:
        """Return the source with this change made."""
        return source[: self.start] + self.becomes.encode() + source[self.end :]


def changes_of(source: bytes) -> list[Change]:
    """Return all changes of a module, in the order of its lines."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    unique = {(one.start, one.end, one.becomes): one for one in finder.found}
    return sorted(unique.values(), key=lambda one: (one.start, one.end, one.becomes))


class _Finder(ast.NodeVisitor):
    """Walks through a module and notes what could be changed."""

    def __init__(self, source: bytes) -> None:
        self.found: list[Change] = []
        self._source = source
        self._lines = source.splitlines(keepends=True)
        self._offsets = [0]
        for line in self._lines:
            self._offsets.append(self._offsets[-1] + len(line))
        self._returns: list[str] = []

    def _note(self, node: ast.expr | ast.stmt, becomes: str) -> None:
        start = self._offsets[node.lineno - 1] + node.col_offset
        end = self._offsets[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        was = self._source[start:end].decode()
        if _plain(was) != _plain(becomes):
            line = self._lines[node.lineno - 1].decode().strip()
            what = f"{_shown(was)} -> {_shown(becomes)}"
            self.found.append(Change(node.lineno, line, what, start, end, becomes))

    def _note_expression(self, old: ast.expr, new: ast.expr) -> None:
        self._note(old, f"({ast.unparse(new)})")

    def _note_condition(self, test: ast.expr, *becomes: str) -> None:
        if not isinstance(test, ast.Constant):
            for one in becomes:
                self._note(test, one)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Look into a function, past its docstring and annotations."""
        self._returns.append(_empty_of(node.returns))
        for default in [*node.args.defaults, *node.args.kw_defaults]:
            if default is not None:
                self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._returns.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Look into a class, past what decorates it."""
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Look at the value alone."""
        if node.value is not None:
            self.visit(node.value)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Leave alone what only a bug can break."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Leave texts alone; Python 3.11 does not tell where in one a name stands."""

    def visit_Expr(self, node: ast.Expr) -> None:
        """Forget a call or a ``yield``."""
        if isinstance(node.value, ast.Constant):
            return
        self._note(node, "pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Forget to add."""
        self._note(node, "pass")
        self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        """Forget to delete."""
        self._note(node, "pass")

    def visit_Raise(self, node: ast.Raise) -> None:
        """Let a fault pass."""
        self._note(node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        """Go on instead of leaving."""
        self._note(node, "continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        """Leave instead of going on."""
        self._note(node, "break")

    def visit_Return(self, node: ast.Return) -> None:
        """Return an empty value of its kind."""
        if node.value is not None:
            empty = self._returns[-1]
            self._note(node, f"return {empty}")
            if empty == "False":
                self._note(node, "return True")
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        """Take one way always."""
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self._note_condition(node.test, "True", "False")
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """Take one side always."""
        self._note_condition(node.test, "True", "False")
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        """Never begin. Never to end would be noticed by the clock alone."""
        self._note_condition(node.test, "False")
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Leave nothing out."""
        for test in node.ifs:
            self._note_condition(test, "True")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Turn a comparison round, and move its limit."""
        for place, operator in enumerate(node.ops):
            for table in (_OPPOSITE, _AT_THE_LIMIT):
                if (other := table.get(type(operator))) is not None:
                    operators = [*node.ops]
                    operators[place] = other()
                    changed = ast.Compare(node.left, operators, node.comparators)
                    self._note_expression(node, changed)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """Take "and" for "or"."""
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self._note_expression(node, ast.BoolOp(other, node.values))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """Drop a "not"."""
        if isinstance(node.op, ast.Not):
            self._note_expression(node, node.operand)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Take the smallest for the largest."""
        if isinstance(node.func, ast.Name) and node.func.id in _OTHER_CALL:
            self._note(node.func, _OTHER_CALL[node.func.id])
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        """Shift an end by one."""
        for end in (node.lower, node.upper):
            if end is not None and not isinstance(end, ast.Constant):
                self._note_expression(end, ast.BinOp(end, ast.Add(), ast.Constant(1)))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """Take another number, or the other of true and false."""
        match node.value:
            case bool(value):
                self._note(node, str(not value))
            case int(value) if value <= _LARGEST:
                self._note(node, str(value + 1))
            case float(value) if value <= _LARGEST:
                self._note(node, str(value * 2 or 1.0))
            case _:
                pass


def _empty_of(returns: ast.expr | None) -> str:
    """Return the empty value of a return annotation's kind, None where there is none."""
    kind = "" if returns is None else ast.unparse(returns)
    return "None" if "| None" in kind else _EMPTY.get(kind.partition("[")[0], "None")


def _plain(text: str) -> str:
    return "".join(text.split()).strip("()")


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else f"{plain[: _SHOWN - 1]}…"
