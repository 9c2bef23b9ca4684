"""The formula of an operation, with names, and with the numbers filled in."""

MINUS = "\N{MINUS SIGN}"

_FORMS = {
    "add": "{} + {}",
    "subtract": f"{{}} {MINUS} {{}}",
    "multiply": "{} · {}",
    "divide": "{} / {}",
    "power": "{} ^ {}",
    "matmul": "{} @ {}",
    "negative": f"{MINUS}{{}}",
    "positive": "+{}",
    "square": "{}²",
    "sqrt": "√{}",
    "absolute": "|{}|",
    "maximum": "max({}, {})",
    "minimum": "min({}, {})",
    "transpose": "{}ᵀ",
}


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
    values = [f"({v})" if v[0] == MINUS and "(" not in form else v for v in values]
    return [form.format(*names), form.format(*values), result]
