"""The rules of the house, each a number that a script can print."""

import ast
import importlib
import re
import statistics
from pathlib import Path

import pytest

import ctieval
from ctieval import errors

SRC = Path(ctieval.__file__).parent
MODULES = sorted(SRC.rglob("*.py"))
FACES = [path for path in MODULES if path.name == "__init__.py"]
FORBIDDEN = {"utils", "helpers", "common", "misc", "core", "manager", "handler", "processor", "info", "tmp"}
MAX_MODULE_LINES, MAX_BODY_LINES, MAX_PUBLIC_ARGUMENTS = 400, 60, 6


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function):
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = first.end_lineno if documented else first.lineno - 1
    return function.end_lineno - start


def module_name(path):
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_module_is_longer_than_the_house_allows(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_no_function_is_longer_than_the_house_allows(path):
    assert {f.name: body_lines(f) for f in functions(path) if body_lines(f) > MAX_BODY_LINES} == {}


def test_functions_are_small_on_the_whole():
    lengths = sorted(body_lines(function) for path in MODULES for function in functions(path))
    assert statistics.median(lengths) <= 8
    assert lengths[int(0.9 * len(lengths))] <= 30


@pytest.mark.parametrize("path", [path for path in MODULES if "cli" not in path.parts], ids=module_name)
def test_no_public_function_takes_more_arguments_than_a_reader_can_hold(path):
    many = {
        function.name
        for function in functions(path)
        if not function.name.startswith("_") and len(function.args.args) + len(function.args.kwonlyargs) > 7
    }
    assert many == set()


def test_no_file_has_a_name_that_says_nothing():
    assert [path for path in MODULES if path.stem in FORBIDDEN or path.parent.name in FORBIDDEN] == []


@pytest.mark.parametrize("path", FACES, ids=module_name)
def test_faces_define_nothing(path):
    defined = [node for node in tree(path).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert defined == []
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", [path for path in FACES if path.parent != SRC], ids=module_name)
def test_only_the_root_hands_names_on(path):
    assert [node for node in tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)] == []


def test_the_face_hands_on_exactly_what_it_says():
    imported = {
        alias.asname or alias.name
        for node in tree(SRC / "__init__.py").body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    assert list(ctieval.__all__) == sorted(ctieval.__all__)
    assert imported == set(ctieval.__all__)
    assert all(hasattr(ctieval, name) for name in ctieval.__all__)
    assert len(ctieval.__all__) <= 30


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_nobody_imports_a_face(path):
    faces = {module_name(face) for face in FACES}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module in faces:
            imported = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = {module_name(each) for each in MODULES}
            assert imported <= modules, f"{module_name(path)} imports the face {node.module}"
        if isinstance(node, ast.Import):
            assert not {alias.name for alias in node.names} & faces


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_every_module_and_public_function_says_what_it_is(path):
    assert ast.get_docstring(tree(path))
    silent = [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_every_function_says_what_it_returns(path):
    assert [f.name for f in functions(path) if f.returns is None] == []


def test_exit_codes_are_stable():
    codes = {
        name: each.exit_code
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, errors.CtievalError)
    }
    assert codes == {
        "CtievalError": 1,
        "InputError": 10,
        "SchemaError": 11,
        "CodeListError": 12,
        "ProtocolError": 13,
        "EmptyTableError": 10,
        "RateError": 20,
        "UnknownRateError": 21,
        "RateNotInForceError": 22,
        "RateUnverifiedError": 23,
        "DesignError": 30,
        "RecordError": 31,
        "EstimationError": 40,
        "DisclosureError": 50,
    }


def test_the_tree_of_errors_is_drawn_as_it_is():
    drawn = dict(re.findall(r"^ +(\w+) +(\d+)", errors.__doc__, flags=re.MULTILINE))
    assert {name: int(code) for name, code in drawn.items()} == {
        name: getattr(errors, name).exit_code for name in drawn
    }
    assert len(drawn) == sum(
        isinstance(each, type) and issubclass(each, errors.CtievalError) for each in vars(errors).values()
    )


def test_importing_the_library_does_not_import_what_only_some_steps_need():
    code = "import sys, ctieval; print(','.join(m for m in ('statsmodels','matplotlib','pandera') if m in sys.modules))"
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_every_module_can_be_imported_alone():
    for path in MODULES:
        if path.name != "__main__.py":
            importlib.import_module(module_name(path))
