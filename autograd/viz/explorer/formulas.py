"""The formula of an operation, with names, and with the numbers filled in."""

_FORMS = {
    "add": "{} + {}",
    "subtract": "{} − {}",
    "multiply": "{} · {}",
    "divide": "{} / {}",
    "power": "{} ^ {}",
    "matmul": "{} @ {}",
    "negative": "−{}",
    "positive": "+{}",
    "square": "{}²",
    "sqrt": "√{}",
    "absolute": "|{}|",
    "maximum": "max({}, {})",
    "minimum": "min({}, {})",
    "transpose": "{}ᵀ",
}
_SYMBOLS = {
    "add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "power": "^", "matmul": "@",
    "negative": "−", "square": "²", "sqrt": "√", "sum": "Σ",
}  # fmt: skip


def formula(op: str, names: list[str], values: list[str], result: str) -> list[str]:
    """Return what an operation computes: with names, with values, and what comes out.

    Examples
    --------
    >>> formula("multiply", ["x", "y"], ["2", "3"], "6")
    ['x · y', '2 · 3', '6']
    >>> formula("tanh", ["h"], ["(3,)"], "(3,)")
    ['tanh(h)', 'tanh((3,))', '(3,)']
    """
    form = _FORMS.get(op, "")
    if form.count("{}") != len(names):
        form = f"{op}({', '.join('{}' for _ in names)})"
    values = [f"({v})" if v[0] == "−" and "(" not in form else v for v in values]
    return [form.format(*names), form.format(*values), result]


def symbol(op: str) -> str:
    """Return the sign of an operation that has one."""
    return _SYMBOLS.get(op, "")
